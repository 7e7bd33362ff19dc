"""Nudges: something moved. Ids only; whoever is nudged asks the ordinary page again, which asks the ordinary rule.

The shapes that travel between processes. `a` names the activity, so that one that comes twice is passed on once:

    {"a": 7, "thread": 12, "space": 3}               something in the thread changed
    {"a": 7, "thread": 12, "space": 3, "entry": 12}  a new thread in the space
    {"a": 7, "gone": 12, "space": 3}                 the thread was removed
    {"a": 7, "epoch": 5}                             what this member may see changed, or their account was closed
    {"a": 7, "space_epoch": 3}                       who may read this space changed
    {"told": 5}                                      this member has a new notification
"""

from __future__ import annotations

from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.realtime import bus

IN_A_THREAD = frozenset({
    verbs.COMMENTED, verbs.EDITED, verbs.REMOVED, verbs.RESTORED, verbs.REACTED, verbs.UNREACTED, verbs.PINNED,
    verbs.UNPINNED, verbs.PLACED, verbs.CLOSED_COMMENTS, verbs.OPENED_COMMENTS, verbs.MERGED_THREAD,
})  # fmt: skip
ABOUT_RIGHTS = frozenset({
    verbs.JOINED, verbs.LEFT, verbs.LET_IN, verbs.ADDED_MEMBER, verbs.REMOVED_MEMBER, verbs.CHANGED_INVOLVEMENT,
    verbs.CHANGED_ROLE, verbs.DEACTIVATED, verbs.REACTIVATED,
})  # fmt: skip


def nudge_for(activity: Activity) -> dict[str, int] | None:
    """What open pages are told of an activity, or None when it moves none. Pure: looks at the row's own columns."""
    verb, number = activity.verb, activity.pk
    thread, space, entry = activity.thread_id, activity.space_id, activity.entry_id
    if verb == verbs.POSTED and space and entry:
        return {"a": number, "thread": entry, "space": space, "entry": entry}
    if verb in IN_A_THREAD and thread and space:
        is_opener = entry == thread
        return {
            "a": number,
            "gone" if verb == verbs.REMOVED and is_opener else "thread": thread,
            "space": space,
        }
    if verb in ABOUT_RIGHTS:
        # Joining by oneself may name nobody else; then it is about who did it.
        member = activity.about_id or activity.by_id
        return {"a": number, "epoch": member} if member else None
    # A new name is no reason to ask for the rights of everybody there.
    if verb == verbs.CHANGED_SPACE and space and "access" in activity.details.get("fields", ["access"]):
        return {"a": number, "space_epoch": space}
    return None


def nudge(activity: Activity) -> None:
    """Tell open pages that something moved. No database; a bus that is down is no reason to fail."""
    found = nudge_for(activity)
    if found:
        bus.publish(found)


def told(member_id: int) -> None:
    """Tell the open pages of this member, and nobody else's, that they have a new notification."""
    bus.publish({"told": member_id})
