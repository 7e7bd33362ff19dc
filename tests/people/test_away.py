"""Somebody is away, and somebody stands in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.cast import Cast, house, newcomer, signed_in, viewer_of
from torvet.base.rules import Forbidden, Refused
from torvet.people import away
from torvet.people.models import Absence, Member


def day(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def test_one_says_so_oneself_or_ones_manager_or_an_administrator(cast: Cast) -> None:
    Member.objects.filter(pk=cast.bo.pk).update(manager=cast.leader)
    cast.bo.refresh_from_db()
    for place, by in enumerate((cast.bo, cast.leader, cast.administrator)):
        away.set_away(by=house(by), member=cast.bo, from_on=day(10 * place), until_on=day(10 * place + 2))
    assert Absence.objects.filter(member=cast.bo).count() == 3
    for by in (cast.anna, cast.community_manager, cast.guest):
        with pytest.raises(Forbidden):
            away.set_away(by=house(by), member=cast.bo, from_on=day(100), until_on=day(101))


def test_only_those_whom_it_concerns_see_it(cast: Cast) -> None:
    Member.objects.filter(pk=cast.bo.pk).update(manager=cast.leader)
    away.set_away(by=house(cast.bo), member=cast.bo, from_on=day(0), until_on=day(5), deputy=cast.anna)
    seen = {
        name
        for name, who in cast.people.items()
        if Absence.objects.visible_to(viewer_of(who)).filter(member=cast.bo).exists()
    }
    assert seen == {"bo", "leader", "anna", "administrator"}


@pytest.mark.parametrize(
    ("from_on", "until_on", "words"),
    [
        (5, 3, "before the first"),
        (-9, -1, "have passed"),
        (-40, 3, "more than a month"),
        (3, 2000, "three years"),
    ],
)
def test_impossible_days_are_refused_in_words(cast: Cast, from_on: int, until_on: int, words: str) -> None:
    with pytest.raises(Refused, match=words):
        away.set_away(by=house(cast.bo), member=cast.bo, from_on=day(from_on), until_on=day(until_on))


def test_two_absences_do_not_overlap_and_a_deputy_is_there(cast: Cast) -> None:
    away.set_away(by=house(cast.anna), member=cast.anna, from_on=day(3), until_on=day(4))
    with pytest.raises(Refused, match="already"):
        away.set_away(by=house(cast.anna), member=cast.anna, from_on=day(4), until_on=day(9))
    for deputy, words in (
        (cast.bo, "themselves"),
        (cast.guest, "colleague"),
        (cast.deactivated, "colleague"),
        (cast.anna, "cannot stand in"),
    ):
        with pytest.raises(Refused, match=words):
            away.set_away(by=house(cast.bo), member=cast.bo, from_on=day(0), until_on=day(3), deputy=deputy)
    assert not Absence.objects.filter(member=cast.bo).exists()


def test_whoever_is_back_sooner_was_away_until_yesterday(cast: Cast) -> None:
    begun = away.set_away(by=house(cast.bo), member=cast.bo, from_on=day(-2), until_on=day(5))
    away.end_away(by=house(cast.bo), absence=begun)
    assert Absence.objects.get(pk=begun.pk).until_on == day(-1)
    planned = away.set_away(by=house(cast.bo), member=cast.bo, from_on=day(7), until_on=day(9))
    away.end_away(by=house(cast.bo), absence=planned)
    assert not Absence.objects.filter(pk=planned.pk).exists()


def test_an_absence_is_forgotten_a_month_after_it_ended(cast: Cast) -> None:
    Absence.objects.create(member=cast.bo, from_on=day(-60), until_on=day(-32))
    Absence.objects.create(member=cast.bo, from_on=day(-31), until_on=day(-31))
    assert away.forget_old_absences() == 1


def test_the_page_keeps_what_was_typed(cast: Cast) -> None:
    browser = signed_in(cast.bo)
    sent = {"from_on": day(4).isoformat(), "until_on": day(2).isoformat(), "deputy": "Anna Åberg"}
    answer = browser.post("/settings/away/", sent)
    assert answer.status_code == 422
    assert "The last day comes before the first one." in answer.text
    assert day(4).isoformat() in answer.text and "Anna Åberg" in answer.text
    answer = browser.post("/settings/away/", sent | {"until_on": day(6).isoformat()}, follow=True)
    assert "Anna Åberg stands in" in answer.text
    made = Absence.objects.get(member=cast.bo)
    browser.post(f"/people/{cast.bo.pk}/away/{made.pk}/delete/")
    assert not Absence.objects.filter(member=cast.bo).exists()


def test_nobody_else_ends_it_and_the_address_tells_nothing(cast: Cast) -> None:
    made = away.set_away(by=house(cast.bo), member=cast.bo, from_on=day(0), until_on=day(5), deputy=cast.anna)
    other = newcomer("Olga Anden")
    for who in (cast.anna, other, cast.community_manager):
        browser = signed_in(who)
        assert browser.get(f"/people/{cast.bo.pk}/away/").status_code == 404
        assert browser.post(f"/people/{cast.bo.pk}/away/{made.pk}/delete/").status_code == 404
    assert Absence.objects.filter(pk=made.pk, until_on=day(5)).exists()
