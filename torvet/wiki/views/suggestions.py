"""Suggesting a change to a page, talking about it, and taking or leaving it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from torvet.base.differences import difference, line_difference
from torvet.base.limits import Limit, spend
from torvet.base.pages import BadCursor
from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.base.text import to_markdown
from torvet.entries import versions
from torvet.entries.actions import EditConflict
from torvet.entries.forms import CommentForm
from torvet.entries.merging import MergedEdit, merge_edit
from torvet.people.viewer import viewer_of
from torvet.wiki import actions, queries, rules
from torvet.wiki.actions.suggest import merge_suggestion
from torvet.wiki.forms import AcceptForm, DeclineForm, SuggestForm
from torvet.wiki.models import Page, State, Suggestion
from torvet.wiki.views.loading import own_membership, page_or_404

PER_HOUR = Limit("suggest", 20, 3600)


@signed_in
@require_GET
def suggestions(request: HttpRequest, pk: int) -> HttpResponse:
    """All that the viewer may see: their own, and everybody's where they may edit."""
    shown = page_or_404(request, pk)
    viewer, membership = viewer_of(request), own_membership(request, shown)
    only_own = not rules.can_see_suggestions(viewer, shown, membership)
    try:
        part = queries.suggestions_for(
            viewer, shown, only_own=only_own, after=request.GET.get("after") or None
        )
    except BadCursor as error:
        raise Http404 from error
    may = rules.abilities(viewer, shown, membership)
    return render(request, "wiki/suggestions.html", {"page": shown, "part": part, "may": may})


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    shown = page_or_404(request, pk)
    viewer = viewer_of(request)
    if not rules.can_suggest(viewer, shown, own_membership(request, shown)):
        raise Http404
    if request.method == "GET":
        entry = shown.entry
        begun = {"title": entry.title, "body": to_markdown(entry.body), "version": entry.version}
        return _write(request, shown, SuggestForm(initial=begun))
    form = SuggestForm(request.POST)
    if not form.is_valid():
        return _write(request, shown, form, status=422)
    if settings.RATE_LIMITS and spend(PER_HOUR, f"m{viewer.id}").refused:
        form.add_error(
            "body", _("That is many suggestions in an hour. Your text is still here: try again later.")
        )
        return _write(request, shown, form, status=429)
    try:
        made = actions.suggest_change(by=viewer, page=shown, **form.cleaned_data)
    except Refused as refused:
        form.add_error("body", refused.reason)
        return _write(request, shown, form, status=422)
    messages.success(request, _("Thank you. Those who answer for the page have been told."))
    return redirect(made.url)


def _write(request: HttpRequest, shown: Page, form: SuggestForm, status: int = 200) -> HttpResponse:
    context = {
        "page": shown,
        "entry": shown.entry,
        "space": shown.space,
        "form": form,
        "html": shown.entry.body,
    }
    return render(request, "wiki/suggest.html", context, status=status)


def _suggestion_or_404(request: HttpRequest, pk: int, number: int) -> Suggestion:
    """The suggestion, when the viewer made it or may edit the page."""
    shown = page_or_404(request, pk)
    found = queries.get_suggestion(viewer_of(request), shown, number)
    if found is None or not rules.can_see_suggestion(
        viewer_of(request), found, own_membership(request, shown)
    ):
        raise Http404
    return found


@signed_in
@require_GET
def suggestion(request: HttpRequest, pk: int, suggestion: int) -> HttpResponse:
    return _show(request, _suggestion_or_404(request, pk, suggestion))


def _show(request: HttpRequest, found: Suggestion, status: int = 200, **context: Any) -> HttpResponse:
    viewer, page = viewer_of(request), found.page
    membership = own_membership(request, page)
    began = versions.version_of(page.entry, found.version) or versions.standing(page.entry)
    return render(request, "wiki/suggestion.html", {
        "suggestion": found, "page": page, "space": page.space, "notes": queries.notes_on(found),
        "title_change": line_difference(began.title, found.title) if began.title != found.title else "",
        "change": difference(began.body, found.body),
        "has_moved_on": found.is_open and page.entry.version != found.version,
        "may_answer": rules.can_answer_suggestion(viewer, found, membership),
        "may_withdraw": rules.can_withdraw_suggestion(viewer, found, membership),
        "may_discuss": rules.can_discuss_suggestion(viewer, found, membership),
        "decline": DeclineForm(), "form": CommentForm(), "answered": found.state != State.OPEN, **context,
    }, status=status)  # fmt: skip


@signed_in
@require_POST
def accept(request: HttpRequest, pk: int, suggestion: int) -> HttpResponse:
    """Take the words: as suggested, or as a person made one text of both."""
    found = _suggestion_or_404(request, pk, suggestion)
    viewer = viewer_of(request)
    if not rules.can_edit_page(viewer, found.page, own_membership(request, found.page)):
        raise Http404
    form = AcceptForm(request.POST) if request.POST.get("decided") else None
    if form is not None and not form.is_valid():
        return _decide(request, found, form, None, status=422)
    try:
        words = {key: value for key, value in form.cleaned_data.items() if key != "decided"} if form else {}
        taken = actions.accept_suggestion(by=viewer, suggestion=found, **words)
    except actions.SuggestionConflict as conflict:
        begun = AcceptForm(conflict.merged.fill({"format": "html"}))
        begun.is_valid()
        return _decide(request, found, begun, conflict.merged, status=409)
    except EditConflict as conflict:
        return _decide_again(request, found, form, conflict)
    except Refused as refused:
        if form is not None and found.is_open:
            form.add_error("body", refused.reason)
            return _decide(request, found, form, None, status=422)
        return _show(request, _suggestion_or_404(request, pk, suggestion), status=422, refusal=refused.reason)
    messages.success(request, _("The change by %(name)s is on the page.") % {"name": taken.by.name})
    return redirect(found.page.url)


def _decide_again(
    request: HttpRequest, found: Suggestion, form: AcceptForm | None, conflict: EditConflict
) -> HttpResponse:
    """Somebody saved while both were being made one: what was made so far is brought together with that."""
    viewer = viewer_of(request)
    if form is None:
        merged = merge_suggestion(by=viewer, suggestion=found, page=found.page)
    else:
        typed = form.cleaned_data
        merged = merge_edit(
            by=viewer, standing=conflict.entry, began=typed["version"], title=typed["title"], body=typed["body"],
            format=typed["format"],
        )  # fmt: skip
    again = AcceptForm(merged.fill({"format": request.POST.get("format", "html")}))
    again.is_valid()
    return _decide(request, found, again, merged, status=409)


def _decide(
    request: HttpRequest, found: Suggestion, form: AcceptForm, merged: MergedEdit | None, status: int
) -> HttpResponse:
    return render(request, "wiki/suggestion_merge.html", {
        "suggestion": found, "page": found.page, "space": found.page.space, "form": form, "merged": merged,
    }, status=status)  # fmt: skip


@signed_in
@require_POST
def decline(request: HttpRequest, pk: int, suggestion: int) -> HttpResponse:
    found = _suggestion_or_404(request, pk, suggestion)
    if not rules.can_edit_page(viewer_of(request), found.page, own_membership(request, found.page)):
        raise Http404
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _show(request, found, status=422, decline=form)
    try:
        actions.decline_suggestion(
            by=viewer_of(request), suggestion=found, reason=form.cleaned_data["reason"]
        )
    except Refused as refused:
        form.add_error("reason", refused.reason)
        return _show(request, _suggestion_or_404(request, pk, suggestion), status=422, decline=form)
    return redirect(found.url)


@signed_in
@require_POST
def withdraw(request: HttpRequest, pk: int, suggestion: int) -> HttpResponse:
    found = _suggestion_or_404(request, pk, suggestion)
    if found.by_id != viewer_of(request).id:
        raise Http404
    try:
        actions.withdraw_suggestion(by=viewer_of(request), suggestion=found)
    except Refused as refused:
        return _show(request, _suggestion_or_404(request, pk, suggestion), status=422, refusal=refused.reason)
    return redirect(found.url)


@signed_in
@require_POST
def discuss(request: HttpRequest, pk: int, suggestion: int) -> HttpResponse:
    """Say something about it, to those who see it."""
    found = _suggestion_or_404(request, pk, suggestion)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _show(request, found, status=422, form=form)
    try:
        note = actions.discuss_suggestion(by=viewer_of(request), suggestion=found, **form.cleaned_data)
    except Refused as refused:
        form.add_error("body", refused.reason)
        return _show(request, found, status=422, form=form)
    return redirect(f"{found.url}#n{note.pk}")
