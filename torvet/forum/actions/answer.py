"""Answering, and saying that an answer helps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.base.rules import Refused, require
from torvet.entries import actions as entry_actions
from torvet.entries import queries as entries
from torvet.entries import rules as entry_rules
from torvet.entries.models import Entry
from torvet.entries.words import read
from torvet.forum import rules
from torvet.forum.actions.ask import SENT_TWICE_WITHIN
from torvet.forum.kinds import ANSWER
from torvet.forum.models import Thread
from torvet.people.viewer import Viewer
from torvet.spaces.queries import membership_of


@transaction.atomic
def give_answer(
    *,
    by: Viewer,
    question: Thread,
    body: str,
    format: str = "markdown",
    files: Sequence[str] = (),
    alts: Mapping[str, str] | None = None,
) -> Entry:
    """Answer a question. The same answer sent twice within ten minutes is given once.

    Raises Refused where the thread is locked.
    """
    require(rules.can_answer(by, question.entry, membership_of(by, question.entry.space)))
    refuse_if_locked(question.entry)
    twin = None if files else _sent_before(by, question, body, format)
    if twin is not None:
        return twin
    return entry_actions.add_comment(
        by=by, on=question.entry, kind=ANSWER.key, body=body, format=format, files=files, alts=alts
    )


def _sent_before(by: Viewer, question: Thread, body: str, format: str) -> Entry | None:
    lately = timezone.now() - SENT_TWICE_WITHIN
    rows = entries.visible(by).filter(
        root=question.pk, kind=ANSWER.key, author=by.id, published_at__gte=lately
    )
    standing = rows.order_by("-published_at", "-id").first()
    if standing is None or not standing.text:
        return None
    return standing if standing.text == read(body, by=by, format=format).text else None


@transaction.atomic
def vote_for_answer(*, by: Viewer, answer: Entry) -> Entry:
    """Say that an answer helps. Raises Refused for one's own, and where the thread is locked."""
    require(_takes_part(by, answer))
    _refuse_vote(by, answer)
    return entry_actions.give_vote(by=by, entry=answer)


@transaction.atomic
def take_back_vote(*, by: Viewer, answer: Entry) -> Entry:
    require(_takes_part(by, answer))
    _refuse_vote(by, answer)
    return entry_actions.take_back_vote(by=by, entry=answer)


def _takes_part(by: Viewer, answer: Entry) -> bool:
    return answer.kind == ANSWER.key and entry_rules.takes_part(by, answer, membership_of(by, answer.space))


def _refuse_vote(by: Viewer, answer: Entry) -> None:
    if answer.author_id == by.id:
        raise Refused(_("This is your own answer. Let others say whether it helps."))
    refuse_if_locked(answer)


def refuse_if_locked(entry: Entry) -> None:
    """Raises Refused, with the reason that was given, where nothing is said or voted any more."""
    if entry.is_closed:
        why = (entry.root or entry).closed_why
        raise Refused(_("This question is closed: %(why)s") % {"why": why})
