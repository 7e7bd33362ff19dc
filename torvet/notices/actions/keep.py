"""Looking after what was asked: more time, the end, and what is taken along."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.notices import rules
from torvet.notices.actions.ask import check_date
from torvet.notices.models import Notice
from torvet.notices.models.notice import Ended
from torvet.notices.queries.waiting import forget_open
from torvet.notices.reminding import stage_of
from torvet.people.viewer import NOBODY, Viewer

KEPT_FOR = timedelta(days=3 * 365)  # after closing; the agreement says so
FORGOTTEN_AFTER = timedelta(days=365)  # after the date


@transaction.atomic
def give_more_time(*, by: Viewer, notice: Notice, due_on: date) -> Notice:
    """Move the date, to a later day only: names that could be told may not have been. Raises Refused otherwise."""
    require(rules.can_keep(by, notice))
    check_date(due_on)
    if due_on <= notice.due_on:
        raise Refused(_("Choose a day after the one that stands now."))
    notice.due_on = due_on
    notice.reminders = stage_of(due_on, timezone.localdate())
    notice.save(update_fields=["due_on", "reminders"])
    _note(by, notice, verbs.MOVED_NOTICE)
    return notice


@transaction.atomic
def close(*, by: Viewer, notice: Notice) -> Notice:
    """Ask nobody any more. What was confirmed is kept."""
    require(rules.can_keep(by, notice))
    _end(by, notice, Ended.BY_SOMEBODY)
    return notice


@transaction.atomic
def note_export(*, by: Viewer, notice: Notice, form: str) -> None:
    """Say in the log that somebody takes along who confirmed. `form`: csv or page."""
    require(rules.can_export(by, notice))
    _note(by, notice, verbs.EXPORTED_NOTICE, form)


@transaction.atomic
def close_on_removed(*, entry_id: int) -> int:
    """The text was removed: there is nothing to read, so nobody is asked. Gives how many."""
    rows = list(Notice.objects.open().select_related("entry").filter(entry=entry_id))
    for notice in rows:
        _end(NOBODY, notice, Ended.REMOVED)
    return len(rows)


def forget_old() -> int:
    """Timed work: end what nobody looked after, and remove what is older than was agreed. Gives how many."""
    now, today = timezone.now(), timezone.localdate()
    forgotten = Notice.objects.open().select_related("entry").filter(due_on__lt=today - FORGOTTEN_AFTER)
    for notice in forgotten[:200]:
        with transaction.atomic():
            _end(NOBODY, notice, Ended.FORGOTTEN)
    gone = 0
    for notice in Notice.objects.filter(closed_at__lt=now - KEPT_FOR)[:200]:
        notice.delete()
        gone += 1
    return gone


def _end(by: Viewer, notice: Notice, ended: Ended) -> None:
    notice.closed_at, notice.ended = timezone.now(), ended
    notice.save(update_fields=["closed_at", "ended"])
    _note(by, notice, verbs.CLOSED_NOTICE)


def _note(by: Viewer, notice: Notice, verb: str, form: str = "") -> None:
    transaction.on_commit(forget_open)
    record(
        verb, by=by, space_id=notice.entry.space_id, entry_id=notice.entry_id, thread_id=notice.entry_id,
        notice=notice.pk, form=form,
    )  # fmt: skip
