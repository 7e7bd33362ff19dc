"""Confirming: with one tap, in the place of somebody who is away, or on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.entries import queries as entries
from torvet.entries.models import Entry
from torvet.notices import rules
from torvet.notices.models import Confirmation, Notice, Roll, Wording
from torvet.notices.packing import holds, unpack
from torvet.notices.queries import wording_of
from torvet.notices.queries.names import units_led
from torvet.people.models import Absence, Member
from torvet.people.viewer import Viewer


class OtherWords(Refused):
    """The words are no longer those that were read; nothing was recorded. `entry` has what stands now."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(
            _("The text has changed since you opened it. Please read it as it is now, then confirm.")
        )
        self.entry = entry


@transaction.atomic
def confirm(*, by: Viewer, notice: Notice, version: int, in_place_of: Member | None = None) -> Confirmation:
    """Say that one has read this version, or in the place of somebody who is away. A second time changes nothing.

    Raises OtherWords when another version stands by now, Refused when nobody is asked any more.
    """
    entry = entries.get_visible(by, notice.entry_id)
    require(rules.can_confirm(by, is_asked=entry is not None and _is_asked(by, notice, in_place_of)))
    assert entry is not None and by.member is not None  # the rule said so
    standing = Notice.objects.get(pk=notice.pk)
    if not standing.is_open:
        raise Refused(_("Nobody is asked to confirm this any more. There is nothing you need to do."))
    if entry.version != version:
        raise OtherWords(entry)
    seal = _noted(standing, entry)
    made, is_new = Confirmation.objects.get_or_create(
        **_key(standing, by.member, in_place_of), version=version,
        defaults={"checksum": seal, "member": by.member},
    )  # fmt: skip
    if is_new:
        record(
            verbs.CONFIRMED_READING, by=by, about=in_place_of, space_id=entry.space_id, entry_id=entry.pk,
            thread_id=entry.pk, notice=notice.pk,
        )  # fmt: skip
    return made


def _key(notice: Notice, member: Member, in_place_of: Member | None) -> dict[str, object]:
    if in_place_of is not None:
        return {"notice": notice, "in_place_of": in_place_of}
    return {"notice": notice, "member": member, "in_place_of": None}


def _is_asked(by: Viewer, notice: Notice, in_place_of: Member | None) -> bool:
    roll = unpack(Roll.objects.get(notice=notice).packed)
    if in_place_of is None:
        return holds(roll, by.id)
    absent = Absence.objects.on(timezone.localdate()).filter(member=in_place_of, deputy=by.id)
    return holds(roll, in_place_of.pk) and absent.exists()


def _noted(notice: Notice, entry: Entry) -> str:
    """The checksum of the words that stand; a version that nobody has judged is noted with its first confirmation."""
    if entry.version == notice.judged_version:
        return notice.judged_checksum
    wording, _is_new = Wording.objects.get_or_create(
        notice=notice, version=entry.version, defaults={"title": entry.title, "checksum": wording_of(entry)}
    )
    return wording.checksum


@transaction.atomic
def record_paper(
    *, by: Viewer, notice: Notice, members: Sequence[Member], version: int, signed_on: date
) -> list[Confirmation]:
    """Write down who signed on paper. Whoever has confirmed already stays as they are, and nobody is told which.

    Raises Refused for a day in the future or before it was sent, an earlier text, and for somebody who is not asked.
    """
    led = units_led(by)
    require(rules.can_use_paper(by, notice, leads_somebody=bool(led)))
    require(all(rules.can_record(by, notice, member, frozenset(led)) for member in members))
    if not members:
        raise Refused(_("Tick those who have signed."))
    _check_day(notice, signed_on)
    seal = _checksum_on_paper(notice, version)
    roll = unpack(Roll.objects.get(notice=notice).packed)
    if not all(holds(roll, member.pk) for member in members):
        raise Refused(_("Somebody in the list is not asked any more. Look at the list once more."))
    at = _moment(notice, signed_on)
    known = set(
        Confirmation.objects.filter(notice=notice, version=version, member__in=[one.pk for one in members])
        .own()
        .values_list("member_id", flat=True)
    )
    made = Confirmation.objects.bulk_create([
        Confirmation(
            notice=notice, member=member, version=version, checksum=seal, confirmed_at=at, recorded_by=by.member
        )
        for member in members
        if member.pk not in known
    ])  # fmt: skip
    for row in made:
        record(
            verbs.CONFIRMED_READING, by=by, about=row.member, space_id=notice.entry.space_id,
            entry_id=notice.entry_id, thread_id=notice.entry_id, notice=notice.pk, on_paper=True,
        )  # fmt: skip
    return made


def _check_day(notice: Notice, signed_on: date) -> None:
    if signed_on > timezone.localdate():
        raise Refused(_("That day has not come yet. When did they sign?"))
    if signed_on < timezone.localdate(notice.sent_at):
        raise Refused(_("That was before anybody was asked. When did they sign?"))


def _checksum_on_paper(notice: Notice, version: int) -> str:
    if version < notice.counts_from:
        raise Refused(
            _("That sheet is of an earlier text, which counts no more. Print it anew and let them read it.")
        )
    if version == notice.entry.version:
        return _noted(notice, notice.entry)
    wording = Wording.objects.filter(notice=notice, version=version).first()
    if wording is None:
        raise Refused(_("There is no such version. It stands at the top of the sheet."))
    return wording.checksum


def _moment(notice: Notice, signed_on: date) -> datetime:
    """A day has no hour: the middle of it, but never before it was sent or after now."""
    middle = timezone.make_aware(datetime.combine(signed_on, time(12)))
    return min(max(middle, notice.sent_at), timezone.now())
