"""Who reads a page that is kept to fewer people."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from torvet.people.models import Member, Unit
from torvet.people.viewer import Viewer
from torvet.spaces.models import Membership
from torvet.wiki.models import Page

MOST_NAMED = 500  # people; more than that is a space of its own


def chosen_readers(viewer: Viewer, page: Page) -> list[Member]:
    """Those who may read a page that is kept to fewer, by name; none for a page that the whole space reads."""
    if not page.entry.space.is_inner:
        return []
    rows = Membership.objects.visible_to(viewer).filter(space=page.entry.space_id, member__is_active=True)
    return sorted(
        (row.member for row in rows.select_related("member")), key=lambda m: (m.name.casefold(), m.pk)
    )


def people_named(viewer: Viewer, names: Iterable[str]) -> tuple[list[Member], list[str]]:
    """The people behind handles, addresses, whole names and names of units; and what fits nobody or several."""
    seen = Member.objects.visible_to(viewer).active()
    found: dict[int, Member] = {}
    unknown: list[str] = []
    for name in names:
        fits = _people(seen, name) or (_in_unit(seen, name) if viewer.is_colleague else [])
        found.update({member.pk: member for member in fits})
        if not fits:
            unknown.append(name)
    return list(found.values()), unknown


def _people(seen: QuerySet[Member], name: str) -> list[Member]:
    for named in (Q(handle__iexact=name.removeprefix("@")), Q(email__iexact=name), Q(name__iexact=name)):
        fits = list(seen.filter(named)[:2])
        if len(fits) == 1:
            return fits
    return []


def _in_unit(seen: QuerySet[Member], name: str) -> list[Member]:
    units = list(Unit.objects.filter(name__iexact=name)[:2])
    return list(seen.filter(unit=units[0])[:MOST_NAMED]) if len(units) == 1 else []
