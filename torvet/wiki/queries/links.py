"""What speaks of a page, and what pages speak of."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from torvet.base.compiled import STAND_INS
from torvet.base.pages import Page as Part
from torvet.base.pages import paginate
from torvet.people.looking import compiled_for_viewer
from torvet.people.viewer import Viewer
from torvet.wiki import links
from torvet.wiki.models import Page, PageLink, PageQuerySet

FIRST = 10  # pages that speak of a page, shown beside it


def linked_from(viewer: Viewer, page: Page, after: str | None = None, size: int = 20) -> Part[Page]:
    """The pages that speak of this one, as far as the viewer may read them. Raises BadCursor."""
    speaking = PageLink.objects.filter(to_id=page.pk).exclude(page=page).values("page")
    rows = Page.objects.visible_to(viewer).filter(pk__in=speaking).select_related("entry__space")
    return paginate(rows, order=("-entry__published_at", "-entry_id"), after=after, size=size)


def first_linked_from(viewer: Viewer, page: Page) -> Part[Page]:
    """The newest of them for the page itself, FIRST at most; `next` only says that there are more."""
    rows = _first_linked_from(viewer).things(viewer.id, page.pk)
    return Part(rows[:FIRST], "" if len(rows) <= FIRST else "more")


@compiled_for_viewer
def _first_linked_from(viewer: Viewer) -> QuerySet[Page]:
    speaking = PageLink.objects.filter(to_id=STAND_INS[1]).exclude(page=STAND_INS[1]).values("page")
    rows = Page.objects.visible_to(viewer).filter(pk__in=speaking).select_related("entry__space")
    return rows.order_by("-entry__published_at", "-entry_id")[: FIRST + 1]


def titled(rows: PageQuerySet, titles: Iterable[str]) -> dict[str, int]:
    """folded title -> the oldest page of that title among `rows`; one statement, on what people really type.

    SQLite folds no case beyond A to Z, so the first letter is tried in both sizes.
    """
    wanted = list(dict.fromkeys(" ".join(title.split()) for title in titles if title.strip()))[:200]
    if not wanted:
        return {}
    asked = Q(pk=None)
    for title in wanted:
        spelled = {title, title[:1].upper() + title[1:], title[:1].lower() + title[1:]}
        asked |= Q(entry__title__in=spelled) | Q(entry__title__iexact=title)
    found: dict[str, int] = {}
    keys = {links.folded(title) for title in wanted}
    for pk, title in rows.filter(asked).order_by("entry_id").values_list("pk", "entry__title"):
        key = links.folded(title)
        if key in keys:
            found.setdefault(key, pk)
    return found


def drawn_words(viewer: Viewer, page: Page, html: str, *, may_write: bool) -> str:
    """The words of a page with its links by title as this reader sees them; a statement only when there are such."""
    if not links.has_wanted(html):
        return html
    known = dict(
        PageLink.objects.filter(page=page, to_id__isnull=False)
        .exclude(wanted="")
        .filter(to_id__in=Page.objects.visible_to(viewer).values("pk"))
        .values_list("wanted", "to_id")
    )
    return links.drawn(html, space_id=page.space_id, target=known.get, may_write=may_write)
