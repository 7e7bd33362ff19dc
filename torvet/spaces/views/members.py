"""Who is in a space, and what those who run it may do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from torvet.base.back import says_why
from torvet.base.pages import BadCursor
from torvet.base.policies import colleague, signed_in
from torvet.people.views.directory import way_on
from torvet.spaces import actions, queries, rules
from torvet.spaces.forms import ColleagueForm, GuestForm, StandingForm
from torvet.spaces.models import Membership
from torvet.spaces.views.doors import Here, enter_to_read


@dataclass(frozen=True)
class Line:
    """Somebody in a space, with what the viewer may do about their place."""

    membership: Membership
    can_remove: bool
    can_change: bool


def lines(here: Here, rows: Iterable[Membership]) -> list[Line]:
    given = (here.viewer, here.space, here.membership)
    return [
        Line(row, rules.can_remove_member(*given, row), rules.can_change_standing(*given, row))
        for row in rows
    ]


@signed_in
def members(request: HttpRequest, pk: int) -> HttpResponse:
    """Owners, moderators, members; with the ways in for those who may invite."""
    return members_page(request, enter_to_read(request, pk))


def members_page(request: HttpRequest, here: Here, status: int = 200, **more: Any) -> HttpResponse:
    """The page of members; the views of invitations show their errors on it."""
    words = request.GET.get("q", "")[:120]
    try:
        page = queries.other_members(here.viewer, here.space, words, after=request.GET.get("after"))
    except BadCursor:
        raise Http404 from None
    context = here.context(
        "members", lines=lines(here, page.things), words=words, next_url=way_on(request, page.next), page=page
    )
    if request.headers.get("HX-Request") and "after" in request.GET:
        return render(request, "spaces/_members.html", context)
    if here.may["run"]:
        context["invitations"] = queries.open_invitations(here.space)
        context["waiting"] = queries.waiting_requests(here.space)
    context |= {
        "runners": lines(here, queries.who_run(here.viewer, here.space)),
        "form": ColleagueForm(viewer=here.viewer), "guest_form": GuestForm(auto_id="guest_%s"), **more,
    }  # fmt: skip
    return render(request, "spaces/members.html", context, status=status)


def membership_or_404(here: Here, pk: int) -> Membership:
    return get_object_or_404(Membership.objects.select_related("space", "member"), pk=pk, space=here.space)


@colleague
@require_POST
@says_why
def remove(request: HttpRequest, pk: int, membership: int) -> HttpResponse:
    here = enter_to_read(request, pk)
    row = membership_or_404(here, membership)
    actions.remove_member(by=here.viewer, membership=row)
    messages.success(request, _("%(name)s is no longer in this space.") % {"name": row.member.name})
    return redirect("space_members", pk)


@colleague
@require_POST
@says_why
def standing(request: HttpRequest, pk: int, membership: int) -> HttpResponse:
    here = enter_to_read(request, pk)
    row = membership_or_404(here, membership)
    form = StandingForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    actions.change_standing(by=here.viewer, membership=row, standing=form.cleaned_data["standing"])
    messages.success(request, _("Saved."))
    return redirect("space_members", pk)
