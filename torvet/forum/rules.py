"""What a viewer may do in fora. Pure: on loaded attributes, with the viewer's membership of the space given."""

from __future__ import annotations

from torvet.entries import rules as entry_rules
from torvet.entries.models import Entry
from torvet.forum.kinds import DISCUSSION
from torvet.people.viewer import Viewer
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
