"""What waits for whom, as every page asks it: from what this process keeps, and a statement only for those asked.

The open notices with their rolls are kept for a few seconds. Whoever stands in none of them costs nothing; for the
others their confirmations are read, in one statement.
"""

from __future__ import annotations

import time
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils import timezone

from torvet.base.raw import lines
from torvet.entries import queries as entries
from torvet.notices.models import Notice, Roll, RollChange
from torvet.notices.packing import holds, unpack
from torvet.notices.queries.audience import is_agreed
from torvet.people.models import Absence, Member
from torvet.people.viewer import Viewer

FRESH_FOR = 5.0  # seconds


@dataclass(frozen=True)
class Open:
    """An open notice as the process keeps it."""

    id: int
    entry_id: int
    counts_from: int
    due_on: date
    roll_version: int
    roll: array[int]


@dataclass(frozen=True)
class Kept:
    """What was read last: open notices by id, and for whom each deputy stands in today."""

    read_at: float
    day: date
    notices: Mapping[int, Open]
    absent: Mapping[int, tuple[int, ...]]


_kept: Kept | None = None


def kept() -> Kept:
    """The open notices, at most FRESH_FOR seconds old."""
    global _kept
    today = timezone.localdate()
    if _kept is None or _kept.day != today or time.monotonic() - _kept.read_at > FRESH_FOR:
        _kept = _read(today, _kept.notices if _kept else {})
    return _kept


def forget_open() -> None:
    """Read them anew the next time somebody asks."""
    global _kept
    _kept = None


def _read(today: date, before: Mapping[int, Open]) -> Kept:
    rows = Notice.objects.open().filter(roll__isnull=False) if is_agreed() else Notice.objects.none()
    columns = ("pk", "entry_id", "counts_from", "due_on", "roll__version")
    found = list(rows.order_by("due_on", "pk").values_list(*columns))
    known = {pk: one.roll for pk, one in before.items()}
    changed = [row[0] for row in found if row[0] not in before or before[row[0]].roll_version != row[4]]
    for roll in Roll.objects.filter(pk__in=changed) if changed else ():
        known[roll.pk] = unpack(roll.packed)
    notices = {
        pk: Open(pk, entry_id, counts_from, due_on, version, known[pk])
        for pk, entry_id, counts_from, due_on, version in found
        if pk in known
    }
    return Kept(time.monotonic(), today, notices, _stand_ins(today) if notices else {})


def _stand_ins(today: date) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    rows = Absence.objects.on(today).filter(deputy__is_active=True)
    for deputy_id, member_id in rows.order_by("pk").values_list("deputy_id", "member_id"):
        found[deputy_id or 0] = (*found.get(deputy_id or 0, ()), member_id)
    return found


@dataclass(frozen=True)
class Wanted:
    """A confirmation that a viewer is asked for: their own, or in the place of somebody who is away."""

    notice_id: int
    for_id: int


def wanted_of(viewer: Viewer, notices: Iterable[Open] | None = None) -> list[Wanted]:
    """What the viewer is still asked for, the soonest first. At most one statement; none for whom nobody asked."""
    if not viewer.can_read:
        return []
    now = kept()
    people = (viewer.id, *now.absent.get(viewer.id, ()))
    asked = [
        Wanted(one.id, pk)
        for one in (now.notices.values() if notices is None else notices)
        for pk in people
        if holds(one.roll, pk)
    ]
    if not asked:
        return []
    done = _confirmed({one.notice_id for one in asked}, viewer.id, people)
    return [one for one in asked if (one.notice_id, one.for_id) not in done]


def _confirmed(notice_ids: set[int], own_id: int, people: Iterable[int]) -> set[tuple[int, int]]:
    """(notice, person) of what need not be asked any more: one's own stands by oneself alone; for who is away, whoever
    stood in is enough."""
    everybody, absent = set(people), set(people) - {own_id}
    sql = _CONFIRMED.format(
        person="member_id", is_own="IS NULL", notices=_ids(notice_ids), people=_ids(everybody)
    )
    if absent:
        # Each half has its own index; with one condition for both, all confirmations would be read.
        sql += " UNION ALL " + _CONFIRMED.format(
            person="in_place_of_id", is_own="IS NOT NULL", notices=_ids(notice_ids), people=_ids(absent)
        )
    return {(notice_id, member_id) for notice_id, member_id in lines(sql, [])}


_CONFIRMED = (
    "SELECT c.notice_id, c.{person} FROM notices_confirmation c JOIN notices_notice n ON n.id = c.notice_id"
    " WHERE c.notice_id IN ({notices}) AND c.{person} IN ({people}) AND c.in_place_of_id {is_own}"
    " AND c.version >= n.counts_from"
)


def _ids(numbers: Iterable[int]) -> str:
    return ",".join(str(int(number)) for number in sorted(numbers))


def number_to_confirm(viewer: Viewer) -> int:
    """How many confirmations the viewer is asked for; what stands beside "To confirm"."""
    return len(wanted_of(viewer))


@dataclass(frozen=True)
class ToConfirm:
    """A line of the list. `absent` is the one in whose place it is, or None."""

    notice: Notice
    due_on: date
    absent: Member | None

    @property
    def is_late(self) -> bool:
        return self.due_on < timezone.localdate()


def to_confirm(viewer: Viewer, entry_id: int | None = None) -> list[ToConfirm]:
    """What the viewer is asked to confirm and may read, the soonest first; of one entry, or all. The list is short:
    nobody can be asked for more than there are open notices."""
    wanted = wanted_of(viewer, [one for one in kept().notices.values() if entry_id in {None, one.entry_id}])
    if not wanted:
        return []
    # Exists, not `in`: SQLite would list every readable entry of the town to look up a handful.
    seen = Exists(entries.visible(viewer).filter(pk=OuterRef("entry_id")))
    rows = Notice.objects.open().filter(seen, pk__in={one.notice_id for one in wanted})
    notices = {row.pk: row for row in rows.select_related("entry__space", "entry__author", "asked_by")}
    people = Member.objects.in_bulk({one.for_id for one in wanted} - {viewer.id})
    since = own_since({one.notice_id for one in wanted}, {viewer.id})
    found = [
        ToConfirm(
            notices[one.notice_id],
            Notice.own_due(notices[one.notice_id].due_on, since[key])
            if (key := (one.notice_id, one.for_id)) in since
            else notices[one.notice_id].due_on,
            people.get(one.for_id),
        )
        for one in wanted
        if one.notice_id in notices
    ]
    return sorted(found, key=lambda line: (line.due_on, line.notice.pk, line.absent is not None))


def own_since(
    notice_ids: Iterable[int], member_ids: Iterable[int] | None = None
) -> dict[tuple[int, int], date]:
    """(notice, member) -> the day they came, or were back, for those who did not simply stand in the audience."""
    rows = RollChange.objects.filter(notice__in=list(notice_ids))
    if member_ids is not None:
        rows = rows.filter(member__in=list(member_ids))
    found: dict[tuple[int, int], date] = {}
    for row in rows.order_by("at", "id"):
        if row.kind == "joined":
            found[row.notice_id, row.member_id] = timezone.localdate(row.at)
        elif row.ended_at is not None:
            found[row.notice_id, row.member_id] = timezone.localdate(row.ended_at)
    return found
