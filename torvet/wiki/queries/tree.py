"""Pages in the tree of their space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.wiki.models import Page

WIDEST_BRANCH = 500  # pages beside each other that are shown at once


@dataclass
class Branch:
    """A page in the tree as its reader sees it; `open` when what is below it is shown."""

    id: int
    title: str
    parent_id: int | None
    has_more: bool
    is_here: bool = False
    is_open: bool = False
    below: list[Branch] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"/pages/{self.id}/"


def get_visible(viewer: Viewer, pk: int) -> Page | None:
    """The page with its entry, space and owners, when the viewer may read it; else None."""
    return (
        Page.objects.visible_to(viewer)
        .select_related("space", "entry__space", "entry__author", "owner", "deputy", "unit", "confirmed_by")
        .filter(pk=pk)
        .first()
    )


def tree(viewer: Viewer, space: Space, here: Page | None = None) -> list[Branch]:
    """The top of a space's tree, opened along the way to `here`; one statement whatever the size of the tree.

    A page whose parent was removed stands where that stood: nothing below a removed page is lost from sight.
    """
    opened = [*here.above, here.pk] if here else []
    seen = Page.objects.visible_to(viewer).filter(space=space)
    shown = seen.filter(Q(parent=None) | Q(parent__in=opened) | Q(parent__entry__removed_at__isnull=False))
    below = Page.objects.filter(parent=OuterRef("pk"), entry__removed_at=None)
    rows = (
        shown.in_order()
        .annotate(has_more=Exists(below))
        .values_list("pk", "entry__title", "parent_id", "has_more")[:WIDEST_BRANCH]
    )
    found = {row[0]: Branch(*row) for row in rows}
    tops: list[Branch] = []
    for branch in found.values():
        branch.is_here = here is not None and branch.id == here.pk
        branch.is_open = branch.id in opened
        above = found.get(branch.parent_id or 0)
        (above.below if above else tops).append(branch)
    return tops


def path_to(viewer: Viewer, page: Page) -> list[Page]:
    """The pages above a page, from the top, as far as the viewer may read them."""
    rows = Page.objects.visible_to(viewer).filter(pk__in=page.above).select_related("entry").in_bulk()
    return [rows[pk] for pk in page.above if pk in rows]


def below(viewer: Viewer, page: Page) -> list[Page]:
    """The pages right below, in order."""
    rows = Page.objects.visible_to(viewer).filter(parent=page).select_related("entry")
    return list(rows.in_order()[:WIDEST_BRANCH])


def possible_parents(viewer: Viewer, space: Space, page: Page | None = None) -> list[tuple[int, str]]:
    """(id, indented title) of all pages in a space under which `page` could stand: never itself or what is below it."""
    rows = Page.objects.visible_to(viewer).filter(space=space)
    if page is not None:
        rows = rows.exclude(pk=page.pk).exclude(trail__contains=f",{page.pk},")
    lines = list(rows.in_order().values_list("pk", "entry__title", "parent_id")[:2000])
    return [(pk, f"{'  ' * depth}{title}") for depth, pk, title in in_tree_order(lines)]


def in_tree_order(lines: Sequence[tuple[int, str, int | None]]) -> list[tuple[int, int, str]]:
    """(depth, id, title) from (id, title, parent) in order of siblings: each page, then what is below it."""
    known = {pk for pk, _title, _parent in lines}
    children: dict[int | None, list[tuple[int, str]]] = {}
    for pk, title, parent in lines:
        children.setdefault(parent if parent in known else None, []).append((pk, title))
    found: list[tuple[int, int, str]] = []
    waiting = [(0, pk, title) for pk, title in reversed(children.get(None, []))]
    while waiting:
        depth, pk, title = waiting.pop()
        found.append((depth, pk, title))
        waiting += [(depth + 1, child, name) for child, name in reversed(children.get(pk, []))]
    return found


def siblings(viewer: Viewer, page: Page) -> list[Page]:
    """The pages beside a page and itself, in order."""
    rows = Page.objects.visible_to(viewer).filter(space=page.space_id, parent=page.parent_id)
    return list(rows.select_related("entry").in_order()[:WIDEST_BRANCH])
