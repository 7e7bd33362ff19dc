"""One idea: what stands on its page, and what it was merged with."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from torvet.base.compiled import STAND_INS
from torvet.base.pages import Page, paginate
from torvet.entries import queries as entries
from torvet.entries import similar as similars
from torvet.entries.models import Entry, Vote
from torvet.ideas.kinds import IDEA, INPUT, SUPPORT
from torvet.ideas.models import Idea, Input, InputSort, Merge, StageChange
from torvet.ideas.models.idea import SETTLED
from torvet.people import queries as people
from torvet.people.looking import compiled_for_viewer
from torvet.people.models import Member
from torvet.people.viewer import Viewer

SHOWN = 12  # sentences of support on the page of an idea
INPUT_SHOWN = 60
CHANGES_SHOWN = 50
ALIKE = 5
FOUND = 12


def get_visible(viewer: Viewer, pk: int) -> Idea | None:
    """The idea, when the viewer may read it; else None, as when there is none."""
    found: Idea | None = _visible(viewer).first(viewer.id, pk) if viewer.can_read else None
    return found


@compiled_for_viewer
def _visible(viewer: Viewer) -> QuerySet[Idea]:
    """Asked by every page of an idea: put together anew it took longer than the answer."""
    rows = Idea.objects.visible_to(viewer).select_related(
        "entry__author__unit", "entry__space__responsible", "entry__closed_by", "entry__written_by", "entry__root",
        "room__space", "room__decider", "decider", "merge__into__entry__space",
    )  # fmt: skip
    return rows.filter(pk=STAND_INS[1]).order_by()


def supports(viewer: Viewer, idea: Idea) -> bool:
    return Vote.objects.filter(entry=idea.pk, member_id=viewer.id).exists()


def has_said_why(viewer: Viewer, idea: Idea) -> bool:
    """Whether the viewer has written a sentence of support that stands."""
    return entries.visible(viewer).filter(root=idea.pk, kind=SUPPORT.key, author_id=viewer.id).exists()


def number_apart(viewer: Viewer, idea: Idea) -> int:
    """How much of what was said to it is support or input."""
    return entries.visible(viewer).filter(root=idea.pk, kind__in=[SUPPORT.key, INPUT.key]).count()


def said(viewer: Viewer, idea: Idea, kind: str, after: str | None = None, size: int = SHOWN) -> Page[Entry]:
    """Support or input, the newest first. Raises BadCursor."""
    rows = entries.visible(viewer).filter(root=idea.pk, kind=kind).select_related("author")
    return paginate(rows, order=("-published_at", "-id"), after=after, size=size)


def sorts_of(ids: Iterable[int]) -> dict[int, InputSort]:
    """entry -> what sort of input it is; ask only for entries that were read through `visible_to`."""
    rows = Input.objects.filter(pk__in=list(ids)).values_list("pk", "sort")
    return {pk: InputSort(sort) for pk, sort in rows}


def changes_of(idea: Idea) -> list[StageChange]:
    """How it came to where it is, the newest first; of an idea that was read through `visible_to`."""
    rows = StageChange.objects.filter(idea=idea).select_related("moved_by")
    return list(rows.order_by("-moved_at", "-id")[:CHANGES_SHOWN])


def reason_of(changes: Iterable[StageChange], stage: str) -> str:
    """Why it is where it is; empty when nobody said."""
    newest = next(iter(changes), None)
    return newest.reason if newest is not None and newest.to_stage == stage else ""


def merged_in(viewer: Viewer, idea: Idea) -> list[Merge]:
    """Ideas that go on in this one and that the viewer may read, also those that came through another."""
    ids = [pk for pk, _into in into_it(idea.pk)]
    if not ids:
        return []
    readable = Idea.objects.visible_to(viewer).filter(pk__in=ids)
    rows = Merge.objects.filter(pk__in=readable.values("pk")).select_related(
        "idea__entry__author", "merged_by"
    )
    return list(rows.order_by("merged_at", "pk"))


def goes_on_in(viewer: Viewer, idea: Idea) -> Idea | None:
    """What a merged idea goes on in, when the viewer may read that: it may have been removed, or kept to fewer."""
    rows = Idea.objects.visible_to(viewer).select_related("entry").filter(pk=idea.merge.into_id)
    return rows.first()


def into_it(pk: int) -> list[tuple[int, int]]:
    """(merged idea, into which) of all that ended up in this one, whoever looks: merges never go in a circle."""
    found: list[tuple[int, int]] = []
    waiting = [pk]
    while waiting:
        rows = list(Merge.objects.filter(into__in=waiting).values_list("idea_id", "into_id"))
        found += rows
        waiting = [idea for idea, _into in rows]
    return found


def end_of(idea: Idea) -> Idea:
    """Where a merged idea goes on in the end; itself when it was not merged."""
    seen = idea
    while True:
        merge = (
            Merge.objects.filter(idea=seen.pk)
            .select_related("into__entry__space", "into__room__space")
            .first()
        )
        if merge is None:
            return seen
        seen = merge.into


def is_away(viewer: Viewer, member: Member | None) -> bool:
    """Whether somebody is away today, as far as the viewer may know: it is not everybody's business."""
    if member is None:
        return False
    today = timezone.localdate()
    return any(one.from_on <= today <= one.until_on for one in people.absences_of(viewer, member))


def source_of(viewer: Viewer, idea: Idea) -> Entry | None:
    """What the idea was captured from, when the viewer may read it."""
    return entries.get_visible(viewer, idea.source_id) if idea.source_id else None


def alike(viewer: Viewer, title: str, body: str = "", *, without: int = 0) -> list[Idea]:
    """Ideas that are like what somebody types, the most similar first."""
    found = similars.similar(viewer, title, body, kinds=(IDEA.key,), without=without, limit=ALIKE)
    return _in_order(viewer, [entry.pk for entry in found])


def to_merge_with(viewer: Viewer, idea: Idea, words: str) -> list[Idea]:
    """Ideas that this one may be the same as: those with all of `words` in their title; without words, those alike.

    Those of its own room come first; what is declined or done is decided for good.
    """
    rows = Idea.objects.visible_to(viewer).standing_alone().exclude(pk=idea.pk).exclude(stage__in=SETTLED)
    if not words.split():
        alike_ones = [
            one
            for one in alike(viewer, idea.entry.title, idea.entry.text, without=idea.pk)
            if not one.is_merged and one.stage not in SETTLED
        ]
        if alike_ones:
            return sorted(alike_ones, key=lambda one: one.room_id != idea.room_id)
        rows = rows.filter(room=idea.room_id)
    for word in words.split()[:8]:
        rows = rows.filter(entry__title__icontains=word)
    rows = rows.select_related("entry__author", "room__space", "merge", "decider")
    return list(rows.order_by("-entry__votes", "-entry_id")[:FOUND])


def _in_order(viewer: Viewer, ids: list[int]) -> list[Idea]:
    rows = Idea.objects.visible_to(viewer).select_related("entry__author", "room__space", "merge", "decider")
    found = rows.in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]
