"""Pages that wait for somebody: to be looked through, linked, or answered for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from torvet.base.pages import Page as Part
from torvet.base.pages import paginate
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.wiki.models import Page, PageLink, PageQuerySet
from torvet.wiki.models.page import ASKED_BEFORE

NO_UNIT = 0
UNITS_SHOWN = 100


@dataclass(frozen=True)
class OfUnit:
    """How many pages of a unit wait; id NO_UNIT stands for pages without one."""

    id: int
    name: str
    number: int


def overdue(
    viewer: Viewer, after: str | None = None, size: int = 40, *, unit: int | None = None, is_own: bool = False
) -> Part[Page]:
    """Pages that nobody has looked through in time, the longest waiting first: all, those of a unit (NO_UNIT: of none),
    or those that the viewer answers for. Raises BadCursor."""
    rows = _waiting(viewer)
    if is_own:
        rows = rows.filter(Q(owner=viewer.id) | Q(deputy=viewer.id))
    elif unit is not None:
        rows = rows.filter(unit=unit or None)
    rows = rows.select_related("entry", "space", "owner", "deputy", "unit")
    return paginate(rows, order=("confirmed_until", "entry_id"), after=after, size=size)


def overdue_by_unit(viewer: Viewer) -> list[OfUnit]:
    """How many pages wait in each unit, the most first; one statement."""
    counted = _waiting(viewer).order_by().values_list("unit", "unit__name").annotate(number=Count("pk"))
    ordered = counted.order_by("-number", "unit__name")[:UNITS_SHOWN]
    return [OfUnit(unit or NO_UNIT, name or "", number) for unit, name, number in ordered]


def _waiting(viewer: Viewer) -> PageQuerySet:
    return Page.objects.visible_to(viewer).to_confirm(timezone.localdate())


def asked_of(viewer: Viewer, page_ids: Iterable[int]) -> set[int]:
    """Of these pages, those that are due and that the viewer, who may read them, answers for."""
    rows = Page.objects.visible_to(viewer).filter(
        Q(owner=viewer.id) | Q(deputy=viewer.id), pk__in=list(page_ids)
    )
    due = rows.to_confirm(timezone.localdate() + ASKED_BEFORE).filter(space__archived_at=None)
    return set(due.values_list("pk", flat=True))


def broken_links(viewer: Viewer, space: Space, after: str | None = None, size: int = 40) -> Part[PageLink]:
    """Links in a space that lead to no page the viewer may read: removed, never written, or not for them.

    The three look alike, so that nobody learns from this list what there is elsewhere. Raises BadCursor.
    """
    there = Exists(Page.objects.visible_to(viewer).filter(pk=OuterRef("to_id")))
    rows = PageLink.objects.visible_to(viewer).filter(~there, space=space).select_related("page__entry")
    return paginate(rows, order=("id",), after=after, size=size)


def orphans(viewer: Viewer, space: Space, after: str | None = None, size: int = 40) -> Part[Page]:
    """Pages at the top of a space with nothing below them, of which no other page speaks that the viewer may read.

    Raises BadCursor.
    """
    speaking = PageLink.objects.visible_to(viewer).filter(to_id=OuterRef("pk")).exclude(page=OuterRef("pk"))
    below = Page.objects.visible_to(viewer).filter(parent=OuterRef("pk"))
    rows = Page.objects.visible_to(viewer).filter(~Exists(below), ~Exists(speaking), space=space, parent=None)
    return paginate(rows.select_related("entry", "owner"), order=("entry_id",), after=after, size=size)


def unanswered(viewer: Viewer, space: Space, after: str | None = None, size: int = 40) -> Part[Page]:
    """Pages of a space for which nobody answers any more. Raises BadCursor."""
    rows = Page.objects.visible_to(viewer).unanswered().filter(space=space)
    return paginate(
        rows.select_related("entry", "owner", "unit"), order=("entry_id",), after=after, size=size
    )
