"""Handing over: the list of who leaves, successors, and what one is asked to take over oneself."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from torvet.base.back import says_why
from torvet.base.pages import BadCursor
from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.people.viewer import Viewer, viewer_of
from torvet.spaces import queries as spaces
from torvet.spaces import rules as space_rules
from torvet.wiki import queries, rules
from torvet.wiki.actions import handing
from torvet.wiki.forms import SuccessorForm
from torvet.wiki.models import HandOver
from torvet.wiki.queries import alone, succession
from torvet.wiki.queries import handover as hand_overs
from torvet.wiki.queries.handover import Thing
from torvet.wiki.queries.succession import Suggestion


@signed_in
@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """What one is asked to take over, what fell to one, and one's own list when one leaves."""
    viewer = viewer_of(request)
    mine = hand_overs.get_visible(viewer, viewer.id)
    try:
        fallen = hand_overs.fallen_to(viewer, request.GET.get("after") or None)
    except BadCursor as error:
        raise Http404 from error
    asked = hand_overs.asked_of(viewer)
    if mine and mine.done_at is None and not asked and not fallen.things:
        return redirect("handover", viewer.id)
    return render(request, "wiki/handover/own.html", {
        "asked": asked, "fallen": fallen.things, "next": fallen.next,
        "mine": mine if mine and mine.done_at is None else None,
    })  # fmt: skip


@signed_in
@require_GET
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody who leaves has in hand: theirs first, later for their manager and administrators."""
    viewer = viewer_of(request)
    found = hand_overs.get_visible(viewer, pk)
    if found is None:
        return _not_yet(request, viewer, pk)
    try:
        hands = hand_overs.hands(viewer, found, request.GET.get("after") or None)
    except BadCursor as error:
        raise Http404 from error
    is_me = viewer.id == found.member_id
    return render(request, "wiki/handover/handover.html", {
        "hand_over": found, "member": found.member, "hands": hands, "is_me": is_me,
        "may_arrange": rules.can_arrange(viewer, found), "may_tell": rules.can_tell(viewer, found),
        "answers": alone.open_answers(viewer, found) if is_me and found.done_at is None else [],
        "interview": queries.interview_of(viewer, found) if is_me else None,
    })  # fmt: skip


def _not_yet(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """For those who will see it: who leaves sees it first. For everybody else there is nothing."""
    waiting = hand_overs.waiting_for(viewer, pk)
    if waiting is None:
        raise Http404
    return render(request, "wiki/handover/not_yet.html", {"hand_over": waiting, "member": waiting.member})


def arranged_or_404(request: HttpRequest, pk: int) -> HandOver:
    """The hand-over in which this viewer names successors."""
    viewer = viewer_of(request)
    found = hand_overs.get_visible(viewer, pk)
    if found is None or not rules.can_arrange(viewer, found):
        raise Http404
    return found


def _thing_or_404(request: HttpRequest, hand_over: HandOver, key: str) -> Thing:
    found = hand_overs.thing_named(viewer_of(request), hand_over, key[:30])
    if found is None:
        raise Http404
    return found


def _able(viewer: Viewer, hand_over: HandOver, thing: Thing) -> list[Suggestion]:
    """The nearest of those who could take it over."""
    near = succession.suggestions(viewer, hand_over.member, thing)
    is_page = thing.page is not None
    able = [one for one in near if rules.can_take(one.member, thing.space, one.membership, is_page=is_page)]
    return able[: succession.SHOWN]


@signed_in
@require_http_methods(["GET", "POST"])
def successor(request: HttpRequest, pk: int) -> HttpResponse:
    """Who takes over one thing: suggestions with their reason, or anybody by name."""
    viewer = viewer_of(request)
    hand_over = arranged_or_404(request, pk)
    thing = _thing_or_404(request, hand_over, request.POST.get("thing") or request.GET.get("thing", ""))
    form = SuccessorForm(request.POST if request.method == "POST" else None, viewer=viewer)
    may_invite = False
    if request.method == "POST" and form.is_valid():
        try:
            line = handing.ask_successor(
                by=viewer, hand_over=hand_over, thing=thing, successor=form.cleaned_data["successor"]
            )
        except Refused as refused:
            form.add_error("successor", refused.reason)
            membership = spaces.membership_of(viewer, thing.space)
            may_invite = isinstance(refused, handing.NotInside) and space_rules.can_invite(
                viewer, thing.space, membership
            )
        else:
            asked = line.successor.name if line.successor else ""
            messages.success(
                request,
                _("%(name)s is asked.") % {"name": asked}
                if line.state == "asked"
                else _("It is yours now. Thank you."),
            )
            return redirect(hand_over.url)
    return render(request, "wiki/handover/successor.html", {
        "hand_over": hand_over, "member": hand_over.member, "thing": thing, "form": form, "may_invite": may_invite,
        "suggestions": _able(viewer, hand_over, thing),
        "is_me": viewer.id == hand_over.member_id,
    }, status=422 if form.errors else 200)  # fmt: skip


@signed_in
@require_POST
@says_why
def nobody(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody need take it over."""
    hand_over = arranged_or_404(request, pk)
    thing = _thing_or_404(request, hand_over, request.POST.get("thing", ""))
    handing.drop(by=viewer_of(request), hand_over=hand_over, thing=thing)
    return redirect(hand_over.url)


def told_or_404(request: HttpRequest, pk: int) -> HandOver:
    """The viewer's own hand-over, while it goes on."""
    viewer = viewer_of(request)
    found = hand_overs.get_visible(viewer, pk)
    if found is None or not rules.can_tell(viewer, found):
        raise Http404
    return found


@signed_in
@require_POST
@says_why
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show it to one's manager now."""
    found = told_or_404(request, pk)
    handing.show_hand_over(by=viewer_of(request), hand_over=found)
    messages.success(request, _("Your manager and the administrators see the list now."))
    return redirect(found.url)


@signed_in
@require_POST
@says_why
def quiet(request: HttpRequest, pk: int) -> HttpResponse:
    """Rather not; or go on after all."""
    found = told_or_404(request, pk)
    handing.keep_quiet(by=viewer_of(request), hand_over=found, is_quiet=request.POST.get("on") == "1")
    return redirect(found.url)


@signed_in
@require_POST
@says_why
def answer_asked(request: HttpRequest, pk: int) -> HttpResponse:
    """Take over what one was asked for, or decline."""
    viewer = viewer_of(request)
    line = hand_overs.get_asked(viewer, pk)
    if line is None or request.POST.get("answer") not in {"yes", "no"}:
        raise Http404
    if request.POST["answer"] == "yes":
        handing.take_over(by=viewer, line=line)
        messages.success(request, _("It is yours now. Thank you."))
    else:
        handing.decline(by=viewer, line=line)
        messages.success(request, _("That is fine. Whoever asked you is told."))
    return redirect("own_handover")
