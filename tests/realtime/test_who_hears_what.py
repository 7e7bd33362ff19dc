"""Nudges reach those who may read what they are about, and nobody else; and they never say anything but numbers."""

from __future__ import annotations

import json
import re

import pytest

from tests.cast import Cast, house
from tests.realtime.pages import Switchboard, until
from torvet.entries import actions as entries
from torvet.entries.models import Entry
from torvet.people import actions as people
from torvet.people.models import Member
from torvet.realtime.nudges import told
from torvet.spaces import actions as spaces
from torvet.spaces.models import Membership, Space

pytestmark = pytest.mark.django_db(transaction=True)

CANARY = "cnry7f3a9c21"


def post(by: Member, space: Space) -> Entry:
    return entries.publish_post(by=house(by), space=space, body=f"Crane news {CANARY}")


def answer(by: Member, thread: Entry) -> Entry:
    return entries.add_comment(by=house(by), on=thread, body=f"Well done {CANARY}")


def membership(space: Space, member: Member) -> Membership:
    return Membership.objects.select_related("space", "member").get(space=space, member=member)


def test_a_comment_reaches_those_who_have_the_thread_open(switchboard: Switchboard, cast: Cast) -> None:
    thread, other = post(cast.anna, cast.closed), post(cast.anna, cast.closed)
    bo = switchboard.open(cast.bo, f"threads={thread.pk}")
    answer(cast.anna, thread)
    answer(cast.anna, other)
    assert bo.hears({"thread": thread.pk})
    switchboard.is_quiet()
    assert bo.nudges == [{"thread": thread.pk}]


def test_an_outsider_hears_nothing_of_a_closed_thread_even_when_they_name_it(
    switchboard: Switchboard, cast: Cast
) -> None:
    thread = post(cast.anna, cast.closed)
    asked = f"threads={thread.pk}&spaces={cast.closed.pk},{cast.secret.pk}&feed=1"
    strangers = [
        switchboard.open(who, asked)
        for who in (cast.outsider, cast.guest, cast.removed, cast.administrator, cast.leader)
    ]
    bo = switchboard.open(cast.bo, asked)
    answer(cast.anna, thread)
    post(cast.anna, cast.closed)
    entries.remove_entry(by=house(cast.anna), entry=thread)
    assert bo.hears({"gone": thread.pk})
    switchboard.is_quiet()
    assert [page.status for page in strangers] == [200] * len(strangers)
    assert [page.nudges for page in strangers] == [[]] * len(strangers)


def test_a_thread_that_one_may_not_read_answers_like_one_that_does_not_exist(
    switchboard: Switchboard, cast: Cast
) -> None:
    thread = post(cast.anna, cast.closed)
    forbidden = switchboard.open(cast.outsider, f"threads={thread.pk}")
    absent = switchboard.open(cast.outsider, "threads=99999999")
    assert (forbidden.status, forbidden.headers) == (absent.status, absent.headers)


def test_a_new_thread_reaches_the_feeds_that_show_its_space(switchboard: Switchboard, cast: Cast) -> None:
    bo_home = switchboard.open(cast.bo, "feed=1")
    bo_elsewhere = switchboard.open(cast.bo, f"spaces={cast.open.pk}")
    bo_there = switchboard.open(cast.bo, f"spaces={cast.closed.pk}")
    new = post(cast.anna, cast.closed)
    expected = {"space": cast.closed.pk, "entry": new.pk}
    assert bo_home.hears(expected)
    assert bo_there.hears(expected)
    switchboard.is_quiet()
    assert bo_elsewhere.nudges == []


def test_a_space_of_which_one_wants_to_hear_nothing_does_not_move_the_feed(
    switchboard: Switchboard, cast: Cast
) -> None:
    spaces.change_involvement(by=house(cast.bo), space=cast.closed, involvement="nothing")
    bo = switchboard.open(cast.bo, "feed=1")
    anna = switchboard.open(cast.anna, "feed=1")
    new = post(cast.anna, cast.closed)
    assert anna.hears({"space": cast.closed.pk, "entry": new.pk})
    switchboard.is_quiet()
    assert bo.nudges == []


def test_being_told_reaches_that_member_on_all_their_pages_and_nobody_else(
    switchboard: Switchboard, cast: Cast
) -> None:
    first, second = switchboard.open(cast.bo), switchboard.open(cast.bo, "feed=1")
    anna = switchboard.open(cast.anna, "feed=1")
    told(cast.bo.pk)
    assert first.hears({"told": 1})
    assert second.hears({"told": 1})
    switchboard.is_quiet()
    assert anna.nudges == []


def test_reactions_and_edits_and_their_undoing_reach_the_open_thread(
    switchboard: Switchboard, cast: Cast
) -> None:
    thread = post(cast.anna, cast.closed)
    bo = switchboard.open(cast.bo, f"threads={thread.pk}")
    for act in (
        lambda: entries.react(by=house(cast.anna), entry=thread, emoji="👍"),
        lambda: entries.take_back_reaction(by=house(cast.anna), entry=thread, emoji="👍"),
    ):
        before = len(bo.nudges)
        act()
        assert until(lambda before=before: len(bo.nudges) == before + 1)
    assert set(map(json.dumps, bo.nudges)) == {json.dumps({"thread": thread.pk})}


def test_whatever_happens_nothing_but_numbers_is_said(switchboard: Switchboard, cast: Cast) -> None:
    thread = post(cast.anna, cast.closed)
    everybody = [
        switchboard.open(who, f"threads={thread.pk}&feed=1&spaces={cast.closed.pk},{cast.open.pk}")
        for who in cast.people.values()
        if who.is_active
    ]
    comment = answer(cast.bo, thread)
    entries.react(by=house(cast.bo), entry=thread, emoji="👍")
    spaces.change_space(by=house(cast.anna), space=cast.closed, changes={"name": f"Board {CANARY}"})
    people.change_profile(by=house(cast.bo), member=cast.bo, changes={"title": CANARY})
    entries.remove_entry(by=house(cast.bo), entry=Entry.objects.get(pk=comment.pk))
    told(cast.anna.pk)
    switchboard.is_quiet()
    assert any(page.nudges for page in everybody)
    for page in everybody:
        assert re.fullmatch(
            r'retry: \d+\n\n((: |data: \{"[a-z]+":\d+(,"[a-z]+":\d+)?\})\n\n)*', page.said.decode()
        ), page.said


def test_nothing_is_replayed_to_a_page_that_comes_back(switchboard: Switchboard, cast: Cast) -> None:
    thread = post(cast.anna, cast.closed)
    first = switchboard.open(cast.bo, f"threads={thread.pk}")
    answer(cast.anna, thread)
    assert first.hears({"thread": thread.pk})
    headers = {"sec-fetch-site": "same-origin", "last-event-id": "1"}
    again = switchboard.open(cast.bo, f"threads={thread.pk}", headers=headers)
    switchboard.is_quiet()
    assert again.nudges == []


def test_an_activity_that_comes_by_two_ways_is_passed_on_once(switchboard: Switchboard, cast: Cast) -> None:
    thread = post(cast.anna, cast.closed)
    bo = switchboard.open(cast.bo, f"threads={thread.pk}")
    answer(cast.anna, thread)
    assert bo.hears({"thread": thread.pk})
    switchboard.wait_for(switchboard.live.look())  # the table knows it as well
    switchboard.is_quiet()
    assert bo.nudges == [{"thread": thread.pk}]


def test_when_no_bus_works_the_table_tells_within_two_seconds(
    deaf_switchboard: Switchboard, cast: Cast
) -> None:
    thread = post(cast.anna, cast.closed)
    bo = deaf_switchboard.open(cast.bo, f"threads={thread.pk}")
    # How the cast came together is read first: it is about rights, and answered with silence and a question.
    deaf_switchboard.wait_for(deaf_switchboard.live.look())
    deaf_switchboard.is_quiet()
    answer(cast.anna, thread)
    assert bo.hears({"thread": thread.pk}, within=2)
