"""Fora, threads, questions and answers as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from torvet.base.api import Shown, absolute
from torvet.entries import queries as entry_queries
from torvet.entries import shapes as entries
from torvet.entries.models import Entry
from torvet.forum import models, rules
from torvet.forum.queries import questions
from torvet.forum.queries.being_asked import asked_among
from torvet.people.shapes import MemberLine, member_line
from torvet.people.viewer import Viewer
from torvet.spaces.models import Membership
from torvet.spaces.shapes import SpaceLine, own_memberships, space_line


class SubForum(Shown):
    id: int
    name: str
    about: str


class Forum(Shown):
    """A space that is a forum."""

    space: SpaceLine
    sort: str
    allows_anonymous: bool
    sub_forums: list[SubForum]


class ForumList(Shown):
    items: list[Forum]
    next: str | None


class Thread(Shown):
    """A discussion or a question, with its words in `entry`."""

    entry: entries.Entry
    sub_forum_id: int | None
    answered_at: datetime | None
    solved_at: datetime | None


class ThreadList(Shown):
    items: list[Thread]
    next: str | None


class Question(Thread):
    """A question. `accepted_id` is the answer that solved it, says the asker; `confirmed_id` one that somebody who
    knows the field says is right. `same_as_id` is the question that it repeats."""

    accepted_id: int | None
    confirmed_id: int | None
    confirmed_by: MemberLine | None
    same_as_id: int | None
    may: dict[str, bool]


class QuestionList(Shown):
    items: list[Question]
    next: str | None


class GivenAnswer(Shown):
    """An answer. Comments on it are under /entries with its id."""

    entry: entries.Entry
    votes: int
    has_own_vote: bool
    is_accepted: bool
    is_confirmed: bool


class GivenAnswerList(Shown):
    items: list[GivenAnswer]
    next: str | None


def forum_shapes(viewer: Viewer, fora: Sequence[models.Forum]) -> list[Forum]:
    """Two statements however many there are."""
    own = own_memberships(viewer, (row.space_id for row in fora))
    parts: dict[int, list[SubForum]] = {}
    for part in models.SubForum.objects.filter(forum__in=[row.pk for row in fora]):
        parts.setdefault(part.forum_id, []).append(SubForum(id=part.pk, name=part.name, about=part.about))
    return [
        Forum(
            space=space_line(viewer, row.space, own.get(row.space_id)),
            sort=row.sort,
            allows_anonymous=row.allows_anonymous,
            sub_forums=parts.get(row.pk, []),
        )
        for row in fora
    ]


def thread_shapes(viewer: Viewer, openers: Sequence[Entry]) -> list[Thread]:
    rows = models.Thread.objects.in_bulk([entry.pk for entry in openers])
    return [
        Thread(
            entry=shape,
            sub_forum_id=rows[shape.id].sub_forum_id,
            answered_at=rows[shape.id].answered_at,
            solved_at=rows[shape.id].solved_at,
        )
        for shape in entries.entry_shapes(viewer, openers)
        if shape.id in rows
    ]


def question_shapes(viewer: Viewer, openers: Sequence[Entry]) -> list[Question]:
    """Questions by their entries, loaded with author and space and read through `visible_to`."""
    rows = models.Thread.objects.select_related("confirmed_by").in_bulk([entry.pk for entry in openers])
    own = own_memberships(viewer, (entry.space_id for entry in openers))
    # An answer that was removed settles nothing, and a question that the viewer may not read is not spoken of.
    named = {pk for row in rows.values() for pk in (row.accepted_id, row.confirmed_id, row.same_as_id) if pk}
    seen = (
        set(entry_queries.visible(viewer).filter(pk__in=named).values_list("pk", flat=True))
        if named
        else set()
    )
    asked = asked_among(viewer, rows)
    shown = dict(zip((entry.pk for entry in openers), entries.entry_shapes(viewer, openers), strict=True))
    return [
        _question(viewer, entry, rows[entry.pk], shown[entry.pk], seen, own, asked)
        for entry in openers
        if entry.pk in rows
    ]


def _question(
    viewer: Viewer,
    entry: Entry,
    row: models.Thread,
    shape: entries.Entry,
    seen: set[int],
    own: dict[int, Membership],
    asked: set[int],
) -> Question:
    membership = own.get(entry.space_id)
    is_confirmed = row.confirmed_id in seen and row.confirmed_by is not None
    return Question(
        entry=shape,
        sub_forum_id=row.sub_forum_id,
        answered_at=row.answered_at,
        solved_at=row.solved_at,
        accepted_id=row.accepted_id if row.solved_at and row.accepted_id in seen else None,
        confirmed_id=row.confirmed_id if is_confirmed else None,
        confirmed_by=member_line(viewer, row.confirmed_by) if is_confirmed and row.confirmed_by else None,
        same_as_id=row.same_as_id if row.same_as_id in seen else None,
        may={
            "answer": rules.can_answer(viewer, entry, membership) and not entry.is_closed,
            "accept": rules.can_accept(viewer, entry, membership),
            "confirm": rules.can_confirm(viewer, entry, membership, knows=row.pk in asked),
        },
    )


def answer_shapes(viewer: Viewer, question: models.Thread, said: Sequence[Entry]) -> list[GivenAnswer]:
    voted = questions.own_votes(viewer, [entry.pk for entry in said])
    return [
        GivenAnswer(
            entry=shape,
            votes=entry.votes,
            has_own_vote=entry.pk in voted,
            is_accepted=question.solved_at is not None and question.accepted_id == entry.pk,
            is_confirmed=question.confirmed_by_id is not None and question.confirmed_id == entry.pk,
        )
        for entry, shape in zip(said, entries.entry_shapes(viewer, said), strict=True)
    ]


def question_url(pk: int) -> str:
    return absolute(f"/api/v1/questions/{pk}")
