"""How django-allauth signs people in and up here: by e-mail, and up only with an invitation."""

from __future__ import annotations

from threading import Thread
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from torvet.base.back import is_on_this_site
from torvet.base.limits import client_address
from torvet.people.models import Member
from torvet.people.passwords import check_password


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never by itself: people come in by an invitation or the first-run page, which call our own actions."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Only addresses on this site, so that a sign-in link cannot send anybody elsewhere."""
        return is_on_this_site(url)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The same address that our own limits count by: behind a proxy, one colleague must not lock out all others."""
        return client_address(request)

    def clean_password(self, password: str, user: Any = None) -> str:
        check_password(password, user or Member())
        return password

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str | list[str], context: dict[str, Any]) -> None:
        """Hand the mail over beside the request: waiting for the mail server would tell that there is an account."""
        message = self.render_mail(
            template_prefix, email, {"request": self.request, "email": email, **context}
        )
        Thread(target=message.send, kwargs={"fail_silently": True}, name="mail").start()

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        if not user.is_active:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)
