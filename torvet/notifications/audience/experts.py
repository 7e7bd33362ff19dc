"""Who may know: somebody is asked to answer a question, and cannot just now."""

from __future__ import annotations

from collections.abc import Callable

from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.forum.models import Asked
from torvet.notifications.audience.telling import Addressed, Telling, about_entry, standing, wishes
from torvet.notifications.models import Told


def _about_question(verb: Told) -> Callable[[Activity], list[Telling]]:
    """Told to the one it is about, also when they hear nothing else of the space: somebody asks them by name."""

    def telling(activity: Activity) -> list[Telling]:
        entry = standing(activity)
        if entry is None or activity.about_id in {None, activity.by_id}:
            return []
        heard = wishes(entry.space, [activity.about_id or 0])
        return [about_entry(verb, f"x{activity.details['asked']}", entry, heard)]

    return telling


def _asked(activity: Activity) -> list[Telling]:
    """Not any more once they have answered, or said that they cannot."""
    if not Asked.objects.waiting().filter(pk=activity.details["asked"]).exists():
        return []
    return _about_question(Told.ASKED_TO_ANSWER)(activity)


ADDRESSED: Addressed = {
    verbs.ASKED_EXPERT: _asked,
    verbs.CANNOT_ANSWER: _about_question(Told.CANNOT_ANSWER),
}
