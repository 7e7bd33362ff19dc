"""You said, we did: the list, telling one, and what led to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from torvet.base.back import says_why
from torvet.base.pages import BadCursor
from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.blogs import actions, rules
from torvet.blogs.forms import OutcomeForm, SourcesForm
from torvet.blogs.models import Outcome
from torvet.blogs.queries import outcomes
from torvet.entries import became
from torvet.entries import queries as entries
from torvet.entries import rules as entry_rules
from torvet.entries.models import Entry
from torvet.people.viewer import viewer_of
from torvet.spaces import queries as space_queries
from torvet.spaces.models import Space

MOST_DIGITS = 18


@signed_in
@require_GET
def everything(request: HttpRequest) -> HttpResponse:
    """All that the viewer may read, the newest first; of one space when the address says so."""
    viewer = viewer_of(request)
    spaces = outcomes.spaces_with_outcomes(viewer)
    wanted = _numbers(request.GET.getlist("space"))
    space = next((one for one in spaces if one.pk in wanted), None)
    try:
        page = outcomes.outcomes(viewer, space, request.GET.get("after") or None)
    except BadCursor as error:
        raise Http404 from error
    at = f"&space={space.pk}" if space else ""
    context: dict[str, Any] = {
        "told": page.things,
        "next_url": f"?after={page.next}{at}" if page.next else "",
    }
    if "after" in request.GET and request.headers.get("HX-Request"):
        return render(request, "blogs/_outcomes.html", context)
    if "after" not in request.GET:
        context["told"] = outcomes.together(page, became.lately(viewer, space))
    return render(request, "blogs/outcomes.html", {
        **context, "spaces": spaces, "space": space, "may_tell": bool(entries.spaces_to_write_in(viewer)),
    })  # fmt: skip


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Tell what became of something; `?of=` names what led to it."""
    viewer = viewer_of(request)
    if request.method == "GET":
        chosen = _chosen(request, request.GET.getlist("of"))
        return _show(request, OutcomeForm(), _space(request, "GET") or _space_of(request, chosen), chosen)
    form = OutcomeForm(request.POST)
    chosen = _chosen(request, request.POST.getlist("source"))
    space = _space(request, "POST")
    if space is None:
        form.add_error(None, _("Choose the space to write in."))
    if form.is_valid() and space is not None:
        try:
            outcome = actions.tell_outcome(
                by=viewer, space=space, sources=[entry.pk for entry in chosen], **form.cleaned_data
            )
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Told. Everybody who took part hears of it."))
            return redirect(outcome.entry.url)
    return _show(request, form, space, chosen, status=422)


def _show(
    request: HttpRequest, form: OutcomeForm, space: Space | None, chosen: list[Entry], status: int = 200
) -> HttpResponse:
    spaces = entries.spaces_to_write_in(viewer_of(request))
    if space is not None and space not in spaces:
        spaces.insert(0, space)
    space = space or next(iter(spaces), None)
    return render(request, "blogs/outcome_new.html", {
        "form": form, "spaces": spaces, "space": space, "chosen": chosen,
        "readers": entries.readers_of(space) if space else None,
    }, status=status)  # fmt: skip


@signed_in
@require_http_methods(["GET", "POST"])
def sources(request: HttpRequest, pk: int) -> HttpResponse:
    """What led to an outcome: link more, or take one away."""
    outcome = _linked_or_404(request, pk)
    form = SourcesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.link_sources(by=viewer_of(request), outcome=outcome, **form.cleaned_data)
        except Refused as refused:
            form.add_error("addresses", refused.reason)
        else:
            return redirect("outcome_sources", outcome.pk)
    return render(request, "blogs/outcome_sources.html", {
        "outcome": outcome, "entry": outcome.entry, "form": form,
        "sources": outcomes.sources_of(viewer_of(request), outcome),
    }, status=422 if form.errors else 200)  # fmt: skip


@signed_in
@require_POST
@says_why
def unlink(request: HttpRequest, pk: int, source: int) -> HttpResponse:
    outcome = _linked_or_404(request, pk)
    viewer = viewer_of(request)
    entry = next((one for one in outcomes.sources_of(viewer, outcome) if one.pk == source), None)
    if entry is not None:
        actions.unlink_source(by=viewer, outcome=outcome, entry=entry)
    return redirect("outcome_sources", outcome.pk)


def _linked_or_404(request: HttpRequest, pk: int) -> Outcome:
    """The outcome, for whoever told it."""
    viewer = viewer_of(request)
    found = outcomes.get_visible(viewer, pk)
    if found is None:
        raise Http404
    membership = space_queries.membership_of(viewer, found.entry.space)
    if not rules.can_link_sources(viewer, found.entry, membership):
        raise Http404
    return found


def _numbers(given: Iterable[str]) -> list[int]:
    return [int(text) for text in given if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS]


def _chosen(request: HttpRequest, given: Iterable[str]) -> list[Entry]:
    """The entries that the form or the address names, as far as the viewer may read them."""
    ids = list(dict.fromkeys(_numbers(given)))[: outcomes.MOST_SOURCES]
    found = outcomes.readable(viewer_of(request), ids) if ids else {}
    return [found[pk] for pk in ids if pk in found]


def _space(request: HttpRequest, method: str) -> Space | None:
    """The space that the form or the address names, when the viewer may write there."""
    viewer = viewer_of(request)
    for pk in _numbers([getattr(request, method).get("space", "")]):
        space = space_queries.get_visible(viewer, pk)
        membership = space_queries.membership_of(viewer, space) if space else None
        if space is not None and entry_rules.can_post(viewer, space, membership):
            return space
    return None


def _space_of(request: HttpRequest, chosen: list[Entry]) -> Space | None:
    """Where what led to it stands, so that those who took part can read what came of it."""
    viewer = viewer_of(request)
    for entry in chosen:
        space = entry.space
        may = entry_rules.can_post(viewer, space, space_queries.membership_of(viewer, space))
        if may and not space.is_inner:
            return space
    return None
