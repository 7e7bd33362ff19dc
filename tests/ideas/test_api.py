"""Idea rooms over the API."""

from __future__ import annotations

import pytest

from tests.api.asking import Program, says
from tests.cast import Cast, house
from tests.ideas.rooms import QUESTION, idea_in, room_in
from torvet.entries.models import Entry
from torvet.ideas import actions

pytestmark = pytest.mark.django_db


def test_rooms_and_ideas_are_what_one_may_read(cast: Cast) -> None:
    room, closed = room_in(cast), room_in(cast, cast.closed)
    idea, hidden = idea_in(room, cast.bo), idea_in(closed, cast.bo, "Hidden")
    outsider = Program(cast.outsider)
    found = outsider.found("/idea-rooms")["items"]
    assert [(one["id"], one["question"], one["ideas"], one["undecided"]) for one in found] == [
        (room.pk, QUESTION, 1, 1)
    ]
    assert outsider.found(f"/ideas/{idea.pk}")["entry"]["title"] == "Answer within a day"
    for path in (
        f"/idea-rooms/{closed.pk}",
        f"/idea-rooms/{closed.pk}/ideas",
        f"/ideas/{hidden.pk}",
        "/ideas/999999",
    ):
        says(outsider.ask("GET", path), 404)
    assert len(Program(cast.bo).found("/idea-rooms")["items"]) == 2


def test_an_idea_is_proposed_supported_and_decided(cast: Cast) -> None:
    room = room_in(cast)
    made = Program(cast.bo).post(
        f"/idea-rooms/{room.pk}/ideas", {"title": "By program", "concern": "service"}
    )
    assert made.status_code == 201
    pk = made.json()["id"]
    assert (
        made.headers["Location"].endswith(f"/api/v1/ideas/{pk}")
        and made.json()["decider"]["id"] == cast.leader.pk
    )
    anna, leif = Program(cast.anna), Program(cast.leader)
    assert anna.ask("PUT", f"/ideas/{pk}/vote").json()["votes"] == 1
    assert anna.ask("PUT", f"/ideas/{pk}/vote").json()["is_supported"] is True
    said = anna.post(f"/ideas/{pk}/support", {"body": "I wait too"})
    assert said.status_code == 201 and said.json()["kind"] == "support"
    given = anna.post(f"/ideas/{pk}/input", {"body": "Four days", "sort": "fact"})
    assert given.status_code == 201 and given.json()["sort"] == "fact"
    assert [one["id"] for one in leif.found(f"/ideas/{pk}/support")["items"]] == [said.json()["id"]]
    assert [one["sort"] for one in leif.found(f"/ideas/{pk}/input")["items"]] == ["fact"]
    assert anna.ask("DELETE", f"/ideas/{pk}/vote").status_code == 204
    assert Entry.objects.get(pk=pk).votes == 0
    says(Program(cast.outsider).post(f"/ideas/{pk}/stage", {"stage": "chosen"}), 403)
    assert "reason" in str(says(leif.post(f"/ideas/{pk}/stage", {"stage": "declined"}), 422)).lower()
    said = {"stage": "declined", "reason": "Too dear", "seen": "heard"}
    moved = leif.post(f"/ideas/{pk}/stage", said).json()
    assert (moved["stage"], moved["reason"]) == ("declined", "Too dear")
    says(anna.ask("PUT", f"/ideas/{pk}/vote"), 422)
    assert "voter" not in str(moved) and "Anna" not in str(moved)


def test_a_list_of_ideas_filters_and_costs_the_same(
    cast: Cast, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    room = room_in(cast)
    for number in range(8):
        idea = idea_in(room, cast.bo, f"Idea {number}")
    actions.move_idea(by=house(cast.leader), idea=idea, stage="chosen", reason="Yes")
    program = Program(cast.anna)
    shown = program.found(f"/idea-rooms/{room.pk}/ideas?stage=chosen")["items"]
    assert [(one["id"], one["reason"]) for one in shown] == [(idea.pk, "Yes")]
    with django_assert_max_num_queries(24):
        assert len(program.found(f"/idea-rooms/{room.pk}/ideas?order=newest&limit=100")["items"]) == 8
    says(program.ask("GET", f"/idea-rooms/{room.pk}/ideas?stage=moon"), 422)
