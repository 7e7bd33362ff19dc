"""Comments on passages."""

from __future__ import annotations

from django.db.models import QuerySet

from torvet.base.compiled import STAND_INS
from torvet.base.pages import Page as Part
from torvet.base.pages import paginate
from torvet.people.looking import compiled_for_viewer
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
    found = _open(viewer).things(viewer.id, page.pk)[::-1]
    for row in found:
        row.page = page
    return found


@compiled_for_viewer
def _open(viewer: Viewer) -> QuerySet[Remark]:
    rows = Remark.objects.visible_to(viewer).open().filter(page_id=STAND_INS[1])
    return rows.select_related("comment__author", "dealt_with_by").order_by("-comment_id")[:MOST_MARKED]


def remarks_of(viewer: Viewer, page: Page, after: str | None = None, size: int = 30) -> Part[Remark]:
    """All of a page, also those dealt with, the newest first. Raises BadCursor."""
    return paginate(_seen(viewer, page), order=("-comment_id",), after=after, size=size)
