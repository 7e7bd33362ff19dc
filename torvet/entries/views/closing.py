"""Closing the comments of a thread, and opening them again."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.entries import actions, queries, rules
from torvet.entries.models import Entry
from torvet.entries.views import entry_or_404, viewer_of


@signed_in
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks why, then closes."""
    entry = _closable(request, pk)
    why, refusal = request.POST.get("why", entry.closed_why), ""
    if request.method == "POST":
        try:
            actions.close_comments(by=viewer_of(request), entry=entry, why=why)
            return redirect(f"{entry.url}#comments")
        except Refused as refused:
            refusal = refused.reason
    return render(
        request,
        "entries/close.html",
        {"entry": entry, "why": why, "refusal": refusal},
        status=422 if refusal else 200,
    )


@signed_in
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _closable(request, pk)
    actions.open_comments(by=viewer_of(request), entry=entry)
    return redirect(f"{entry.url}#comments")


def _closable(request: HttpRequest, pk: int) -> Entry:
    entry, viewer = entry_or_404(request, pk), viewer_of(request)
    speaks = queries.speaks_for(viewer, entry)
    if not rules.can_close(viewer, entry, queries.membership_for(viewer, entry), speaks=speaks):
        raise Http404
    return entry
