"""What a member sets for themselves: profile, look, keys for programs, signed-in browsers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from torvet.base.back import says_why
from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.people import actions, queries
from torvet.people.forms import LookForm, ProfileForm, TokenForm
from torvet.people.models import AccessToken, Member
from torvet.people.photos import BrokenPhoto, keep_photo
from torvet.people.viewer import viewer_of

A_YEAR = 31_536_000
THEME_COOKIE = "theme"  # read by the pages' script; docs/look.md


def member_of(request: HttpRequest) -> Member:
    found = viewer_of(request).member
    assert found is not None, "the policy lets only members in"
    return found


def form_page(request: HttpRequest, name: str, form: Any, **more: Any) -> HttpResponse:
    """A page of settings with its form; 422 when something typed needs attention."""
    context = {"form": form, "tab": name, **more}
    return render(request, f"people/settings/{name}.html", context, status=422 if form.errors else 200)


@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """Name, title, contact, about, photo."""
    me = member_of(request)
    fields = ("name", "title", "phone", "about")
    form = ProfileForm(
        request.POST or None, request.FILES or None, initial={field: getattr(me, field) for field in fields}
    )
    if request.method == "POST" and form.is_valid():
        changes = {field: form.cleaned_data[field] for field in fields}
        try:
            if form.cleaned_data["photo"]:
                changes["photo"] = keep_photo(form.cleaned_data["photo"])
            actions.change_profile(by=viewer_of(request), member=me, changes=changes)
        except Refused as refused:
            form.add_error("photo" if isinstance(refused, BrokenPhoto) else None, refused.reason)
        else:
            messages.success(request, _("Saved."))
            return redirect("settings")
    return form_page(request, "profile", form)


@signed_in
@require_POST
@says_why
def remove_photo(request: HttpRequest) -> HttpResponse:
    actions.change_profile(by=viewer_of(request), member=member_of(request), changes={"photo": ""})
    return redirect("settings")


@signed_in
def look(request: HttpRequest) -> HttpResponse:
    """Language, time zone, colours, order of the home page."""
    me = member_of(request)
    fields = ("language", "time_zone", "theme", "feed_order")
    form = LookForm(request.POST or None, initial={field: getattr(me, field) for field in fields})
    if request.method == "POST" and form.is_valid():
        actions.change_profile(by=viewer_of(request), member=me, changes=form.cleaned_data)
        with translation.override(me.language or request.LANGUAGE_CODE):
            messages.success(request, _("Saved."))
        answer = redirect("look")
        answer.set_cookie(THEME_COOKIE, me.theme, max_age=A_YEAR, samesite="Lax", secure=request.is_secure())
        return answer
    return form_page(request, "look", form)


@signed_in
@sensitive_post_parameters()
def tokens(request: HttpRequest) -> HttpResponse:
    """Keys for programs. A new key is in this one answer and nowhere else."""
    form = TokenForm(request.POST or None)
    key = ""
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            _token, key = actions.make_token(
                by=viewer_of(request),
                name=typed["name"],
                scopes=frozenset(typed["scopes"]),
                days=typed["days"],
            )
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            form = TokenForm()
    return form_page(request, "tokens", form, key=key, tokens=queries.tokens_of(viewer_of(request)))


@signed_in
@require_POST
@says_why
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    viewer = viewer_of(request)
    token = get_object_or_404(AccessToken, pk=pk, member_id=viewer.id)
    actions.revoke_token(by=viewer, token=token)
    messages.success(request, _("The key works no more."))
    return redirect("tokens")


@signed_in
def browsers(request: HttpRequest) -> HttpResponse:
    """Where one is signed in."""
    context = {
        "tab": "browsers",
        "sessions": queries.sessions_of(viewer_of(request)),
        "here": request.session.session_key,
    }
    return render(request, "people/settings/browsers.html", context)


@signed_in
@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    ended = actions.sign_out_elsewhere(by=viewer_of(request), here=request.session.session_key)
    messages.success(
        request,
        ngettext(
            "%(number)s other browser was signed out.", "%(number)s other browsers were signed out.", ended
        )
        % {"number": ended},
    )
    return redirect("browsers")
