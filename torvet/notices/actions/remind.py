"""Reminders that stop: by themselves on four days at most, and by hand now and then."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.notices import rules
from torvet.notices.models import Notice
from torvet.notices.queries.audience import is_agreed
from torvet.notices.reminding import stage_of
from torvet.people.viewer import NOBODY, Viewer

REST = timedelta(days=3)  # between a reminder and one by hand
MOST_BY_HAND = 3


@transaction.atomic
def remind_now(*, by: Viewer, notice: Notice) -> None:
    """Remind those who have not confirmed. Raises Refused so soon after the last time, and after the third time."""
    notice = Notice.objects.select_for_update(of=("self",)).select_related("entry").get(pk=notice.pk)
    require(rules.can_keep(by, notice))
    today = timezone.localdate()
    last = notice.reminded_on or timezone.localdate(notice.sent_at)
    if notice.reminders_by_hand >= MOST_BY_HAND:
        raise Refused(_("They have been reminded often enough. Talk to those who have not confirmed."))
    if today < last + REST:
        raise Refused(
            _("They heard of it on %(day)s. You can remind them again three days later.")
            % {"day": date_format(last, "DATE_FORMAT")}
        )
    notice.reminders_by_hand += 1
    notice.reminded_on = today
    notice.save(update_fields=["reminders_by_hand", "reminded_on"])
    _note(by, notice)


def remind() -> int:
    """Timed work: the reminders whose day has come; one even when several days were missed. Gives how many notices."""
    if not is_agreed():
        return 0
    today, done = timezone.localdate(), 0
    for pk in (
        Notice.objects.open().filter(due_on__lte=today + timedelta(days=3)).values_list("pk", flat=True)
    ):
        with transaction.atomic():
            notice = Notice.objects.select_for_update(of=("self",)).select_related("entry").get(pk=pk)
            stage = stage_of(notice.due_on, today)
            if not notice.is_open or stage <= notice.reminders:
                continue
            notice.reminders, notice.reminded_on = stage, today
            notice.save(update_fields=["reminders", "reminded_on"])
            _note(NOBODY, notice)
            done += 1
    return done


def _note(by: Viewer, notice: Notice) -> None:
    record(
        verbs.REMINDED_READERS, by=by, space_id=notice.entry.space_id, entry_id=notice.entry_id,
        thread_id=notice.entry_id, notice=notice.pk,
    )  # fmt: skip
