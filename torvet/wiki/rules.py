"""What a viewer may do with pages. Pure: on loaded attributes, with the viewer's membership of the space given."""

from __future__ import annotations

from torvet.entries import rules as entry_rules
from torvet.people.models import Member, Role
from torvet.people.viewer import Via, Viewer
from torvet.spaces import rules as space_rules
from torvet.spaces.models import Membership, Space
from torvet.wiki.models import HandedLine, HandOver, Page, State


def can_write_page(viewer: Viewer, space: Space, membership: Membership | None) -> bool:
    """Members write pages. In an open space whoever wants to write one joins first: a wiki is kept by those inside."""
    return space_rules.can_write_in(viewer, space, membership) and membership is not None


def can_edit_page(viewer: Viewer, page: Page, membership: Membership | None) -> bool:
    return entry_rules.can_edit(viewer, page.entry, membership)


def can_move_page(viewer: Viewer, page: Page, membership: Membership | None) -> bool:
    return can_edit_page(viewer, page, membership)


def can_answer_for(viewer: Viewer, page: Page, membership: Membership | None) -> bool:
    """Say that it is still right: its owner and deputy, and those who run the space."""
    if not can_edit_page(viewer, page, membership):
        return False
    return viewer.id in {page.owner_id, page.deputy_id} or space_rules.can_run(
        viewer, page.entry.space, membership
    )


def can_change_owner(viewer: Viewer, page: Page, membership: Membership | None) -> bool:
    return can_answer_for(viewer, page, membership)


ABILITIES = {
    "edit": can_edit_page,
    "move": can_move_page,
    "confirm": can_answer_for,
    "change_owner": can_change_owner,
}


def abilities(viewer: Viewer, page: Page, membership: Membership | None) -> dict[str, bool]:
    """What this viewer may do with this page, by word."""
    return {word: rule(viewer, page, membership) for word, rule in ABILITIES.items()}


def can_take(member: Member, space: Space, membership: Membership | None, *, is_page: bool) -> bool:
    """Whether somebody could take over a page or a space: inside, or able to join it by themselves.

    A guest may look after a page where they are in; nobody from outside runs a space.
    """
    if not member.is_active or member.is_bot or (member.role == Role.GUEST and not is_page):
        return False
    if membership is not None and membership.member_id == member.pk:
        return True
    return space.is_open and not space.is_archived and member.role != Role.GUEST


def can_arrange(viewer: Viewer, hand_over: HandOver) -> bool:
    """Name successors: the one who leaves, and, once they see it, their manager and administrators."""
    if not viewer.can_write or viewer.via == Via.TOKEN or hand_over.done_at is not None:
        return False
    if viewer.id == hand_over.member_id:
        return True
    is_near = viewer.is_administrator or viewer.id == hand_over.member.manager_id
    return is_near and not hand_over.is_alone


def can_tell(viewer: Viewer, hand_over: HandOver) -> bool:
    """The interview, and showing the list sooner: the one who leaves, and nobody in their place."""
    return (
        viewer.can_write
        and viewer.via != Via.TOKEN
        and hand_over.done_at is None
        and viewer.id == hand_over.member_id
    )


def can_answer_line(viewer: Viewer, line: HandedLine) -> bool:
    """Take over or decline: the one who was asked, as long as they are."""
    return (
        viewer.can_write
        and viewer.via != Via.TOKEN
        and viewer.id == line.successor_id
        and line.state == State.ASKED
        and line.hand_over.done_at is None
    )
