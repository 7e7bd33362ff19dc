"""For those who look after the company: invitations into it, and the log of changes."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from torvet.base.pages import BadCursor
from torvet.base.policies import administrator, community
from torvet.base.rules import Refused
from torvet.people.viewer import viewer_of
from torvet.people.views.directory import way_on
from torvet.spaces import actions, log, queries
from torvet.spaces.forms import ColleaguesForm
from torvet.spaces.views.inviting import link_to, mail


@community
def invitations(request: HttpRequest) -> HttpResponse:
    """Invite into the company by link or e-mail; the links that still work."""
    viewer = viewer_of(request)
    form = ColleaguesForm(request.POST or None, initial={"email": request.GET.get("email", "")[:254]})
    context: dict[str, Any] = {"tab": "invitations", "link": ""}
    if request.method == "POST" and form.is_valid():
        try:
            invitation, key = actions.invite_by_link(by=viewer, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            link = link_to(request, key)
            context |= {"link": link, "link_for": invitation, "was_mailed": mail(viewer, invitation, link)}
            form = ColleaguesForm()
    context |= {"form": form, "invitations": queries.company_invitations()}
    return render(request, "spaces/company_invitations.html", context, status=422 if form.errors else 200)


@administrator
def changes(request: HttpRequest) -> HttpResponse:
    """The log: who changed a right or a rule, and when; never what was read."""
    try:
        page = log.audited(viewer_of(request), after=request.GET.get("after"))
    except BadCursor:
        raise Http404 from None
    context = {"tab": "log", "lines": page.things, "next_url": way_on(request, page.next)}
    is_more = bool(request.headers.get("HX-Request")) and "after" in request.GET
    return render(request, f"spaces/{'_log' if is_more else 'log'}.html", context)
