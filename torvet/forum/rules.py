"""What a viewer may do in fora and with questions. Pure: on loaded attributes, with the viewer's membership given."""

from __future__ import annotations

from torvet.entries import rules as entry_rules
from torvet.forum.models import Asked, NotMyField, Thread
from torvet.people.viewer import Via, Viewer
from torvet.spaces.models import Membership

# Who may know


def can_ask_experts(
    viewer: Viewer, thread: Thread, membership: Membership | None, *, holds_key: bool = False
) -> bool:
    """Whoever asked, as long as the question waits for an answer; of an anonymous one whoever holds its key.

    In a browser only: a token that leaked must not set people to work.
    """
    is_asker = holds_key if thread.key_digest else thread.entry.author_id == viewer.id
    return (
        is_asker
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
