"""Invitations into a space: sending, taking back, and answering one's own."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from torvet.base.back import back, says_why
from torvet.base.policies import colleague, signed_in
from torvet.base.rules import Refused
from torvet.people.models import Role
from torvet.people.queries import company
from torvet.people.viewer import Viewer, viewer_of
from torvet.spaces import actions
from torvet.spaces.forms import ColleagueForm, GuestForm
from torvet.spaces.models import Invitation
from torvet.spaces.views.doors import enter_to_read
from torvet.spaces.views.members import members_page


def link_to(request: HttpRequest, key: str) -> str:
    """The address that opens an invitation, at the host this page was asked from (one of ALLOWED_HOSTS)."""
    return request.build_absolute_uri(reverse("invitation", args=[key]))


def mail(viewer: Viewer, invitation: Invitation, link: str) -> bool:
    """Send the link by mail when there is an address and mail is set up. Whether it went out."""
    found = company()
    if not invitation.email or not settings.EMAIL_HOST or found is None:
        return False
    return actions.send_invitation(by=viewer, invitation=invitation, address=link, company=found.name)


@colleague
@says_why
def invitations(request: HttpRequest, pk: int) -> HttpResponse:
    """POST invites a colleague; GET leads to the members, where invitations stand."""
    here = enter_to_read(request, pk)
    if request.method != "POST":
        return redirect("space_members", pk)
    if not (here.may["invite"] or here.may["invite_guest"]):
        raise Http404
    form = ColleagueForm(request.POST, viewer=here.viewer)
    if form.is_valid():
        invited = form.cleaned_data["member"]
        try:
            actions.invite_member(by=here.viewer, space=here.space, member=invited)
        except Refused as refused:
            form.add_error("member", refused.reason)
        else:
            messages.success(request, _("%(name)s is invited.") % {"name": invited.name})
            return redirect("space_members", pk)
    return members_page(request, here, status=422, form=form)


@colleague
@require_POST
@says_why
def guest_invitations(request: HttpRequest, pk: int) -> HttpResponse:
    """A link for somebody from outside: into this space and nowhere else. It is shown once."""
    here = enter_to_read(request, pk)
    if not here.may["invite_guest"]:
        raise Http404
    form = GuestForm(request.POST, auto_id="guest_%s")
    if not form.is_valid():
        return members_page(request, here, status=422, guest_form=form)
    invitation, key = actions.invite_by_link(
        by=here.viewer, role=Role.GUEST, space=here.space, email=form.cleaned_data["email"]
    )
    link = link_to(request, key)
    return members_page(
        request, here, link=link, link_for=invitation, was_mailed=mail(here.viewer, invitation, link)
    )


@signed_in
@require_POST
@says_why
def acceptance(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes to an invitation of one's own."""
    viewer = viewer_of(request)
    invitation = get_object_or_404(Invitation, pk=pk, member_id=viewer.id, accepted_at=None)
    space = actions.accept_invitation(by=viewer, invitation=invitation)
    messages.success(request, _("You are in %(name)s now.") % {"name": space.name})
    return redirect(space.url)


@signed_in
@require_POST
@says_why
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """No to one's own invitation, or take back one that was sent."""
    viewer = viewer_of(request)
    invitation = get_object_or_404(Invitation.objects.select_related("space"), pk=pk)
    if invitation.member_id == viewer.id:
        actions.decline_invitation(by=viewer, invitation=invitation)
        return redirect("spaces")
    try:
        actions.withdraw_invitation(by=viewer, invitation=invitation)
    except Refused:
        raise Http404 from None  # whose invitation it is is nobody else's business
    messages.success(request, _("The invitation works no more."))
    return back(request, invitation.space.url if invitation.space else "/manage/invitations/")
