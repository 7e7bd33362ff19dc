"""Idea rooms in the world."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from tests.cast import house
from tests.safety.world.canaries import World
from tests.safety.world.who import INSIDE, RUNS
from torvet.entries import actions
from torvet.ideas import actions as ideas
from torvet.ideas.models import Idea
from torvet.spaces.models import Space


def a_room_of_ideas(world: World, name: str, space: Space) -> None:
    """A room with an idea that was captured from a secret post, supported, declined with a reason, and one merged."""
    inside = INSIDE[name]
    cast = world.cast
    anna, bo, runs = house(cast.anna), house(cast.bo), house(cast.people[RUNS[name]])
    asked = world.canary(inside)
    room = ideas.open_room(
        by=runs, space=space, question=f"Why {asked}?", about=world.canary(inside), decider=cast.anna
    )
    world.shown_at[asked] = room.url
    led = actions.publish_post(
        by=bo, space=world.spaces["secret"], title=f"Led {world.canary(INSIDE['secret'])}", body="So"
    )
    word = world.canary(inside)
    idea = ideas.propose_idea(
        by=bo,
        room=room,
        title=f"Idea {word}",
        body=f"Words {world.canary(inside)}",
        source=led,
        may_be_wider=True,
    )
    world.shown_at[word] = idea.url
    ideas.say_why(by=anna, idea=idea, body=f"Because {world.canary(inside, idea.url)}")
    ideas.give_input(by=bo, idea=idea, sort="fact", body=f"Known {world.canary(inside, f'{idea.url}input/')}")
    same = ideas.propose_idea(by=bo, room=room, title=f"Same {world.canary(inside, idea.url)}", body="x")
    ideas.merge_ideas(by=runs, idea=same, into=idea)
    ideas.propose_idea(by=anna, room=room, title=f"Waits {world.canary(inside, room.url)}", body="x")
    Idea.objects.filter(room=room).update(decide_by=timezone.localdate() - timedelta(days=1))
    ideas.move_idea(
        by=anna, idea=Idea.objects.select_related("entry__space").get(pk=idea.pk), stage="declined",
        reason=f"Not now {world.canary(inside, idea.url)}",
    )  # fmt: skip
