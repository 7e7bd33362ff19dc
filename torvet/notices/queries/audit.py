"""The audit: everybody who was ever asked, what they confirmed and when, read in portions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from torvet.notices.models import Confirmation, Kind, Notice, RollChange, Wording
from torvet.notices.queries.figures import ever_asked
from torvet.notices.queries.names import CHUNK, asked_ids, not_yet_ids
from torvet.people.models import Member


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
    now = asked_ids(notice)
    ever, late = ever_asked(notice, now), not_yet_ids(notice)
    by_name: list[tuple[str, int]] = []
    ids = sorted(ever)
    for place in range(0, len(ids), CHUNK):
        rows = Member.objects.filter(pk__in=ids[place : place + CHUNK])
        by_name += [(name.casefold(), pk) for name, pk in rows.values_list("name", "pk")]
    wanted = sorted(by_name)[start : None if size is None else start + size]
    for place in range(0, len(wanted), CHUNK):
        yield from _portion(notice, [pk for _name, pk in wanted[place : place + CHUNK]], now, late)


def _portion(notice: Notice, ids: list[int], now: set[int], late: set[int]) -> Iterator[Person]:
    members = Member.objects.select_related("unit", "site").in_bulk(ids)
    confirmed: dict[int, list[Confirmation]] = defaultdict(list)
    rows = Confirmation.objects.filter(notice=notice).select_related("member", "recorded_by")
    for own in rows.own().filter(member__in=ids).order_by("version", "id"):
        confirmed[own.member_id].append(own)
    for row in rows.filter(in_place_of__in=ids).order_by("version", "id"):
        confirmed[row.in_place_of_id or 0].append(row)
    changed: dict[int, list[RollChange]] = defaultdict(list)
    for change in RollChange.objects.filter(notice=notice, member__in=ids).order_by("at", "id"):
        changed[change.member_id].append(change)
    for pk in ids:
        done, came = tuple(confirmed[pk]), tuple(changed[pk])
        yield Person(members[pk], _state(notice, pk, done, came, now, late), done, came)


def _state(
    notice: Notice,
    pk: int,
    done: tuple[Confirmation, ...],
    came: tuple[RollChange, ...],
    now: set[int],
    late: set[int],
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
