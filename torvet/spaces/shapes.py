"""Spaces and memberships as other programs see them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from torvet.agreement.queries import state_of
from torvet.agreement.register import State
from torvet.base.api import Shown, absolute
from torvet.people.shapes import MemberLine, member_line
from torvet.people.viewer import Viewer
from torvet.spaces import models, rules


class SpaceLine(Shown):
    """A space as named beside something else."""

    id: int
    url: str
    name: str
    access: str
    has_guests: bool
    abilities: dict[str, bool]


class Space(SpaceLine):
    """A place with an audience: `open` (the company reads), `closed` (members read) or `secret` (unlisted)."""

    purpose: str
    audience: str
    question: str
    responsible: MemberLine
    language: str
    is_default: bool
    member_count: int | None
    opened_at: datetime
    archived_at: datetime | None
    last_active_at: datetime | None
    standing: str | None


class Membership(Shown):
    """A member in a space. `involvement` is told to the member alone."""

    member: MemberLine
    standing: str
    involvement: str | None
    joined_at: datetime


class SpaceList(Shown):
    items: list[Space]
    next: str | None


class MembershipList(Shown):
    items: list[Membership]
    next: str | None


class Coming(Shown):
    """Whether the viewer is in now, or has asked those who run the space."""

    state: Literal["member", "asked"]
    membership: Membership | None


def own_memberships(viewer: Viewer, space_ids: Iterable[int]) -> dict[int, models.Membership]:
    """space id -> the viewer's own membership, in one statement: what every ability hangs on."""
    mine = models.Membership.objects.filter(member_id=viewer.id, space_id__in=set(space_ids))
    return {membership.space_id: membership for membership in mine}


def space_line(viewer: Viewer, space: models.Space, membership: models.Membership | None) -> SpaceLine:
    return SpaceLine(**_named(viewer, space, membership))


def _named(viewer: Viewer, space: models.Space, membership: models.Membership | None) -> dict[str, Any]:
    return {
        "id": space.pk,
        "url": absolute(space.url),
        "name": space.name,
        "access": space.access,
        "has_guests": space.has_guests,
        "abilities": rules.abilities(viewer, space, membership),
    }


def space_shapes(viewer: Viewer, spaces: Iterable[models.Space]) -> list[Space]:
    """Spaces loaded with their responsible member; two statements however many there are."""
    spaces = list(spaces)
    mine = own_memberships(viewer, (space.pk for space in spaces))
    counts = state_of("member_counts") == State.ON
    return [_space_shape(viewer, space, mine.get(space.pk), counts=counts) for space in spaces]


def _space_shape(
    viewer: Viewer, space: models.Space, own: models.Membership | None, *, counts: bool
) -> Space:
    return Space(
        **_named(viewer, space, own),
        purpose=space.purpose,
        audience=space.audience,
        question=space.question,
        responsible=member_line(viewer, space.responsible),
        language=space.language,
        is_default=space.is_default,
        member_count=space.member_count if counts else None,
        opened_at=space.opened_at,
        archived_at=space.archived_at,
        last_active_at=space.last_active_at if rules.can_read(viewer, space, own) else None,
        standing=own.standing if own else None,
    )


def membership_shape(viewer: Viewer, membership: models.Membership) -> Membership:
    return Membership(
        member=member_line(viewer, membership.member),
        standing=membership.standing,
        involvement=membership.involvement if membership.member_id == viewer.id else None,
        joined_at=membership.joined_at,
    )
