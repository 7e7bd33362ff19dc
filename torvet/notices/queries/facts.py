"""Whether one member stands in an audience, from what is known of them: a handful of statements for any number of
open notices, where asking each audience anew would be three for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from torvet.notices.models import Notice
from torvet.notices.queries.audience import Audience
from torvet.people.models import Member, Unit
from torvet.people.viewer import Via, Viewer
from torvet.spaces import rules as spaces
from torvet.spaces.models import Membership


@dataclass(frozen=True)
class Facts:
    """A member, the units they stand in from the nearest to the top, and their memberships by space."""

    member: Member
    units: frozenset[int]
    memberships: Mapping[int, Membership]


def facts_of(ids: Iterable[int]) -> list[Facts]:
    members = Member.objects.in_bulk(list(ids))
    above = dict(Unit.objects.values_list("pk", "parent_id"))
    inside: dict[int, dict[int, Membership]] = defaultdict(dict)
    for row in Membership.objects.filter(member__in=list(members)):
        inside[row.member_id][row.space_id] = row
    return [Facts(member, _up(member.unit_id, above), inside[pk]) for pk, member in members.items()]


def _up(unit_id: int | None, above: Mapping[int, int | None]) -> frozenset[int]:
    found: set[int] = set()
    while unit_id is not None and unit_id not in found:
        found.add(unit_id)
        unit_id = above.get(unit_id)
    return frozenset(found)


def is_in(facts: Facts, audience: Audience) -> bool:
    """As audience.people_of says it of everybody; a test holds the two against each other."""
    member = facts.member
    if not member.is_active or member.is_bot:
        return False
    return bool(
        member.pk in audience.members
        or facts.units & audience.units
        or member.site_id in audience.sites
        or member.role in audience.roles
        or audience.spaces & facts.memberships.keys()
    )


def is_asked(facts: Facts, audience: Audience, notice: Notice) -> bool:
    """As audience.people_asked: in it, and able to read."""
    viewer = Viewer.of(facts.member, via=Via.ADDRESSEE)
    space = notice.entry.space
    return is_in(facts, audience) and spaces.can_read(viewer, space, facts.memberships.get(space.pk))
