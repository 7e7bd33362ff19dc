"""What belongs to one reader of a list: reactions given, bookmarks kept, what is new. Shown to nobody else."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from torvet.base.raw import lines, moment
from torvet.entries.drawing import Row
from torvet.people.viewer import Viewer
from torvet.spaces.queries import memberships_of


@dataclass
class Own:
    reactions: dict[int, set[str]] = field(default_factory=dict)
    bookmarks: set[int] = field(default_factory=set)


def marks_on(viewer: Viewer, entry_ids: Collection[int]) -> Own:
    """The viewer's own reactions and bookmarks on these entries, in one statement."""
    found = Own()
    if not viewer.id or not entry_ids:
        return found
    ids = ",".join(str(int(entry_id)) for entry_id in entry_ids)
    sql = (
        f"SELECT entry_id, emoji FROM entries_reaction WHERE member_id = %s AND entry_id IN ({ids})"  # noqa: S608
        f" UNION ALL SELECT entry_id, '' FROM entries_bookmark WHERE member_id = %s AND entry_id IN ({ids})"
    )
    for entry_id, emoji in lines(sql, [viewer.id, viewer.id]):
        if emoji:
            found.reactions.setdefault(entry_id, set()).add(emoji)
        else:
            found.bookmarks.add(entry_id)
    return found


def fresh_threads(viewer: Viewer, openers: Sequence[Row]) -> set[int]:
    """Threads in which something happened since the viewer last looked: by their position in the space, or in the
    thread when they watch it, whichever is later. What they did themselves last is not new to them."""
    positions = {membership.space_id: membership.read_at for membership in memberships_of(viewer)}
    candidates = [
        row for row in openers if row.space_id in positions and row.active_at > positions[row.space_id]
    ]
    if not candidates:
        return set()
    watched = _read_up_to(viewer, [row.id for row in candidates])
    return {
        row.id
        for row in candidates
        if (row.id not in watched and row.author_id != viewer.id)
        or (row.id in watched and row.active_at > watched[row.id])
    }


def _read_up_to(viewer: Viewer, threads: Sequence[int]) -> dict[int, datetime]:
    """thread id -> until when the viewer has read it, for those of these threads that they watch."""
    ids = ",".join(str(int(thread_id)) for thread_id in threads)
    sql = f"SELECT thread_id, read_at FROM entries_watch WHERE member_id = %s AND thread_id IN ({ids})"  # noqa: S608
    return {thread_id: moment(read_at) for thread_id, read_at in lines(sql, [viewer.id])}
