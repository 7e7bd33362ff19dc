"""What must-reads do when something happened: keep their rolls true, and end with what they are about."""

from __future__ import annotations

from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.notices.actions.keep import close_on_removed
from torvet.notices.actions.look import look_again, look_for, note_absence_of, note_absences

ABOUT_ONE = frozenset({
    verbs.JOINED, verbs.LEFT, verbs.LET_IN, verbs.ADDED_MEMBER, verbs.REMOVED_MEMBER, verbs.CHANGED_ROLE,
    verbs.DEACTIVATED, verbs.REACTIVATED, verbs.SIGNED_UP,
})  # fmt: skip
ABOUT_MANY = frozenset({
    verbs.KEPT_TO_FEWER, verbs.OPENED_AGAIN, verbs.PLACED, verbs.CHANGED_UNIT, verbs.CHANGED_SITE, verbs.IMPORTED,
})  # fmt: skip


def keep_rolls(activity: Activity) -> None:
    """May be told twice: what is true already is left alone."""
    verb, fields = activity.verb, set(activity.details.get("fields", ()))
    member_id = activity.about_id or activity.by_id
    if verb in ABOUT_ONE or (verb == verbs.CHANGED_PROFILE and fields & {"unit", "site"}):
        look_for(members=[member_id] if member_id else [])
    elif verb in ABOUT_MANY or (verb == verbs.CHANGED_SPACE and "access" in fields):
        look_again()
    elif verb in {verbs.SET_AWAY, verbs.ENDED_AWAY}:
        note_absence_of(member_id=activity.about_id or 0)
    elif verb in {verbs.SENT_NOTICE, verbs.ASKED_AGAIN}:
        note_absences(notice_id=activity.details["notice"], asks_again=verb == verbs.ASKED_AGAIN)
    elif verb == verbs.REMOVED and activity.entry_id == activity.thread_id:
        close_on_removed(entry_id=activity.entry_id or 0)
