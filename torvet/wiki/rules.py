"""What a viewer may do with pages. Pure: on loaded attributes, with the viewer's membership of the space given."""

from __future__ import annotations

from torvet.entries import rules as entry_rules
from torvet.entries.models import Entry
from torvet.people.models import Member, Role
from torvet.people.viewer import Via, Viewer
from torvet.spaces import rules as space_rules
from torvet.spaces.models import Membership, Space
from torvet.wiki.kinds import PAGE
from torvet.wiki.models import Editing, HandedLine, HandedState, HandOver, Page, Remark, Suggestion


def can_write_page(viewer: Viewer, space: Space, membership: Membership | None) -> bool:
    """Members write pages. In an open space whoever wants to write one joins first: a wiki is kept by those inside."""
    return space_rules.can_write_in(viewer, space, membership) and membership is not None


def can_carry_into(thread: Space, space: Space) -> bool:
    """Whether words said in one space may stand on a page of the other: never before people who could not read them.

    What was said among members stays there, also while the two have the same members: tomorrow they may not. What the
    whole company reads may stand where colleagues alone read.
    """
    if thread.pk == space.pk:
        return True
    return thread.is_open and not space.has_guests


def can_make_page(viewer: Viewer, thread: Entry, space: Space, membership: Membership | None) -> bool:
    """Make a page of a thread: whoever reads it and writes pages in a space where its words may stand."""
    return (
        thread.kind != PAGE.key
        and not thread.is_reply
        and not thread.is_removed
        and can_carry_into(thread.space, space)
        and can_write_page(viewer, space, membership)
    )


def can_write_where_it_stands(viewer: Viewer, page: Page, membership: Membership | None) -> bool:
    """Whether they could change it if they answered for it."""
    return entry_rules.can_edit(viewer, page.entry, membership)


def can_edit_page(viewer: Viewer, page: Page, membership: Membership | None) -> bool:
    """Who writes where it stands; when few may, only whoever answers for it and those who run the space."""
    if not can_write_where_it_stands(viewer, page, membership):
        return False
    return page.editing == Editing.ALL or _keeps(viewer, page, membership)


def _keeps(viewer: Viewer, page: Page, membership: Membership | None) -> bool:
    answers = viewer.id in {page.owner_id, page.deputy_id}
    return answers or space_rules.can_run(viewer, page.entry.space, membership)


def can_move_page(viewer: Viewer, page: Page, membership: Membership | None) -> bool:
    return can_edit_page(viewer, page, membership)


def can_answer_for(viewer: Viewer, page: Page, membership: Membership | None) -> bool:
    """Say that it is still right: its owner and deputy, and those who run the space."""
    return can_edit_page(viewer, page, membership) and _keeps(viewer, page, membership)


def can_change_access(viewer: Viewer, page: Page, membership: Membership | None) -> bool:
    """Say who reads and who changes a page, always fewer than in the space.

    Where fewer read it already, those who were named to say so.
    """
    if page.entry.space.is_inner:
        return can_edit_page(viewer, page, membership) and space_rules.can_change_who_reads(
            viewer, page.entry.space, membership
        )
    return can_answer_for(viewer, page, membership)


def can_change_owner(viewer: Viewer, page: Page, membership: Membership | None) -> bool:
    return can_answer_for(viewer, page, membership)


def can_see_working(viewer: Viewer, page: Page, membership: Membership | None) -> bool:
    """Words that wait for approval: those who may change them, nobody else."""
    return can_edit_page(viewer, page, membership)


def can_approve(viewer: Viewer, page: Page, membership: Membership | None) -> bool:
    return can_answer_for(viewer, page, membership)


def can_change_approval(viewer: Viewer, page: Page, membership: Membership | None) -> bool:
    return can_change_owner(viewer, page, membership)


def can_want_approval_in(viewer: Viewer, space: Space, membership: Membership | None) -> bool:
    """Say that new pages of a space need approval from the start: those who run it."""
    return space_rules.can_run(viewer, space, membership) and not space.is_archived


def can_report(viewer: Viewer, page: Page, membership: Membership | None) -> bool:
    """Say that it is wrong or out of date: every reader. In an archived space nobody could mend it."""
    space = page.entry.space
    return (
        viewer.can_write
        and not page.entry.is_removed
        and not space.is_archived
        and space_rules.can_read(viewer, space, membership)
    )


def can_answer_reports(viewer: Viewer, page: Page, membership: Membership | None) -> bool:
    """See what readers report, and answer it: those who may edit the page."""
    return can_edit_page(viewer, page, membership)


def can_look_after(viewer: Viewer, space: Space, membership: Membership | None) -> bool:
    """See what needs care in a space: those who may mend it."""
    return can_write_page(viewer, space, membership)


def can_comment_on(viewer: Viewer, page: Page, membership: Membership | None) -> bool:
    return entry_rules.can_comment(viewer, page.entry, membership)


def can_suggest(viewer: Viewer, page: Page, membership: Membership | None) -> bool:
    """Whoever writes there may say how the page should read; who may edit is offered that instead."""
    return entry_rules.takes_part(viewer, page.entry, membership)


def can_see_suggestions(viewer: Viewer, page: Page, membership: Membership | None) -> bool:
    """Everybody's: those who may edit the page, or could until its space was archived."""
    return can_edit_page(viewer, page, membership) or (
        page.entry.space.is_archived
        and membership is not None
        and space_rules.can_read(viewer, page.entry.space, membership)
    )


def can_see_suggestion(viewer: Viewer, suggestion: Suggestion, membership: Membership | None) -> bool:
    return suggestion.by_id == viewer.id or can_see_suggestions(viewer, suggestion.page, membership)


def can_discuss_suggestion(viewer: Viewer, suggestion: Suggestion, membership: Membership | None) -> bool:
    return can_see_suggestion(viewer, suggestion, membership) and can_suggest(
        viewer, suggestion.page, membership
    )


def can_answer_suggestion(viewer: Viewer, suggestion: Suggestion, membership: Membership | None) -> bool:
    return suggestion.is_open and can_edit_page(viewer, suggestion.page, membership)


def can_withdraw_suggestion(viewer: Viewer, suggestion: Suggestion, membership: Membership | None) -> bool:
    return viewer.can_write and suggestion.is_open and suggestion.by_id == viewer.id


def can_deal_with(viewer: Viewer, remark: Remark, membership: Membership | None) -> bool:
    """Say that a comment on a passage is dealt with: who wrote it, and those who may edit the page."""
    if can_edit_page(viewer, remark.page, membership):
        return True
    return remark.comment.author_id == viewer.id and can_suggest(viewer, remark.page, membership)


ABILITIES = {
    "edit": can_edit_page,
    "comment": can_comment_on,
    "suggest": can_suggest,
    "move": can_move_page,
    "confirm": can_answer_for,
    "change_owner": can_change_owner,
    "change_access": can_change_access,
    "approve": can_approve,
    "change_approval": can_change_approval,
    "report": can_report,
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
        and line.state == HandedState.ASKED
        and line.hand_over.done_at is None
    )
