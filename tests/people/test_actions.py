from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from tests.cast import PASSWORD, Cast, house, newcomer, signed_in, viewer_of
from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.base.rules import Forbidden, Refused
from torvet.people import actions, queries
from torvet.people.models import AccessToken, Follow, Member, Session, Site, Unit
from torvet.people.viewer import READ, WRITE


def last(verb: str) -> Activity:
    return Activity.objects.filter(verb=verb).latest("id")


def test_the_company_is_founded_once(cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.found_company(name="Other", email="x@other.example", member_name="X Y", password=PASSWORD)


def test_two_people_of_a_name_get_two_handles(cast: Cast) -> None:
    assert [newcomer("Åse Nygård").handle, newcomer("Åse Nygård").handle] == ["aase.nygaard", "aase.nygaard2"]


def test_a_weak_password_makes_no_member(cast: Cast) -> None:
    before = Member.objects.count()
    with pytest.raises(ValidationError):
        actions.make_member(email="weak@nordhavn.example", name="Weak One", password="password12")
    assert Member.objects.count() == before


def test_deactivation_ends_every_session_and_token_and_keeps_the_name(cast: Cast) -> None:
    browser = signed_in(cast.bo)
    actions.make_token(by=viewer_of(cast.bo), name="screen", scopes=frozenset({READ}))
    assert browser.get("/settings/").status_code == 200
    actions.deactivate(by=house(cast.administrator), member=cast.bo)
    assert not Session.objects.filter(member=cast.bo).exists()
    assert not AccessToken.objects.filter(member=cast.bo).exists()
    assert browser.get("/settings/").status_code == 302
    assert Member.objects.get(pk=cast.bo.pk).name == "Bo Dijkstra"
    assert last(verbs.DEACTIVATED).about_id == cast.bo.pk


def test_reactivation_does_not_bring_tokens_back(cast: Cast) -> None:
    actions.make_token(by=viewer_of(cast.bo), name="screen", scopes=frozenset({READ}))
    actions.deactivate(by=house(cast.administrator), member=cast.bo)
    actions.reactivate(by=house(cast.administrator), member=cast.bo)
    assert not AccessToken.objects.filter(member=cast.bo).exists()
    assert Member.objects.get(pk=cast.bo.pk).is_active


def test_the_last_administrator_stays_one(cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.change_role(by=house(cast.administrator), member=cast.administrator, role="member")
    assert Member.objects.get(pk=cast.administrator.pk).role == "administrator"


def test_an_account_is_changed_all_or_nothing(cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.change_account(
            by=house(cast.administrator), member=cast.administrator, role="member", changes={"title": "Boss"}
        )
    assert Member.objects.get(pk=cast.administrator.pk).title == ""


def test_a_new_role_is_recorded_with_the_old_one_and_moves_the_epoch(cast: Cast) -> None:
    actions.change_role(by=house(cast.administrator), member=cast.bo, role="leader")
    assert last(verbs.CHANGED_ROLE).details == {"before": "member", "after": "leader"}
    assert Member.objects.get(pk=cast.bo.pk).epoch > cast.bo.epoch


def test_a_member_does_not_move_themselves_to_another_unit(cast: Cast) -> None:
    unit = actions.save_unit(by=house(cast.administrator), name="Steel", parent=None, leader=None)
    actions.change_profile(
        by=viewer_of(cast.bo), member=cast.bo, changes={"unit": unit, "title": "Head welder"}
    )
    bo = Member.objects.get(pk=cast.bo.pk)
    assert (bo.unit, bo.title) == (None, "Head welder")


def test_somebody_else_cannot_change_a_profile(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.change_profile(by=viewer_of(cast.anna), member=cast.bo, changes={"title": "Clown"})


def test_following_twice_changes_nothing_and_is_told_once(cast: Cast) -> None:
    for _again in range(2):
        actions.follow(by=viewer_of(cast.anna), member=cast.bo)
    assert Follow.objects.filter(follower=cast.anna, followed=cast.bo).count() == 1
    assert Activity.objects.filter(verb=verbs.FOLLOWED).count() == 1
    actions.unfollow(by=viewer_of(cast.anna), member=cast.bo)
    assert not Follow.objects.filter(follower=cast.anna).exists()


def test_a_token_is_kept_as_a_digest_and_opens_with_its_key(cast: Cast) -> None:
    token, key = actions.make_token(
        by=viewer_of(cast.bo), name="screen", scopes=frozenset({READ, WRITE}), days=7
    )
    assert key not in str(vars(token)) and len(token.digest) == 64
    found = queries.live_token(key)
    assert found is not None and found.member_id == cast.bo.pk
    actions.revoke_token(by=viewer_of(cast.bo), token=token)
    assert queries.live_token(key) is None


@pytest.mark.parametrize(("scopes", "days"), [(set(), 7), ({"admin"}, 7), ({READ}, 0), ({READ}, 400)])
def test_a_token_needs_a_scope_and_an_end(cast: Cast, scopes: set[str], days: int) -> None:
    with pytest.raises(Refused):
        actions.make_token(by=viewer_of(cast.bo), name="x", scopes=frozenset(scopes), days=days)


def test_nobody_ends_the_token_of_somebody_else(cast: Cast) -> None:
    token, _key = actions.make_token(by=viewer_of(cast.bo), name="screen", scopes=frozenset({READ}))
    with pytest.raises(Forbidden):
        actions.revoke_token(by=viewer_of(cast.administrator), token=token)


def test_a_unit_never_stands_below_itself(cast: Cast) -> None:
    by = house(cast.administrator)
    top = actions.save_unit(by=by, name="Top", parent=None, leader=None)
    below = actions.save_unit(by=by, name="Below", parent=top, leader=cast.leader)
    with pytest.raises(Refused):
        actions.save_unit(by=by, name="Top", parent=below, leader=None, unit=top)


def test_a_unit_with_people_or_units_stays(cast: Cast) -> None:
    by = house(cast.administrator)
    top = actions.save_unit(by=by, name="Top", parent=None, leader=None)
    below = actions.save_unit(by=by, name="Below", parent=top, leader=None)
    actions.change_profile(by=by, member=cast.bo, changes={"unit": below})
    for unit in (top, below):
        with pytest.raises(Refused):
            actions.remove_unit(by=by, unit=unit)
    actions.change_profile(by=by, member=cast.bo, changes={"unit": None})
    actions.remove_unit(by=by, unit=below)
    assert list(Unit.objects.all()) == [top]


def test_two_sites_cannot_have_one_name(cast: Cast) -> None:
    by = house(cast.administrator)
    site = actions.save_site(by=by, name="Oslo", country="no", time_zone="Europe/Oslo")
    assert site.country == "NO"
    with pytest.raises(Refused):
        actions.save_site(by=by, name=" oslo", country="", time_zone="")
    actions.save_site(by=by, name="Oslo", country="NO", time_zone="", site=site)
    assert Site.objects.count() == 1


def test_signing_out_elsewhere_keeps_this_browser(cast: Cast) -> None:
    here, there = signed_in(cast.bo), signed_in(cast.bo)
    actions.sign_out_elsewhere(by=viewer_of(cast.bo), here=here.session.session_key)
    assert here.get("/settings/").status_code == 200
    assert there.get("/settings/").status_code == 302


def test_a_first_password_is_chosen_only_by_who_has_none(cast: Cast) -> None:
    waiting = actions.make_member(email="new@nordhavn.example", name="Nils Ny", password=None)
    actions.open_account(member=waiting, name="Nils Ny", password=PASSWORD)
    assert Member.objects.get(pk=waiting.pk).check_password(PASSWORD)
    with pytest.raises(Refused):
        actions.open_account(member=cast.bo, name="Bo", password="another-horse-9")


@pytest.mark.parametrize("words", ["Åberg", "åberg", "ÅBERG", "anna", "engineer anna", "aaberg"])
def test_names_are_found_however_they_are_typed(cast: Cast, words: str) -> None:
    assert cast.anna in Member.objects.named_like(words)


def test_a_name_with_other_words_is_not_found(cast: Cast) -> None:
    assert not Member.objects.named_like("anna welder").exists()
