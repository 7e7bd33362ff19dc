"""Behind the link of an invitation: make an account, or come in with the one you have."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from torvet.base.policies import public
from torvet.base.rules import Refused
from torvet.people.forms import language_now
from torvet.people.viewer import viewer_of
from torvet.people.views.doors import begin_session
from torvet.spaces import actions
from torvet.spaces.forms import SignUpForm
from torvet.spaces.models import Invitation


@public
@sensitive_post_parameters()
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    """Who invites to what. A key that never was and one that has ended are answered alike."""
    found = actions.invitation_behind(key)
    if found is None:
        return render(request, "spaces/invitation_ended.html", status=404)
    if viewer_of(request).is_signed_in:
        return come_in(request, found)
    form = SignUpForm(request.POST or None, initial={"email": found.email})
    if found.email:
        form.fields["email"].widget.attrs["readonly"] = True
    if request.method == "POST" and form.is_valid():
        try:
            member = actions.sign_up(invitation=found, language=language_now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        except ValidationError as weak:
            form.add_error("password", weak)
        else:
            begin_session(request, member)
            return redirect(found.space.url if found.space else "/")
    context = {"invitation": found, "form": form}
    return render(request, "spaces/invitation.html", context, status=422 if form.errors else 200)


def come_in(request: HttpRequest, found: Invitation) -> HttpResponse:
    """For somebody who is signed in: a space is joined with one press; to the company they belong already."""
    context = {"invitation": found, "reason": ""}
    if request.method == "POST" and found.space:
        try:
            return redirect(actions.accept_invitation(by=viewer_of(request), invitation=found).url)
        except Refused as refused:
            context["reason"] = refused.reason
    return render(request, "spaces/invitation_member.html", context, status=403 if context["reason"] else 200)
