"""Who gets into a room, and who is put out of it: the rule of the page's own form, for as long as the socket is open."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import OperationalError
from django.test import override_settings
from django.utils import timezone

from tests.cast import Cast, house
from tests.realtime.pages import Switchboard, until
from tests.realtime.together.sockets import Writer, key_of, stands, write_page
from torvet.entries import actions as entries
from torvet.people import actions as people
from torvet.people.models import Session
from torvet.realtime.together import room as room_module
from torvet.realtime.together import rooms as rooms_module
from torvet.realtime.together.entrance import admit
from torvet.spaces import actions as spaces
from torvet.spaces.models import Membership, Space

pytestmark = pytest.mark.django_db(transaction=True)

# Who may edit a page of Bo's in each space; written down by hand from the words of the rules.
MAY = {
    "open": {"administrator", "community_manager", "leader", "anna", "bo"},
    "closed": {"anna", "bo"},
    "secret": {"anna", "bo"},
    "guests": {"anna", "bo", "guest"},
}


def membership(space: Space, member: object) -> Membership:
    return Membership.objects.select_related("space", "member").get(space=space, member=member)


def test_who_may_edit_may_join_and_nobody_else(switchboard: Switchboard, cast: Cast) -> None:
    wrong = []
    for name, space in cast.spaces.items():
        page = write_page(cast.bo, space)
        for who, member in cast.people.items():
            key = key_of(member) if member.is_active else "0" * 32
            writer = Writer(switchboard).join(None, page.pk, key=key)
            expected = 101 if who in MAY[name] else 404 if member.is_active else 401
            if writer.status != expected:
                wrong.append((name, who, writer.status))
            if writer.status == 101:
                assert "Look up." in writer.html
                writer.leave()
            else:
                assert (writer.html, writer.told) == ("", [])
    assert not wrong


def test_a_page_that_is_not_there_and_one_that_is_not_for_them_answer_alike(
    switchboard: Switchboard, cast: Cast
) -> None:
    hidden = write_page(cast.bo, cast.secret)
    removed = write_page(cast.bo, cast.closed)
    entries.remove_entry(by=house(cast.bo), entry=removed.entry)
    for page in (hidden.pk, removed.pk, 987654321):
        assert Writer(switchboard).join(cast.outsider, page).status == 404
        assert Writer(switchboard).join(cast.outsider, page, answers=False).code == 1008
    assert Writer(switchboard).join(cast.bo, removed.pk).status == 404


@pytest.mark.parametrize(
    "path", ["/live/pages/", "/live/pages/x/", "/live/pages/-1/", "/live/pages/0/", "/live/pages/1", "/live/pages/1/2/", "/live/",
             "/live/pages/99999999999999999999/", "/live/pages/１/"],
)  # fmt: skip
def test_other_addresses_are_not_there(switchboard: Switchboard, cast: Cast, path: str) -> None:
    assert Writer(switchboard).join(cast.bo, path).status == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://127.0.0.1:8000"}, 101),
        ({"origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"}, 101),
        ({}, 403),
        ({"sec-fetch-site": "same-origin"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "http://127.0.0.1:8001"}, 403),
        ({"origin": "http://127.0.0.1:8000.evil.example"}, 403),
        ({"origin": "http://127.0.0.1:8000", "sec-fetch-site": "cross-site"}, 403),
        ({"origin": "http://evil.example", "host": "evil.example"}, 400),
    ],
)
def test_only_our_own_pages_open_sockets(
    switchboard: Switchboard, cast: Cast, headers: dict[str, str], status: int
) -> None:
    page = write_page(cast.anna, cast.closed)
    assert Writer(switchboard).join(cast.bo, page.pk, headers=headers).status == status


def test_without_a_session_nobody_joins(switchboard: Switchboard, cast: Cast) -> None:
    page = write_page(cast.anna, cast.open)
    for key in ("", "a" * 32, "../../etc/passwd\x00"):
        assert Writer(switchboard).join(None, page.pk, key=key).status == 401


@pytest.mark.usefixtures("one_window")
def test_coming_back_too_often_is_refused(switchboard: Switchboard, cast: Cast) -> None:
    page = write_page(cast.anna, cast.closed)
    key = key_of(cast.bo)
    with override_settings(RATE_LIMITS=True):
        statuses = []
        for _ in range(125):
            writer = Writer(switchboard).join(None, page.pk, key=key)
            statuses.append(writer.status)
            if writer.is_open:
                writer.leave()
    assert statuses[:60] == [101] * 60
    assert statuses[-1] == 429


def test_one_member_opens_so_many_rooms_and_no_more(switchboard: Switchboard, cast: Cast) -> None:
    page = write_page(cast.anna, cast.closed)
    statuses = [
        Writer(switchboard).join(cast.bo, page.pk).status for _ in range(rooms_module.MOST_FOR_ONE + 1)
    ]
    assert statuses == [101] * rooms_module.MOST_FOR_ONE + [429]
    assert Writer(switchboard).join(cast.anna, page.pk).status == 101


# --- Losing the right ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "what", ["removed", "deactivated", "signed out", "page removed", "made a guest's", "archived"]
)
@pytest.mark.parametrize("is_deaf", [False, True], ids=["told", "not told"])
def test_whoever_loses_the_right_is_cut_off_within_two_seconds_and_nothing_more_is_kept(
    switchboard: Switchboard, cast: Cast, what: str, is_deaf: bool
) -> None:
    space = cast.open if what == "made a guest's" else cast.closed
    page = write_page(cast.anna, space)
    bo, anna = Writer(switchboard).join(cast.bo, page.pk), Writer(switchboard).join(cast.anna, page.pk)
    if is_deaf:
        for end in switchboard.live.ends:
            switchboard.soon(end)
        switchboard.live.ends.clear()
    bo.type_words(" Typed in time.", block=1)
    assert anna.reads("Typed in time.")
    time.sleep(0.3)
    if what == "removed":
        spaces.remove_member(by=house(cast.anna), membership=membership(space, cast.bo))
    elif what == "deactivated":
        people.deactivate(by=house(cast.administrator), member=cast.bo)
    elif what == "signed out":
        Session.objects.filter(member=cast.bo).delete()
    elif what == "page removed":
        entries.remove_entry(by=house(cast.anna), entry=page.entry)
    elif what == "made a guest's":
        # In this order: a guest who is still a member keeps the right, and rows deleted by hand tell nobody.
        Membership.objects.filter(space=space, member=cast.bo).delete()
        people.change_role(by=house(cast.administrator), member=cast.bo, role="guest")
    else:
        Space.objects.filter(pk=space.pk).update(archived_at=timezone.now())
    assert bo.ends(within=2)
    assert bo.code == (4401 if what in {"deactivated", "signed out"} else 4404)
    bo.is_open = True  # a browser that goes on all the same
    bo.type_words(" Typed too late.", block=1)
    time.sleep(0.5)
    assert not any("too late" in one.html for one in (anna,))
    rooms = switchboard.live.rooms.rooms
    assert until(lambda: page.pk not in rooms or not rooms[page.pk].is_dirty, 5)
    assert "too late" not in stands(page)[1]
    if what not in {"page removed", "archived"}:
        assert anna.is_open
        anna.type_words(" Anna goes on.", block=1)
        assert until(lambda: "Anna goes on." in stands(page)[1], 6)
        assert "too late" not in stands(page)[1]


def test_what_is_sent_between_the_loss_and_the_cut_is_not_taken(
    switchboard: Switchboard, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First silence, then the question: while the answer is awaited nothing of theirs reaches the document."""
    page = write_page(cast.anna, cast.closed)
    bo, anna = Writer(switchboard).join(cast.bo, page.pk), Writer(switchboard).join(cast.anna, page.pk)
    may_answer = threading.Event()

    def slow(asked, *, is_new=True):
        assert may_answer.wait(10)
        return admit(asked, is_new=is_new)

    monkeypatch.setattr(rooms_module, "admit", slow)
    spaces.remove_member(by=house(cast.anna), membership=membership(cast.closed, cast.bo))
    room = switchboard.live.rooms.rooms[page.pk]
    assert until(lambda: any(one.is_silent for one in room.visitors.values() if one.member == cast.bo.pk))
    bo.type_words(" In between.", block=1)
    time.sleep(0.3)
    may_answer.set()
    assert bo.ends(within=2)
    assert "In between." not in anna.html
    assert anna.is_open


def test_what_somebody_typed_whose_right_is_only_asked_anew_is_not_lost(
    switchboard: Switchboard, cast: Cast
) -> None:
    page = write_page(cast.anna, cast.closed)
    bo, anna = Writer(switchboard).join(cast.bo, page.pk), Writer(switchboard).join(cast.anna, page.pk)
    spaces.open_space(by=house(cast.bo), name="Another", purpose="x", audience="x", responsible=cast.bo)
    for letter in " still here":
        bo.type_words(letter, block=1)
    assert anna.reads("Look up. still here")
    assert bo.is_open


def test_what_nobody_may_save_any_more_is_not_kept(
    switchboard: Switchboard, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room_module, "SAVED_AFTER", 60.0)
    page = write_page(cast.anna, cast.closed)
    bo = Writer(switchboard).join(cast.bo, page.pk)
    bo.type_words(" Alone and too late.", block=1)
    assert until(lambda: any(room.is_dirty for room in switchboard.live.rooms.rooms.values()))
    spaces.remove_member(by=house(cast.anna), membership=membership(cast.closed, cast.bo))
    assert bo.ends(within=2)
    assert until(lambda: page.pk not in switchboard.live.rooms.rooms, 5)
    assert "too late" not in stands(page)[1]
    assert "too late" not in Writer(switchboard).join(cast.anna, page.pk).html


def test_rights_are_asked_for_again_after_a_minute_whatever_happened(
    switchboard: Switchboard, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = write_page(cast.anna, cast.closed)
    bo = Writer(switchboard).join(cast.bo, page.pk)
    # As after a change by hand in the database: no epoch moves, no nudge is sent.
    Membership.objects.filter(space=cast.closed, member=cast.bo).delete()
    assert not bo.ends(within=1.5)
    monkeypatch.setattr(rooms_module, "FRESH_FOR", 0.5)
    assert bo.ends(within=3)
    assert bo.code == 4404


def test_when_rights_cannot_be_asked_for_nothing_is_taken_in(
    switchboard: Switchboard, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = write_page(cast.anna, cast.closed)
    bo, anna = Writer(switchboard).join(cast.bo, page.pk), Writer(switchboard).join(cast.anna, page.pk)
    is_away = threading.Event()
    is_away.set()

    def away(asked, *, is_new=True):
        if is_away.is_set():
            raise OperationalError("gone")
        return admit(asked, is_new=is_new)

    monkeypatch.setattr(rooms_module, "admit", away)
    spaces.change_involvement(by=house(cast.bo), space=cast.closed, involvement="mentions")
    assert until(lambda: any(one.is_silent for one in switchboard.live.rooms.visitors()))
    bo.type_words(" held", block=1)
    assert not anna.reads("held", within=0.5)
    is_away.clear()
    assert anna.reads("held", within=3)
