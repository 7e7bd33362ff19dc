"""People as other programs see them: what the API says of members, units and sites."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.encoding import iri_to_uri

from torvet.base.api import Shown, absolute
from torvet.people import models, rules
from torvet.people.viewer import Viewer


class MemberLine(Shown):
    """A member as named beside something else."""

    id: int
    url: str
    name: str
    handle: str
    title: str
    photo_url: str
    is_active: bool
    is_guest: bool
    is_bot: bool
    abilities: dict[str, bool]


class UnitLine(Shown):
    """A department or team as named beside something else."""

    id: int
    url: str
    name: str


class Site(Shown):
    """A place where people work."""

    id: int
    name: str
    country: str
    time_zone: str


class Member(MemberLine):
    """A person with an account. To guests, the company's inside stays empty: unit, site, boss and telephone."""

    about: str
    phone: str
    role: str
    unit: UnitLine | None
    site: Site | None
    manager: MemberLine | None
    joined_at: datetime
    is_followed: bool


class Me(Member):
    """The member who asks, with what is shown to nobody else."""

    email: str
    language: str
    time_zone: str
    scopes: list[str]
    company: str


class Unit(UnitLine):
    """A department or team in the tree of the company."""

    parent_id: int | None
    leader: MemberLine | None


class MemberList(Shown):
    items: list[Member]
    next: str | None


class UnitList(Shown):
    items: list[Unit]
    next: str | None


def abilities(viewer: Viewer, member: models.Member) -> dict[str, bool]:
    return {"edit": rules.can_edit_profile(viewer, member), "follow": rules.can_follow(viewer, member)}


def member_line(viewer: Viewer, member: models.Member) -> MemberLine:
    return MemberLine(**_named(viewer, member))


def _named(viewer: Viewer, member: models.Member) -> dict[str, Any]:
    return {
        "id": member.pk,
        "url": absolute(member.url),
        "name": member.name,
        "handle": member.handle,
        "title": member.title,
        "photo_url": absolute(iri_to_uri(member.photo_url)),
        "is_active": member.is_active,
        "is_guest": member.role == models.Role.GUEST,
        "is_bot": member.is_bot,
        "abilities": abilities(viewer, member),
    }


def _told(viewer: Viewer, member: models.Member, is_followed: bool) -> dict[str, Any]:
    is_reached = viewer.id == member.pk or (viewer.is_colleague and member.is_active)
    unit, site, manager = (
        (member.unit, member.site, member.manager) if viewer.is_colleague else (None, None, None)
    )
    return _named(viewer, member) | {
        "about": member.about,
        "phone": member.phone if is_reached else "",
        "role": member.role,
        "unit": unit_line(unit) if unit else None,
        "site": site_shape(site) if site else None,
        "manager": member_line(viewer, manager) if manager else None,
        "joined_at": member.joined_at,
        "is_followed": is_followed,
    }


def member_shape(viewer: Viewer, member: models.Member, *, is_followed: bool) -> Member:
    """One member; load it with unit, site and manager."""
    return Member(**_told(viewer, member, is_followed))


def member_shapes(viewer: Viewer, members: Iterable[models.Member], followed: set[int]) -> list[Member]:
    return [member_shape(viewer, member, is_followed=member.pk in followed) for member in members]


def me_shape(viewer: Viewer, member: models.Member, company: str) -> Me:
    return Me(
        **_told(viewer, member, False),
        email=member.email,
        language=member.language,
        time_zone=member.time_zone,
        scopes=sorted(viewer.scopes),
        company=company,
    )


def unit_line(unit: models.Unit) -> UnitLine:
    return UnitLine(id=unit.pk, url=absolute(f"/units/{unit.pk}/"), name=unit.name)


def unit_shape(viewer: Viewer, unit: models.Unit) -> Unit:
    return Unit(
        **unit_line(unit).model_dump(),
        parent_id=unit.parent_id,
        leader=member_line(viewer, unit.leader) if unit.leader else None,
    )


def site_shape(site: models.Site) -> Site:
    return Site(id=site.pk, name=site.name, country=site.country, time_zone=site.time_zone)
