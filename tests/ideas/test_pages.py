"""The pages of idea rooms."""

from __future__ import annotations

import pytest

from tests.cast import Cast, house, signed_in
from tests.ideas.rooms import idea_in, room_in
from torvet.ideas import actions

pytestmark = pytest.mark.django_db


def test_every_page_of_ideas_draws(cast: Cast) -> None:
    room = room_in(cast)
    idea, other = idea_in(room, cast.bo), idea_in(room, cast.anna, "Answer by phone")
    actions.say_why(by=house(cast.anna), idea=idea, body="I wait too.")
    actions.give_input(by=house(cast.anna), idea=idea, sort="fact", body="Four days on average.")
    actions.move_idea(by=house(cast.leader), idea=other, stage="declined", reason="Nobody calls.")
    browser = signed_in(cast.leader)
    for address in (
        "/ideas/", "/ideas/overdue/", "/ideas/overdue/?mine=1", "/ideas/rooms/new/", "/ideas/rooms/new/?template=customer",
        "/ideas/new/", f"/ideas/new/?room={room.pk}", f"/ideas/new/?from={idea.pk}",
        f"/ideas/readers/?room={room.pk}", idea.url, other.url, f"{idea.url}support/", f"{idea.url}input/",
        f"{idea.url}stage/", f"{idea.url}decider/", f"{idea.url}merge/", f"{idea.url}merge/?q=phone", room.url,
        f"{room.url}?view=list", f"{room.url}?view=list&order=soonest&show=supported", f"{room.url}?show=overdue",
        f"{room.url}settings/", room.space.url, f"/e/{idea.pk}/menu/",
    ):  # fmt: skip
        assert browser.get(address).status_code == 200, address
    answer = browser.get(f"{room.url}export.csv")
    table = b"".join(answer.streaming_content).decode()
    assert "Answer within a day" in table and "Nobody calls." in table
