"""One question: reading it, answering, and saying which answer helped."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from torvet.base.back import says_why
from torvet.base.pages import LARGEST_ID
from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.entries import cards, own
from torvet.entries import queries as entries
from torvet.entries.drawing import Marks, row_of
from torvet.entries.drawing import actions as actions_of
from torvet.entries.extras import Act
from torvet.entries.forms import files_of
from torvet.entries.models import Entry
from torvet.entries.views import entry_or_404, is_part
from torvet.entries.views.files import upload_all
from torvet.forum import actions, drawing, rules
from torvet.forum.drawing import May
from torvet.forum.forms import AnswerForm, ChosenForm, SameForm
from torvet.forum.kinds import ANSWER, QUESTION
from torvet.forum.models import Thread
from torvet.forum.queries import questions
from torvet.forum.queries.experts import knows_field
from torvet.forum.views.answers import shown
from torvet.people.viewer import Viewer, viewer_of


def question_or_404(request: HttpRequest, pk: int) -> Thread:
    """The question, when this viewer may read it. What they may not see and what is not there answer alike."""
    found = questions.get_visible(viewer_of(request), pk)
    if found is None:
        raise Http404
    return found


@signed_in
@require_GET
def question(request: HttpRequest, pk: int) -> HttpResponse:
    found = questions.get_visible(viewer_of(request), pk)
    if found is None:
        return _removed(request, pk)
    return show(request, found)


def _removed(request: HttpRequest, pk: int) -> HttpResponse:
    """The notice where a question stood, or where it was merged into, for those who may read there; else 404."""
    entry = entries.get_noticed(viewer_of(request), pk)
    was_question = entry is not None and (entry.is_reply or (entry.is_removed and entry.kind == QUESTION.key))
    if not was_question:
        raise Http404
    return redirect(f"/e/{pk}/")


def show(request: HttpRequest, found: Thread, status: int = 200, **context: Any) -> HttpResponse:
    """The page of a question, with whatever form was sent back."""
    viewer, entry = viewer_of(request), found.entry
    membership = entries.membership_for(viewer, entry)
    row = row_of(entry)
    kept = own.marks_on(viewer, [entry.pk])
    # Answers and comments have their own places below.
    marks = Marks(viewer.id, kept.reactions, kept.bookmarks, may_write=viewer.can_write, may_answer=False)
    opener = cards.fill(request, cards.cards_for([row.key])[row.id] + actions_of(row, marks))
    return render(request, "forum/question.html", {
        "opener": drawing.whole(opener), "membership": membership, "readers": entries.readers_of(entry.space),
        "solved_by": questions.solved_by(viewer, found), "same": questions.same_question(viewer, found),
        "repeated": questions.repeated_by(viewer, found), "form": AnswerForm(),
        "answers_to_choose": questions.first_answers(viewer, found) if found.key_digest else [],
        "may_mark_same": rules.can_mark_same(viewer, entry, membership),
        **shown(request, found, membership), **context,
    }, status=status)  # fmt: skip


@signed_in
@require_POST
def give_answer(request: HttpRequest, pk: int) -> HttpResponse:
    found = question_or_404(request, pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _again(request, found, form)
    try:
        files, alts = files_of(request.POST)
        made = actions.give_answer(
            by=viewer_of(request), question=found, body=form.cleaned_data["body"],
            format=form.cleaned_data["format"], files=files + upload_all(request), alts=alts,
        )  # fmt: skip
    except Refused as refused:
        form.add_error("body", refused.reason)
        return _again(request, found, form)
    if not is_part(request):
        return redirect(f"/questions/{found.pk}/?at={made.pk}#c{made.pk}")
    return _answered(request, question_or_404(request, pk))


def _answered(request: HttpRequest, found: Thread) -> HttpResponse:
    """The form, empty again, the list with the new answer, and that the question waits no more."""
    viewer = viewer_of(request)
    membership = entries.membership_for(viewer, found.entry)
    return render(request, "forum/_answered.html", {
        "form": AnswerForm(), "readers": entries.readers_of(found.entry.space),
        "solved_by": questions.solved_by(viewer, found), "same": questions.same_question(viewer, found),
        **shown(request, found, membership),
    })  # fmt: skip


def _again(request: HttpRequest, found: Thread, form: AnswerForm) -> HttpResponse:
    """The form with everything that was typed, and what to do about it."""
    keys, alts = files_of(request.POST)
    waiting = entries.waiting_uploads(viewer_of(request), keys) if keys else []
    context = {"form": form, "uploads": [(row, alts[row.key]) for row in waiting]}
    if is_part(request):
        readers = entries.readers_of(found.entry.space)
        context |= {"question": found, "entry": found.entry, "readers": readers}
        return render(request, "forum/_answer_form.html", context, status=422)
    return show(request, found, status=422, **context)


@signed_in
@require_POST
@says_why
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    found = question_or_404(request, pk)
    answer = chosen_answer(request, found)
    actions.accept_answer(by=viewer_of(request), question=found, answer=answer)
    return redirect(answer.stands_at)


@signed_in
@require_POST
@says_why
def take_back_acceptance(request: HttpRequest, pk: int) -> HttpResponse:
    found = question_or_404(request, pk)
    actions.take_back_acceptance(by=viewer_of(request), question=found)
    return redirect(found.entry.url)


@signed_in
@require_http_methods(["GET", "POST"])
@says_why
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Saying with one's name that an answer is right; asked first where the menu leads here."""
    found = question_or_404(request, pk)
    if request.method == "GET":
        return _confirming(request, found)
    answer = chosen_answer(request, found)
    actions.confirm_answer(by=viewer_of(request), question=found, answer=answer)
    return redirect(answer.stands_at)


def _confirming(request: HttpRequest, found: Thread) -> HttpResponse:
    viewer = viewer_of(request)
    form = ChosenForm(request.GET)
    number = form.cleaned_data["answer"] if form.is_valid() else 0
    answer = questions.answer_to(viewer, found, number) if 0 < number < LARGEST_ID else None
    membership = entries.membership_for(viewer, found.entry)
    if answer is None or not rules.can_confirm(
        viewer, found.entry, membership, knows=knows_field(viewer, found)
    ):
        raise Http404
    return render(
        request, "forum/question_confirm.html", {"question": found, "entry": found.entry, "answer": answer}
    )


def offer_confirmation(viewer: Viewer, entry: Entry) -> Act | None:
    """In the menu of an answer: confirm it, for those whose field it is. Who runs the space has a button beside it."""
    if entry.kind != ANSWER.key or entry.author_id == viewer.id:
        return None
    found = questions.get_visible(viewer, entry.thread_id)
    membership = entries.membership_for(viewer, entry)
    if found is None or found.confirmed_id == entry.pk or rules.can_confirm(viewer, entry, membership):
        return None
    if not rules.can_confirm(viewer, found.entry, membership, knows=knows_field(viewer, found)):
        return None
    return Act(
        _("Confirm that it is right"),
        f"/questions/{found.pk}/confirmation/?answer={entry.pk}",
        "shield-check",
    )


@signed_in
@require_POST
@says_why
def take_back_confirmation(request: HttpRequest, pk: int) -> HttpResponse:
    found = question_or_404(request, pk)
    actions.take_back_confirmation(by=viewer_of(request), question=found)
    return redirect(found.entry.url)


def chosen_answer(request: HttpRequest, found: Thread) -> Entry:
    """The answer that the form names. Raises Refused when there is none (any more)."""
    form = ChosenForm(request.POST)
    number = form.cleaned_data["answer"] if form.is_valid() else 0
    answer = questions.answer_to(viewer_of(request), found, number) if 0 < number < LARGEST_ID else None
    if answer is None:
        raise Refused(_("This answer was removed just now. Choose another one."))
    return answer


def answer_or_404(request: HttpRequest, pk: int) -> Entry:
    entry = entry_or_404(request, pk)
    if entry.kind != ANSWER.key:
        raise Http404
    return entry


@signed_in
@require_POST
@says_why
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    answer = actions.vote_for_answer(by=viewer_of(request), answer=answer_or_404(request, pk))
    return _voted(request, answer)


@signed_in
@require_POST
@says_why
def take_back_vote(request: HttpRequest, pk: int) -> HttpResponse:
    answer = actions.take_back_vote(by=viewer_of(request), answer=answer_or_404(request, pk))
    return _voted(request, answer)


def _voted(request: HttpRequest, answer: Entry) -> HttpResponse:
    """The button alone, or back to the answer."""
    if not is_part(request):
        return redirect(f"/questions/{answer.root_id}/?at={answer.pk}#c{answer.pk}")
    viewer = viewer_of(request)
    may = May(vote=True, voted=questions.own_votes(viewer, [answer.pk]))
    return HttpResponse(cards.fill(request, drawing.vote(questions.said_of(answer), may, viewer.id)))


@signed_in
@require_http_methods(["GET", "POST"])
def same(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a question was asked before: choose from what is like it, or give an address."""
    found = question_or_404(request, pk)
    viewer = viewer_of(request)
    if not rules.can_mark_same(viewer, found.entry, entries.membership_for(viewer, found.entry)):
        raise Http404
    form = SameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        other = questions.get_visible(viewer, number_in(form.cleaned_data["question"]))
        try:
            if other is None:
                raise Refused(
                    _("There is no such question, or you may not read it. Look at the address again.")
                )
            actions.mark_same(by=viewer, question=found, other=other)
            return redirect(found.entry.url)
        except Refused as refused:
            form.add_error("question", refused.reason)
    return render(request, "forum/question_same.html", {
        "question": found, "entry": found.entry, "form": form,
        "alike": [one for one in questions.alike(viewer, found.entry.title, found.entry.text, without=found.pk)
                  if one.question is not None],
    }, status=422 if form.errors else 200)  # fmt: skip


def number_in(typed: str) -> int:
    """The number of a question in its address, or alone; 0 for anything else."""
    found = re.search(r"(?:/questions/|/e/|^\s*#?)(\d{1,18})(?=\D|$)", typed)
    return int(found[1]) if found else 0


@signed_in
@require_POST
@says_why
def unmark_same(request: HttpRequest, pk: int) -> HttpResponse:
    found = question_or_404(request, pk)
    actions.unmark_same(by=viewer_of(request), question=found)
    return redirect(found.entry.url)


def offer_same(viewer: Viewer, entry: Entry) -> Act | None:
    """In the menu of a question: say that it was asked before."""
    if entry.kind != QUESTION.key:
        return None
    if not rules.can_mark_same(viewer, entry, entries.membership_for(viewer, entry)):
        return None
    return Act(_("This was asked before"), f"/questions/{entry.pk}/same/", "copy")
