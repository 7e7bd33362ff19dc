"""Who of several people may read in which of several spaces: for what is told or shown to many at once."""

from __future__ import annotations

from collections.abc import Iterable

from torvet.people.models import Member
from torvet.people.viewer import Via, Viewer
from torvet.spaces import rules
from torvet.spaces.models import Membership, Space


def readers_among(spaces: Iterable[Space], members: Iterable[Member]) -> set[tuple[int, int]]:
    """(space, member) for those of these members who may read in those of these spaces; one statement."""
    places, people = {space.pk: space for space in spaces}, {member.pk: member for member in members}
    rows = Membership.objects.filter(space__in=places, member__in=people)
    inside = {(row.space_id, row.member_id): row for row in rows} if places and people else {}
    return {
        (place, one)
        for place, space in places.items()
        for one, member in people.items()
        # The very rule behind `readable_by`, asked for each of them.
        if rules.can_read(Viewer.of(member, via=Via.ADDRESSEE), space, inside.get((place, one)))
    }
