"""Starting a discussion, solving it, and putting a thread elsewhere."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from torvet.base.back import says_why
from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.entries import queries as entries
from torvet.entries.forms import files_of
from torvet.entries.views.files import upload_all
from torvet.forum import actions, rules
from torvet.forum.forms import DiscussionForm, PlaceForm
from torvet.forum.models import Forum
from torvet.forum.parts import chosen_part
from torvet.forum.queries import fora
from torvet.forum.views.loading import forum_or_404, number, thread_or_404
from torvet.people.viewer import viewer_of
from torvet.spaces.views.doors import Here


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    here, forum = forum_or_404(request, pk)
    if not rules.can_discuss(here.viewer, here.space, here.membership):
        raise Http404
    if request.method == "GET":
        begun = {
            "sub_forum": number(request.GET.get("sub")) or "",
            "title": request.GET.get("title", "")[:200],
        }
        return _write(request, here, forum, DiscussionForm(initial=begun))
    form = DiscussionForm(request.POST)
    if not form.is_valid():
        return _write(request, here, forum, form, status=422)
    files, alts = files_of(request.POST)
    try:
        started = actions.start_discussion(
            by=here.viewer,
            space=here.space,
            title=form.cleaned_data["title"],
            body=form.cleaned_data["body"],
            format=form.cleaned_data["format"],
            sub_forum=chosen_part(here.space, form.cleaned_data["sub_forum"]),
            files=files + upload_all(request),
            alts=alts,
        )
    except Refused as refused:
        form.add_error("body", refused.reason)
        return _write(request, here, forum, form, status=422)
    return redirect(started.entry.url)


def _write(
    request: HttpRequest, here: Here, forum: Forum, form: DiscussionForm, status: int = 200
) -> HttpResponse:
    keys, alts = files_of(request.POST)
    return render(request, "forum/discussion_new.html", here.context("forum") | {
        "forum": forum, "form": form, "parts": fora.sub_fora(forum),
        "readers": entries.readers_of(here.space),
        "uploads": [(row, alts[row.key]) for row in entries.waiting_uploads(here.viewer, keys)] if keys else [],
    }, status=status)  # fmt: skip


@signed_in
@require_POST
@says_why
def solve(request: HttpRequest, pk: int) -> HttpResponse:
    thread, _membership = thread_or_404(request, pk)
    actions.mark_solved(by=viewer_of(request), thread=thread)
    return redirect(thread.entry.url)


@signed_in
@require_POST
@says_why
def unsolve(request: HttpRequest, pk: int) -> HttpResponse:
    thread, _membership = thread_or_404(request, pk)
    actions.take_back_solved(by=viewer_of(request), thread=thread)
    return redirect(thread.entry.url)


@signed_in
@require_http_methods(["GET", "POST"])
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Which part of its forum a thread stands in."""
    thread, membership = thread_or_404(request, pk)
    viewer = viewer_of(request)
    forum = fora.get_visible(viewer, thread.entry.space_id)
    if forum is None or not rules.can_sort(viewer, thread.entry, membership):
        raise Http404
    parts = fora.sub_fora(forum)
    form = PlaceForm(
        request.POST if request.method == "POST" else None,
        parts=parts,
        initial={"sub_forum": str(thread.sub_forum_id or "")},
    )
    if request.method == "POST" and form.is_valid():
        chosen = number(form.cleaned_data["sub_forum"])
        part = next((one for one in parts if one.pk == chosen), None)
        actions.put_into_sub_forum(by=viewer, thread=thread, sub_forum=part)
        return redirect(thread.entry.url)
    return render(request, "forum/place.html", {
        "thread": thread, "entry": thread.entry, "forum": forum, "form": form,
    }, status=422 if form.errors else 200)  # fmt: skip
