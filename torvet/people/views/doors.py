"""The ways in and out: first run, signing in and out, a forgotten password. What is about passwords is allauth's."""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth
from django.conf import settings
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from torvet.base.policies import Policy, public
from torvet.base.rules import Refused
from torvet.people import actions, queries
from torvet.people.forms import (
    FirstRunForm,
    ForgottenForm,
    NewPasswordForm,
    PasswordForm,
    SignInForm,
    language_now,
)
from torvet.people.models import Member
from torvet.people.viewer import Viewer, viewer_of


def begin_session(request: HttpRequest, member: Member) -> None:
    """Sign a member in, in this browser: with a new session key, so that nobody can have laid one out for them."""
    login(request, member, backend=settings.AUTHENTICATION_BACKENDS[0])


@public
def first_run(request: HttpRequest) -> HttpResponse:
    """Name the company and make its first administrator; once."""
    if queries.is_founded():
        return redirect("account_login")
    form = FirstRunForm(request.POST or None, initial={"language": language_now()})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            founder = actions.found_company(
                name=typed["company"], email=typed["email"], member_name=typed["name"],
                password=typed["password"], language=typed["language"],
            )  # fmt: skip
        except Refused:
            return redirect("account_login")  # somebody else was a moment faster
        except ValidationError as weak:
            form.add_error("password", weak)
        else:
            begin_session(request, founder)
            return redirect("/")
    return render(request, "people/first_run.html", {"form": form}, status=422 if form.errors else 200)


class SignIn(allauth.LoginView):
    policy = Policy.PUBLIC
    form_class = SignInForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not queries.is_founded():
            return redirect("first_run")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"has_mail": bool(settings.EMAIL_HOST)}


class SignOut(allauth.LogoutView):
    policy = Policy.PUBLIC


class ClosedAccount(allauth.AccountInactiveView):
    """Where somebody ends who knows the password of an account that was closed."""

    policy = Policy.PUBLIC


class Password(allauth.PasswordChangeView):
    """A new password; it ends every other session."""

    policy = Policy.SIGNED_IN
    form_class = PasswordForm
    template_name = "people/settings/password.html"
    success_url = "/settings/password/"

    def get_default_success_url(self) -> str:
        return self.success_url

    def form_valid(self, form: PasswordForm) -> HttpResponse:
        answer = super().form_valid(form)
        # Their hash no longer fits, so they are signed out already; without this they would stay listed as signed in.
        actions.sign_out_elsewhere(by=viewer_of(self.request), here=self.request.session.session_key)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"tab": "password"}


class Forgotten(allauth.PasswordResetView):
    policy = Policy.PUBLIC
    form_class = ForgottenForm


class ForgottenSent(allauth.PasswordResetDoneView):
    policy = Policy.PUBLIC


class NewPassword(allauth.PasswordResetFromKeyView):
    """The page behind the mailed link; a new password ends every session there is."""

    policy = Policy.PUBLIC
    form_class = NewPasswordForm

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        answer = super().form_valid(form)
        actions.sign_out_elsewhere(by=Viewer.of(self.reset_user), here=None)
        return answer


class NewPasswordSet(allauth.PasswordResetFromKeyDoneView):
    policy = Policy.PUBLIC
