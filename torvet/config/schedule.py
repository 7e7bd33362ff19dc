"""All timed work, in one table. The worker looks at it every few seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from torvet.base.actions import remove_old_answers
from torvet.blogs.actions import publish_due, suggest_acts
from torvet.entries.actions import remove_unused_files
from torvet.forum.actions import list_unanswered, publish_waiting
from torvet.ideas.actions import remind_deciders
from torvet.notices.actions.keep import forget_old
from torvet.notices.actions.look import look_again
from torvet.notices.actions.remind import remind as remind_readers
from torvet.people.actions import remove_ended_access
from torvet.people.away import forget_old_absences
from torvet.search.actions import complete, keep_vectors
from torvet.wiki.actions import ask_if_right
from torvet.wiki.actions.leaving import remind
from torvet.wiki.actions.passing import mend_ownerless


@dataclass(frozen=True)
class Timed:
    """Something done every so often, by one worker at a time."""

    name: str
    every: timedelta
    work: Callable[[], object]


SCHEDULE = (
    Timed("publish articles whose time has come", timedelta(seconds=20), publish_due),
    # By the minute, so that what was asked without a name appears at the full hour that its asker was told.
    Timed("let questions without a name appear", timedelta(minutes=1), publish_waiting),
    Timed("remove unused files", timedelta(hours=1), remove_unused_files),
    Timed("remove ended sessions and tokens", timedelta(hours=6), remove_ended_access),
    Timed("forget when people were away", timedelta(hours=12), forget_old_absences),
    Timed("remove old answers of the API", timedelta(hours=1), remove_old_answers),
    # Every few hours, so that a worker that was off at night asks in the morning; each page is asked once all the same.
    Timed("ask whether pages are still right", timedelta(hours=6), ask_if_right),
    Timed("remind those who leave", timedelta(hours=6), remind),
    Timed("pass on what nobody owns", timedelta(hours=6), mend_ownerless),
    Timed("suggest an act after a quiet week", timedelta(hours=6), suggest_acts),
    Timed("list what waits in fora for an answer", timedelta(hours=6), list_unanswered),
    Timed("remind those who should have decided", timedelta(hours=6), remind_deciders),
    Timed("see who is asked to confirm", timedelta(minutes=10), look_again),
    Timed("remind those who have not confirmed", timedelta(hours=2), remind_readers),
    Timed("forget old confirmations", timedelta(hours=12), forget_old),
    Timed("complete the search index", timedelta(hours=6), complete),
    Timed("read what new texts mean", timedelta(minutes=1), keep_vectors),
)
