"""Pages in the tree of their space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from torvet.base.compiled import STAND_INS, Compiled
from torvet.base.pages import Page as Part
from torvet.base.pages import paginate
from torvet.base.raw import lines
from torvet.people.looking import compiled_for_viewer
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.wiki.models import Page, PageQuerySet

LEVEL = 100  # pages beside each other that are shown at once; the rest of a level has a page of its own
GLANCE = 24  # pages at the top below which a space is small enough to be shown two levels deep
LINES = 150  # and pages of both levels together
CHOICES = 200  # places to choose from in one list; in a larger space they are searched


@dataclass
class Branch:
    """A page in the tree as its reader sees it; `open` when what is below it is shown.

    The last of a long level is a mark with `is_more`: it leads to all of that level.
    """

    id: int
    title: str
    parent_id: int | None
    has_more: bool = False
    is_here: bool = False
    is_open: bool = False
    below: list[Branch] = field(default_factory=list)
    is_more: bool = False
    space_id: int = 0

    @property
    def url(self) -> str:
        if self.is_more:
            return f"/spaces/{self.space_id}/pages/?under={self.parent_id or ''}"
        return f"/pages/{self.id}/"


def get_visible(viewer: Viewer, pk: int) -> Page | None:
    """The page with its entry, space and owners, when the viewer may read it; else None."""
    return _visible(viewer).first(viewer.id, pk)


@compiled_for_viewer
def _visible(viewer: Viewer) -> QuerySet[Page]:
    rows = Page.objects.visible_to(viewer).filter(pk=STAND_INS[1]).order_by()
    return rows.select_related(
        "space", "entry__space", "entry__author", "owner", "deputy", "unit", "confirmed_by"
    )


def overview(viewer: Viewer, space: Space) -> list[Branch]:
    """The top of a space's tree, and what is right below where both can be taken in at a glance; two statements."""
    tops = tree(viewer, space)
    folded = [branch.id for branch in tops if branch.has_more]
    if not folded or len(tops) > GLANCE:
        return tops
    opened = tree(viewer, space, opened=folded)
    return opened if sum(1 + len(branch.below) for branch in opened) <= LINES else tops


def tree(viewer: Viewer, space: Space, here: Page | None = None, opened: Sequence[int] = ()) -> list[Branch]:
    """The top of a space's tree, opened along the way to `here`; one statement whatever the size of the tree.

    Of each level the first LEVEL are shown, and the way to `here`. A page whose parent was removed stands where that
    stood: nothing below a removed page is lost from sight.
    """
    opened = [*here.above, here.pk] if here else list(opened)
    found: dict[int, Branch] = {}
    longer: set[int] = set()
    levels, way = _levels(viewer, space, opened)
    for standing in levels:
        for pk, title, parent_id, has_more, _place in standing[:LEVEL]:
            found[pk] = Branch(pk, title, parent_id, bool(has_more))
        if len(standing) > LEVEL:
            longer.add(standing[-1][2] or 0)
    for pk, title, parent_id, has_more, _place in way:
        found.setdefault(pk, Branch(pk, title, parent_id, bool(has_more)))
    tops: list[Branch] = []
    for branch in found.values():
        branch.is_here = here is not None and branch.id == here.pk
        branch.is_open = branch.id in opened
        above = found.get(branch.parent_id or 0)
        (above.below if above else tops).append(branch)
    for parent_id in sorted(longer):
        above = found.get(parent_id)
        mark = Branch(0, "", parent_id or None, is_more=True, space_id=space.pk)
        (above.below if above else tops).append(mark)
    return tops


Line = tuple[int, str, int | None, bool, int]  # id, title, parent, whether there is something below, place


def _levels(viewer: Viewer, space: Space, opened: Sequence[int]) -> tuple[list[list[Line]], list[Line]]:
    """The beginnings of the top level and of what is below each opened page, LEVEL + 1 of each, and the opened pages.

    Building a queryset takes longer than this statement runs, so its parts are compiled once and put together here.
    """
    top, under, stray, one = _top(viewer), _under(viewer), _stray(viewer), _one(viewer)
    if top.is_empty:
        return [], []
    parts: list[tuple[Compiled, tuple[int, ...]]] = [
        (top, (viewer.id, space.pk)),
        (stray, (viewer.id, space.pk)),
    ]
    parts += [(under, (viewer.id, space.pk, parent)) for parent in opened]
    parts += [(one, (viewer.id, pk)) for pk in opened]
    sql = " UNION ALL ".join(
        f"SELECT {number} AS level, part{number}.* FROM ({part.sql}) part{number}"  # noqa: S608  # compiled by us
        for number, (part, _given) in enumerate(parts)
    )
    levels: list[list[Line]] = [[] for _part in parts]
    for line in lines(sql, [value for part, given in parts for value in part.values(*given)]):
        levels[line[0]].append(line[1:])
    for level_lines in levels:
        level_lines.sort(key=lambda line: (line[4], line[0]))
    # What has lost its parent stands at the top, among the others.
    top_level = sorted(levels[0] + levels[1], key=lambda line: (line[4], line[0]))
    below = [level_lines for level_lines in levels[2 : 2 + len(opened)] if level_lines]
    return [top_level, *below] if top_level else below, [
        line for way in levels[2 + len(opened) :] for line in way
    ]


def _of_tree(viewer: Viewer) -> QuerySet[Page, Any]:
    seen = Page.objects.visible_to(viewer)
    below = Exists(seen.filter(parent=OuterRef("pk")))
    rows = seen.in_order().annotate(has_more=below)
    return rows.values_list("pk", "entry__title", "parent_id", "has_more", "place")


@compiled_for_viewer
def _top(viewer: Viewer) -> QuerySet[Page, Any]:
    return _of_tree(viewer).filter(space=STAND_INS[1], parent=None)[: LEVEL + 1]


@compiled_for_viewer
def _under(viewer: Viewer) -> QuerySet[Page, Any]:
    return _of_tree(viewer).filter(space=STAND_INS[1], parent=STAND_INS[2])[: LEVEL + 1]


@compiled_for_viewer
def _stray(viewer: Viewer) -> QuerySet[Page, Any]:
    """Pages whose parent was removed."""
    gone = Page.objects.filter(pk=OuterRef("parent"), entry__removed_at__isnull=False)
    return _of_tree(viewer).filter(Exists(gone), space=STAND_INS[1], parent__isnull=False)[: LEVEL + 1]


@compiled_for_viewer
def _one(viewer: Viewer) -> QuerySet[Page, Any]:
    """A page on the way, which may stand far down in its level."""
    return _of_tree(viewer).filter(pk=STAND_INS[1])


def level(
    viewer: Viewer, space: Space, parent: Page | None, after: str | None = None, size: int = LEVEL
) -> Part[Page]:
    """One level of the tree, part by part: what stands right below a page, or at the top. Raises BadCursor."""
    rows = Page.objects.visible_to(viewer).filter(space=space, parent=parent).select_related("entry")
    return paginate(rows, order=("place", "entry_id"), after=after, size=size)


def path_to(viewer: Viewer, page: Page) -> list[Page]:
    """The pages above a page, from the top, as far as the viewer may read them."""
    rows = Page.objects.visible_to(viewer).filter(pk__in=page.above).select_related("entry").in_bulk()
    return [rows[pk] for pk in page.above if pk in rows]


def below(viewer: Viewer, page: Page, after: str | None = None) -> Part[Page]:
    """The pages right below, in order, part by part. Raises BadCursor."""
    rows = Page.objects.visible_to(viewer).filter(parent=page).select_related("entry")
    return paginate(rows, order=("place", "entry_id"), after=after, size=LEVEL)


@dataclass(frozen=True)
class Places:
    """Where a page could stand: (id, indented title) of each. With `is_part`, only what a search found is here."""

    choices: list[tuple[int, str]]
    is_part: bool


def possible_places(
    viewer: Viewer, space: Space, page: Page | None = None, *, words: str = "", chosen: int | None = None
) -> Places:
    """The pages of a space under which `page` could stand: never itself or what is below it.

    In a space of more than CHOICES pages those whose title holds `words`, at most CHOICES, and always the chosen one.
    """
    rows = _possible(viewer, space, page)
    columns = ("pk", "entry__title", "parent_id")
    found_lines = list(rows.in_order().values_list(*columns)[: CHOICES + 1])
    if len(found_lines) <= CHOICES:
        return Places(
            [(pk, f"{'  ' * depth}{title}") for depth, pk, title in in_tree_order(found_lines)], False
        )
    wanted = rows.none()
    if words.strip():
        wanted = rows
        for word in words.split()[:8]:
            wanted = wanted.filter(entry__title__icontains=word)
    found = list(wanted.order_by("entry__title", "pk").values_list("pk", "entry__title")[:CHOICES])
    if chosen and chosen not in {pk for pk, _title in found}:
        found = [*rows.filter(pk=chosen).values_list("pk", "entry__title"), *found]
    return Places(found, True)


def possible_parents(viewer: Viewer, space: Space, page: Page | None = None) -> list[tuple[int, str]]:
    """(id, indented title) of the pages under which `page` could stand, in a space of at most CHOICES pages."""
    return possible_places(viewer, space, page).choices


def _possible(viewer: Viewer, space: Space, page: Page | None) -> PageQuerySet:
    rows = Page.objects.visible_to(viewer).filter(space=space)
    if page is not None:
        rows = rows.exclude(pk=page.pk).exclude(trail__contains=f",{page.pk},")
    return rows


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
    """The pages beside a page and itself, in order: the first CHOICES, to say before which it shall stand."""
    rows = Page.objects.visible_to(viewer).filter(space=page.space_id, parent=page.parent_id)
    return list(rows.select_related("entry").in_order()[:CHOICES])
