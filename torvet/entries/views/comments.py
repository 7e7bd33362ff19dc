"""Comments: the list that refreshes itself, and writing one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.entries import actions, queries, rules
from torvet.entries.forms import CommentForm, files_of
from torvet.entries.kinds import kind_of
from torvet.entries.models import Entry
from torvet.entries.views import entry_or_404, is_part, viewer_of
from torvet.entries.views.files import upload_all
from torvet.entries.views.threads import thread_parts


@signed_in
@require_http_methods(["GET", "POST"])
def comments(request: HttpRequest, pk: int) -> HttpResponse:
    entry = entry_or_404(request, pk)
    return _add(request, entry) if request.method == "POST" else _list(request, entry)


def _list(request: HttpRequest, entry: Entry) -> HttpResponse:
    if not is_part(request):
        return redirect(f"/e/{entry.thread_id}/#comments")
    thread = entry if not entry.is_reply else entry_or_404(request, entry.thread_id)
    membership = queries.membership_for(viewer_of(request), thread)
    context = {"entry": thread, **thread_parts(request, thread, membership)}
    is_earlier = "before" in request.GET and context["list_template"] == "entries/_comments.html"
    return render(request, "entries/_earlier.html" if is_earlier else context["list_template"], context)


def _add(request: HttpRequest, entry: Entry) -> HttpResponse:
    form = CommentForm(request.POST)
    viewer = viewer_of(request)
    if not form.is_valid():
        return _again(request, entry, form, status=422)
    try:
        files, alts = files_of(request.POST)
        comment = actions.add_comment(
            by=viewer,
            on=entry,
            body=form.cleaned_data["body"],
            format=form.cleaned_data["format"],
            files=files + upload_all(request),
            alts=alts,
        )
    except Refused as refused:
        form.add_error("body", refused.reason)
        return _again(request, entry, form, status=422)
    if not is_part(request):
        return redirect(kind_of((entry.root or entry).kind).reply_address.format(comment.root_id, comment.pk))
    thread = entry_or_404(request, entry.thread_id)
    membership = queries.membership_for(viewer, thread)
    context = {
        "entry": thread,
        "answered": entry,
        "form": CommentForm(),
        **thread_parts(request, thread, membership),
    }
    return render(request, "entries/_commented.html", context)


def _again(request: HttpRequest, entry: Entry, form: CommentForm, status: int) -> HttpResponse:
    """The form with everything that was typed, and what to do about it."""
    template = "entries/_comment_form.html" if is_part(request) else "entries/answer.html"
    return render(request, template, _context(request, entry, form), status=status)


def _context(request: HttpRequest, entry: Entry, form: CommentForm) -> dict[str, object]:
    keys, alts = files_of(request.POST)
    uploads = (
        [(row, alts[row.key]) for row in queries.waiting_uploads(viewer_of(request), keys)] if keys else []
    )
    return {"entry": entry, "form": form, "readers": queries.readers_of(entry.space), "uploads": uploads}


@signed_in
@require_GET
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The box to answer one entry: a part under it, or a page of its own."""
    entry = entry_or_404(request, pk)
    viewer = viewer_of(request)
    if not rules.can_comment(viewer, entry, queries.membership_for(viewer, entry)):
        return redirect(entry.stands_at)
    template = "entries/_comment_form.html" if is_part(request) else "entries/answer.html"
    return render(request, template, {**_context(request, entry, CommentForm()), "is_opened": True})
