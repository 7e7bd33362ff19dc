"""The audit: everybody who was ever asked, what they confirmed and when, read in portions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from torvet.notices.models import Confirmation, Kind, Notice, RollChange, Wording
from torvet.notices.queries.figures import ever_asked, standing_of
from torvet.notices.queries.names import CHUNK, not_yet_ids
from torvet.people.models import Member, Site, Unit


@dataclass(frozen=True)
class Person:
    """One who was asked. `state`: confirmed, earlier (only a version that counts no more), away, later or not_yet;
    left for those who are not asked any more and had not confirmed."""

    member: Member
    state: str
    confirmations: tuple[Confirmation, ...]
    changes: tuple[RollChange, ...]


def people(notice: Notice, start: int = 0, size: int | None = None) -> Iterator[Person]:
    """Everybody, by name; or `size` of them from a place on. Holds names and ids of all, the rest in portions."""
    standing = standing_of(notice)
    late = not_yet_ids(notice, standing)
    ids = sorted(ever_asked(notice, standing.asked))
    by_name: list[tuple[str, int]] = []
    for place in range(0, len(ids), CHUNK):
        rows = Member.objects.filter(pk__in=ids[place : place + CHUNK])
        by_name += [(name.casefold(), pk) for name, pk in rows.values_list("name", "pk")]
    wanted = [pk for _name, pk in sorted(by_name)[start : None if size is None else start + size]]
    units, sites = Unit.objects.in_bulk(), Site.objects.in_bulk()
    for place in range(0, len(wanted), CHUNK):
        portion = wanted[place : place + CHUNK]
        members = Member.objects.in_bulk(portion)
        confirmed, changed = _confirmations(notice, portion), _changes(notice, portion)
        for pk in portion:
            member = members[pk]
            # What there are few of is read once, not joined to each of tens of thousands.
            member.unit, member.site = units.get(member.unit_id), sites.get(member.site_id)
            done, came = tuple(confirmed[pk]), tuple(changed[pk])
            yield Person(member, _state(notice, pk, done, came, standing.asked, late), done, came)


def _confirmations(notice: Notice, ids: list[int]) -> dict[int, list[Confirmation]]:
    found: dict[int, list[Confirmation]] = defaultdict(list)
    # Two statements, for each half has its own index.
    of_notice = Confirmation.objects.filter(notice=notice).order_by("version", "id")
    rows = [*of_notice.own().filter(member__in=ids), *of_notice.filter(in_place_of__in=ids)]
    others = {row.recorded_by_id for row in rows} | {row.member_id for row in rows if row.in_place_of_id}
    named = Member.objects.in_bulk([pk for pk in others if pk])
    for row in rows:
        if row.recorded_by_id:
            row.recorded_by = named[row.recorded_by_id]
        if row.in_place_of_id:
            row.member = named[row.member_id]
        found[row.in_place_of_id or row.member_id].append(row)
    return found


def _changes(notice: Notice, ids: list[int]) -> dict[int, list[RollChange]]:
    found: dict[int, list[RollChange]] = defaultdict(list)
    for row in RollChange.objects.filter(notice=notice, member__in=ids).order_by("at", "id"):
        found[row.member_id].append(row)
    return found


def _state(
    notice: Notice,
    pk: int,
    done: tuple[Confirmation, ...],
    came: tuple[RollChange, ...],
    now: frozenset[int],
    late: frozenset[int],
) -> str:
    own = [row.version for row in done if row.in_place_of_id is None]
    if any(version >= notice.counts_from for version in own):
        return "confirmed"
    if pk not in now:
        return "left"
    if pk in late:
        return "not_yet"
    if any(row.kind == Kind.AWAY and row.ended_at is None for row in came):
        return "away"
    return "earlier" if own else "later"


def wordings(notice: Notice) -> list[Wording]:
    """Every version that was sent, judged or confirmed."""
    return list(Wording.objects.filter(notice=notice).select_related("judged_by"))
