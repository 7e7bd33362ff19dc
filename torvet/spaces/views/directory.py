"""Which spaces there are, and opening one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from torvet.base.pages import BadCursor
from torvet.base.policies import colleague, signed_in
from torvet.base.rules import Refused
from torvet.people.viewer import viewer_of
from torvet.people.views.directory import way_on
from torvet.people.views.profile import member_or_404
from torvet.spaces import actions, queries, rules
from torvet.spaces.forms import SpaceForm
from torvet.spaces.models import Membership, Space

WHICH = ("mine", "all", "archived")


@dataclass(frozen=True)
class Line:
    """A space in a list, with what its viewer may do there."""

    space: Space
    membership: Membership | None
    may: dict[str, bool]
    has_asked: bool


@signed_in
def spaces(request: HttpRequest) -> HttpResponse:
    """The directory: mine or all. Secret spaces are there only for those who are in them."""
    viewer = viewer_of(request)
    words = request.GET.get("q", "")[:120]
    which = request.GET.get("which", "mine" if viewer.is_guest else "all")
    which = which if which in WHICH else "all"
    try:
        page = queries.directory(viewer, words, which, after=request.GET.get("after"))
    except BadCursor:
        raise Http404 from None
    own, asked = queries.own_memberships(viewer, page.things), queries.asked_among(viewer, page.things)
    lines = [
        Line(space, own.get(space.pk), rules.abilities(viewer, space, own.get(space.pk)), space.pk in asked)
        for space in page.things
    ]
    context: dict[str, Any] = {
        "lines": lines,
        "words": words,
        "which": which,
        "next_url": way_on(request, page.next),
    }
    if request.headers.get("HX-Request") and "after" in request.GET:
        return render(request, "spaces/_spaces.html", context)
    context |= {"invitations": queries.invitations_for(viewer), "can_open": rules.can_open_space(viewer)}
    return render(request, "spaces/spaces.html", context)


@colleague
def new(request: HttpRequest) -> HttpResponse:
    """Open a space: why, for whom, who is responsible."""
    viewer = viewer_of(request)
    form = SpaceForm(request.POST or None, viewer=viewer, initial={"responsible": viewer.member})
    if request.method == "POST" and form.is_valid():
        try:
            space = actions.open_space(by=viewer, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("%(name)s is open.") % {"name": space.name})
            return redirect(space.url)
    return render(request, "spaces/new.html", {"form": form}, status=422 if form.errors else 200)


@signed_in
def member_spaces(request: HttpRequest, pk: int) -> HttpResponse:
    """The spaces somebody is in, as far as the viewer may know; a part of the profile, or a page."""
    viewer = viewer_of(request)
    member = member_or_404(viewer, pk)
    context = {"member": member, "spaces": queries.spaces_of(viewer, member), "is_me": viewer.id == member.pk}
    is_part = bool(request.headers.get("HX-Request")) and "part" in request.GET
    return render(request, f"spaces/{'_member_spaces' if is_part else 'member_spaces'}.html", context)
