"""A forgotten password, where mail is set up: the way back in, and that it tells nobody who has an account."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator
from importlib import import_module, reload
from types import ModuleType

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import clear_url_caches, include, path

from tests.cast import PASSWORD, Cast, signed_in
from torvet.people.models import Member

MAIL = {"EMAIL_HOST": "mail.example", "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend"}


@pytest.fixture
def with_mail() -> Iterator[None]:
    """The routes as they are when mail is set up: they are chosen when the addresses are read."""
    people, everything = import_module("torvet.people.urls"), import_module(settings.ROOT_URLCONF)
    with override_settings(**MAIL, ROOT_URLCONF="tests_with_mail"):
        reload(people)
        town = ModuleType("tests_with_mail")
        others = [
            entry for entry in everything.urlpatterns if getattr(entry, "urlconf_name", None) is not people
        ]
        town.__dict__.update(vars(everything), urlpatterns=[path("", include(people)), *others])
        sys.modules["tests_with_mail"] = town
        clear_url_caches()
        yield
    del sys.modules["tests_with_mail"]
    reload(people)
    clear_url_caches()


def mails() -> list:  # type: ignore[type-arg]
    """What was sent; the mail goes out beside the request."""
    for thread in threading.enumerate():
        if thread.name == "mail":
            thread.join(5)
    from django.core import mail

    return mail.outbox


def test_a_link_by_mail_leads_to_a_new_password_and_ends_every_session(cast: Cast, with_mail: None) -> None:
    elsewhere, browser = signed_in(cast.bo), Client()
    assert "/sign-in/forgotten/" in browser.get("/sign-in/").content.decode()
    browser.post("/sign-in/forgotten/", {"email": cast.bo.email.upper()})
    [sent] = mails()
    assert sent.to == [cast.bo.email] and sent.subject == "A new password for Torvet"
    link = re.search(r"http://testserver(/sign-in/forgotten/\S+)", sent.body)
    assert link
    asking = browser.get(link[1], follow=True)
    where = asking.redirect_chain[-1][0]
    assert link[1].split("-", 2)[-1] not in where  # the key does not stay in the address
    weak = browser.post(where, {"password1": "short"})
    assert weak.status_code == 200 and "password1" in weak.context["form"].errors
    browser.post(where, {"password1": "battery-staple-9"}, follow=True)
    assert Member.objects.get(pk=cast.bo.pk).check_password("battery-staple-9")
    assert elsewhere.get("/settings/").status_code == 302
    assert "works no more" in Client().get(link[1], follow=True).content.decode()


def test_an_unknown_or_closed_account_is_answered_like_a_known_one_and_gets_no_mail(
    cast: Cast, with_mail: None
) -> None:
    answers = [
        Client().post("/sign-in/forgotten/", {"email": address}, follow=True)
        for address in (cast.bo.email, "nobody@nordhavn.example", cast.deactivated.email)
    ]
    assert [mail.to for mail in mails()] == [[cast.bo.email]]
    said = [answer.content.decode().partition("<main")[2].partition("</main>")[0] for answer in answers]
    assert said[0] == said[1] == said[2] and "If there is an account" in said[0]
    assert all(answer.redirect_chain == answers[0].redirect_chain for answer in answers)


def test_a_made_up_link_opens_nothing(cast: Cast, with_mail: None) -> None:
    answer = Client().get("/sign-in/forgotten/1-made-up/", follow=True)
    assert "works no more" in answer.content.decode()
    Client().post("/sign-in/forgotten/1-made-up/", {"password1": "battery-staple-9"}, follow=True)
    assert all(m.check_password(PASSWORD) for m in Member.objects.all())
