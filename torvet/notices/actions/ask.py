"""Asking people to confirm that they have read something. One row for them all, however many they are."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.entries.models import Entry
from torvet.notices import rules
from torvet.notices.models import AudiencePart, Notice, Roll, Wording
from torvet.notices.models.notice import Judged
from torvet.notices.packing import pack
from torvet.notices.queries import audience as audiences
from torvet.notices.queries import wording_of
from torvet.notices.queries.audience import Audience
from torvet.notices.queries.waiting import forget_open
from torvet.notices.reminding import stage_of
from torvet.people.viewer import Viewer

FURTHEST = timedelta(days=2 * 366)
LONGEST_NOTE = 500


class SomeLeftOut(Refused):
    """Some of the audience cannot read the text, and it was not said that they may be left out."""


@transaction.atomic
def send_notice(
    *, by: Viewer, entry: Entry, audience: Audience, due_on: date, note: str = "", leaves_out: bool = False
) -> Notice:
    """Ask an audience to confirm an entry by a date.

    Raises SomeLeftOut unless `leaves_out`, when some cannot read it; Refused for a date that has passed, for nobody,
    and where people are asked already.
    """
    reach = audiences.reach_of(by)
    require(rules.can_ask(by, entry, reach))
    check_date(due_on)
    if not audiences.within(reach, audience):
        raise Refused(_("You can ask those in your own units and in the spaces that you run."))
    if not (entry.text.strip() or entry.title.strip()) or not entry.text.strip():
        raise Refused(_("There are no words to read yet."))
    if Notice.objects.open().filter(entry=entry).exists():
        raise Refused(_("People are asked to confirm this already. Close that first, or give it more time."))
    ids = _ids(entry, audience, leaves_out)
    assert by.member is not None  # can_ask said so
    seal = wording_of(entry)
    notice = Notice.objects.create(
        entry=entry, asked_by=by.member, note=" ".join(note.split())[:LONGEST_NOTE], due_on=due_on,
        counts_from=entry.version, judged_version=entry.version, judged_checksum=seal,
        reminders=stage_of(due_on, timezone.localdate()),
    )  # fmt: skip
    AudiencePart.objects.bulk_create(audiences.rows_of(notice, audience))
    Roll.objects.create(notice=notice, packed=pack(ids), number=len(ids))
    Wording.objects.create(
        notice=notice, version=entry.version, title=entry.title, checksum=seal, judged=Judged.SENT,
        judged_by=by.member, judged_at=notice.sent_at,
    )  # fmt: skip
    transaction.on_commit(forget_open)
    record(
        verbs.SENT_NOTICE,
        by=by,
        space_id=entry.space_id,
        entry_id=entry.pk,
        thread_id=entry.pk,
        notice=notice.pk,
    )
    return notice


def check_date(due_on: date) -> None:
    """Raises Refused for a date that nobody could keep."""
    today = timezone.localdate()
    if due_on < today:
        raise Refused(_("That day has passed. Choose today or a later day."))
    if due_on > today + FURTHEST:
        raise Refused(_("That is more than two years ahead. Choose an earlier day."))


def _ids(entry: Entry, audience: Audience, leaves_out: bool) -> list[int]:
    everybody = audiences.people_of(audience).count()
    if not everybody:
        raise Refused(
            _("There is nobody in what you have chosen. Choose a unit, a site, a role, a space or people.")
        )
    reading = list(audiences.people_asked(audience, entry.space).order_by("pk").values_list("pk", flat=True))
    if not reading:
        raise Refused(
            _(
                "Nobody in what you have chosen can read this. Choose others, or let them into the space first."
            )
        )
    missing = everybody - len(reading)
    if missing and not leaves_out:
        raise SomeLeftOut(
            ngettext(
                "%(number)s of those you have chosen cannot read this. Leave that one out, or choose others.",
                "%(number)s of those you have chosen cannot read this. Leave them out, or choose others.",
                missing,
            )
            % {"number": missing}
        )
    return reading
