"""Whoever may no longer read hears nothing more, on pages that are already open; and closed accounts lose the page."""

from __future__ import annotations

import threading

import pytest
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone

from tests.cast import Cast, house, signed_in
from tests.realtime.pages import Switchboard, until
from tests.realtime.test_who_hears_what import answer, membership, post
from torvet.people import actions as people
from torvet.people.models import Session
from torvet.realtime import hub as hub_module
from torvet.realtime.door import admit
from torvet.spaces import actions as spaces
from torvet.spaces.actions.coming import drop_member
from torvet.spaces.models import Space

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_removed_member_hears_nothing_more_within_two_seconds(switchboard: Switchboard, cast: Cast) -> None:
    thread = post(cast.anna, cast.closed)
    bo = switchboard.open(cast.bo, f"threads={thread.pk}&feed=1")
    spaces.remove_member(by=house(cast.anna), membership=membership(cast.closed, cast.bo))
    # At once, not only after a while:
    answer(cast.anna, thread)
    post(cast.anna, cast.closed)
    assert bo.hears({"gone": thread.pk}, within=2)
    assert bo.hears({"epoch": 1}, within=2)
    switchboard.is_quiet()
    assert {"thread": thread.pk} not in bo.nudges
    assert not [nudge for nudge in bo.nudges if "space" in nudge]
    assert not bo.has_ended


def test_a_deactivated_members_pages_are_closed_within_two_seconds(
    switchboard: Switchboard, cast: Cast
) -> None:
    first, second = switchboard.open(cast.bo, "feed=1"), switchboard.open(cast.bo)
    anna = switchboard.open(cast.anna, "feed=1")
    people.deactivate(by=house(cast.administrator), member=cast.bo)
    post(cast.anna, cast.open)
    assert first.ends(within=2)
    assert second.ends(within=2)
    assert first.nudges == []
    assert not anna.has_ended
    refused = switchboard.open(None, "feed=1", key=signed_in_before(cast))
    assert refused.status == 401


def signed_in_before(cast: Cast) -> str:
    return str(signed_in(cast.bo).cookies[settings.SESSION_COOKIE_NAME].value)


def test_when_no_bus_works_rights_still_end_within_two_seconds(
    deaf_switchboard: Switchboard, cast: Cast
) -> None:
    thread = post(cast.anna, cast.closed)
    bo = deaf_switchboard.open(cast.bo, f"threads={thread.pk}")
    anna = deaf_switchboard.open(cast.anna, f"threads={thread.pk}")
    deaf_switchboard.wait_for(deaf_switchboard.live.look())
    people.deactivate(by=house(cast.administrator), member=cast.bo)
    assert bo.ends(within=2)
    assert not anna.has_ended


def test_a_member_who_joins_hears_the_space_from_then_on(switchboard: Switchboard, cast: Cast) -> None:
    page = switchboard.open(cast.outsider, "feed=1")
    post(cast.anna, cast.open)
    spaces.join(by=house(cast.outsider), space=cast.open)
    assert page.hears({"epoch": 1})
    new = post(cast.anna, cast.open)
    assert page.hears({"space": cast.open.pk, "entry": new.pk})
    assert len(page.nudges) == 2


def test_a_guest_who_becomes_one_loses_the_open_spaces(switchboard: Switchboard, cast: Cast) -> None:
    page = switchboard.open(cast.outsider, f"spaces={cast.open.pk}")
    people.change_role(by=house(cast.administrator), member=cast.outsider, role="guest")
    post(cast.anna, cast.open)
    assert page.hears({"epoch": 1})
    switchboard.is_quiet()
    assert not [nudge for nudge in page.nudges if "space" in nudge]


def test_a_space_that_closes_falls_silent_for_those_outside(switchboard: Switchboard, cast: Cast) -> None:
    thread = post(cast.leader, cast.open)
    outsider = switchboard.open(cast.outsider, f"threads={thread.pk}&spaces={cast.open.pk}")
    bo = switchboard.open(cast.bo, f"threads={thread.pk}")
    spaces.change_space(by=house(cast.leader), space=cast.open, changes={"access": "closed"})
    answer(cast.leader, thread)
    assert outsider.hears({"gone": thread.pk})
    assert bo.hears({"epoch": 1})
    answer(cast.leader, thread)
    assert bo.hears({"thread": thread.pk})
    switchboard.is_quiet()
    assert {"thread": thread.pk} not in outsider.nudges


def test_a_change_while_somebody_comes_in_is_not_missed(switchboard: Switchboard, cast: Cast) -> None:
    """Between the answer of the database and the first nudge the rights may change; the old answer must not stand."""
    thread = post(cast.anna, cast.closed)
    has_asked, may_go_on = threading.Event(), threading.Event()

    def slow(asked, *, is_new=True):
        granted = admit(asked, is_new=is_new)
        if is_new:
            has_asked.set()
            assert may_go_on.wait(10)
        return granted

    switchboard.live.hub.ask = slow
    pages = []
    coming = threading.Thread(
        target=lambda: pages.append(switchboard.open(None, f"threads={thread.pk}", key=key))
    )
    key = signed_in_before(cast)
    coming.start()
    assert has_asked.wait(10)
    spaces.remove_member(by=house(cast.anna), membership=membership(cast.closed, cast.bo))
    may_go_on.set()
    coming.join(10)
    answer(cast.anna, thread)
    assert pages[0].hears({"gone": thread.pk})
    switchboard.is_quiet()
    assert {"thread": thread.pk} not in pages[0].nudges


@pytest.mark.parametrize("what", ["signed out", "expired", "changed password"])
def test_a_session_that_ends_closes_the_page_at_the_next_look(
    switchboard: Switchboard, cast: Cast, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, other = switchboard.open(cast.bo), switchboard.open(cast.anna)
    if what == "signed out":
        Session.objects.filter(member=cast.bo).delete()
    elif what == "expired":
        Session.objects.filter(member=cast.bo).update(expire_date=timezone.now())
    else:
        cast.bo.set_password("another-quiet-harbour")
        cast.bo.save()
    monkeypatch.setattr(hub_module, "FRESH_FOR", 0.0)
    assert page.ends(within=3)
    assert not other.has_ended


def test_what_nobody_told_of_is_seen_at_the_next_look(
    switchboard: Switchboard, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a change by hand in the database, or a nudge that was lost twice."""
    thread, public = post(cast.anna, cast.closed), post(cast.leader, cast.open)
    bo = switchboard.open(cast.bo, f"threads={thread.pk}")
    outsider = switchboard.open(cast.outsider, f"threads={public.pk}")
    anna = switchboard.open(cast.anna, f"threads={thread.pk}")
    monkeypatch.setattr(hub_module, "FRESH_FOR", 0.0)
    assert until(lambda: switchboard.live.hub.accesses != {}, 3)
    drop_member(membership(cast.closed, cast.bo))
    Space.objects.filter(pk=cast.open.pk).update(access="closed")
    assert bo.hears({"gone": thread.pk}, within=3)
    assert outsider.hears({"gone": public.pk}, within=3)
    assert anna.nudges == []


def test_when_rights_cannot_be_asked_for_nothing_is_said(switchboard: Switchboard, cast: Cast) -> None:
    thread = post(cast.anna, cast.closed)
    bo = switchboard.open(cast.bo, f"threads={thread.pk}")
    is_away = threading.Event()
    is_away.set()

    def away(asked, *, is_new=True):
        if is_away.is_set():
            raise OperationalError("gone")
        return admit(asked, is_new=is_new)

    switchboard.live.hub.ask = away
    spaces.change_involvement(by=house(cast.bo), space=cast.closed, involvement="mentions")
    answer(cast.anna, thread)
    assert not until(lambda: bo.nudges != [], 0.5)
    is_away.clear()
    # What was held back is asked for by the page itself.
    assert bo.hears({"epoch": 1}, within=3)
