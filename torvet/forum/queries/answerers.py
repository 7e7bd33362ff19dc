"""Who has answered something like this before: asked by entries/knowing.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from torvet.entries import queries as entries
from torvet.entries.knowing import ANSWERED, Sign
from torvet.entries.models import Entry
from torvet.forum.kinds import ANSWER, QUESTION
from torvet.forum.models import Thread
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.reading import readers_among


def answerers(viewer: Viewer, found: Sequence[Entry]) -> list[Sign]:
    """Authors of answers that were accepted, confirmed or voted for, in threads that the viewer and they may read."""
    questions = {entry.pk: entry for entry in found if entry.kind == QUESTION.key}
    if not questions:
        return []
    given = dict.fromkeys(_given(viewer, questions))
    visible = Member.objects.visible_to(viewer).active().filter(is_bot=False)
    people = visible.in_bulk({member for _question, member in given})
    spaces = {entry.space_id: entry.space for entry in _with_spaces(questions)}
    reading = readers_among(spaces.values(), people.values())
    return [
        Sign(people[member], questions[question], ANSWERED)
        for question, member in given
        if member in people and (questions[question].space_id, member) in reading
    ]


def _given(viewer: Viewer, questions: dict[int, Entry]) -> Iterator[tuple[int, int]]:
    """(question, author) for the answers that count and stand."""
    marked = Thread.objects.filter(entry__in=questions).values_list("accepted_id", "confirmed_id")
    chosen = {pk for pair in marked for pk in pair if pk}
    answers = entries.visible(viewer).filter(root__in=questions, kind=ANSWER.key)
    for pk, question, author, votes in answers.values_list("pk", "root_id", "author_id", "votes"):
        if pk in chosen or votes > 0:
            yield question, author


def _with_spaces(questions: dict[int, Entry]) -> list[Entry]:
    """The questions with their spaces at hand, in one statement when the finder did not bring them."""
    rows = list(questions.values())
    if all(Entry.space.is_cached(entry) for entry in rows):
        return rows
    return list(entries.standing().filter(pk__in=questions).select_related("space"))


def best_answers(viewer: Viewer, thread: Entry) -> list[int]:
    """The accepted and the confirmed answer of a question: asked by entries/worth.py."""
    if thread.kind != QUESTION.key:
        return []
    marked = Thread.objects.visible_to(viewer).filter(pk=thread.pk).values_list("accepted_id", "confirmed_id")
    return [pk for pair in marked for pk in pair if pk]
