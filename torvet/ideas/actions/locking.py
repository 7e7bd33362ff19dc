"""Locks around ideas, always in one order: rooms, then ideas, then entries, each by their ids. Two who take them in
another order would wait for each other for ever."""

from __future__ import annotations

from collections.abc import Iterable

from torvet.entries import queries as entries
from torvet.entries.models import Entry
from torvet.ideas.models import Idea, IdeaRoom

AT_HAND = ("entry__space", "entry__author", "room__space", "room__decider", "decider", "merge__into__entry")


def lock_rooms(ids: Iterable[int]) -> None:
    """Whatever merges ideas of these rooms comes one after the other."""
    list(IdeaRoom.objects.select_for_update(of=("self",)).filter(pk__in=set(ids)).order_by("pk"))


def lock(idea: Idea) -> Idea:
    """The idea as it stands now; nobody moves or merges it until this transaction ends."""
    return lock_all([idea.pk])[idea.pk]


def lock_all(ids: Iterable[int]) -> dict[int, Idea]:
    wanted = set(ids)
    # First the rows, then what hangs on them: read together, a merge that ended meanwhile would not be seen.
    list(Idea.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk").values_list("pk"))
    return Idea.objects.select_related(*AT_HAND).in_bulk(wanted)


def lock_entries(ids: Iterable[int]) -> dict[int, Entry]:
    """These entries, locked, so that their votes can be counted; also removed ones, for they may come back."""
    rows = entries.whoever_looks().select_for_update(of=("self",)).filter(pk__in=set(ids)).order_by("pk")
    return {entry.pk: entry for entry in rows}
