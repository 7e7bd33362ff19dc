"""Accepting an answer, which the asker does, and confirming one, which somebody does who knows the field."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.entries import queries as entries
from torvet.entries.models import Entry
from torvet.forum import rules
from torvet.forum.actions.keep import keep_true
from torvet.forum.kinds import ANSWER
from torvet.forum.models import Thread
from torvet.forum.queries.experts import knows_field
from torvet.people.viewer import Viewer
from torvet.spaces.queries import membership_of


@transaction.atomic
def accept_answer(*, by: Viewer, question: Thread, answer: Entry) -> Thread:
    """Say that an answer solved it; another one before is not the accepted one any more.

    Raises Refused when the answer has been removed meanwhile.
    """
    require(rules.can_accept(by, question.entry, membership_of(by, question.entry.space)))
    row = locked(question, answer)
    if row.accepted_id == answer.pk and row.solved_at:
        return row
    if row.accepted_id != answer.pk:
        note_judged(by, verbs.TOOK_BACK_ACCEPTANCE, row, row.accepted)
    accept_in(row, answer, timezone.now())
    note_judged(by, verbs.ACCEPTED_ANSWER, row, answer)
    return row


@transaction.atomic
def take_back_acceptance(*, by: Viewer, question: Thread) -> Thread:
    """Let the question be open again."""
    require(rules.can_accept(by, question.entry, membership_of(by, question.entry.space)))
    row = locked(question)
    was = row.accepted
    accept_in(row, None, None)
    note_judged(by, verbs.TOOK_BACK_ACCEPTANCE, row, was)
    return row


def accept_in(row: Thread, answer: Entry | None, at: datetime | None) -> None:
    """What is accepted in a question that is locked, None for nothing; nobody is told by this."""
    row.accepted, row.accepted_at = answer, at
    row.save(update_fields=["accepted", "accepted_at"])
    keep_true([row.pk])
    row.refresh_from_db(fields=["answered_at", "solved_at"])


@transaction.atomic
def confirm_answer(*, by: Viewer, question: Thread, answer: Entry) -> Thread:
    """Say that an answer is right, with one's name. Raises Refused for one's own, and when it was removed meanwhile."""
    require(_can_confirm(by, question))
    if answer.author_id == by.id:
        raise Refused(_("This is your own answer. Let somebody else who knows the field confirm it."))
    row = locked(question, answer)
    if row.confirmed_id == answer.pk and row.confirmed_by_id == by.id:
        return row
    if row.confirmed_id != answer.pk:
        note_judged(by, verbs.TOOK_BACK_CONFIRMATION, row, row.confirmed)
    row.confirmed, row.confirmed_by, row.confirmed_at = answer, by.member, timezone.now()
    row.save(update_fields=["confirmed", "confirmed_by", "confirmed_at"])
    note_judged(by, verbs.CONFIRMED_ANSWER, row, answer)
    return row


@transaction.atomic
def take_back_confirmation(*, by: Viewer, question: Thread) -> Thread:
    """Whoever may confirm may also take it back, their own or another's."""
    require(_can_confirm(by, question))
    row = locked(question)
    was = row.confirmed
    row.confirmed = row.confirmed_by = row.confirmed_at = None
    row.save(update_fields=["confirmed", "confirmed_by", "confirmed_at"])
    note_judged(by, verbs.TOOK_BACK_CONFIRMATION, row, was)
    return row


def note_judged(by: Viewer, verb: str, row: Thread, answer: Entry | None) -> None:
    """Record what was said of an answer, if there is one."""
    if answer is not None:
        record(
            verb, by=by, about=answer.author, space_id=answer.space_id, entry_id=answer.pk, thread_id=row.pk
        )


def _can_confirm(by: Viewer, question: Thread) -> bool:
    membership = membership_of(by, question.entry.space)
    knows = knows_field(by, question)
    return rules.can_confirm(by, question.entry, membership, knows=knows)


def locked(question: Thread, answer: Entry | None = None) -> Thread:
    """The question as it stands now, held until the transaction ends, and the answer with it.

    First the answer, then the question: so does removing an answer. Raises Refused when one of them is gone.
    """
    if answer is not None:
        standing = entries.standing().filter(pk=answer.pk, root=question.pk, kind=ANSWER.key)
        if not list(standing.select_for_update(of=("self",)).values_list("pk", flat=True)):
            raise Refused(_("This answer was removed just now. Choose another one."))
    rows = Thread.objects.select_for_update(of=("self",)).select_related("entry__space")
    found = rows.filter(pk=question.pk).first()
    if found is None:
        raise Refused(_("This question was merged into another thread just now. Look at it there."))
    return found
