"""The bulk form for importers: pages whose entries an import has written already (entries/actions/bulk.py)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from torvet.base.rules import Refused, require
from torvet.people.bulk import can_bring_in
from torvet.people.viewer import Viewer
from torvet.wiki.actions.link import Linked, keep_links_of
from torvet.wiki.actions.move import DEEPEST
from torvet.wiki.models import Page

BATCH = 500


@transaction.atomic
def add_pages(*, by: Viewer, pages: Sequence[Page]) -> None:
    """Places in the tree for new entries, parents before children; `trail` is set here.

    Raises Refused for a parent in another space or a tree too deep. Nobody is told and nothing is recorded: one
    IMPORTED activity stands for the whole run.
    """
    require(can_bring_in(by))
    known = {page.pk: page for page in pages}
    outside = [page.parent_id for page in pages if page.parent_id and page.parent_id not in known]
    known |= {page.pk: page for page in Page.objects.filter(pk__in=outside)}
    for page in pages:
        above = known.get(page.parent_id or 0)
        if above is not None and above.space_id != page.space_id:
            raise Refused("A page stands in the tree of its own space.")
        page.trail = above.own_trail if above is not None else ","
        if len(page.above) >= DEEPEST:
            raise Refused("The tree would be too deep here.")
    Page.objects.bulk_create(pages, batch_size=BATCH)


@transaction.atomic
def keep_links(*, by: Viewer, pages: Sequence[int]) -> None:
    """Which page speaks of which, for pages whose words an import has written."""
    require(can_bring_in(by))
    for start in range(0, len(pages), BATCH):
        rows = Page.objects.filter(pk__in=pages[start : start + BATCH])
        words = rows.values_list("pk", "space_id", "entry__title", "entry__body")
        keep_links_of([Linked(*row) for row in words])


@transaction.atomic
def change_sort(*, by: Viewer, page: Page, sort: str) -> None:
    """Say anew what a page from elsewhere is about; its place and who answers for it are this company's now."""
    require(can_bring_in(by))
    page.sort = sort
    page.save(update_fields=["sort"])
