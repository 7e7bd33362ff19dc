"""Discussions: starting one, saying that it is solved, and putting a thread into another part of its forum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.entries.actions import publish_thread, redraw
from torvet.entries.models import Entry
from torvet.entries.words import clean_title
from torvet.forum import rules
from torvet.forum.kinds import DISCUSSION
from torvet.forum.models import SubForum, Thread
from torvet.forum.parts import refuse_part_of_another
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.spaces.queries import membership_of


@transaction.atomic
def start_discussion(
    *,
    by: Viewer,
    space: Space,
    title: str,
    body: str,
    sub_forum: SubForum | None = None,
    format: str = "markdown",
    files: Sequence[str] = (),
    alts: Mapping[str, str] | None = None,
) -> Thread:
    """A new discussion. Raises Refused without a title, and for a sub-forum of another space."""
    require(rules.can_discuss(by, space, membership_of(by, space)))
    if not clean_title(title):
        raise Refused(_("Give it a title: what is it about, in a few words?"))
    refuse_part_of_another(space, sub_forum)
    entry = publish_thread(
        by=by, space=space, kind=DISCUSSION.key, title=title, body=body, format=format, files=files, alts=alts
    )
    return Thread.objects.create(entry=entry, sub_forum=sub_forum)


@transaction.atomic
def mark_solved(*, by: Viewer, thread: Thread) -> None:
    """Say that a discussion has come to its end. It stays open for more; twice changes nothing."""
    require(rules.can_solve(by, thread.entry, membership_of(by, thread.entry.space)))
    if Thread.objects.filter(pk=thread.pk, solved_at=None).update(solved_at=timezone.now()):
        _changed(verbs.SOLVED, by, thread)


@transaction.atomic
def take_back_solved(*, by: Viewer, thread: Thread) -> None:
    require(rules.can_solve(by, thread.entry, membership_of(by, thread.entry.space)))
    if Thread.objects.filter(pk=thread.pk, solved_at__isnull=False).update(solved_at=None):
        _changed(verbs.UNSOLVED, by, thread)


@transaction.atomic
def put_into_sub_forum(*, by: Viewer, thread: Thread, sub_forum: SubForum | None) -> None:
    """Put a discussion or a question into another part of its forum, or into none."""
    require(rules.can_sort(by, thread.entry, membership_of(by, thread.entry.space)))
    refuse_part_of_another(thread.entry.space, sub_forum)
    if thread.sub_forum_id == (sub_forum.pk if sub_forum else None):
        return
    Thread.objects.filter(pk=thread.pk).update(sub_forum=sub_forum)
    record(verbs.SORTED, by=by, space_id=thread.entry.space_id, entry_id=thread.pk, thread_id=thread.pk)


def _changed(verb: str, by: Viewer, thread: Thread) -> None:
    thread.refresh_from_db(fields=["solved_at"])
    redraw(by=by, entry=thread.entry)
    record(verb, by=by, space_id=thread.entry.space_id, entry_id=thread.pk, thread_id=thread.pk)


def place_of(entry: Entry) -> int | None:
    """The sub-forum of a thread, for what is split from it."""
    return Thread.objects.filter(pk=entry.pk).values_list("sub_forum", flat=True).first()
