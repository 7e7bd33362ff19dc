"""What one may do in a space: a table for each of the four, and the rules held against the sets."""

from __future__ import annotations

import pytest

from tests.cast import Cast, viewer_of
from torvet.people.models import Member
from torvet.people.viewer import READ, Via, Viewer
from torvet.spaces import queries, rules
from torvet.spaces.models import Membership, Space

COLLEAGUES = {"administrator", "community_manager", "leader", "anna", "bo", "outsider", "removed"}
NOBODY_MAY: set[str] = set()

# Ability -> who has it; whoever is not named has not. visitors and closed accounts never have any.
TABLES = {
    "open": {
        "read": COLLEAGUES,
        "write": COLLEAGUES,
        "join": {"outsider", "removed"},
        "ask": NOBODY_MAY,
        "leave": {"administrator", "community_manager", "leader", "anna", "bo"},
        "run": {"leader", "anna"},
        "own": {"leader"},
        "change": {"leader", "administrator", "community_manager"},
        "invite": {"administrator", "community_manager", "leader", "anna", "bo"},
        "invite_guest": NOBODY_MAY,
        "make_default": {"administrator", "community_manager"},
    },
    "closed": {
        "read": {"anna", "bo"},
        "write": {"anna", "bo"},
        "join": NOBODY_MAY,
        "ask": {"administrator", "community_manager", "leader", "outsider", "removed"},
        "leave": {"anna", "bo"},
        "run": {"anna"},
        "own": {"anna"},
        "change": {"anna"},
        "invite": {"anna"},
        "invite_guest": NOBODY_MAY,
        "make_default": NOBODY_MAY,
    },
    "secret": {
        "read": {"anna", "bo"},
        "write": {"anna", "bo"},
        "join": NOBODY_MAY,
        "ask": NOBODY_MAY,
        "leave": {"anna", "bo"},
        "run": {"bo"},
        "own": {"bo"},
        "change": {"bo"},
        "invite": {"bo"},
        "invite_guest": NOBODY_MAY,
        "make_default": NOBODY_MAY,
    },
    "guests": {
        "read": {"anna", "bo", "guest"},
        "write": {"anna", "bo", "guest"},
        "join": NOBODY_MAY,
        "ask": {"administrator", "community_manager", "leader", "outsider", "removed"},
        "leave": {"anna", "bo", "guest"},
        "run": {"anna"},
        "own": {"anna"},
        "change": {"anna"},
        "invite": {"anna"},
        "invite_guest": {"anna"},
        "make_default": NOBODY_MAY,
    },
}
FINDS = {
    "open": COLLEAGUES,
    "closed": COLLEAGUES,
    "secret": {"anna", "bo"},
    "guests": COLLEAGUES | {"guest"},
}


def viewers(cast: Cast) -> dict[str, Viewer]:
    return {"visitor": viewer_of(None)} | {name: viewer_of(member) for name, member in cast.people.items()}


def abilities(cast: Cast, space: Space) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, viewer in viewers(cast).items():
        may = rules.abilities(viewer, space, queries.membership_of(viewer, space))
        for ability, is_given in may.items():
            found.setdefault(ability, set()).update({name} if is_given else set())
    return found


@pytest.mark.parametrize("name", TABLES)
def test_everybody_may_in_a_space_what_its_table_says(cast: Cast, name: str) -> None:
    assert abilities(cast, cast.spaces[name]) == TABLES[name]


@pytest.mark.parametrize("name", TABLES)
def test_who_may_read_is_the_same_as_a_rule_and_as_a_set(cast: Cast, name: str) -> None:
    space = cast.spaces[name]
    for who, viewer in viewers(cast).items():
        in_set = Space.objects.readable_by(viewer).filter(pk=space.pk).exists()
        assert in_set == (who in TABLES[name]["read"]), who


@pytest.mark.parametrize("name", FINDS)
def test_who_finds_a_space(cast: Cast, name: str) -> None:
    space = cast.spaces[name]
    found = {who for who, viewer in viewers(cast).items() if queries.get_visible(viewer, space.pk)}
    assert found == FINDS[name]


def test_nobody_writes_or_comes_in_once_a_space_is_archived(cast: Cast) -> None:
    for space in cast.spaces.values():
        space.archived_at = space.opened_at
        left = abilities(cast, space)
        for ability in ("write", "join", "ask", "invite", "invite_guest"):
            assert left[ability] == NOBODY_MAY, (space.name, ability)


def test_a_reading_token_only_reads(cast: Cast) -> None:
    viewer = Viewer(Member.objects.get(pk=cast.anna.pk), Via.TOKEN, frozenset({READ}))
    for space in cast.spaces.values():
        may = rules.abilities(viewer, space, queries.membership_of(viewer, space))
        assert {ability for ability, is_given in may.items() if is_given} <= {"read"}


def test_the_membership_of_somebody_else_opens_nothing(cast: Cast) -> None:
    annas = Membership.objects.get(space=cast.closed, member=cast.anna)
    may = rules.abilities(viewer_of(cast.outsider), cast.closed, annas)
    assert not may["read"] and not may["run"] and not may["own"] and not may["invite"]


@pytest.mark.parametrize(
    ("by", "other", "is_allowed"),
    [
        ("leader", "anna", True), ("leader", "bo", True), ("anna", "bo", True), ("anna", "leader", False),
        ("bo", "anna", False), ("bo", "bo", False), ("leader", "leader", False), ("administrator", "bo", False),
    ],
)  # fmt: skip
def test_moderators_remove_members_and_only_owners_remove_owners(
    cast: Cast, by: str, other: str, is_allowed: bool
) -> None:
    viewer = viewer_of(cast.people[by])
    row = Membership.objects.get(space=cast.open, member=cast.people[other])
    assert (
        rules.can_remove_member(viewer, cast.open, queries.membership_of(viewer, cast.open), row)
        is is_allowed
    )


def test_owners_give_standing_in_their_own_space_only(cast: Cast) -> None:
    anna = viewer_of(cast.anna)
    own = queries.membership_of(anna, cast.closed)
    assert rules.can_change_standing(
        anna, cast.closed, own, Membership.objects.get(space=cast.closed, member=cast.bo)
    )
    elsewhere = Membership.objects.get(space=cast.open, member=cast.bo)
    assert not rules.can_change_standing(anna, cast.closed, own, elsewhere)


def test_who_is_in_a_space_is_known_to_those_who_read_it(cast: Cast) -> None:
    for who, viewer in viewers(cast).items():
        shown = set(Membership.objects.visible_to(viewer).values_list("space_id", flat=True))
        assert shown == {space.pk for name, space in cast.spaces.items() if who in TABLES[name]["read"]}, who
