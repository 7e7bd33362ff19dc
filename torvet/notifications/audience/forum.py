"""Fora and questions: who hears what waits there once a week, and that their answer was accepted or confirmed.

Answers themselves are told as what was said. Those who want to hear nothing of a space are left alone.
"""

from __future__ import annotations

from collections.abc import Callable

from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.entries.models import Watch
from torvet.notifications.audience.telling import Addressed, Telling, about_entry, standing, wishes
from torvet.notifications.models import Told
from torvet.spaces.models import Involvement, Membership, Standing

# Fora and discussions


def _what_waits(activity: Activity) -> list[Telling]:
    running = Membership.objects.filter(
        space=activity.space_id,
        standing__in=[Standing.OWNER, Standing.MODERATOR],
        member__is_active=True,
        member__is_bot=False,
    ).exclude(involvement=Involvement.NOTHING)
    members = tuple(running.order_by("member_id").values_list("member_id", flat=True))
    return [Telling(Told.UNANSWERED, f"s{activity.space_id}", members, activity.space_id, None, None)]


# Questions


def _judged(verb: Told) -> Callable[[Activity], list[Telling]]:
    """Told to whoever gave the answer, unless they muted the thread or want to hear nothing of the space."""

    def telling(activity: Activity) -> list[Telling]:
        answer = standing(activity)
        if answer is None or answer.author_id == activity.by_id:
            return []
        muted = Watch.objects.filter(thread_id=answer.thread_id, member_id=answer.author_id, is_muted=True)
        wish = wishes(answer.space, [answer.author_id], muted.values_list("member_id", flat=True))
        heard = [pk for pk, wanted in wish.items() if not wanted.only_named]
        return [about_entry(verb, f"e{answer.pk}", answer, heard)]

    return telling


ADDRESSED: Addressed = {
    verbs.LISTED_UNANSWERED: _what_waits,
    verbs.ACCEPTED_ANSWER: _judged(Told.ANSWER_ACCEPTED),
    verbs.CONFIRMED_ANSWER: _judged(Told.ANSWER_CONFIRMED),
}
