"""Must-reads: told to those who are asked, some at a time, however many they are."""

from __future__ import annotations

from collections.abc import Callable

from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.notices.queries.telling import to_tell
from torvet.notifications.audience.telling import SOME, Addressed, Telling
from torvet.notifications.models import Told


def _to_confirm(verb: Told) -> Callable[[Activity], list[Telling]]:
    """Told to those who are asked, some at a time, however many they are. Also to those who hear nothing else of the
    space: somebody needs to know that they have read it."""

    def telling(activity: Activity) -> list[Telling]:
        what, details = activity.details.get("of_verb", activity.verb), activity.details
        members, last = to_tell(
            what,
            details["notice"],
            members=details.get("members", ()),
            after=details.get("after", 0),
            size=SOME,
        )
        heard = tuple(pk for pk in members if pk != activity.by_id)
        bundle = f"n{details['notice']}"
        place = activity.space_id, activity.thread_id, activity.entry_id
        return [Telling(verb, bundle, heard, *place, goes_on_after=last)]

    return telling


def _to_confirm_for(activity: Activity) -> list[Telling]:
    about = activity.about
    if about is None or not about.is_active:
        return []
    bundle = f"n{activity.details['notice']}f{activity.details['absent']}"
    place = activity.space_id, activity.thread_id, activity.entry_id
    return [Telling(Told.TO_CONFIRM_FOR, bundle, (about.pk,), *place)]


def _notice_passed(activity: Activity) -> list[Telling]:
    bundle = f"n{activity.details['notice']}"
    members = (activity.about_id,) if activity.about_id and activity.about_id != activity.by_id else ()
    return [
        Telling(Told.NOTICE_PASSED, bundle, members, activity.space_id, activity.thread_id, activity.entry_id)
    ]


ADDRESSED: Addressed = {
    verbs.SENT_NOTICE: _to_confirm(Told.TO_CONFIRM),
    verbs.ASKED_TO_CONFIRM: _to_confirm(Told.TO_CONFIRM),
    verbs.ASKED_AGAIN: _to_confirm(Told.TO_CONFIRM_AGAIN),
    verbs.REMINDED_READERS: _to_confirm(Told.TO_CONFIRM_SOON),
    verbs.ASKED_DEPUTY: _to_confirm_for,
    verbs.PASSED_NOTICE: _notice_passed,
}
