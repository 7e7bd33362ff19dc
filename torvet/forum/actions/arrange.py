"""Splitting and merging discussions and questions: the core moves the entries, here follows what is the forum's."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.base.rules import Refused
from torvet.entries.actions import merge_threads, split_thread
from torvet.entries.models import Entry
from torvet.forum.actions.discuss import place_of
from torvet.forum.actions.keep import keep_true
from torvet.forum.kinds import ANSWER, DISCUSSION, QUESTION
from torvet.forum.models import Arranged, Arrangement, Thread
from torvet.people.viewer import Viewer


@transaction.atomic
def split_off(*, by: Viewer, thread: Entry, replies: Sequence[int], title: str) -> Thread:
    """Make replies, with what was said to them, a discussion of their own in the same part of the forum.

    An answer that moves is no answer any more: what was accepted or confirmed of it is taken back. A note stands in
    both places. Raises Refused as `entries.actions.split_thread` does.
    """
    opener = split_thread(by=by, thread=thread, replies=replies, title=title, kind=DISCUSSION.key)
    made = Thread.objects.create(entry=opener, sub_forum_id=place_of(thread))
    keep_true([opener.pk])
    _let_go_of_moved(thread)
    _note(by, Arranged.SPLIT, source=thread, thread=opener, moved=1 + opener.reply_count)
    return made


@transaction.atomic
def merge_into(*, by: Viewer, source: Entry, into: Entry) -> Entry:
    """Put a discussion or a question into another; its old address leads to where it stands now.

    Between questions answers stay answers. What its asker accepted stays accepted where the asker is the same; what
    somebody who knows the field confirmed stays confirmed, unless another answer is. Raises Refused as
    `entries.actions.merge_threads` does, and for a question that was asked without a name: the six words of its asker
    would fit nothing any more.
    """
    title, replies = source.title, source.reply_count
    is_question = into.kind == QUESTION.key
    into = merge_threads(by=by, source=source, into=into, stays=[ANSWER.key] if is_question else [])
    old = Thread.objects.select_for_update().filter(pk=source.pk).first()
    new = Thread.objects.select_for_update().filter(pk=into.pk).first()
    if old is not None and old.key_digest:
        raise Refused(
            _(
                "This was asked without a name, and only its asker can accept or add. Say that it was asked before."
            )
        )
    if old is not None and new is not None:
        _hand_over(old, new, is_question=is_question, same_asker=source.author_id == into.author_id)
    # What was merged into it before stands in the one that holds it now. What was split from it, or it from another,
    # is said in those other places, where the old address leads on.
    Arrangement.objects.filter(thread=source, how=Arranged.MERGED).update(thread=into)
    # What was split off and has come back is one again.
    apart = Arrangement.objects.filter(how=Arranged.SPLIT)
    apart.filter(Q(source=into, thread=source) | Q(source=source, thread=into)).delete()
    if old is not None:
        old.delete()
    _note(by, Arranged.MERGED, source=source, thread=into, moved=replies, title=title)
    return into


def _hand_over(old: Thread, new: Thread, *, is_question: bool, same_asker: bool) -> None:
    if new.same_as_id == old.pk:
        new.same_as = None
    Thread.objects.filter(same_as=old).exclude(pk=new.pk).update(same_as=new.same_as_id or new.pk)
    if is_question and same_asker and new.accepted_id is None and old.accepted_id is not None:
        new.accepted_id, new.accepted_at = old.accepted_id, old.accepted_at
        new.solved_at = new.solved_at or old.solved_at
    if is_question and new.confirmed_id is None and old.confirmed_id is not None:
        new.confirmed_id, new.confirmed_at = old.confirmed_id, old.confirmed_at
        new.confirmed_by_id = old.confirmed_by_id
    new.save(
        update_fields=[
            "same_as", "accepted", "accepted_at", "solved_at", "confirmed", "confirmed_at", "confirmed_by",
        ]
    )  # fmt: skip


def _let_go_of_moved(thread: Entry) -> None:
    row = Thread.objects.select_for_update().filter(pk=thread.pk).first()
    if row is None:
        return
    if row.accepted is not None and row.accepted.root_id != thread.pk:
        row.accepted = row.accepted_at = row.solved_at = None
    if row.confirmed is not None and row.confirmed.root_id != thread.pk:
        row.confirmed = row.confirmed_at = row.confirmed_by = None
    row.save(
        update_fields=["accepted", "accepted_at", "solved_at", "confirmed", "confirmed_at", "confirmed_by"]
    )


def _note(by: Viewer, how: Arranged, *, source: Entry, thread: Entry, moved: int, title: str = "") -> None:
    assert by.member is not None  # the core asked its rule
    Arrangement.objects.create(
        how=how, source=source, thread=thread, moved=moved, title=title, by=by.member, at=timezone.now()
    )
