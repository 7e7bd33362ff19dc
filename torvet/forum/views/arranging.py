"""Splitting a thread in two, and merging two into one."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from torvet.base.policies import signed_in
from torvet.base.rules import Forbidden, Refused
from torvet.entries import queries as entries
from torvet.entries import rules as entry_rules
from torvet.entries.models import Entry
from torvet.forum import actions
from torvet.forum.forms import MergeForm, SplitForm
from torvet.forum.models import Thread
from torvet.forum.queries import threads
from torvet.forum.views.loading import number, thread_or_404
from torvet.people.viewer import viewer_of

_ADDRESS = re.compile(r"/(?:e|questions)/(\d{1,18})(?:/|$)")


@signed_in
@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose replies, give the new discussion a title."""
    thread = _arranged_or_404(request, pk)
    viewer = viewer_of(request)
    said = threads.replies_to_choose(viewer, thread.entry)
    begun = {"replies": [number(request.GET.get("reply"))]}
    form = SplitForm(
        request.POST if request.method == "POST" else None, initial=begun, choices=[row.pk for row in said]
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.split_off(by=viewer, thread=thread.entry, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("This is a discussion of its own now."))
            return redirect(made.entry.url)
    return render(request, "forum/split.html", {
        "thread": thread, "entry": thread.entry, "form": form, "said": said,
        "chosen": {number(pk) for pk in form["replies"].value() or ()},
    }, status=422 if form.errors else 200)  # fmt: skip


@signed_in
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the thread that stays."""
    thread = _arranged_or_404(request, pk)
    viewer = viewer_of(request)
    form = MergeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        into = _target(request, form)
        try:
            if into is None:
                raise Refused(_("Choose the thread that this one shall be a part of."))
            stays = actions.merge_into(by=viewer, source=thread.entry, into=into)
        except Forbidden:
            form.add_error(
                None, _("Only those who run the space of that thread can merge something into it.")
            )
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Merged. The old address leads here now."))
            return redirect(f"{stays.url}#c{thread.pk}")
    words = request.GET.get("q", "")[:120]
    return render(request, "forum/merge.html", {
        "thread": thread, "entry": thread.entry, "form": form, "words": words,
        "targets": threads.possible_targets(viewer, thread, words),
    }, status=422 if form.errors else 200)  # fmt: skip


def _target(request: HttpRequest, form: MergeForm) -> Entry | None:
    """The thread that was chosen, when the viewer may read it. An address given in words counts more."""
    found = _ADDRESS.search(form.cleaned_data["address"])
    pk = int(found[1]) if found else form.cleaned_data["into"] if not form.cleaned_data["address"] else None
    return entries.get_visible(viewer_of(request), pk) if pk else None


def _arranged_or_404(request: HttpRequest, pk: int) -> Thread:
    """A thread, for those who may split and merge it."""
    thread, membership = thread_or_404(request, pk)
    if not entry_rules.can_arrange(viewer_of(request), thread.entry, membership):
        raise Http404
    return thread
