"""First run, signing in and out, passwords: and what they give away."""

from __future__ import annotations

import re

import pytest
from django.test import Client, override_settings

from tests.cast import COMPANY, PASSWORD, Cast, signed_in
from torvet.base.back import is_on_this_site
from torvet.people import actions
from torvet.people.models import Company, Member, Session

FOUNDING = {
    "company": "Nordhavn", "language": "da", "name": "Ada Minde", "email": " Admin@Nordhavn.example ",
    "password": PASSWORD,
}  # fmt: skip


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str):  # type: ignore[no-untyped-def]
    return client.post("/sign-in/", {"login": email, "password": password, **more})


@pytest.fixture
def client() -> Client:
    return Client()


def test_the_first_run_names_the_company_and_signs_its_founder_in(db: None, client: Client) -> None:
    assert client.get("/people/").headers["Location"] == "/first-run/"
    assert client.get("/sign-in/").headers["Location"] == "/first-run/"
    answer = client.post("/first-run/", FOUNDING)
    assert answer.headers["Location"] == "/"
    founder = Member.objects.get()
    assert (founder.email, founder.role, founder.language) == (
        "admin@nordhavn.example",
        "administrator",
        "da",
    )
    assert Company.objects.get().name == "Nordhavn"
    assert client.get("/settings/").status_code == 200


@pytest.mark.parametrize("missing", ["company", "name", "email", "password"])
def test_the_first_run_keeps_what_was_typed(db: None, client: Client, missing: str) -> None:
    answer = client.post("/first-run/", FOUNDING | {missing: " "})
    assert answer.status_code == 422
    kept = {"company", "name"} - {missing}
    assert all(FOUNDING[field] in answer.content.decode() for field in kept)
    assert not Company.objects.exists()


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("ada", "too short"), ("ada.minde.1", "too close to your name"), ("admin@nordhavn", "too close to your name"),
        ("qwertyuiop", "Many people use"),
    ],
)  # fmt: skip
def test_a_weak_password_is_refused_with_the_one_thing_to_mend(
    db: None, client: Client, password: str, said: str
) -> None:
    answer = client.post("/first-run/", FOUNDING | {"password": password})
    [told] = answer.context["form"].errors["password"]
    assert said in told and not Company.objects.exists()


def test_the_first_run_is_over_after_the_first_run(cast: Cast, client: Client) -> None:
    for answer in (
        client.get("/first-run/"),
        client.post("/first-run/", FOUNDING | {"email": "eve@x.example"}),
    ):
        assert answer.headers["Location"] == "/sign-in/"
    assert not Member.objects.filter(email="eve@x.example").exists()


def test_signing_in_leads_to_where_one_wanted_to_go(cast: Cast, client: Client) -> None:
    wanted = client.get("/people/?q=anna&role=leads").headers["Location"]
    assert wanted == "/sign-in/?next=/people/%3Fq%3Danna%26role%3Dleads"
    page = client.get(wanted).content.decode()
    assert 'name="next" value="/people/?q=anna&amp;role=leads"' in page
    answer = sign_in(client, cast.bo.email, next="/people/?q=anna&role=leads")
    assert answer.headers["Location"] == "/people/?q=anna&role=leads"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example/", "\\\\evil.example", "///evil.example",
        "javascript:alert(1)", "/\t/evil.example", " //evil.example", "http:evil.example", "people/",
    ],
)  # fmt: skip
def test_a_sign_in_link_never_leads_to_another_site(cast: Cast, client: Client, elsewhere: str) -> None:
    assert not is_on_this_site(elsewhere)
    assert sign_in(client, cast.bo.email, next=elsewhere).headers["Location"] == "/"


def test_the_address_may_be_typed_in_any_case(cast: Cast, client: Client) -> None:
    assert sign_in(client, f" {cast.bo.email.upper()} ").status_code == 302


def told(answer) -> str:  # type: ignore[no-untyped-def]
    """What a page of sign-in says, without what is new in every answer."""
    text = re.sub(r'(csrfmiddlewaretoken" value|csrf-token" content)="\w+"', "", answer.content.decode())
    return re.sub(r'value="[^"]*@[^"]*"', "", text)


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(cast: Cast, client: Client) -> None:
    waiting = actions.make_member(email="waiting@nordhavn.example", name="Nils Ny", password=None)
    known = sign_in(client, cast.bo.email, "wrong-horse-77")
    answers = [
        sign_in(client, address, "wrong-horse-77")
        for address in ("nobody@nordhavn.example", cast.deactivated.email, cast.guest.email, waiting.email)
    ]
    assert (known.status_code == 200 and "is not correct" in told(known)) or "not correct" in told(known)
    assert all(answer.status_code == known.status_code and told(answer) == told(known) for answer in answers)


def test_guessing_is_slowed_down_for_the_one_who_guesses(cast: Cast, settings) -> None:  # type: ignore[no-untyped-def]
    settings.TRUSTED_PROXIES = 1
    guesser, colleague = (
        Client(headers={"X-Forwarded-For": address}) for address in ("10.0.0.66", "10.0.0.7")
    )
    for number in range(12):
        answer = sign_in(guesser, f"nobody{number}@nordhavn.example", "wrong-horse-77")
    assert "too many" in answer.content.decode().lower()
    assert sign_in(colleague, cast.bo.email).status_code == 302


def test_a_closed_account_does_not_open_with_its_password(cast: Cast, client: Client) -> None:
    assert sign_in(client, cast.deactivated.email).headers["Location"] == "/sign-in/closed/"
    assert client.get("/settings/").status_code == 302
    assert client.get("/sign-in/closed/").status_code == 200


def test_the_session_gets_a_new_key_when_somebody_signs_in(cast: Cast, client: Client) -> None:
    client.get("/sign-in/")
    client.cookies["sessionid"] = "laid-out-by-somebody-else-000000"
    sign_in(client, cast.bo.email)
    assert client.cookies["sessionid"].value != "laid-out-by-somebody-else-000000"
    assert Session.objects.get().member_id == cast.bo.pk


def test_signing_out_takes_a_post(cast: Cast) -> None:
    browser = signed_in(cast.bo)
    assert browser.get("/sign-out/").status_code == 200
    assert browser.get("/settings/").status_code == 200
    browser.post("/sign-out/")
    assert browser.get("/settings/").status_code == 302
    assert not Session.objects.exists()


def test_a_new_password_ends_the_other_browsers_and_keeps_this_one(cast: Cast) -> None:
    here, there = signed_in(cast.bo), signed_in(cast.bo)
    answer = here.post("/settings/password/", {"oldpassword": PASSWORD, "password1": "battery-staple-9"})
    assert answer.headers["Location"] == "/settings/password/"
    assert here.get("/settings/").status_code == 200
    assert there.get("/settings/").status_code == 302
    assert Session.objects.filter(member=cast.bo).count() == 1
    assert Member.objects.get(pk=cast.bo.pk).check_password("battery-staple-9")


@pytest.mark.parametrize(
    ("old", "new"), [("wrong-horse-77", "battery-staple-9"), (PASSWORD, "short"), (PASSWORD, "password1234")]
)
def test_a_password_changes_only_with_the_old_one_to_a_good_one(cast: Cast, old: str, new: str) -> None:
    signed_in(cast.bo).post("/settings/password/", {"oldpassword": old, "password1": new})
    assert Member.objects.get(pk=cast.bo.pk).check_password(PASSWORD)


def test_without_mail_nobody_is_promised_a_link(cast: Cast, client: Client) -> None:
    assert "Ask an administrator" in client.get("/sign-in/").content.decode()
    assert client.get("/sign-in/forgotten/").status_code == 404


def test_only_our_own_routes_of_allauth_are_there(cast: Cast, client: Client) -> None:
    for path in ("/accounts/signup/", "/signup/", "/accounts/login/", "/accounts/email/", "/sign-up/"):
        assert client.get(path).status_code == 404


def test_the_company_stands_on_the_sign_in_page_and_nothing_else(cast: Cast, client: Client) -> None:
    page = client.get("/sign-in/").content.decode()
    assert COMPANY in page
    assert not [member.name for member in cast.people.values() if member.name in page]


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"])
def test_passwords_are_kept_with_argon2(cast: Cast) -> None:
    member = actions.make_member(email="argon@nordhavn.example", name="Arne Gon", password=PASSWORD)
    assert member.password.startswith("argon2$argon2id$")
