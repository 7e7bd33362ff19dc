"""Ideas: whoever is to decide, and what became of them, told to everybody who took part, some at a time."""

from __future__ import annotations

from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.ideas.models import Idea, Stage
from torvet.ideas.queries.rooms import those_who_run
from torvet.ideas.queries.telling import to_tell
from torvet.notifications.audience.telling import SOME, Addressed, Telling, about_entry, standing, wishes
from torvet.notifications.models import Told

OUTCOMES = {
    Stage.CHOSEN: Told.IDEA_CHOSEN,
    Stage.DECLINED: Told.IDEA_DECLINED,
    Stage.TRIED: Told.IDEA_TRIED,
    Stage.DONE: Told.IDEA_DONE,
}


def _moved(activity: Activity) -> list[Telling]:
    """Told to everybody who wrote or supported; of "looked at" nobody is told, and of what was taken back neither."""
    verb, idea_id = OUTCOMES.get(Stage(activity.details["to"])), activity.entry_id or 0
    if verb is None or not Idea.objects.filter(pk=idea_id, stage=activity.details["to"]).exists():
        return []
    return _took_part(activity, verb, idea_id)


def _merged(activity: Activity) -> list[Telling]:
    """Told to those who took part in the one that goes on in another; it leads to that one."""
    return _took_part(activity, Told.IDEA_MERGED, activity.details["idea"])


def _took_part(activity: Activity, verb: Told, idea_id: int) -> list[Telling]:
    members, last = to_tell(idea_id, after=activity.details.get("after", 0), size=SOME)
    heard = tuple(pk for pk in members if pk != activity.by_id)
    place = activity.space_id, activity.thread_id, activity.entry_id
    return [Telling(verb, f"e{idea_id}", heard, *place, goes_on_after=last)]


def _to_decide(activity: Activity) -> list[Telling]:
    """Told to whoever is named, of a room together until they look."""
    entry = standing(activity)
    if entry is None or activity.about_id is None or activity.about_id == activity.by_id:
        return []
    still = Idea.objects.filter(pk=entry.pk, decider=activity.about_id).exists()
    heard = wishes(entry.space, [activity.about_id]) if still else {}
    return [about_entry(Told.IDEA_TO_DECIDE, f"i{entry.space_id}", entry, heard)]


def _overdue(activity: Activity) -> list[Telling]:
    entry = standing(activity)
    if entry is None:
        return []
    heard = wishes(entry.space, activity.details["members"])
    return [about_entry(Told.IDEA_OVERDUE, f"e{entry.pk}", entry, heard)]


def _fell(activity: Activity) -> list[Telling]:
    heard = tuple(pk for pk in those_who_run(activity.space_id or 0) if pk != activity.by_id)
    return [Telling(Told.IDEAS_FELL, f"i{activity.space_id}", heard, activity.space_id)]


ADDRESSED: Addressed = {
    verbs.PROPOSED_IDEA: _to_decide,
    verbs.NAMED_DECIDER: _to_decide,
    verbs.REMINDED_DECIDER: _overdue,
    verbs.LOST_DECIDER: _fell,
    verbs.MOVED_IDEA: _moved,
    verbs.MERGED_IDEA: _merged,
}
