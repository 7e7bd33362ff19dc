"""What a viewer may do with entries. Pure: on loaded attributes, with the viewer's membership of the space given."""

from __future__ import annotations

from torvet.entries.kinds import kind_of
from torvet.entries.models import Entry
from torvet.people.viewer import Viewer
from torvet.spaces import rules as space_rules
from torvet.spaces.models import Membership, Space


def can_post(viewer: Viewer, space: Space, membership: Membership | None) -> bool:
    return space_rules.can_write_in(viewer, space, membership)


def takes_part(viewer: Viewer, entry: Entry, membership: Membership | None) -> bool:
    """Whoever may write in the space, on what has not been removed."""
    return not entry.is_removed and space_rules.can_write_in(viewer, entry.space, membership)


def can_comment(viewer: Viewer, entry: Entry, membership: Membership | None) -> bool:
    """Who takes part, as long as the comments of the thread are open."""
    return takes_part(viewer, entry, membership) and not entry.is_closed


def can_react(viewer: Viewer, entry: Entry, membership: Membership | None) -> bool:
    return takes_part(viewer, entry, membership)


def can_vote(viewer: Viewer, entry: Entry, membership: Membership | None) -> bool:
    """Who takes part, on what takes votes and is not their own."""
    return (
        kind_of(entry.kind).takes_votes
        and entry.author_id != viewer.id
        and takes_part(viewer, entry, membership)
    )


def can_edit(viewer: Viewer, entry: Entry, membership: Membership | None, *, speaks: bool = False) -> bool:
    """Only the author: nobody puts words into another's mouth. What is written together, all who write in the space.

    `speaks`: the author let the viewer speak in their name (`queries.speaks_for`).
    """
    is_shared = kind_of(entry.kind).is_shared and membership is not None
    return (
        viewer.can_write
        and (entry.author_id == viewer.id or is_shared or speaks)
        and not entry.is_removed
        and space_rules.can_write_in(viewer, entry.space, membership)
    )


def can_remove(viewer: Viewer, entry: Entry, membership: Membership | None) -> bool:
    """The author, those who run the space, and community managers where they may read."""
    if entry.is_removed or not space_rules.can_read(viewer, entry.space, membership):
        return False
    runs = space_rules.can_run(viewer, entry.space, membership)
    return viewer.can_write and (entry.author_id == viewer.id or runs or viewer.is_community)


def can_restore(viewer: Viewer, entry: Entry, membership: Membership | None) -> bool:
    """Whoever removed it; those who run the space, what others removed too."""
    if not entry.is_removed or not space_rules.can_read(viewer, entry.space, membership):
        return False
    runs = space_rules.can_run(viewer, entry.space, membership)
    return viewer.can_write and (entry.removed_by_id == viewer.id or runs)


def can_pin(viewer: Viewer, entry: Entry, membership: Membership | None) -> bool:
    return (
        not entry.is_reply
        and not entry.is_removed
        and not entry.space.is_archived
        and space_rules.can_run(viewer, entry.space, membership)
    )


def can_close(viewer: Viewer, entry: Entry, membership: Membership | None, *, speaks: bool = False) -> bool:
    """Close the comments of a thread, and open them again: its author, who speaks for them, and who runs the space."""
    is_own = entry.author_id == viewer.id or speaks
    runs = space_rules.can_run(viewer, entry.space, membership)
    return (
        not entry.is_reply
        and not entry.is_removed
        and (is_own or runs)
        and space_rules.can_write_in(viewer, entry.space, membership)
    )


def can_arrange(viewer: Viewer, entry: Entry, membership: Membership | None) -> bool:
    """Split and merge threads: those who run the space, where the kind lets threads be taken apart."""
    return (
        (entry.is_reply or kind_of(entry.kind).may_be_arranged)
        and space_rules.can_run(viewer, entry.space, membership)
        and space_rules.can_write_in(viewer, entry.space, membership)
    )


def can_mark(viewer: Viewer, entry: Entry, membership: Membership | None) -> bool:
    """Bookmark, watch, mute: one's own marks, on whatever one may read."""
    return viewer.can_write and space_rules.can_read(viewer, entry.space, membership)


def can_follow_topics(viewer: Viewer) -> bool:
    return viewer.can_write


def can_see_history(viewer: Viewer, entry: Entry, membership: Membership | None) -> bool:
    """Whoever reads an entry may see what it said before."""
    return not entry.is_removed and space_rules.can_read(viewer, entry.space, membership)


ABILITIES = {
    "comment": can_comment,
    "react": can_react,
    "vote": can_vote,
    "remove": can_remove,
    "restore": can_restore,
    "pin": can_pin,
    "bookmark": can_mark,
    "watch": can_mark,
}


def abilities(
    viewer: Viewer, entry: Entry, membership: Membership | None, *, speaks: bool = False
) -> dict[str, bool]:
    """What this viewer may do with this entry, by word: for menus and the API."""
    return {word: rule(viewer, entry, membership) for word, rule in ABILITIES.items()} | {
        "edit": can_edit(viewer, entry, membership, speaks=speaks),
        "close": can_close(viewer, entry, membership, speaks=speaks),
    }
