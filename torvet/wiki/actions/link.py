"""Which page speaks of which, kept in the transaction that writes the words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from torvet.entries import words as entry_words
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.wiki import links
from torvet.wiki.kinds import PAGE
from torvet.wiki.models import Page, PageLink
from torvet.wiki.queries.links import titled

BATCH = 500


@dataclass(frozen=True)
class Linked:
    """A page with the words that readers read of it."""

    page_id: int
    space_id: int
    title: str
    html: str


def read_titles(*, by: Viewer, space: Space, body: str, format: str) -> tuple[str, str]:
    """(body, format) with `[[Title]]` made into links. Text without double brackets comes back as it is.

    A title leads to the page that the writer can see; what they cannot see is, to them, still to be written.
    """
    if "[[" not in body:
        return body, format
    html = entry_words.read(body, by=by, format=format, longest=PAGE.longest).body
    titles = links.titles_in(html)
    if not titles:
        return body, format
    known = titled(Page.objects.visible_to(by).filter(space=space), titles)
    return links.with_titles_linked(html, space.pk, known), "html"


def keep_links(page: Page) -> None:
    """Make the links of a page equal to its words, and lead those who waited for its title to it."""
    keep_links_of([Linked(page.pk, page.space_id, page.entry.title, page.entry.body)])


@transaction.atomic
def keep_links_of(pages: Sequence[Linked]) -> None:
    """As `keep_links` for many pages at once, for importers: a few statements for each 500 pages and for each space."""
    for start in range(0, len(pages), BATCH):
        _keep(pages[start : start + BATCH])
    for space_id in sorted({page.space_id for page in pages}):
        _lead_to([page for page in pages if page.space_id == space_id], space_id)


def _keep(pages: Sequence[Linked]) -> None:
    rows = [
        PageLink(
            page_id=page.page_id, space_id=page.space_id, to_id=one.to_id, wanted=one.wanted, label=one.label
        )
        for page in pages
        for one in links.found_in(page.html, page.space_id)
    ]
    standing = {
        (row.page_id, row.to_id, row.wanted): row
        for row in PageLink.objects.filter(page__in=[page.page_id for page in pages])
    }
    # A link by title that has found its page keeps it, also after that page was renamed.
    led = {(page_id, wanted) for page_id, to_id, wanted in standing if wanted and to_id}
    kept = {(row.page_id, row.to_id, row.wanted) for row in rows}
    kept |= {key for key in standing if key[2] and (key[0], None, key[2]) in kept}
    stale = [row.pk for key, row in standing.items() if key not in kept]
    PageLink.objects.filter(pk__in=stale).delete()
    new = [
        row
        for row in rows
        if (row.page_id, row.to_id, row.wanted) not in standing and (row.page_id, row.wanted) not in led
    ]
    PageLink.objects.bulk_create(_led(new), batch_size=BATCH)


def _led(rows: list[PageLink]) -> list[PageLink]:
    """New links by title, with the page of that title where there is one already."""
    for space_id in sorted({row.space_id for row in rows if row.wanted}):
        waiting = [row for row in rows if row.wanted and row.space_id == space_id]
        there = Page.objects.filter(space=space_id, entry__removed_at=None)
        known = titled(there, _titles(waiting))
        for row in waiting:
            row.to_id = known.get(row.wanted)
    return rows


def _titles(rows: Iterable[PageLink]) -> list[str]:
    return [row.wanted for row in rows]


def _lead_to(pages: Sequence[Linked], space_id: int) -> None:
    """Links that waited for these titles now lead to these pages."""
    by_title = {links.folded(page.title): page.page_id for page in reversed(pages) if page.title}
    there = Page.objects.filter(space=space_id, entry__removed_at=None).values("pk")
    waiting = PageLink.objects.filter(~Q(to_id__in=there) | Q(to_id=None), space=space_id).exclude(wanted="")
    if len(by_title) <= BATCH:
        waiting = waiting.filter(wanted__in=list(by_title))
    rows = [row for row in waiting if row.wanted in by_title]
    for row in rows:
        row.to_id = by_title[row.wanted]
    PageLink.objects.bulk_update(rows, ["to_id"], batch_size=BATCH)
