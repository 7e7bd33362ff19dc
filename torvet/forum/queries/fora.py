"""Fora and their parts, as far as the viewer may read them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from torvet.base.compiled import STAND_IN, compiled
from torvet.base.pages import Page, paginate
from torvet.entries import queries as entries
from torvet.entries.models import Entry
from torvet.forum.models import Forum, SubForum, Thread
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space

FORA = 24


@dataclass(frozen=True)
class Shelf:
    """A forum in the overview, with the thread that was last active in it."""

    forum: Forum
    newest: Entry | None


def get_visible(viewer: Viewer, space: int) -> Forum | None:
    """The forum of a space that the viewer may read; else None, as when there is none."""
    rows = Forum.objects.visible_to(viewer).select_related("space", "space__responsible")
    return rows.filter(pk=space, space__within=None).first()


def is_forum(space: Space) -> bool:
    """Whether a space is a forum: asked by the head of every page of a space."""
    return _forum_of().first(space.pk) is not None


@compiled
def _forum_of() -> QuerySet[Forum]:
    return Forum.objects.filter(pk=STAND_IN).order_by()


def shelves(viewer: Viewer, after: str | None = None, size: int = FORA) -> Page[Shelf]:
    """Professional fora, then social ones, by name; three statements however many. Raises BadCursor."""
    rows = Forum.objects.visible_to(viewer).filter(space__archived_at=None).select_related("space")
    page = paginate(rows, order=("-sort", "space__name", "space_id"), after=after, size=size)
    newest = _newest_in(viewer, [forum.pk for forum in page.things])
    return Page([Shelf(forum, newest.get(forum.pk)) for forum in page.things], page.next)


def _newest_in(viewer: Viewer, spaces: list[int]) -> dict[int, Entry]:
    """space id -> the thread that was last active there."""
    threads = Thread.objects.standing().filter(space=OuterRef("pk")).order_by("-active_at", "-pk")
    wanted = Forum.objects.filter(pk__in=spaces).annotate(newest=Subquery(threads.values("pk")[:1]))
    ids = [pk for pk in wanted.values_list("newest", flat=True) if pk]
    found = entries.visible(viewer).filter(pk__in=ids).select_related("author").defer("body")
    return {entry.space_id: entry for entry in found}


def readable_fora(viewer: Viewer, most: int = 200) -> list[tuple[int, str]]:
    """For choosing one: id and name of living fora, by name."""
    rows = Forum.objects.visible_to(viewer).filter(space__archived_at=None)
    return list(rows.order_by("space__name", "pk").values_list("pk", "space__name")[:most])


def sub_fora(forum: Forum) -> list[SubForum]:
    """The parts of a forum that was read through `visible_to`, in their order; at most forty."""
    return list(SubForum.objects.filter(forum=forum))


def sub_forum_of(forum: int, pk: int | None) -> SubForum | None:
    """A part of a forum, whose space was read through `visible_to`."""
    return SubForum.objects.filter(forum=forum, pk=pk).select_related("forum__space").first() if pk else None


def has_parts(space: int) -> bool:
    """Whether a forum has sub-fora that a thread could be put into."""
    return SubForum.objects.filter(forum=space).exists()
