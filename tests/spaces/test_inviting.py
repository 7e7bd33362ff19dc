"""Invitations: who gets in by them, and where."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from tests.cast import PASSWORD, Cast, house, newcomer, signed_in, viewer_of
from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.base.rules import Forbidden, Refused
from torvet.people import actions as people
from torvet.people.models import Member, Role
from torvet.spaces import actions, queries
from torvet.spaces.models import Invitation, Membership, Space

SOMEBODY = {"name": "Nora Ny", "email": "nora@elsewhere.example", "password": PASSWORD}


def guest_link(cast: Cast, email: str = "") -> tuple[Invitation, str]:
    return actions.invite_by_link(by=house(cast.anna), role=Role.GUEST, space=cast.guests, email=email)


def company_link(cast: Cast, email: str = "", by: Member | None = None) -> tuple[Invitation, str]:
    return actions.invite_by_link(by=house(by or cast.community_manager), email=email)


def joined(member: Member) -> set[int]:
    return set(Membership.objects.filter(member=member).values_list("space_id", flat=True))


def test_a_guest_comes_into_one_space_and_nowhere_else(cast: Cast) -> None:
    Space.objects.filter(pk=cast.open.pk).update(is_default=True)
    _invitation, key = guest_link(cast)
    browser = Client()
    assert (
        "Anna Åberg invites you to Customers of the crane"
        in browser.get(f"/invitations/{key}/").content.decode()
    )
    # What a form does not offer is not taken from it either.
    answer = browser.post(f"/invitations/{key}/", SOMEBODY | {"role": "administrator", "space": cast.open.pk})
    assert answer.headers["Location"] == cast.guests.url
    nora = Member.objects.get(email="nora@elsewhere.example")
    assert (nora.role, joined(nora)) == (Role.GUEST, {cast.guests.pk})
    for space in (cast.open, cast.closed, cast.secret):
        for page in ("members/", "settings/", "membership/delete/", "requests/"):
            assert browser.get(f"{space.url}{page}").status_code == 404, (space.name, page)
        assert browser.post(f"{space.url}membership/").status_code == 404
    for path in ("/units/", "/manage/", "/spaces/new/", cast.outsider.url):
        assert browser.get(path).status_code == 404, path


def test_a_newcomer_joins_the_company_and_its_default_spaces(cast: Cast) -> None:
    Space.objects.filter(pk=cast.open.pk).update(is_default=True)
    _invitation, key = company_link(cast)
    answer = Client().post(f"/invitations/{key}/", SOMEBODY)
    assert answer.headers["Location"] == "/"
    nora = Member.objects.get(email="nora@elsewhere.example")
    assert (nora.role, joined(nora)) == (Role.MEMBER, {cast.open.pk})


def test_a_link_works_for_several_and_an_address_once(cast: Cast) -> None:
    _open, key = guest_link(cast)
    for number in range(2):
        assert (
            Client().post(f"/invitations/{key}/", SOMEBODY | {"email": f"n{number}@x.example"}).status_code
            == 302
        )
    _bound, key = guest_link(cast, email="Nora@Elsewhere.example")
    assert Client().post(f"/invitations/{key}/", SOMEBODY | {"email": "eve@x.example"}).status_code == 422
    assert Client().post(f"/invitations/{key}/", SOMEBODY).status_code == 302
    assert Client().get(f"/invitations/{key}/").status_code == 404


def ended(cast: Cast) -> dict[str, str]:
    """Keys of invitations that no longer work, by what ended them."""
    found = {"never was": "x" * 43}

    def made(why: str) -> tuple[Invitation, str]:
        invitation, found[why] = guest_link(cast)
        return invitation, found[why]

    too_old, _key = made("too old")
    Invitation.objects.filter(pk=too_old.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    taken_back, _key = made("taken back")
    actions.withdraw_invitation(by=house(cast.anna), invitation=taken_back)
    used, found["used"] = guest_link(cast, email="used@x.example")
    actions.sign_up(invitation=used, email="used@x.example", name="Ursula Used", password=PASSWORD)
    colleague = actions.invite_member(by=house(cast.anna), space=cast.closed, member=cast.outsider)
    found["for a member"] = colleague.digest
    return found


def test_whatever_ended_an_invitation_the_answer_is_the_same(cast: Cast) -> None:
    answers = {why: Client().get(f"/invitations/{key}/") for why, key in ended(cast).items()}
    first = answers.pop("never was")
    assert first.status_code == 404 and "has ended" in first.content.decode()
    assert len(answers) == 4
    plain = first.content.split(b"csrf-token")[1][100:]
    for why, answer in answers.items():
        assert answer.status_code == 404 and answer.content.split(b"csrf-token")[1][100:] == plain, why


def test_posting_to_an_ended_invitation_makes_nobody(cast: Cast) -> None:
    keys = ended(cast)
    before = Member.objects.count()
    for why, key in keys.items():
        assert Client().post(f"/invitations/{key}/", SOMEBODY).status_code == 404, why
    assert Member.objects.count() == before


@pytest.mark.parametrize("lost", ["removed", "demoted", "deactivated", "no guests", "archived"])
def test_an_invitation_is_worth_what_its_inviter_may_still_do(cast: Cast, lost: str) -> None:
    """Bo, a moderator, makes links; then he, or the space, loses what they need."""
    row = Membership.objects.select_related("space", "member").get(space=cast.guests, member=cast.bo)
    actions.change_standing(by=house(cast.anna), membership=row, standing="moderator")
    _invitation, key = actions.invite_by_link(by=house(cast.bo), role=Role.GUEST, space=cast.guests)
    assert Client().get(f"/invitations/{key}/").status_code == 200
    match lost:
        case "removed":
            actions.remove_member(by=house(cast.anna), membership=row)
        case "demoted":
            actions.change_standing(by=house(cast.anna), membership=row, standing="member")
        case "deactivated":
            people.deactivate(by=house(cast.administrator), member=cast.bo)
        case "no guests":
            actions.change_space(by=house(cast.anna), space=cast.guests, changes={"has_guests": False})
        case "archived":
            actions.archive_space(by=house(cast.anna), space=cast.guests)
    assert Client().get(f"/invitations/{key}/").status_code == 404
    assert Client().post(f"/invitations/{key}/", SOMEBODY).status_code == 404
    assert not Member.objects.filter(email=SOMEBODY["email"]).exists()


def test_a_community_manager_who_is_one_no_longer_invites_nobody_to_the_company(cast: Cast) -> None:
    _invitation, key = company_link(cast)
    people.change_role(by=house(cast.administrator), member=cast.community_manager, role="member")
    assert Client().get(f"/invitations/{key}/").status_code == 404


def test_a_colleague_may_use_a_guest_link_and_stays_a_colleague(cast: Cast) -> None:
    _invitation, key = guest_link(cast)
    browser = signed_in(cast.outsider)
    assert "Join as Ulla Udenfor" in browser.get(f"/invitations/{key}/").content.decode()
    assert browser.post(f"/invitations/{key}/").headers["Location"] == cast.guests.url
    assert Member.objects.get(pk=cast.outsider.pk).role == Role.MEMBER
    assert joined(cast.outsider) == {cast.guests.pk}


def test_a_guest_does_not_come_in_by_a_link_for_members(cast: Cast) -> None:
    _invitation, key = actions.invite_by_link(by=house(cast.community_manager), space=cast.open)
    answer = signed_in(cast.guest).post(f"/invitations/{key}/")
    assert answer.status_code == 403
    assert joined(cast.guest) == {cast.guests.pk} and Member.objects.get(pk=cast.guest.pk).role == Role.GUEST


def test_a_guest_who_opens_a_company_link_stays_a_guest(cast: Cast) -> None:
    _invitation, key = company_link(cast)
    signed_in(cast.guest).post(f"/invitations/{key}/", SOMEBODY)
    assert Member.objects.get(pk=cast.guest.pk).role == Role.GUEST
    assert not Member.objects.filter(email=SOMEBODY["email"]).exists()


def test_a_link_bound_to_another_address_lets_nobody_else_in(cast: Cast) -> None:
    _invitation, key = guest_link(cast, email="nora@elsewhere.example")
    assert signed_in(cast.outsider).post(f"/invitations/{key}/").status_code == 403
    assert joined(cast.outsider) == set()


def test_an_address_that_is_in_use_is_not_taken_over(cast: Cast) -> None:
    _invitation, key = guest_link(cast)
    answer = Client().post(f"/invitations/{key}/", SOMEBODY | {"email": cast.bo.email.upper()})
    assert answer.status_code == 422
    bo = Member.objects.get(pk=cast.bo.pk)
    assert bo.name == "Bo Dijkstra" and bo.check_password(PASSWORD)


def waiting(role: str = Role.MEMBER) -> Member:
    """Somebody from an import: in the directory, without a password."""
    return people.make_member(email="imported@nordhavn.example", name="Ib Port", password=None, role=role)


def sign_up_as_imported(key: str) -> int:
    sent = {"name": "Ib Port", "email": "imported@nordhavn.example", "password": "battery-staple-9"}
    return Client().post(f"/invitations/{key}/", sent).status_code


def test_somebody_from_an_import_gets_their_own_account_by_mail(cast: Cast) -> None:
    imported = waiting()
    _invitation, key = company_link(cast, email=imported.email)
    assert sign_up_as_imported(key) == 302
    assert Member.objects.get(pk=imported.pk).check_password("battery-staple-9")
    assert Member.objects.filter(email=imported.email).count() == 1


@pytest.mark.parametrize(
    "how", ["open company link", "guest link", "guest address", "an administrator", "closed"]
)
def test_the_account_of_somebody_from_an_import_cannot_be_taken_in_other_ways(cast: Cast, how: str) -> None:
    imported = waiting(Role.ADMINISTRATOR if how == "an administrator" else Role.MEMBER)
    if how == "closed":
        people.deactivate(by=house(cast.administrator), member=imported)
    match how:
        case "open company link":
            _invitation, key = company_link(cast)
        case "guest link":
            _invitation, key = guest_link(cast)
        case "guest address":
            _invitation, key = guest_link(cast, email=imported.email)
        case _:
            _invitation, key = company_link(cast, email=imported.email)
    assert sign_up_as_imported(key) == 422
    assert not Member.objects.get(pk=imported.pk).has_usable_password()


@pytest.mark.parametrize("field", ["name", "email", "password"])
def test_the_sign_up_keeps_what_was_typed(cast: Cast, field: str) -> None:
    _invitation, key = guest_link(cast)
    answer = Client().post(f"/invitations/{key}/", SOMEBODY | {field: ""})
    assert answer.status_code == 422
    kept = {"name", "email"} - {field}
    assert all(SOMEBODY[name] in answer.content.decode() for name in kept)


@pytest.mark.parametrize(
    ("who", "role", "space", "is_allowed"),
    [
        ("anna", "guest", "guests", True), ("bo", "guest", "guests", False), ("anna", "guest", "closed", False),
        ("guest", "guest", "guests", False), ("administrator", "guest", "guests", False), ("anna", "member", None, False),
        ("leader", "member", None, False), ("community_manager", "member", None, True),
        ("community_manager", "leader", None, True), ("administrator", "member", None, True),
        ("administrator", "administrator", None, False), ("administrator", "community_manager", None, False),
        ("administrator", "guest", None, False), ("administrator", "member", "secret", False),
    ],
)  # fmt: skip
def test_who_may_make_which_link(
    cast: Cast, who: str, role: str, space: str | None, is_allowed: bool
) -> None:
    before = Invitation.objects.count()
    try:
        actions.invite_by_link(
            by=house(cast.people[who]), role=role, space=cast.spaces[space] if space else None
        )
    except Refused:
        assert not is_allowed
    else:
        assert is_allowed
    assert Invitation.objects.count() == before + is_allowed


def test_a_colleague_is_asked_and_says_yes_or_no(cast: Cast) -> None:
    browser = signed_in(cast.anna)
    for _again in range(2):
        browser.post(f"{cast.closed.url}invitations/", {"member": "Ulla Udenfor"})
    invitation = Invitation.objects.get(member=cast.outsider)
    assert Activity.objects.filter(verb=verbs.INVITED, about=cast.outsider).count() == 1
    ulla = signed_in(cast.outsider)
    assert "Board room" in ulla.get("/spaces/").content.decode()
    assert signed_in(cast.removed).post(f"/spaces/invitations/{invitation.pk}/").status_code == 404
    assert ulla.post(f"/spaces/invitations/{invitation.pk}/").headers["Location"] == cast.closed.url
    assert joined(cast.outsider) == {cast.closed.pk}

    browser.post(f"{cast.closed.url}invitations/", {"member": "Rolf Fjernet"})
    again = Invitation.objects.get(member=cast.removed)
    signed_in(cast.removed).post(f"/spaces/invitations/{again.pk}/delete/")
    assert not Invitation.objects.filter(pk=again.pk).exists() and joined(cast.removed) == set()


def test_an_invitation_that_ended_can_be_sent_again(cast: Cast) -> None:
    invitation = actions.invite_member(by=house(cast.anna), space=cast.closed, member=cast.outsider)
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - timedelta(days=1))
    with pytest.raises(Forbidden):
        actions.accept_invitation(by=viewer_of(cast.outsider), invitation=invitation)
    again = actions.invite_member(by=house(cast.anna), space=cast.closed, member=cast.outsider)
    actions.accept_invitation(by=viewer_of(cast.outsider), invitation=again)
    assert joined(cast.outsider) == {cast.closed.pk}


@pytest.mark.parametrize(
    ("asked", "said"),
    [("Bo Dijkstra", "already here"), ("Nobody", "know nobody"), ("Gertrud Gast", "Guests can only")],
)
def test_who_cannot_be_invited_is_told_why_and_the_name_stays(cast: Cast, asked: str, said: str) -> None:
    answer = signed_in(cast.anna).post(f"{cast.closed.url}invitations/", {"member": asked})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert f'value="{asked}"' in answer.content.decode()


def test_the_link_of_a_guest_is_shown_once_and_its_key_is_not_kept(cast: Cast) -> None:
    browser = signed_in(cast.anna)
    answer = browser.post(f"{cast.guests.url}invitations/guests/", {"email": "nora@elsewhere.example"})
    link = answer.context["link"]
    key = link.rstrip("/").rpartition("/")[2]
    assert link in answer.content.decode() and Client().get(f"/invitations/{key}/").status_code == 200
    assert key not in browser.get(f"{cast.guests.url}members/").content.decode()
    assert key not in str(list(Invitation.objects.values())) + str(list(Activity.objects.values()))


def test_invitations_are_taken_back_by_those_who_may(cast: Cast) -> None:
    invitation, key = guest_link(cast)
    for name in ("bo", "outsider", "guest", "administrator"):
        assert (
            signed_in(cast.people[name]).post(f"/spaces/invitations/{invitation.pk}/delete/").status_code
            == 404
        )
    assert signed_in(cast.anna).post(f"/spaces/invitations/{invitation.pk}/delete/").status_code == 302
    assert Client().get(f"/invitations/{key}/").status_code == 404


def test_community_managers_invite_to_the_company_by_link(cast: Cast) -> None:
    browser = signed_in(cast.community_manager)
    answer = browser.post("/manage/invitations/", {"email": "", "role": "leader"})
    assert queries.company_invitations()[0].role == "leader" and "/invitations/" in answer.context["link"]
    assert (
        browser.post("/manage/invitations/", {"email": "not an address", "role": "member"}).status_code == 422
    )
    assert browser.post("/manage/invitations/", {"email": "", "role": "administrator"}).status_code == 422


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend", EMAIL_HOST="mail.example")
def test_with_mail_the_invitation_is_sent_to_its_address(cast: Cast, mailoutbox: list) -> None:  # type: ignore[type-arg]
    signed_in(cast.community_manager).post(
        "/manage/invitations/", {"email": "nora@elsewhere.example", "role": "member"}
    )
    assert [mail.to for mail in mailoutbox] == [["nora@elsewhere.example"]]
    assert "/invitations/" in mailoutbox[0].body and "Camilla Mørk" in mailoutbox[0].subject


def test_a_newcomer_cannot_be_invited_twice_into_one_space(cast: Cast) -> None:
    nils = newcomer("Nils Ny")
    for _again in range(2):
        actions.invite_member(by=house(cast.anna), space=cast.closed, member=nils)
    assert Invitation.objects.filter(member=nils).count() == 1
