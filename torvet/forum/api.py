"""Fora, questions and answers over the API: read, ask, answer, vote, accept, confirm.

Asking without a name is done in a browser only: a personal token has an owner, and notes the day on which it was used.
"""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Body, Query, Router, Status
from pydantic import Field

from torvet.base.api import Id, Line, Part, answers, found, writing
from torvet.base.pages import paginate
from torvet.base.policies import signed_in
from torvet.entries import queries as entry_queries
from torvet.entries.api.answers import locate, part_of
from torvet.entries.api.words import NewComment, Title
from torvet.entries.models import Entry
from torvet.forum import actions, shapes
from torvet.forum.kinds import ANSWER, DISCUSSION, QUESTION
from torvet.forum.models import Forum, Thread
from torvet.forum.parts import chosen_part
from torvet.forum.queries import questions
from torvet.people.viewer import Viewer, viewer_of
from torvet.spaces import queries as space_queries
from torvet.spaces.models import Space

router = Router(tags=["Fora and questions"])


class WhichQuestions(Part):
    state: Annotated[
        Literal["all", "open", "solved"], Field(description="Open: nobody else has answered yet")
    ] = "all"


class NewAnswer(NewComment):
    """An answer: Markdown, or HTML, which is cleaned. `attachments` are keys of files uploaded before."""


class NewQuestion(NewAnswer):
    """A question. `topics` are #words beside those in the text."""

    title: Title
    topics: Line = ""
    sub_forum_id: Id | None = None


def visible(viewer: Viewer, pk: int) -> Thread:
    question: Thread = found(questions.get_visible(viewer, pk))
    return question


def visible_answer(viewer: Viewer, pk: int) -> Entry:
    answer: Entry = found(entry_queries.get_visible(viewer, pk))
    return found(answer if answer.kind == ANSWER.key else None)


def shown(viewer: Viewer, pk: int) -> shapes.Question:
    return shapes.question_shapes(viewer, [visible(viewer, pk).entry])[0]


def shown_answer(viewer: Viewer, pk: int) -> shapes.GivenAnswer:
    answer = visible_answer(viewer, pk)
    return shapes.answer_shapes(viewer, visible(viewer, answer.root_id or 0), [answer])[0]


@router.get("/fora", response=answers(shapes.ForumList), operation_id="fora", summary="Fora")
@signed_in
def fora(request: HttpRequest, asked: Annotated[Part, Query()]) -> shapes.ForumList:
    """All that the viewer may read."""
    viewer = viewer_of(request)
    rows = Forum.objects.visible_to(viewer).select_related("space")
    page = paginate(rows, order=("space__name", "space_id"), after=asked.after, size=asked.limit)
    return shapes.ForumList(items=shapes.forum_shapes(viewer, page.things), next=page.next)


@router.get(
    "/spaces/{int:id}/threads",
    response=answers(shapes.ThreadList),
    operation_id="space_threads",
    summary="Discussions and questions of a space",
)
@signed_in
def space_threads(request: HttpRequest, id: Id, asked: Annotated[Part, Query()]) -> shapes.ThreadList:
    """The newest first. A discussion is read, commented and reacted to under /entries with its id."""
    viewer = viewer_of(request)
    space: Space = found(Space.objects.readable_by(viewer).listed().filter(pk=id).first())
    rows = entry_queries.visible(viewer).filter(
        space=space, root=None, kind__in=[DISCUSSION.key, QUESTION.key]
    )
    page = part_of(rows, asked)
    return shapes.ThreadList(items=shapes.thread_shapes(viewer, page.things), next=page.next)


@router.get(
    "/questions", response=answers(shapes.QuestionList), operation_id="questions", summary="Questions"
)
@signed_in
def questions_seen(request: HttpRequest, asked: Annotated[WhichQuestions, Query()]) -> shapes.QuestionList:
    """All that the viewer may read, the newest first."""
    viewer = viewer_of(request)
    rows = entry_queries.visible(viewer).filter(root=None, kind=QUESTION.key)
    if asked.state == "open":
        rows = rows.filter(forum_thread__answered_at=None, forum_thread__solved_at=None)
    elif asked.state == "solved":
        rows = rows.filter(forum_thread__solved_at__isnull=False)
    page = part_of(rows, asked)
    return shapes.QuestionList(items=shapes.question_shapes(viewer, page.things), next=page.next)


@router.get(
    "/questions/{int:id}", response=answers(shapes.Question), operation_id="question", summary="One question"
)
@signed_in
def question(request: HttpRequest, id: Id) -> shapes.Question:
    """Comments, reactions and bookmarks are under /entries with the same id."""
    return shown(viewer_of(request), id)


@router.post(
    "/spaces/{int:id}/questions",
    response=writing(shapes.Question, status=201),
    operation_id="ask",
    summary="Ask a question",
)
@signed_in
def ask(
    request: HttpRequest, response: HttpResponse, id: Id, sent: Annotated[NewQuestion, Body()]
) -> Status[shapes.Question]:
    """Everybody who can read the space reads it at once. The same question sent twice is asked once."""
    viewer = viewer_of(request)
    space = found(space_queries.get_visible(viewer, id))
    made = actions.ask_question(
        by=viewer, space=space, title=sent.title, body=sent.body, format=sent.format, topics=sent.topics,
        files=sent.attachments, sub_forum=chosen_part(space, sent.sub_forum_id),
    )  # fmt: skip
    response.headers["Location"] = shapes.question_url(made.pk)
    return Status(201, shown(viewer, made.pk))


@router.get(
    "/questions/{int:id}/answers",
    response=answers(shapes.GivenAnswerList),
    operation_id="answers",
    summary="Answers to a question",
)
@signed_in
def answers_to(request: HttpRequest, id: Id, asked: Annotated[Part, Query()]) -> shapes.GivenAnswerList:
    """Those with the most votes first; which is accepted or confirmed says each. Removed ones are left out."""
    viewer = viewer_of(request)
    asked_for = visible(viewer, id)
    rows = entry_queries.visible(viewer).filter(root=asked_for.pk, kind=ANSWER.key)
    page = part_of(rows, asked, questions.BEST_FIRST)
    return shapes.GivenAnswerList(items=shapes.answer_shapes(viewer, asked_for, page.things), next=page.next)


@router.post(
    "/questions/{int:id}/answers",
    response=writing(shapes.GivenAnswer, status=201),
    operation_id="give_answer",
    summary="Answer a question",
)
@signed_in
def give_answer(
    request: HttpRequest, response: HttpResponse, id: Id, sent: Annotated[NewAnswer, Body()]
) -> Status[shapes.GivenAnswer]:
    """The asker and those who watch are told."""
    viewer = viewer_of(request)
    made = actions.give_answer(
        by=viewer, question=visible(viewer, id), body=sent.body, format=sent.format, files=sent.attachments
    )
    locate(response, made)
    return Status(201, shown_answer(viewer, made.pk))


@router.put(
    "/answers/{int:id}/vote",
    response=answers(shapes.GivenAnswer),
    operation_id="vote",
    summary="Say that it helps",
)
@signed_in
def vote(request: HttpRequest, id: Id) -> shapes.GivenAnswer:
    """One yes from each, not for one's own. Twice changes nothing."""
    viewer = viewer_of(request)
    actions.vote_for_answer(by=viewer, answer=visible_answer(viewer, id))
    return shown_answer(viewer, id)


@router.delete(
    "/answers/{int:id}/vote",
    response=answers(None, status=204),
    operation_id="take_back_vote",
    summary="Take a vote back",
)
@signed_in
def take_back_vote(request: HttpRequest, id: Id) -> Status[None]:
    viewer = viewer_of(request)
    actions.take_back_vote(by=viewer, answer=visible_answer(viewer, id))
    return Status(204, None)


def chosen(viewer: Viewer, asked_for: Thread, answer_id: int) -> Entry:
    answer: Entry = found(questions.answer_to(viewer, asked_for, answer_id))
    return answer


@router.put(
    "/questions/{int:id}/acceptance/{int:answer_id}",
    response=answers(shapes.Question),
    operation_id="accept_answer",
    summary="Say which answer solved it",
)
@signed_in
def accept(request: HttpRequest, id: Id, answer_id: Id) -> shapes.Question:
    """The asker alone. Another one before is not the accepted one any more."""
    viewer = viewer_of(request)
    asked_for = visible(viewer, id)
    actions.accept_answer(by=viewer, question=asked_for, answer=chosen(viewer, asked_for, answer_id))
    return shown(viewer, id)


@router.delete(
    "/questions/{int:id}/acceptance",
    response=answers(None, status=204),
    operation_id="take_back_acceptance",
    summary="Say that it is not solved after all",
)
@signed_in
def take_back_acceptance(request: HttpRequest, id: Id) -> Status[None]:
    viewer = viewer_of(request)
    actions.take_back_acceptance(by=viewer, question=visible(viewer, id))
    return Status(204, None)


@router.put(
    "/questions/{int:id}/confirmation/{int:answer_id}",
    response=answers(shapes.Question),
    operation_id="confirm_answer",
    summary="Confirm that an answer is right",
)
@signed_in
def confirm(request: HttpRequest, id: Id, answer_id: Id) -> shapes.Question:
    """Those who run the space, and those whose field it is. Shown with their name."""
    viewer = viewer_of(request)
    asked_for = visible(viewer, id)
    actions.confirm_answer(by=viewer, question=asked_for, answer=chosen(viewer, asked_for, answer_id))
    return shown(viewer, id)


@router.delete(
    "/questions/{int:id}/confirmation",
    response=answers(None, status=204),
    operation_id="take_back_confirmation",
    summary="Take a confirmation back",
)
@signed_in
def take_back_confirmation(request: HttpRequest, id: Id) -> Status[None]:
    viewer = viewer_of(request)
    actions.take_back_confirmation(by=viewer, question=visible(viewer, id))
    return Status(204, None)
