"""Coming and going: join, ask, be let in, leave, and how much one wants to hear."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from torvet.base.back import back, says_why
from torvet.base.policies import colleague, signed_in
from torvet.base.rules import Refused
from torvet.spaces import actions, queries
from torvet.spaces.forms import AnswerForm, InvolvementForm
from torvet.spaces.models import JoinRequest
from torvet.spaces.views.doors import enter


@signed_in
@require_POST
@says_why
def membership(request: HttpRequest, pk: int) -> HttpResponse:
    """POST joins an open space."""
    here = enter(request, pk)
    actions.join(by=here.viewer, space=here.space)
    messages.success(request, _("You are in %(name)s now.") % {"name": here.space.name})
    return back(request, here.space.url)


@signed_in
@says_why
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks whether one means it, POST leaves."""
    here = enter(request, pk)
    if not here.may["leave"]:
        raise Http404
    if request.method == "POST":
        actions.leave(by=here.viewer, space=here.space)
        messages.success(request, _("You have left %(name)s.") % {"name": here.space.name})
        return redirect("spaces")
    return render(request, "spaces/leave.html", here.context("posts"))


@signed_in
@require_POST
@says_why
def involvement(request: HttpRequest, pk: int) -> HttpResponse:
    here = enter(request, pk)
    form = InvolvementForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    actions.change_involvement(by=here.viewer, space=here.space, involvement=form.cleaned_data["involvement"])
    messages.success(request, _("Saved."))
    return back(request, here.space.url)


@colleague
def requests(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask to come in (GET shows the question, POST asks); those who run the space see who asks."""
    here = enter(request, pk)
    if here.may["run"]:
        waiting = queries.waiting_requests(here.space)
        return render(request, "spaces/requests.html", here.context("members", waiting=waiting))
    if not here.may["ask"]:
        raise Http404
    answer = here.asked.answer if here.asked else ""
    form = AnswerForm(request.POST or None, question=here.space.question, initial={"answer": answer})
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_to_join(by=here.viewer, space=here.space, answer=form.cleaned_data["answer"])
        except Refused as refused:
            form.add_error("answer", refused.reason)
        else:
            messages.success(request, _("You have asked. You are told when somebody answers."))
            return redirect(here.space.url)
    context = here.context("posts", form=form)
    return render(request, "spaces/ask.html", context, status=422 if form.errors else 200)


@colleague
@require_POST
@says_why
def withdraw_request(request: HttpRequest, pk: int) -> HttpResponse:
    here = enter(request, pk)
    actions.withdraw_request(by=here.viewer, space=here.space)
    messages.success(request, _("You no longer ask to come in."))
    return back(request, here.space.url)


@colleague
@require_POST
@says_why
def answer(request: HttpRequest, pk: int, asked: int, is_let_in: bool) -> HttpResponse:
    """Let somebody in, or turn them down."""
    here = enter(request, pk)
    if not here.may["run"]:
        raise Http404
    found = get_object_or_404(
        JoinRequest.objects.select_related("space", "member"), pk=asked, space=here.space
    )
    actions.answer_request(by=here.viewer, asked=found, is_let_in=is_let_in)
    said = _("%(name)s is in now.") if is_let_in else _("%(name)s was turned down.")
    messages.success(request, said % {"name": found.member.name})
    return redirect("space_requests", pk)
