"""The guided interview: one question a screen, kept as one goes; each text looked over before it is a page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from torvet.base.back import says_why
from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.base.text import read_markdown
from torvet.entries import queries as entries
from torvet.people.viewer import viewer_of
from torvet.spaces.models import Space
from torvet.spaces.queries import memberships_of
from torvet.wiki import queries, rules
from torvet.wiki.actions import noting
from torvet.wiki.contents import with_anchors
from torvet.wiki.forms import AnswerForm, NotePageForm
from torvet.wiki.interview import QUESTIONS, Question
from torvet.wiki.models import HandOver, Note, Sort
from torvet.wiki.views.handover import told_or_404


def _own_or_404(request: HttpRequest) -> HandOver:
    return told_or_404(request, viewer_of(request).id)


@signed_in
@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """On to the first question that is neither answered nor skipped."""
    steps = queries.interview_of(viewer_of(request), _own_or_404(request)).steps
    number = next((step.number for step in steps if not step.is_settled), 1)
    return redirect("interview_question", number)


@signed_in
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, number: int) -> HttpResponse:
    """One question. Sending keeps the answer, whatever button was pressed."""
    hand_over, viewer = _own_or_404(request), viewer_of(request)
    if not 1 <= number <= len(QUESTIONS):
        raise Http404
    asked = QUESTIONS[number - 1]
    known = Note.objects.filter(hand_over=hand_over, question=asked.key).select_related("page__entry").first()
    form = AnswerForm(
        request.POST if request.method == "POST" else None, initial={"text": known.text if known else ""}
    )
    if request.method == "POST" and form.is_valid():
        to = request.POST.get("to", "next")
        kept = noting.keep_answer(
            by=viewer,
            hand_over=hand_over,
            question=asked.key,
            text=form.cleaned_data["text"],
            is_skipped=to == "skip",
        )
        if to == "page" and kept.text.strip():
            return redirect("handover_note", kept.pk)
        if to == "list" or (to in {"next", "skip"} and number == len(QUESTIONS)):
            return redirect(hand_over.url)
        return redirect("interview_question", number + 1 if to in {"next", "skip"} else number)
    return render(request, "wiki/handover/question.html", {
        "question": asked, "number": number, "form": form, "note": known, "hand_over": hand_over,
        "interview": queries.interview_of(viewer, hand_over),
    }, status=422 if form.errors else 200)  # fmt: skip


@signed_in
@require_POST
@says_why
def take(request: HttpRequest) -> HttpResponse:
    """Take an answer one once gave as a text to make a page of, or set it aside."""
    hand_over, viewer = _own_or_404(request), viewer_of(request)
    number = request.POST.get("entry", "")
    entry = (
        entries.get_visible(viewer, int(number))
        if number.isascii() and number.isdigit() and len(number) < 19
        else None
    )
    if entry is None or entry.author_id != viewer.id or not entry.is_reply:
        raise Http404
    is_skipped = request.POST.get("aside") == "1"
    kept = noting.keep_given_answer(by=viewer, hand_over=hand_over, entry=entry, is_skipped=is_skipped)
    return redirect(hand_over.url) if is_skipped else redirect("handover_note", kept.pk)


@signed_in
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Look a text over as the page it would be, choose where it stands, and publish it."""
    hand_over, viewer = _own_or_404(request), viewer_of(request)
    found = hand_over.notes.select_related("answer_of__space", "page").filter(pk=pk).first()
    if found is None:
        raise Http404
    if found.page is not None:
        return redirect(found.page.url)
    spaces = _spaces(request)
    form = NotePageForm(
        request.POST if request.method == "POST" else None,
        viewer=viewer,
        spaces=spaces,
        initial=_begun(found, spaces),
    )
    if request.method == "POST":
        noting.keep_text(by=viewer, note=found, text=request.POST.get("text", "")[:100_000])
        if form.is_valid() and request.POST.get("to") == "page":
            typed = dict(form.cleaned_data)
            typed["space"] = next(space for space in spaces if str(space.pk) == typed["space"])
            try:
                page = noting.publish_note(by=viewer, note=found, **typed)
            except Refused as refused:
                form.add_error("text", refused.reason)
            else:
                messages.success(request, _("The page is written."))
                return redirect(hand_over.url if page.pk else page.url)
    text = request.POST.get("text", found.text)[:100_000]
    return render(request, "wiki/handover/note.html", {
        "note": found, "form": form, "hand_over": hand_over, "html": with_anchors(read_markdown(text).html)[0],
        "question": _question(found), "has_spaces": bool(spaces),
    }, status=422 if form.errors else 200)  # fmt: skip


def _spaces(request: HttpRequest) -> list[Space]:
    """Where the viewer writes pages."""
    viewer = viewer_of(request)
    rows = [row for row in memberships_of(viewer) if rules.can_write_page(viewer, row.space, row)]
    return sorted((row.space for row in rows), key=lambda space: space.name.casefold())


def _question(note: Note) -> Question | None:
    return next((asked for asked in QUESTIONS if asked.key == note.question), None)


def _begun(note: Note, spaces: list[Space]) -> dict[str, object]:
    asked, hand_over = _question(note), note.hand_over
    place = next(
        (row.page.space_id for row in hand_over.notes.exclude(page=None).select_related("page") if row.page),
        0,
    )
    title, sort = "", str(Sort.PLAIN)
    if asked is not None:
        title, sort = str(asked.title).format(name=hand_over.member.name), str(asked.sort)
    elif note.answer_of is not None:
        # Said among these people; the page begins there too.
        place, thread = note.answer_of.space_id, note.answer_of.root
        title = (thread.title or thread.text[:120]) if thread else ""
    return {
        "title": title, "sort": sort, "text": note.text, "space": str(place or (spaces[0].pk if spaces else "")),
        "successor": noting.usual_successor(hand_over),
    }  # fmt: skip
