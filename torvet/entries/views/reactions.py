"""Reacting, and who reacted."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from torvet.base.back import back
from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.entries import actions, cards, drawing, own, queries
from torvet.entries.drawing import Marks, row_of
from torvet.entries.forms import EmojiForm
from torvet.entries.kinds import kind_of
from torvet.entries.models import Entry
from torvet.entries.views import entry_or_404, is_part, viewer_of


@signed_in
@require_http_methods(["GET", "POST"])
def reactions(request: HttpRequest, pk: int) -> HttpResponse:
    entry = entry_or_404(request, pk)
    if request.method == "GET":
        return render(request, "entries/reactions.html", {
            "entry": entry, "reactions": queries.reacted(viewer_of(request), entry),
            "is_named": kind_of(entry.kind).names_reactions,
            "numbers": sorted(entry.reactions.items(), key=lambda pair: (-pair[1], pair[0])),
        })  # fmt: skip
    return _change(request, entry, actions.react)


@signed_in
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    return _change(request, entry_or_404(request, pk), actions.take_back_reaction)


def _change(request: HttpRequest, entry: Entry, act: object) -> HttpResponse:
    form = EmojiForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        entry = act(by=viewer_of(request), entry=entry, emoji=form.cleaned_data["emoji"])  # type: ignore[operator]
    except Refused:
        return redirect(entry.url)
    return acts(request, entry) if is_part(request) else back(request, entry.url)


def acts(request: HttpRequest, entry: Entry) -> HttpResponse:
    """The line of buttons under an entry, drawn anew for its reader."""
    viewer = viewer_of(request)
    row = row_of(entry)
    found = own.marks_on(viewer, [entry.pk])
    # Where a kind lists its replies itself, it says there how to write one.
    may_answer = not entry.is_closed and not kind_of(entry.kind).replied_by
    marks = Marks(viewer.id, found.reactions, found.bookmarks, may_answer=may_answer)
    html = drawing.comment_acts(row, marks) if entry.is_reply else drawing.actions(row, marks)
    return HttpResponse(cards.fill(request, html))
