"""What is told and to whom, and what a member wants to hear; shared by all that is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from torvet.activity.models import Activity
from torvet.base.compiled import STAND_IN, compiled
from torvet.entries import queries as entries
from torvet.entries.models import Entry
from torvet.notifications.models import Told
from torvet.people.models import Member, Unit
from torvet.people.queries import units_below
from torvet.people.viewer import Via, Viewer
from torvet.spaces import rules as spaces
from torvet.spaces.models import Involvement, Membership, Space

LARGEST_UNIT = 200  # people
SOME = 2000  # people told in one transaction, when tens of thousands are told the same


@dataclass(frozen=True)
class Telling:
    """Members who are told the same."""

    verb: Told
    bundle: str
    members: tuple[int, ...]
    space_id: int | None = None
    thread_id: int | None = None
    entry_id: int | None = None
    # Of many who are told the same, some at a time: the last one looked at, while there are more.
    goes_on_after: int = 0


Addressed = dict[str, Callable[[Activity], list[Telling]]]  # verb -> whom it is told to


def about_entry(verb: Told, bundle: str, entry: Entry, members: Iterable[int]) -> Telling:
    return Telling(verb, bundle, tuple(sorted(members)), entry.space_id, entry.thread_id, entry.pk)


@dataclass(frozen=True)
class Wish:
    """How much a member who may read an entry wants to hear of it."""

    is_silent: bool  # wants to hear nothing of the space
    is_muted: bool  # has muted the thread

    @property
    def only_named(self) -> bool:
        return self.is_silent or self.is_muted


def wishes(space: Space, ids: Iterable[int], muted: Iterable[int] = ()) -> dict[int, Wish]:
    """Of these members, those with an open account who may read in the space, and what they want to hear."""
    wanted = set(ids)
    silenced = set(muted)
    memberships = {row.member_id: row for row in Membership.objects.filter(space=space, member__in=wanted)}
    found = {}
    for member in Member.objects.filter(pk__in=wanted, is_active=True, is_bot=False).only(
        "role", "is_active"
    ):
        membership = memberships.get(member.pk)
        # The very rule behind `readable_by`, asked for the person it will be shown to.
        if spaces.can_read(Viewer.of(member, via=Via.ADDRESSEE), space, membership):
            is_silent = membership is not None and membership.involvement == Involvement.NOTHING
            found[member.pk] = Wish(is_silent=is_silent, is_muted=member.pk in silenced)
    return found


def members_of_units(ids: Iterable[int]) -> tuple[set[int], list[Unit]]:
    """Everybody in these units and below them, and those units that are too large to be told person by person."""
    found: set[int] = set()
    too_large = []
    for unit in Unit.objects.filter(pk__in=list(ids)):
        inside = Member.objects.active().filter(unit__in=units_below(unit.pk))
        members = list(inside.values_list("pk", flat=True)[: LARGEST_UNIT + 1])
        if len(members) > LARGEST_UNIT:
            too_large.append(unit)
            members = [unit.leader_id] if unit.leader_id else []
        found.update(members)
    return found, too_large


def standing(activity: Activity) -> Entry | None:
    """The entry with what the decision needs, unless it or its thread has been removed meanwhile."""
    entry: Entry | None = _decided().first(activity.entry_id or 0)
    return None if entry is None or (entry.root and entry.root.is_removed) else entry


@compiled
def _decided() -> QuerySet[Entry]:
    return entries.standing().select_related("space", "reply_to", "root").filter(pk=STAND_IN).order_by()
