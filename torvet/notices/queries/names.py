"""Names of those who were asked, for whom may see them: who has not confirmed yet, and the sheet to sign."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils import timezone

from torvet.base.pages import Cursor, Page, paginate
from torvet.notices.models import Notice, Roll
from torvet.notices.packing import unpack
from torvet.notices.queries.figures import Standing
from torvet.notices.queries.waiting import own_since
from torvet.people.models import Member, MemberQuerySet, Unit
from torvet.people.queries import units_below
from torvet.people.viewer import Viewer

CHUNK = 1000  # people in one statement
LARGEST_PORTION = 4000
ORDER = ("name", "id")


def not_yet_ids(notice: Notice, standing: Standing) -> frozenset[int]:
    """Those who had until now and have not confirmed: not those who are away, nor those whose own week still runs."""
    today = timezone.localdate()
    later = {
        member_id
        for (_notice, member_id), since in own_since([notice.pk]).items()
        if Notice.own_due(notice.due_on, since) >= today
    }
    return standing.asked - standing.confirmed - standing.away - later


def not_yet(
    viewer: Viewer, notice: Notice, standing: Standing, after: str | None = None, size: int = 50
) -> Page[Member]:
    """By name, one page; only where figures.are_names_told says so. Raises BadCursor."""
    return by_name(viewer, not_yet_ids(notice, standing), after, size)


def by_name(viewer: Viewer, ids: Iterable[int], after: str | None = None, size: int = 50) -> Page[Member]:
    """A page of these people, as far as the viewer may know of them. Raises BadCursor."""
    known, wanted = Member.objects.visible_to(viewer), set(ids)
    if len(wanted) > CHUNK:
        return _looked_up(known, wanted, after, size)
    rows = known.filter(pk__in=wanted).select_related("unit", "site")
    return paginate(rows, order=ORDER, after=after, size=size)


def _looked_up(known: MemberQuerySet, wanted: Collection[int], after: str | None, size: int) -> Page[Member]:
    """Through everybody by name, until a page is full: no statement carries tens of thousands of ids."""
    found: list[Member] = []
    portion = 4 * size
    while len(found) <= size:
        page = paginate(known.only("name"), order=ORDER, after=after, size=portion)
        found += [member for member in page.things if member.pk in wanted]
        after, portion = page.next, min(2 * portion, LARGEST_PORTION)
        if after is None:
            break
    shown = found[:size]
    whole = Member.objects.select_related("unit", "site").in_bulk([member.pk for member in shown])
    last = Cursor.write([shown[-1].name, shown[-1].pk]) if len(found) > size else None
    return Page([whole[member.pk] for member in shown], last)


def units_led(viewer: Viewer) -> set[int]:
    """The units that the viewer leads, with those below."""
    heads = list(Unit.objects.filter(leader=viewer.id).values_list("pk", flat=True)) if viewer.id else []
    return units_below(*heads) if heads else set()


def sheet(
    viewer: Viewer,
    notice: Notice,
    *,
    units: set[int] | None,
    unit: int | None = None,
    site: int | None = None,
    after: str | None = None,
    size: int = 100,
) -> Page[Member]:
    """Who is asked, for a list to sign: in `units` (None: all), of one unit with those below, or at one site.

    Nothing in it tells who has confirmed already. Raises BadCursor.
    """
    asked = unpack(Roll.objects.get(notice=notice).packed)
    known = Member.objects.visible_to(viewer).active()
    if units is not None:
        known = known.filter(unit__in=units)
    if unit:
        known = known.filter(unit__in=units_below(unit))
    if site:
        known = known.filter(site=site)
    if len(asked) > CHUNK:
        return _looked_up(known, frozenset(asked), after, size)
    return paginate(
        known.filter(pk__in=list(asked)).select_related("unit", "site"), order=ORDER, after=after, size=size
    )
