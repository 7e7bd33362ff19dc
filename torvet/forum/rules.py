"""What a viewer may do in fora and with questions. Pure: on loaded attributes, with the viewer's membership given."""

from __future__ import annotations

from torvet.entries import rules as entry_rules
from torvet.entries.models import Entry
from torvet.forum.kinds import DISCUSSION
from torvet.forum.models import Asked, NotMyField, Thread
from torvet.people.viewer import Via, Viewer
from torvet.spaces import rules as space_rules
from torvet.spaces.models import Membership, Space

# Fora and discussions


def can_keep_forum(viewer: Viewer, space: Space, membership: Membership | None) -> bool:
    """Make a space a forum, say what sort it is, and set up its sub-fora: who runs the space, or may change it."""
    runs = space_rules.can_run(viewer, space, membership)
    changes = space_rules.can_change_space(viewer, space, membership)
    return (runs or changes) and not space.is_inner and not space.is_archived


def can_discuss(viewer: Viewer, space: Space, membership: Membership | None) -> bool:
    """Start a discussion: whoever writes there."""
    return entry_rules.can_post(viewer, space, membership)


def can_solve(viewer: Viewer, entry: Entry, membership: Membership | None) -> bool:
    """Say that a discussion has come to its end, and take it back: its author, and those who run the space."""
    is_own = entry.author_id == viewer.id
    return (
        entry.kind == DISCUSSION.key
        and (is_own or space_rules.can_run(viewer, entry.space, membership))
        and entry_rules.takes_part(viewer, entry, membership)
    )


def can_sort(viewer: Viewer, entry: Entry, membership: Membership | None) -> bool:
    """Put a thread into another sub-forum: its author, and those who run the space."""
    is_own = entry.author_id == viewer.id
    return (
        not entry.is_reply
        and (is_own or space_rules.can_run(viewer, entry.space, membership))
        and entry_rules.takes_part(viewer, entry, membership)
    )


# Questions


def can_ask(viewer: Viewer, space: Space, membership: Membership | None) -> bool:
    """Whoever may post there."""
    return entry_rules.can_post(viewer, space, membership)


def can_answer(viewer: Viewer, question: Entry, membership: Membership | None) -> bool:
    """Whoever takes part. Whether the thread is locked is said in a sentence of its own."""
    return entry_rules.takes_part(viewer, question, membership)


def can_accept(viewer: Viewer, question: Entry, membership: Membership | None) -> bool:
    """The asker alone: nobody else knows whether it helped."""
    return question.author_id == viewer.id and entry_rules.takes_part(viewer, question, membership)


def can_confirm(
    viewer: Viewer, question: Entry, membership: Membership | None, *, knows: bool = False
) -> bool:
    """Those who run the space, and those whose field it is: `knows` (queries/experts.py)."""
    runs = space_rules.can_run(viewer, question.space, membership)
    return (runs or knows) and entry_rules.takes_part(viewer, question, membership)


def can_mark_same(viewer: Viewer, question: Entry, membership: Membership | None) -> bool:
    """Say that a question was asked before: the asker, and those who run the space."""
    is_own = question.author_id == viewer.id
    runs = space_rules.can_run(viewer, question.space, membership)
    return (is_own or runs) and entry_rules.takes_part(viewer, question, membership)


# Who may know


def can_ask_experts(viewer: Viewer, thread: Thread, membership: Membership | None) -> bool:
    """Whoever asked, as long as the question waits for an answer; of an anonymous one those who run the space.

    Were its asker to do it, the hour would tell who they are. In a browser only: a token that leaked must not set
    people to work.
    """
    runs = space_rules.can_run(viewer, thread.entry.space, membership)
    asks = runs if thread.key_digest else thread.entry.author_id == viewer.id
    return (
        asks
        and viewer.via != Via.TOKEN
        and thread.solved_at is None
        and thread.same_as_id is None
        and entry_rules.can_comment(viewer, thread.entry, membership)
    )


def can_answer_for_themselves(viewer: Viewer, asked: Asked) -> bool:
    """Say "not now" or "not my field any more": the one who was asked, and nobody in their place."""
    return viewer.can_write and viewer.via != Via.TOKEN and asked.member_id == viewer.id


def can_change_field(viewer: Viewer, field: NotMyField) -> bool:
    return viewer.can_write and viewer.via != Via.TOKEN and field.member_id == viewer.id
