"""Telling people: what the worker calls for each activity."""

from __future__ import annotations

from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.entries import queries as entries
from torvet.entries.models import Reaction
from torvet.notices.queries.telling import roll_of
from torvet.notifications import actions
from torvet.notifications.audience import tellings
from torvet.notifications.blogs import draft_bundle
from torvet.notifications.keeping import bundle_of
from torvet.notifications.models import Told

# What answers a question that others were asked as well.
ANSWERS = {
    verbs.CONFIRMED_PAGE: Told.STILL_RIGHT,
    verbs.NAMED_OWNER: Told.STILL_RIGHT,
    verbs.APPROVED_PAGE: Told.TO_APPROVE,
    verbs.ANSWERED_NOT_YET: Told.TO_APPROVE,
}
# What was said of an answer, and is not any more.
JUDGED_OTHERWISE = {
    verbs.TOOK_BACK_ACCEPTANCE: Told.ANSWER_ACCEPTED,
    verbs.TOOK_BACK_CONFIRMATION: Told.ANSWER_CONFIRMED,
}


def notify(activity: Activity) -> list[int]:
    """Write notifications for those an activity is addressed to. Gives their ids; may be told twice."""
    _take_back(activity)
    found = tellings(activity)
    for telling in found:
        actions.tell(telling=telling, activity=activity)
    return sorted({pk for telling in found for pk in telling.members})


def _take_back(activity: Activity) -> None:
    """What was undone before anybody read of it need not be read."""
    by = activity.by_id or 0
    if activity.verb == verbs.UNREACTED:
        others = Reaction.objects.filter(entry=activity.entry_id, member=by)
        if not others.exists():
            actions.take_back(verb=Told.REACTED, bundle=f"e{activity.entry_id}", actor_id=by)
    elif activity.verb == verbs.UNFOLLOWED:
        actions.take_back(verb=Told.FOLLOWED, bundle="", actor_id=by, member_id=activity.about_id or 0)
    elif activity.verb == verbs.REMOVED:
        removed = entries.removed_reply(activity.entry_id or 0)
        if removed is not None:
            actions.fall_back(removed=removed)
    elif activity.verb in {verbs.SPLIT_THREAD, verbs.MERGED_THREAD}:
        place = {"thread": activity.thread_id or 0, "space": activity.space_id or 0}
        actions.follow(source=activity.details["source"], **place)
    elif activity.verb in JUDGED_OTHERWISE:
        told, author = JUDGED_OTHERWISE[activity.verb], activity.about_id or 0
        actions.close_questions(verb=told, bundle=f"e{activity.entry_id}", member_id=author)
    elif activity.verb == verbs.WITHDREW_CHANGE:
        bundle = f"g{activity.details['suggestion']}"
        actions.take_back(verb=Told.SUGGESTED, bundle=bundle, actor_id=by)
    elif activity.verb in {verbs.LET_IN, verbs.TURNED_DOWN}:
        # Answered by one of those who run the space: the others need not look any more.
        actions.take_back(
            verb=Told.ASKED_TO_JOIN, bundle=f"s{activity.space_id}", actor_id=activity.about_id or 0
        )
    elif activity.verb in {verbs.SENT_BACK, verbs.PUBLISHED_FOR, verbs.DISCARDED_DRAFT}:
        actions.close_questions(verb=Told.DRAFT_WAITING, bundle=draft_bundle(activity))
    elif activity.verb == verbs.MOVED_IDEA:
        # Decided: nobody needs to look at what was overdue.
        actions.close_questions(verb=Told.IDEA_OVERDUE, bundle=f"e{activity.entry_id}")
    elif activity.verb in ANSWERS:
        told = ANSWERS[activity.verb]
        actions.close_questions(verb=told, bundle=bundle_of(told, activity.entry_id))
    elif activity.verb == verbs.CONFIRMED_READING:
        _confirmed(activity)
    elif activity.verb == verbs.CLOSED_NOTICE:
        notice_id = activity.details["notice"]
        actions.close_all(member_ids=roll_of(notice_id), bundle=f"n{notice_id}")
    elif activity.verb == verbs.TOOK_BACK_REPORT:
        bundle = bundle_of(Told.REPORTED, activity.entry_id)
        actions.take_back(verb=Told.REPORTED, bundle=bundle, actor_id=by)


def _confirmed(activity: Activity) -> None:
    """By oneself, in the place of somebody else, or on a sheet that somebody else wrote down."""
    bundle = f"n{activity.details['notice']}"
    if activity.about_id and not activity.details.get("on_paper"):
        actions.close_for(member_id=activity.by_id or 0, bundle=f"{bundle}f{activity.about_id}")
    else:
        actions.close_for(member_id=activity.about_id or activity.by_id or 0, bundle=bundle)
