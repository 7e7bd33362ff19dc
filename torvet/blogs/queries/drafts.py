"""Drafts, for those who may write in the blog: ask `rules.can_write` first, or use `get_visible`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from torvet.base.pages import Page, paginate
from torvet.blogs.models import Blog, Draft, DraftFile, DraftState, DraftVersion
from torvet.entries.models import Attachment
from torvet.people.viewer import Viewer

SHOWN = 20


def _in_full(rows: QuerySet[Draft]) -> QuerySet[Draft]:
    return rows.select_related(
        "blog__space", "blog__leader", "blog__unit", "written_by", "changed_by", "answered_by",
        "scheduled_by", "cover", "series",
    )  # fmt: skip


def get_visible(viewer: Viewer, pk: int) -> Draft | None:
    return _in_full(Draft.objects.visible_to(viewer)).filter(pk=pk).first()


def of_blog(viewer: Viewer, blog: Blog, after: str | None = None, size: int = SHOWN) -> Page[Draft]:
    """The one that was changed last comes first. Raises BadCursor."""
    rows = _in_full(Draft.objects.visible_to(viewer).filter(blog=blog))
    return paginate(rows, order=("-changed_at", "-id"), after=after, size=size)


def number_of(viewer: Viewer, blog: Blog) -> tuple[int, int]:
    """How many drafts there are, and how many of them wait for review."""
    states = list(Draft.objects.visible_to(viewer).filter(blog=blog).values_list("state", flat=True)[:200])
    return len(states), states.count(DraftState.WAITING)


def version_of(draft: Draft, version: int) -> DraftVersion | None:
    """What a draft said in a version, as long as that is kept."""
    return DraftVersion.objects.filter(draft=draft, version=version).first()


def writers_since(draft: Draft, version: int) -> list[str]:
    """The names of those who saved after a version, each once, in order."""
    rows = DraftVersion.objects.filter(draft=draft, version__gt=version).select_related("changed_by")
    return list(dict.fromkeys(row.changed_by.name for row in rows.order_by("version")))


def files_in_drafts() -> Iterable[str]:
    """Keys of uploads that stand in a draft: they are not thrown away meanwhile."""
    return DraftFile.objects.values_list("attachment__key", flat=True).iterator()


def files_seen(viewer: Viewer) -> QuerySet[Any, Any]:
    """The uploads in drafts that the viewer may see: whoever writes there sees the pictures of the others."""
    return DraftFile.objects.filter(draft__in=Draft.objects.visible_to(viewer)).values("attachment")


def cover_waiting(viewer: Viewer, key: str) -> Attachment | None:
    """A cover that was uploaded with a form that did not fit, or that a draft has: to show it again."""
    return Attachment.objects.visible_to(viewer).filter(key=key, is_picture=True).first() if key else None
