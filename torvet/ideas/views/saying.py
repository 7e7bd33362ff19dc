"""Supporting an idea and giving input: the buttons, the forms, and all that was said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from torvet.base.back import says_why
from torvet.base.pages import BadCursor
from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.entries import cards, drawing, own
from torvet.entries import queries as entries
from torvet.entries import rules as entry_rules
from torvet.entries.drawing import Marks, row_of
from torvet.entries.forms import WordsForm
from torvet.entries.models import Entry
from torvet.entries.views import is_part
from torvet.ideas import actions, rules
from torvet.ideas.forms import InputForm, SupportForm
from torvet.ideas.kinds import INPUT, SUPPORT
from torvet.ideas.models import Idea, InputSort
from torvet.ideas.queries import one
from torvet.ideas.views.loading import idea_or_404
from torvet.people.viewer import viewer_of
from torvet.spaces.models import Membership

PAGE = 50


@dataclass(frozen=True)
class Said:
    """What was said of one sort, ready to print; support has no sorts."""

    sort: InputSort | None
    html: SafeString
    number: int


def drawn(
    request: HttpRequest, idea: Idea, said: Sequence[Entry], membership: Membership | None
) -> list[Said]:
    """Entries that were read through `visible_to`, as a thread draws comments; input by its sorts."""
    if not said:
        return []
    viewer = viewer_of(request)
    rows = [row_of(entry) for entry in said]
    card = cards.cards_for(row.key for row in rows)
    marks = Marks(
        viewer_id=viewer.id,
        reactions=own.marks_on(viewer, [row.id for row in rows]).reactions,
        may_write=entry_rules.can_react(viewer, idea.entry, membership),
        may_answer=entry_rules.can_comment(viewer, idea.entry, membership),
    )
    sorts = one.sorts_of(row.id for row in rows) if said[0].kind == INPUT.key else {}
    found: dict[InputSort | None, list[str]] = {sort: [] for sort in (*InputSort, None)}
    for row in rows:
        found[sorts.get(row.id)].append(drawing.comment(row, card[row.id], marks, ""))
    return [
        Said(sort, drawing.safe(cards.fill(request, "".join(parts))), len(parts))
        for sort, parts in found.items()
        if parts
    ]


@signed_in
@require_POST
@says_why
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    idea, _membership = idea_or_404(request, pk)
    actions.support(by=viewer_of(request), idea=idea)
    return _voted(request, pk)


@signed_in
@require_POST
@says_why
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """A sentence that came with it stays among the comments, which is said."""
    idea, _membership = idea_or_404(request, pk)
    viewer = viewer_of(request)
    had_said_why = one.has_said_why(viewer, idea)
    actions.take_back_support(by=viewer, idea=idea)
    if had_said_why:
        messages.info(request, _("Your support is taken back. What you wrote stands among the comments now."))
        if is_part(request):
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return _voted(request, pk)


def _voted(request: HttpRequest, pk: int) -> HttpResponse:
    idea, membership = idea_or_404(request, pk)
    if not is_part(request):
        return redirect(idea.url)
    viewer = viewer_of(request)
    return render(request, "ideas/_vote.html", {
        "idea": idea, "entry": idea.entry, "is_supported": one.supports(viewer, idea),
        "may_idea": rules.abilities(viewer, idea, membership),
    })  # fmt: skip


@signed_in
@require_http_methods(["GET", "POST"])
def support(request: HttpRequest, pk: int) -> HttpResponse:
    """All sentences of support, and writing one."""
    return _say(request, pk, SUPPORT.key, SupportForm, actions.say_why)


@signed_in
@require_http_methods(["GET", "POST"])
def give_input(request: HttpRequest, pk: int) -> HttpResponse:
    """All input, and giving some."""
    return _say(request, pk, INPUT.key, InputForm, actions.give_input)


def _say(
    request: HttpRequest, pk: int, kind: str, form_of: type[WordsForm], act: Callable[..., Entry]
) -> HttpResponse:
    idea, _membership = idea_or_404(request, pk)
    if request.method == "GET":
        return _show(request, idea, kind, form_of())
    form = form_of(request.POST)
    if form.is_valid():
        try:
            said = act(by=viewer_of(request), idea=idea, **form.cleaned_data)
        except Refused as refused:
            form.add_error("body", refused.reason)
        else:
            return redirect(f"{idea.url}#c{said.pk}")
    return _show(request, idea, kind, form, status=422)


def _show(request: HttpRequest, idea: Idea, kind: str, form: WordsForm, status: int = 200) -> HttpResponse:
    viewer = viewer_of(request)
    idea, membership = idea_or_404(request, idea.pk)
    try:
        page = one.said(viewer, idea, kind, request.GET.get("after") or None, PAGE)
    except BadCursor as error:
        raise Http404 from error
    context = {
        "idea": idea, "entry": idea.entry, "form": form, "said": drawn(request, idea, page.things, membership),
        "next_url": f"?after={page.next}" if page.next else "", "is_input": kind == INPUT.key,
        "may_idea": rules.abilities(viewer, idea, membership), "has_said_why": one.has_said_why(viewer, idea),
        "readers": entries.readers_of(idea.entry.space),
    }  # fmt: skip
    if "after" in request.GET and is_part(request):
        return render(request, "ideas/_said.html", context)
    return render(request, "ideas/said.html", context, status=status)
