"""Comments on passages."""

from __future__ import annotations

from torvet.base.pages import Page as Part
from torvet.base.pages import paginate
from torvet.people.viewer import Viewer
from torvet.wiki.models import Page, Remark, RemarkQuerySet

MOST_MARKED = 200  # passages marked on one page at once


def _seen(viewer: Viewer, page: Page) -> RemarkQuerySet:
    rows = Remark.objects.visible_to(viewer).filter(page=page)
    return rows.select_related("comment__author", "dealt_with_by", "page__entry__space", "page__space")


def get_remark(viewer: Viewer, page: Page, pk: int) -> Remark | None:
    """The remark on this page whose comment has this id, when the viewer may read it; else None."""
    return _seen(viewer, page).filter(pk=pk).first()


def open_remarks(viewer: Viewer, page: Page) -> list[Remark]:
    """Those not dealt with, the oldest first, in one statement: what a page marks."""
    return list(_seen(viewer, page).open().order_by("-comment_id")[:MOST_MARKED])[::-1]


def remarks_of(viewer: Viewer, page: Page, after: str | None = None, size: int = 30) -> Part[Remark]:
    """All of a page, also those dealt with, the newest first. Raises BadCursor."""
    return paginate(_seen(viewer, page), order=("-comment_id",), after=after, size=size)
