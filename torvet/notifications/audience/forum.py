"""Questions and fora: told to whom an answer is accepted or confirmed. Answers themselves are told as what was said."""

from __future__ import annotations

from collections.abc import Callable

from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.entries.models import Watch
from torvet.notifications.audience.telling import Addressed, Telling, about_entry, standing, wishes
from torvet.notifications.models import Told

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
    verbs.ACCEPTED_ANSWER: _judged(Told.ANSWER_ACCEPTED),
    verbs.CONFIRMED_ANSWER: _judged(Told.ANSWER_CONFIRMED),
}
