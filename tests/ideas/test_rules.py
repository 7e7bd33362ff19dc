"""Who may do what in idea rooms, as tables over the cast; and where an idea may go."""

from __future__ import annotations

import pytest

from tests.cast import Cast, viewer_of
from tests.ideas.rooms import idea_in, room_in
from torvet.ideas import rules
from torvet.ideas.models import Stage
from torvet.ideas.rules import MOVES
from torvet.people.models import Member
from torvet.people.viewer import Via, Viewer
from torvet.spaces.models import Membership, Space
from torvet.spaces.queries import membership_of

pytestmark = pytest.mark.django_db

# Leif runs the open space and decides, Anna moderates it; Bo proposes there. In the closed one Anna runs and decides.
OPEN = {
    "open_room": {"leader", "anna"},
    "propose": {"leader", "anna", "bo", "outsider", "administrator", "community_manager", "removed"},
    "support": {"leader", "anna", "outsider", "administrator", "community_manager", "removed"},
    "give_input": {"leader", "anna", "bo", "outsider", "administrator", "community_manager", "removed"},
    "decide": {"leader", "anna"},
}
CLOSED = {
    "open_room": {"anna"},
    "propose": {"anna", "bo"},
    "support": {"anna"},
    "give_input": {"anna", "bo"},
    "decide": {"anna"},
}


@pytest.mark.parametrize(("where", "expected"), [("open", OPEN), ("closed", CLOSED)])
def test_who_may_do_what(cast: Cast, where: str, expected: dict[str, set[str]]) -> None:
    room = room_in(cast, cast.spaces[where])
    idea = idea_in(room, cast.bo)
    found: dict[str, set[str]] = {name: set() for name in expected}
    for name, member in cast.people.items():
        viewer = viewer_of(member)
        own = membership_of(viewer, room.space)
        may = {
            "open_room": rules.can_open_room(viewer, room.space, own),
            "propose": rules.can_propose(viewer, room, own),
            "support": rules.can_support(viewer, idea, own),
            "give_input": rules.can_give_input(viewer, idea, own),
            "decide": rules.can_decide(viewer, idea, own),
        }
        for what, allowed in may.items():
            if allowed:
                found[what].add(name)
    assert found == expected


def test_whoever_is_named_decides_and_a_guest_never(cast: Cast) -> None:
    idea = idea_in(room_in(cast, cast.guests, by=cast.anna), cast.anna)
    idea.decider = cast.bo
    bo, guest = viewer_of(cast.bo), viewer_of(cast.guest)
    assert rules.can_decide(bo, idea, membership_of(bo, cast.guests))
    idea.decider = cast.guest
    assert not rules.can_decide(guest, idea, membership_of(guest, cast.guests))
    assert not rules.can_be_decider(cast.guest, cast.guests, membership_of(guest, cast.guests))
    assert rules.can_be_decider(cast.bo, cast.guests, membership_of(bo, cast.guests))
    assert not rules.can_be_decider(cast.outsider, cast.guests, None)
    assert rules.can_be_decider(cast.outsider, cast.open, None)
    assert not rules.can_be_decider(cast.deactivated, cast.open, None)


def test_a_token_opens_no_room_and_keeps_none(cast: Cast) -> None:
    room = room_in(cast)
    token = Viewer(cast.leader, Via.TOKEN)
    own = Membership.objects.get(member=cast.leader, space=cast.open)
    assert not rules.can_open_room(token, cast.open, own)
    assert not rules.can_keep_room(token, room, own)
    assert rules.can_keep_room(viewer_of(cast.leader), room, own)


def test_who_may_merge(cast: Cast) -> None:
    room = room_in(cast)
    mine, other, third = (
        idea_in(room, cast.bo),
        idea_in(room, cast.bo, "Two"),
        idea_in(room, cast.outsider, "Three"),
    )

    def may(member: Member, *pair: object) -> bool:
        viewer = viewer_of(member)
        own = membership_of(viewer, cast.open)
        return rules.can_merge(viewer, pair[0], pair[1], own, own)

    assert may(cast.bo, mine, other)  # both are his
    assert not may(cast.bo, mine, third)
    assert not may(cast.outsider, mine, third)
    assert may(cast.leader, mine, third) and may(cast.anna, third, mine)


@pytest.mark.parametrize(
    ("source", "room", "wider"),
    [
        ("open", "open", False), ("open", "closed", False), ("open", "secret", False), ("open", "guests", True),
        ("closed", "closed", False), ("closed", "open", True), ("secret", "closed", True), ("guests", "guests", False),
        ("guests", "open", True),
    ],
)  # fmt: skip
def test_where_words_would_come_to_more_people(cast: Cast, source: str, room: str, wider: bool) -> None:
    assert rules.is_wider(cast.spaces[source], cast.spaces[room]) is wider


def test_the_same_people_read_two_spaces_only_when_they_are_one_or_both_open(cast: Cast) -> None:
    assert rules.has_like_readers(cast.closed, cast.closed)
    assert not rules.has_like_readers(cast.open, cast.closed)
    assert not rules.has_like_readers(cast.closed, cast.secret)
    assert rules.has_like_readers(cast.open, Space(pk=0, access="open"))
    assert not rules.has_like_readers(cast.open, Space(pk=0, access="open", has_guests=True))


def test_every_stage_leads_somewhere_and_nothing_skips_being_decided() -> None:
    assert set(MOVES) == set(Stage)
    assert all(after and stage not in after for stage, after in MOVES.items())
    assert not {Stage.TRIED, Stage.DONE} & {*MOVES[Stage.HEARD], *MOVES[Stage.LOOKED_AT]}
    assert Stage.DONE in MOVES[Stage.CHOSEN] and Stage.DECLINED in MOVES[Stage.TRIED]
    assert all(Stage.HEARD not in after for after in MOVES.values())  # what was heard cannot be unheard
