"""What a viewer may do to people and units. Pure: no database, no request."""

from __future__ import annotations

from torvet.people.models import Member, Unit
from torvet.people.viewer import Viewer


def can_edit_profile(viewer: Viewer, member: Member) -> bool:
    return viewer.can_write and (viewer.id == member.pk or viewer.is_administrator)


def can_manage_members(viewer: Viewer) -> bool:
    """Add, deactivate, change roles: administrators in a browser, never a token."""
    return viewer.can_write and viewer.is_administrator and viewer.via != "token"


def can_deactivate(viewer: Viewer, member: Member) -> bool:
    """Nobody locks themselves out by mistake."""
    return can_manage_members(viewer) and viewer.id != member.pk


def can_set_leaving(viewer: Viewer, member: Member) -> bool:
    """Say when somebody leaves: they themselves, their manager, administrators. In a browser, never a token."""
    is_near = viewer.id in {member.pk, member.manager_id} or viewer.is_administrator
    return viewer.can_write and viewer.via != "token" and is_near and member.is_active and not member.is_bot


def can_set_away(viewer: Viewer, member: Member) -> bool:
    """Say that somebody is away: they themselves, their manager, administrators. In a browser, never a token."""
    return can_set_leaving(viewer, member)


def can_stand_in(member: Member) -> bool:
    return member.is_active and not member.is_bot and member.role != "guest"


def can_follow(viewer: Viewer, member: Member) -> bool:
    return viewer.can_write and viewer.is_colleague and viewer.id != member.pk


def can_manage_units(viewer: Viewer) -> bool:
    return viewer.can_write and viewer.is_administrator


def can_lead(member: Member, unit: Unit) -> bool:
    return member.is_active and member.role != "guest"


def can_make_tokens(viewer: Viewer) -> bool:
    """A token cannot make tokens: a leaked one stays alone."""
    return viewer.can_write and viewer.via in {"session", "house"}


def can_change_company(viewer: Viewer) -> bool:
    return viewer.can_write and viewer.is_administrator
