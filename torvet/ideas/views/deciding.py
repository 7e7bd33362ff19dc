"""Deciding about an idea: its stage, who decides, and what it is the same as."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from torvet.base.back import says_why
from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.ideas import actions, rules
from torvet.ideas.forms import DeciderForm, StageForm
from torvet.ideas.models import Idea
from torvet.ideas.queries import one
from torvet.ideas.views.loading import decided_or_404, idea_or_404, may_separate, number_in
from torvet.people.viewer import viewer_of


@signed_in
@require_http_methods(["GET", "POST"])
def stage(request: HttpRequest, pk: int) -> HttpResponse:
    """Move it on, or decline it with a reason."""
    idea = decided_or_404(request, pk)
    if request.method == "GET":
        return _stage(request, idea, StageForm())
    form = StageForm(request.POST)
    if form.is_valid():
        try:
            actions.move_idea(by=viewer_of(request), idea=idea, **form.cleaned_data)
        except Refused as refused:
            form.add_error("reason", refused.reason)
        else:
            messages.success(request, _("Saved. Everybody who took part is told what was decided."))
            return redirect(idea.url)
    return _stage(request, decided_or_404(request, pk), form, status=422)


def _stage(request: HttpRequest, idea: Idea, form: StageForm, status: int = 200) -> HttpResponse:
    form.offer(rules.MOVES[idea.stage])
    context = {"idea": idea, "entry": idea.entry, "form": form}
    return render(request, "ideas/stage.html", context, status=status)


@signed_in
@require_http_methods(["GET", "POST"])
def decider(request: HttpRequest, pk: int) -> HttpResponse:
    """Who decides, and by when."""
    idea, viewer = decided_or_404(request, pk), viewer_of(request)
    if request.method == "GET":
        begun = {"decider": idea.decider, "decide_by": idea.decide_by}
        return _decider(request, idea, DeciderForm(viewer=viewer, initial=begun))
    form = DeciderForm(request.POST, viewer=viewer)
    if form.is_valid():
        try:
            actions.name_decider(by=viewer, idea=idea, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Saved."))
            return redirect(idea.url)
    return _decider(request, idea, form, status=422)


def _decider(request: HttpRequest, idea: Idea, form: DeciderForm, status: int = 200) -> HttpResponse:
    context = {"idea": idea, "entry": idea.entry, "form": form}
    return render(request, "ideas/decider.html", context, status=status)


@signed_in
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the idea that this one is the same as; `?q=` looks for it."""
    idea, membership = idea_or_404(request, pk)
    viewer = viewer_of(request)
    if not rules.can_merge(viewer, idea, idea, membership, membership):
        raise Http404
    reason = ""
    if request.method == "POST":
        into = one.get_visible(viewer, number_in(request.POST.get("into", "")) or 0)
        if into is None:
            reason = _("Choose the idea that it is the same as.")
        else:
            try:
                end = actions.merge_ideas(by=viewer, idea=idea, into=into)
            except Refused as refused:
                reason = refused.reason
            else:
                messages.success(request, _("They are one idea now. Its supporters and writers are told."))
                return redirect(end.url)
    words = request.POST.get("q", "") or request.GET.get("q", "")
    return render(request, "ideas/merge.html", {
        "idea": idea, "entry": idea.entry, "found": one.to_merge_with(viewer, idea, words[:100]), "words": words,
        "reason": reason, "chosen": request.POST.get("into", ""),
    }, status=422 if reason else 200)  # fmt: skip


@signed_in
@require_POST
@says_why
def separate(request: HttpRequest, pk: int) -> HttpResponse:
    idea, membership = idea_or_404(request, pk)
    viewer = viewer_of(request)
    if not may_separate(viewer, idea, membership):
        raise Http404
    actions.separate_ideas(by=viewer, idea=idea)
    messages.success(request, _("They are two ideas again."))
    return redirect(idea.url)
