"""Who gets to listen at all: the same sessions as the pages, from our own pages, not too often, not too many at once."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast, signed_in
from tests.realtime.pages import OpenPage, Switchboard, scope_of, until
from torvet.realtime import connection as connection_module
from torvet.realtime import hub as hub_module
from torvet.realtime.connection import MOST_WAITING, Connection
from torvet.realtime.door import MOST_SUBSCRIPTIONS, Asked, Refusal, admit, asked_by
from torvet.realtime.hub import MOST_FOR_ONE
from torvet.realtime.nudges import told


def test_without_a_session_nobody_listens(switchboard: Switchboard, cast: Cast) -> None:
    assert switchboard.open(None, "feed=1").status == 401
    assert switchboard.open(None, "feed=1", key="a" * 32).status == 401
    assert switchboard.open(None, "feed=1", key="../../etc/passwd\x00").status == 401
    assert switchboard.open(cast.anna, "feed=1").status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"origin": "http://127.0.0.1:8000"}, 200),
        ({"sec-fetch-site": "same-origin", "origin": "http://127.0.0.1:8000"}, 200),
        ({}, 403),
        ({"origin": "null"}, 403),
        ({"origin": ""}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "http://127.0.0.1:8001"}, 403),
        ({"origin": "http://127.0.0.1:8000.evil.example"}, 403),
        ({"origin": "javascript://127.0.0.1:8000"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "https://evil.example"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:8000"}, 403),
        ({"sec-fetch-site": "same-origin", "host": "evil.example"}, 400),
        ({"origin": "http://evil.example", "host": "evil.example"}, 400),
    ],
)
def test_only_our_own_pages_may_listen(headers: dict[str, str], status: int) -> None:
    assert answer_at_the_door("feed=1", headers) == status


def answer_at_the_door(query: str, headers: dict[str, str] | None = None) -> int:
    """What is decided without the database."""
    with override_settings(RATE_LIMITS=False, TORVET_URL="http://127.0.0.1:8000"):
        try:
            asked_by(scope_of("a" * 32, query, headers=headers))
        except Refusal as refusal:
            return refusal.status
    return 200


def test_a_refusal_at_the_door_is_an_answer(switchboard: Switchboard, cast: Cast) -> None:
    foreign = switchboard.open(cast.anna, "feed=1", headers={"origin": "https://evil.example"})
    assert (foreign.status, foreign.has_ended) == (403, True)


@pytest.mark.parametrize(
    "query",
    [
        "threads=x", "threads=1,-2", "threads=1.5", "threads=１２", "threads=1%00", "threads=9999999999999999999",
        f"threads={','.join(map(str, range(1, MOST_SUBSCRIPTIONS + 2)))}", "spaces='or'1", "threads=1;2",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused(query: str) -> None:
    assert answer_at_the_door(query) == 400


def test_coming_in_asks_the_database_three_times_at_most(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    key = key_of(cast)
    with override_settings(RATE_LIMITS=False), django_assert_num_queries(3):
        granted = admit(Asked(key, threads=(1, 2), spaces=(cast.open.pk, cast.secret.pk), feed=True))
    assert granted is not None
    assert set(granted.spaces) == {cast.open.pk, cast.closed.pk, cast.secret.pk, cast.guests.pk}


def test_other_addresses_and_methods_are_refused(switchboard: Switchboard, cast: Cast) -> None:
    assert switchboard.open(cast.anna, path="/live/other").status == 404
    assert switchboard.open(cast.anna, method="POST").status == 405


def test_the_oldest_page_of_a_member_makes_room(switchboard: Switchboard, cast: Cast) -> None:
    pages = [switchboard.open(cast.bo) for _ in range(MOST_FOR_ONE)]
    anna = switchboard.open(cast.anna)
    newest = switchboard.open(cast.bo)
    assert pages[0].ends()
    assert "retry: 300000" in pages[0].said.decode()
    assert not any(page.has_ended for page in (*pages[1:], newest, anna))
    assert len(switchboard.live.hub.by_member[cast.bo.pk]) == MOST_FOR_ONE


@pytest.mark.usefixtures("one_window")
def test_coming_back_too_often_is_refused(switchboard: Switchboard, cast: Cast) -> None:
    with override_settings(RATE_LIMITS=True):
        statuses = [switchboard.open(cast.bo, key=key_of(cast)).status for _ in range(62)]
    assert statuses[:60] == [200] * 60
    assert statuses[-1] == 429


def key_of(cast: Cast) -> str:
    return str(signed_in(cast.bo).cookies[settings.SESSION_COOKIE_NAME].value)


def test_a_page_that_leaves_is_forgotten_whole(switchboard: Switchboard, cast: Cast) -> None:
    page = switchboard.open(cast.bo, f"spaces={cast.open.pk}&feed=1")
    hub = switchboard.live.hub
    assert until(lambda: len(hub.connections) == 1)
    assert hub.by_space
    switchboard.soon(page.leave)
    assert until(lambda: not hub.connections)
    assert not (hub.by_member or hub.by_space or hub.by_thread)


def test_a_slow_reader_is_told_everything_at_once_later(switchboard: Switchboard, cast: Cast) -> None:
    page = switchboard.open(cast.bo)
    page.reads = False
    for _ in range(MOST_WAITING * 5):
        told(cast.bo.pk)
    switchboard.wait_for(nothing())
    (kept,) = switchboard.live.hub.connections
    assert len(kept.waiting) <= 1
    page.reads = True
    switchboard.soon(page._resumed.set)
    assert page.hears({"told": 1})
    switchboard.is_quiet()
    assert len(page.nudges) <= 3


async def nothing() -> None:
    return


class Transport:
    """Stands for uvicorn's: what it is told to abort is gone."""

    def __init__(self, page: OpenPage) -> None:
        self.page = page
        self.was_aborted = False

    def abort(self) -> None:
        self.was_aborted = True
        self.page.leave()


def test_a_reader_who_is_too_far_behind_is_cut_off(switchboard: Switchboard, cast: Cast) -> None:
    page, other = switchboard.open(cast.bo), switchboard.open(cast.anna)
    page.transport, page.reads = Transport(page), False
    (kept,) = switchboard.live.hub.by_member[cast.bo.pk]

    async def say_a_lot() -> None:
        for number in range(MOST_WAITING + 2):
            kept.say(b'data: {"thread":%d}\n\n' % number)

    switchboard.wait_for(say_a_lot())
    assert page.transport.was_aborted
    assert kept.waiting == {}
    assert until(lambda: kept not in switchboard.live.hub.connections)
    told(cast.anna.pk)
    assert other.hears({"told": 1})


def test_a_reader_who_takes_nothing_is_cut_off(
    switchboard: Switchboard, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "SLOWEST", 0.2)
    page = switchboard.open(cast.bo)
    page.transport, page.reads = Transport(page), False
    told(cast.bo.pk)
    assert until(lambda: page.transport.was_aborted)
    assert until(lambda: not switchboard.live.hub.connections)


def test_a_connection_costs_little() -> None:
    assert not hasattr(Connection(lambda message: None), "__dict__")


def test_signs_of_life_are_sent(
    switchboard: Switchboard, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = switchboard.open(cast.bo)
    monkeypatch.setattr(hub_module, "SILENCE", 0.0)
    assert until(lambda: b"\n: \n\n" in page.said, 3)


def test_when_the_server_stops_every_page_is_let_go_and_nobody_comes_in(
    switchboard: Switchboard, cast: Cast
) -> None:
    pages = [switchboard.open(cast.bo), switchboard.open(cast.anna)]
    switchboard.soon(switchboard.live.hub.end_all)
    assert all(page.ends() for page in pages)
    assert switchboard.open(cast.bo).status == 503
