"""Lists: to the end without a thing twice, and with a number of statements that does not grow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.api.asking import Program, answer, write
from tests.cast import Cast, house, newcomer
from torvet.entries import actions
from torvet.entries.models import Entry
from torvet.people.models import Unit
from torvet.spaces import actions as spaces

# Statements for one page, session and token included, whatever its size.
BUDGETS = {
    "/feed": 11, "/feed?order=active": 11, "/feed?view=company": 10, "/bookmarks": 10, "/topics/cranes/entries": 11,
    "/spaces": 5, "/members": 5, "/units": 3, "/topics": 4, "/spaces/{open}/entries": 10,
    "/spaces/{open}/memberships": 5, "/entries/{entry}/comments": 11, "/members/{anna}/entries": 11,
}  # fmt: skip


def fill(cast: Cast, entry: Entry, times: int) -> None:
    """More of everything, each with all that hangs on an entry."""
    for number in range(times):
        unit = Unit.objects.create(name=f"Unit {number} of {times}", leader=cast.anna)
        who = newcomer(f"Person {number}", unit=unit, manager=cast.leader)
        spaces.join(by=house(who), space=cast.open)
        space = spaces.open_space(
            by=house(who), name=f"Space {number}", purpose="Talk", audience="Us", responsible=who
        )
        for where in (space, cast.open):
            made = write(
                cast.anna, where, f"@{who.handle} @{cast.bo.handle} #cranes #t{number}x{times} and more"
            )
            actions.react(by=house(cast.bo), entry=made, emoji="👍")
            actions.bookmark(by=house(cast.bo), entry=made)
        spaces.join(by=house(cast.bo), space=space)
        answer(who, entry, f"Answer by @{cast.bo.handle}")


@pytest.mark.parametrize(("pattern", "budget"), BUDGETS.items())
def test_a_list_costs_the_same_whatever_it_shows(cast: Cast, pattern: str, budget: int) -> None:
    entry = write(cast.anna, cast.open, "The first, about #cranes")
    path = pattern.format(open=cast.open.pk, entry=entry.pk, anna=cast.anna.pk)
    fill(cast, entry, 2)
    program = Program(cast.bo)
    program.get(
        path
    )  # the first call of a day notes that the token is used, and fills what the process keeps
    with CaptureQueriesContext(connection) as few:
        first = len(program.found(path)["items"])
    fill(cast, entry, 5)
    with CaptureQueriesContext(connection) as many:
        second = len(program.found(path)["items"])
    assert 1 <= first < second, "the second page must show more, or the count proves nothing"
    assert len(few) == len(many)
    assert len(many) <= budget, [statement["sql"][:120] for statement in many]


@pytest.mark.parametrize("pattern", BUDGETS)
def test_a_list_ends_and_shows_nothing_twice(cast: Cast, pattern: str) -> None:
    entry = write(cast.anna, cast.open, "The first, about #cranes")
    path = pattern.format(open=cast.open.pk, entry=entry.pk, anna=cast.anna.pk)
    fill(cast, entry, 3)
    program = Program(cast.bo)
    whole = program.every(path, limit=100)
    assert len(whole) >= 3
    for limit in (1, 2):
        assert program.every(path, limit=limit) == whole
    marks = [thing.get("id") or thing.get("name") or thing["member"]["id"] for thing in whole]
    assert len(set(marks)) == len(marks)


def test_a_page_that_ends_exactly_says_that_nothing_follows(cast: Cast) -> None:
    for number in range(4):
        write(cast.anna, cast.open, f"Number {number}")
    program = Program(cast.bo)
    assert program.found("/feed?limit=4")["next"] is None
    assert program.found("/feed?limit=3")["next"] is not None


def test_things_of_the_same_moment_are_told_apart_by_their_number(cast: Cast) -> None:
    ids = [write(cast.anna, cast.open, f"Number {number}").pk for number in range(5)]
    moment = timezone.now() - timedelta(hours=1)
    Entry.objects.update(published_at=moment, active_at=moment)
    program = Program(cast.bo)
    for path in ("/feed", "/feed?order=active", f"/spaces/{cast.open.pk}/entries"):
        assert [entry["id"] for entry in program.every(path, limit=2)] == ids[::-1]


def test_what_comes_in_while_somebody_pages_shifts_nothing(cast: Cast) -> None:
    ids = [write(cast.anna, cast.open, f"Number {number}").pk for number in range(4)]
    program = Program(cast.bo)
    first = program.found("/feed?limit=2")
    write(cast.anna, cast.open, "Meanwhile")
    second = program.found(f"/feed?limit=2&after={first['next']}")
    assert [entry["id"] for page in (first, second) for entry in page["items"]] == ids[::-1]


def test_lists_can_be_searched_by_the_words_of_a_name(cast: Cast) -> None:
    program = Program(cast.bo)
    assert [member["name"] for member in program.every("/members?q=anna")] == ["Anna Åberg"]
    assert [space["name"] for space in program.every("/spaces?q=heron")] == ["Project Heron"]
    assert [space["name"] for space in program.every("/spaces?q=preparing")] == ["Board room"]
    assert Program(cast.outsider).every("/spaces?q=heron") == []
    write(cast.bo, cast.open, "#Crane #cranes #boat")
    assert [topic["name"] for topic in program.every("/topics?q=Cra")] == ["crane", "cranes"]
    assert {space["name"] for space in Program(cast.anna).every("/spaces?joined=true")} == {
        space.name for space in cast.spaces.values()
    }
    assert Program(cast.outsider).every("/spaces?joined=true") == []


def test_archived_spaces_are_listed_apart(cast: Cast) -> None:
    spaces.archive_space(by=house(cast.anna), space=cast.closed)
    program = Program(cast.bo)
    assert "Board room" not in {space["name"] for space in program.every("/spaces")}
    assert [space["name"] for space in program.every("/spaces?archived=true")] == ["Board room"]
