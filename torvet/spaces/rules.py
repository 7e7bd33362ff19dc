"""What a viewer may do in a space. Pure: on loaded attributes, with the viewer's own membership (or None) given."""

from __future__ import annotations

from torvet.people.models import Member, Role
from torvet.people.viewer import Viewer
from torvet.spaces.models import Access, Invitation, Membership, Space, Standing


def _belongs(viewer: Viewer, membership: Membership | None) -> bool:
    return membership is not None and membership.member_id == viewer.id


def can_open_space(viewer: Viewer) -> bool:
    """Every colleague: a space needs nobody's leave."""
    return viewer.can_write and viewer.is_colleague


def can_read(viewer: Viewer, space: Space, membership: Membership | None) -> bool:
    """The rule behind `Space.objects.readable_by`, for one loaded space; the tests hold the two against each other."""
    return viewer.can_read and (_belongs(viewer, membership) or (viewer.is_colleague and space.is_open))


def can_write_in(viewer: Viewer, space: Space, membership: Membership | None) -> bool:
    """Members write. In an open space every colleague may, also before they join."""
    return viewer.can_write and not space.is_archived and can_read(viewer, space, membership)


def can_join(viewer: Viewer, space: Space, membership: Membership | None) -> bool:
    """Join at once: open spaces, colleagues only."""
    return (
        viewer.can_write
        and viewer.is_colleague
        and space.is_open
        and not space.is_archived
        and membership is None
    )


def can_ask_to_join(viewer: Viewer, space: Space, membership: Membership | None) -> bool:
    return (
        viewer.can_write
        and viewer.is_colleague
        and space.access == Access.CLOSED
        and not space.is_archived
        and membership is None
    )


def can_run(viewer: Viewer, space: Space, membership: Membership | None) -> bool:
    """Owners and moderators: let in, pin, remove what breaks the rules."""
    return viewer.can_write and membership is not None and _belongs(viewer, membership) and membership.runs_it


def can_change_space(viewer: Viewer, space: Space, membership: Membership | None) -> bool:
    """Owners; and community managers for open spaces, which belong to everybody."""
    mine = owns(viewer, membership) or (viewer.is_community and space.is_open)
    return viewer.can_write and not space.is_inner and mine


def can_invite(viewer: Viewer, space: Space, membership: Membership | None) -> bool:
    """Colleagues: any member of an open space; elsewhere those who run it."""
    if space.is_archived or space.is_inner or viewer.is_guest:
        return False
    if space.is_open:
        return viewer.can_write and _belongs(viewer, membership)
    return can_run(viewer, space, membership)


def can_invite_guest(viewer: Viewer, space: Space, membership: Membership | None) -> bool:
    """Somebody from outside: only those who run a space that was opened for guests."""
    return (
        space.has_guests
        and not space.is_archived
        and not space.is_inner
        and not viewer.is_guest
        and can_run(viewer, space, membership)
    )


def can_leave(viewer: Viewer, membership: Membership | None) -> bool:
    return viewer.can_write and _belongs(viewer, membership)


def can_remove_member(viewer: Viewer, space: Space, membership: Membership | None, other: Membership) -> bool:
    """Those who run a space remove others; nobody but an owner removes an owner."""
    if not can_run(viewer, space, membership) or other.member_id == viewer.id:
        return False
    assert membership is not None  # can_run said so
    return other.standing != Standing.OWNER or membership.standing == Standing.OWNER


def owns(viewer: Viewer, membership: Membership | None) -> bool:
    """The viewer is one of those who own the space."""
    return membership is not None and _belongs(viewer, membership) and membership.standing == Standing.OWNER


def can_change_standing(
    viewer: Viewer, space: Space, membership: Membership | None, other: Membership
) -> bool:
    return viewer.can_write and owns(viewer, membership) and other.space_id == space.pk


def can_make_default(viewer: Viewer, space: Space) -> bool:
    """A space that newcomers join by themselves: community managers, open spaces."""
    return viewer.can_write and viewer.is_community and space.is_open


def can_invite_to_company(viewer: Viewer) -> bool:
    return viewer.can_write and viewer.is_community and viewer.via != "token"


def still_stands(invitation: Invitation, inviter: Viewer, membership: Membership | None) -> bool:
    """An invitation is worth what its inviter may still do: whoever lost the right takes their links along.

    `inviter` and `membership` are those of the person who invited, in the invitation's space.
    """
    if not invitation.is_live:
        return False
    space, is_for_guest = invitation.space, invitation.role == Role.GUEST
    if space is None:
        return can_invite_to_company(inviter) and not is_for_guest
    if is_for_guest:
        return can_invite_guest(inviter, space, membership)
    return can_invite(inviter, space, membership)


def can_keep_to_fewer(viewer: Viewer, space: Space, membership: Membership | None) -> bool:
    """Keep something of a space to fewer of its readers: whoever writes there."""
    return not space.is_inner and membership is not None and can_write_in(viewer, space, membership)


def can_change_who_reads(viewer: Viewer, space: Space, membership: Membership | None) -> bool:
    """Of an inner space: its owners, who are named by it."""
    return space.is_inner and not space.is_archived and viewer.can_write and owns(viewer, membership)


def can_be_responsible(member: Member) -> bool:
    return member.is_active and member.role != "guest"


def abilities(viewer: Viewer, space: Space, membership: Membership | None) -> dict[str, bool]:
    """Everything that pages and the API offer for a space, by name, as the rules above answer it."""
    return {
        "read": can_read(viewer, space, membership),
        "write": can_write_in(viewer, space, membership),
        "join": can_join(viewer, space, membership),
        "ask": can_ask_to_join(viewer, space, membership),
        "leave": can_leave(viewer, membership),
        "run": can_run(viewer, space, membership),
        "change": can_change_space(viewer, space, membership),
        "own": viewer.can_write and owns(viewer, membership),
        "invite": can_invite(viewer, space, membership),
        "invite_guest": can_invite_guest(viewer, space, membership),
        "make_default": can_make_default(viewer, space),
    }
