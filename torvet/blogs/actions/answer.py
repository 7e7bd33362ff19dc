"""Answering what was said under articles, and noting what is answered and what waits."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import require
from torvet.blogs import rules
from torvet.blogs.models import Blog, Listening, Question
from torvet.blogs.queries.unanswered import another_answer, article_of, speakers_of, waiting_above
from torvet.blogs.queries.voice import delegation_of
from torvet.entries import actions as entries
from torvet.entries.kinds import COMMENT
from torvet.entries.models import Entry
from torvet.people.viewer import Viewer
from torvet.spaces.queries import membership_of


def may_see_loop(by: Viewer, blog: Blog) -> bool:
    return rules.can_see_loop(by, blog, membership_of(by, blog.space), delegation_of(by, blog))


@transaction.atomic
def answer_question(*, by: Viewer, question: Question, body: str, format: str = "markdown") -> Entry:
    """Answer a comment from the list of those that wait. Raises Refused for an empty or too long text."""
    require(may_see_loop(by, question.blog))
    answer = entries.add_comment(by=by, on=question.comment, body=body, format=format)
    note_comment(answer)
    return answer


@transaction.atomic
def set_question_aside(*, by: Viewer, question: Question) -> None:
    """Say that a comment needs no answer. Who said it is shown to all who answer for the blog."""
    require(may_see_loop(by, question.blog))
    changed = Question.objects.waiting().filter(pk=question.pk)
    if changed.update(set_aside_at=timezone.now(), set_aside_by_id=by.id):
        _record(verbs.SET_QUESTION_ASIDE, by, question)


@transaction.atomic
def take_up_question(*, by: Viewer, question: Question) -> None:
    """It needs an answer after all."""
    require(may_see_loop(by, question.blog))
    changed = Question.objects.filter(pk=question.pk, set_aside_at__isnull=False)
    if changed.update(set_aside_at=None, set_aside_by=None):
        _record(verbs.TOOK_UP_QUESTION, by, question)


@transaction.atomic
def change_reminder(*, by: Viewer, blog: Blog, is_quiet: bool) -> None:
    """Let the blog be reminded after a quiet week, or not."""
    require(may_see_loop(by, blog))
    Listening.objects.update_or_create(blog=blog, defaults={"is_quiet": is_quiet})
    record(verbs.CHANGED_BLOG, by=by, space_id=blog.space_id, blog=blog.pk, fields=["reminder"])


def _record(verb: str, by: Viewer, question: Question) -> None:
    comment = question.comment
    record(verb, by=by, space_id=comment.space_id, entry_id=comment.pk, thread_id=comment.thread_id)


def note_comment(comment: Entry) -> None:
    """Let a comment under an article wait for an answer; one of the blog's own is the answer to those above it."""
    article = article_of(comment) if comment.kind == COMMENT.key and not comment.is_removed else None
    if article is None or comment.published_at is None:
        return
    if comment.author_id in speakers_of(article.blog):
        for question in Question.objects.filter(pk__in=waiting_above(comment), answered_at=None):
            _answered_by(question, comment)
    else:
        Question.objects.get_or_create(
            comment=comment, defaults={"blog": article.blog, "asked_at": comment.published_at}
        )


def note_removed_answer(pk: int) -> None:
    """A comment has been removed: what it answered waits again, unless somebody else of the blog answered it too."""
    for question in Question.objects.filter(answer=pk).select_related("blog"):
        _answered_by(question, another_answer(question, speakers_of(question.blog)))


def _answered_by(question: Question, answer: Entry | None) -> None:
    question.answer = answer
    question.answered_at = answer.published_at if answer else None
    question.waited = (
        max(0, int((question.answered_at - question.asked_at).total_seconds()))
        if question.answered_at
        else None
    )
    question.save(update_fields=["answer", "answered_at", "waited"])
