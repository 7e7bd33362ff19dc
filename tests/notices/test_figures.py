"""Numbers that point at nobody, and names only when their time has come."""

from __future__ import annotations

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import house, signed_in
from tests.notices.conftest import Town, fresh, hand_out, in_days
from torvet.notices import actions
from torvet.notices.models import Notice
from torvet.notices.queries.figures import Exactness, Figures, exactness_of, figures_of
from torvet.people import actions as people
from torvet.people import away
from torvet.people.models import Member


def said(done: int, asked: int, smallest: int) -> tuple[str, int]:
    """What anybody can learn before the date."""
    exactness = exactness_of(done, asked, smallest)
    return exactness, done if exactness == Exactness.EXACT else 0


def test_no_number_before_the_date_tells_of_anybody_whether_they_have_confirmed() -> None:
    """A thousand random worlds: whatever is said, for every person both are possible, and more than a few of either.

    Two looks, one before and one after somebody left, are as silent: everybody who was ever asked stays in the number.
    """
    dice = random.Random(3)
    spoken = 0
    for _world in range(1000):
        smallest, asked = dice.randint(3, 12), dice.randint(1, 80)
        done = dice.randint(0, asked)
        heard = said(done, asked, smallest)
        fits = [number for number in range(asked + 1) if said(number, asked, smallest) == heard]
        assert min(fits) < asked, "it may not say that everybody has"
        assert max(fits) > 0, "it may not say that nobody has"
        if heard[0] == Exactness.EXACT:
            spoken += 1
            assert smallest <= done <= asked - smallest
        elif heard[0] != Exactness.HIDDEN:
            assert len(fits) == smallest
    assert spoken > 300


@pytest.fixture
def notice(town: Town) -> Notice:
    made = actions.send_notice(
        by=house(town.cast.community_manager), entry=town.entry, audience=town.both, due_on=in_days(10)
    )
    hand_out()
    return fresh(made)


def confirm(notice: Notice, members: list[Member]) -> None:
    for member in members:
        actions.confirm(by=house(member), notice=notice, version=1)


def test_the_number_does_not_move_when_somebody_leaves(town: Town, notice: Notice) -> None:
    confirm(notice, town.yard_people[:7])
    before = figures_of(notice)
    assert (before.exactness, before.confirmed, before.asked) == (Exactness.EXACT, 7, 15)
    people.deactivate(by=house(town.cast.administrator), member=town.yard_people[0])  # had confirmed
    hand_out()
    after_one = figures_of(notice)
    people.deactivate(by=house(town.cast.administrator), member=town.office_people[0])  # had not
    hand_out()
    after_two = figures_of(notice)
    assert after_one.confirmed == after_two.confirmed == 7
    assert (after_one.asked, after_two.asked) == (14, 13)


@pytest.mark.parametrize(("done", "words"), [(4, "fewer than 5"), (7, ">7<"), (11, "all but fewer than 5")])
def test_the_page_says_it_in_words(town: Town, notice: Notice, done: int, words: str) -> None:
    confirm(notice, [*town.yard_people, *town.office_people][:done])
    text = signed_in(town.cast.community_manager).get(f"/notices/{notice.pk}/").text
    assert words in text and "Yrsa A" not in text and "Olav A" not in text


def test_names_are_told_after_the_date_and_not_those_who_are_away_or_came_lately(
    town: Town, notice: Notice
) -> None:
    confirm(notice, town.yard_people[:7])
    away.set_away(
        by=house(town.yard_people[7]), member=town.yard_people[7], from_on=in_days(0), until_on=in_days(9)
    )
    Notice.objects.update(due_on=in_days(-1))
    people.change_profile(
        by=house(town.cast.administrator), member=town.cast.outsider, changes={"unit": town.yard}
    )
    hand_out()
    browser = signed_in(town.cast.community_manager)
    text = browser.get(f"/notices/{notice.pk}/").text
    assert "Yrsa I" in text and "Olav A" in text
    for name in ("Yrsa A", "Yrsa H", "Ulla Udenfor"):
        assert name not in text
    figures = figures_of(fresh(notice))
    assert figures == Figures(
        16, 1, 7, Exactness.EXACT, 5, 8
    )  # those of the list, and the one who came lately


def test_closing_it_sooner_opens_no_names(town: Town, notice: Notice) -> None:
    confirm(notice, town.yard_people[:7])
    by = house(town.cast.community_manager)
    actions.close(by=by, notice=fresh(notice))
    browser = signed_in(town.cast.community_manager)
    assert "Olav A" not in browser.get(f"/notices/{notice.pk}/").text
    assert browser.get(f"/notices/{notice.pk}/export.csv").status_code == 404


def test_the_page_costs_the_same_for_few_and_for_many(town: Town, notice: Notice) -> None:
    Notice.objects.update(due_on=in_days(-1))
    browser = signed_in(town.cast.community_manager)
    address = f"/notices/{notice.pk}/"
    browser.get(address)
    with CaptureQueriesContext(connection) as none:
        browser.get(address)
    confirm(notice, town.yard_people)
    with CaptureQueriesContext(connection) as many:
        browser.get(address)
    assert abs(len(many) - len(none)) <= 1 and len(many) <= 32, [query["sql"][:120] for query in many]
