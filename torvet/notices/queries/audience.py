"""Who an audience is, today; and whom a viewer may ask at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from torvet.agreement.queries import state_of
from torvet.agreement.register import State
from torvet.notices.models import AudiencePart, Notice
from torvet.people.models import Member, MemberQuerySet, Role, Site, Unit
from torvet.people.queries import units_below
from torvet.people.viewer import Viewer
from torvet.spaces.models import Membership, Space
from torvet.spaces.queries import memberships_of, who_can_read

TERM = "confirmations"


def is_agreed() -> bool:
    """Whether anybody may be asked to confirm anything."""
    return state_of(TERM) != State.OFF


def are_names_agreed() -> bool:
    """Whether names may be told after the date."""
    return state_of(TERM) == State.ON


@dataclass(frozen=True)
class Audience:
    """Ids of what was chosen. A unit stands for those below it too."""

    units: frozenset[int] = frozenset()
    sites: frozenset[int] = frozenset()
    roles: frozenset[str] = frozenset()
    spaces: frozenset[int] = frozenset()
    members: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.units or self.sites or self.roles or self.spaces or self.members)


@dataclass(frozen=True)
class Reach:
    """Whom a viewer may ask: everybody, or only these units (with those below) and spaces."""

    is_everybody: bool = False
    units: frozenset[int] = field(default=frozenset())
    spaces: frozenset[int] = field(default=frozenset())

    def __bool__(self) -> bool:
        return self.is_everybody or bool(self.units or self.spaces)


NOBODY = Reach()


def reach_of(viewer: Viewer) -> Reach:
    """Whom this viewer may ask; nobody at all while the agreement says so."""
    if viewer.member is None or not viewer.is_colleague or not is_agreed():
        return NOBODY
    if viewer.is_community:
        return Reach(is_everybody=True)
    heads = set(Unit.objects.filter(leader=viewer.id).values_list("pk", flat=True))
    if viewer.member.is_leader and viewer.member.unit_id:
        heads.add(viewer.member.unit_id)
    runs = {row.space_id for row in memberships_of(viewer) if row.runs_it and not row.space.is_inner}
    return Reach(units=frozenset(units_below(*heads)) if heads else frozenset(), spaces=frozenset(runs))


def units_in(reach: Reach) -> list[Unit]:
    units = Unit.objects.all()
    return list(units if reach.is_everybody else units.filter(pk__in=reach.units))


def units_by_depth(reach: Reach) -> list[tuple[Unit, int]]:
    """The same in the order of the tree, each with its depth below the highest that may be chosen."""
    units = units_in(reach)
    within = {unit.pk for unit in units}
    below: dict[int | None, list[Unit]] = {}
    for unit in units:
        below.setdefault(unit.parent_id if unit.parent_id in within else None, []).append(unit)
    found: list[tuple[Unit, int]] = []
    waiting = [(unit, 0) for unit in reversed(below.get(None, []))]
    while waiting:
        unit, depth = waiting.pop()
        found.append((unit, depth))
        waiting += [(child, depth + 1) for child in reversed(below.get(unit.pk, []))]
    return found


def sites_in(reach: Reach) -> list[Site]:
    return list(Site.objects.all()) if reach.is_everybody else []


def roles_in(reach: Reach) -> list[Role]:
    return [role for role in Role if role != Role.GUEST] if reach.is_everybody else []


def spaces_in(viewer: Viewer, reach: Reach) -> list[Space]:
    """Spaces whose members may be asked; only those that the viewer may read."""
    known = Space.objects.readable_by(viewer).listed().living()
    return list(
        (known if reach.is_everybody else known.filter(pk__in=reach.spaces)).order_by("name", "id")[:500]
    )


def people_of(audience: Audience) -> MemberQuerySet:
    """Everybody with an open account in an audience, whether or not they may read the text."""
    if not audience:
        return Member.objects.none()
    wanted = Q(pk__in=audience.members)
    if audience.units:
        wanted |= Q(unit__in=units_below(*audience.units))
    if audience.sites:
        wanted |= Q(site__in=audience.sites)
    if audience.roles:
        wanted |= Q(role__in=audience.roles)
    if audience.spaces:
        wanted |= Q(Exists(Membership.objects.filter(space__in=audience.spaces, member=OuterRef("pk"))))
    return Member.objects.active().filter(wanted, is_bot=False)


def people_asked(audience: Audience, space: Space) -> MemberQuerySet:
    """Those of an audience who may read what stands in the space: nobody is asked about what they may not see."""
    return people_of(audience) & who_can_read(space)


def people_left_out(audience: Audience, space: Space) -> MemberQuerySet:
    """Those of an audience who may not read it."""
    return people_of(audience).exclude(pk__in=who_can_read(space).values("pk"))


def within(reach: Reach, audience: Audience) -> bool:
    """Whether all that was chosen lies within reach; for single people the database is asked."""
    if reach.is_everybody:
        return True
    if (
        audience.sites
        or audience.roles
        or not (audience.units <= reach.units and audience.spaces <= reach.spaces)
    ):
        return False
    own = people_of(Audience(units=reach.units, spaces=reach.spaces))
    return not audience.members or own.filter(pk__in=audience.members).count() == len(audience.members)


def audiences_of(notices: Iterable[Notice]) -> dict[int, Audience]:
    """notice id -> what was chosen when it was sent, in one statement."""
    found: dict[int, list[AudiencePart]] = {notice.pk: [] for notice in notices}
    for row in AudiencePart.objects.filter(notice__in=list(found)):
        found[row.notice_id].append(row)
    return {pk: _from(rows) for pk, rows in found.items()}


def _from(rows: Iterable[AudiencePart]) -> Audience:
    rows = list(rows)
    return Audience(
        units=frozenset(row.unit_id for row in rows if row.unit_id),
        sites=frozenset(row.site_id for row in rows if row.site_id),
        roles=frozenset(row.role for row in rows if row.role),
        spaces=frozenset(row.space_id for row in rows if row.space_id),
        members=frozenset(row.member_id for row in rows if row.member_id),
    )


def rows_of(notice: Notice, audience: Audience) -> Iterable[AudiencePart]:
    """The rows that keep an audience."""
    yield from (AudiencePart(notice=notice, unit_id=pk) for pk in sorted(audience.units))
    yield from (AudiencePart(notice=notice, site_id=pk) for pk in sorted(audience.sites))
    yield from (AudiencePart(notice=notice, role=role) for role in sorted(audience.roles))
    yield from (AudiencePart(notice=notice, space_id=pk) for pk in sorted(audience.spaces))
    yield from (AudiencePart(notice=notice, member_id=pk) for pk in sorted(audience.members))


def parts_in_words(viewer: Viewer, notice: Notice) -> list[str]:
    """The audience by name; a space that the viewer may not know of, and more than a few people, without names."""
    rows = list(AudiencePart.objects.filter(notice=notice).select_related("unit", "site", "space", "member"))
    known = set(
        Space.objects.visible_to(viewer)
        .filter(pk__in=[row.space_id for row in rows if row.space_id])
        .values_list("pk", flat=True)
    )
    words = [str(row.unit or row.site or (Role(row.role).label if row.role else "")) for row in rows]
    words += [str(row.space) for row in rows if row.space_id in known]
    words += [str(row.member) for row in rows if row.member_id]
    return [word for word in words if word]
