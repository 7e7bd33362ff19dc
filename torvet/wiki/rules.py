"""What a viewer may do with pages. Pure: on loaded attributes, with the viewer's membership of the space given."""

from __future__ import annotations

from torvet.entries import rules as entry_rules
from torvet.people.viewer import Viewer
from torvet.spaces import rules as space_rules
from torvet.spaces.models import Membership, Space
from torvet.wiki.models import Page, Remark, Suggestion


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


def can_comment_on(viewer: Viewer, page: Page, membership: Membership | None) -> bool:
    return entry_rules.can_comment(viewer, page.entry, membership)


def can_suggest(viewer: Viewer, page: Page, membership: Membership | None) -> bool:
    """Whoever may comment may say how the page should read; who may edit is offered that instead."""
    return can_comment_on(viewer, page, membership)


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
    return can_see_suggestion(viewer, suggestion, membership) and can_comment_on(
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
    return remark.comment.author_id == viewer.id and can_comment_on(viewer, remark.page, membership)


ABILITIES = {
    "edit": can_edit_page,
    "comment": can_comment_on,
    "suggest": can_suggest,
    "move": can_move_page,
    "confirm": can_answer_for,
    "change_owner": can_change_owner,
}


def abilities(viewer: Viewer, page: Page, membership: Membership | None) -> dict[str, bool]:
    """What this viewer may do with this page, by word."""
    return {word: rule(viewer, page, membership) for word, rule in ABILITIES.items()}
