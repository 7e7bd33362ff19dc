"""One of everything, in every kind of space and every state, each text carrying a canary of its own.

A canary is a lower-case word that occurs nowhere else, so whatever carries it outside leaks its object. It survives
stemming, slugs, URL-encoding and JSON. `secrets` says, for each, which object it stands in and who may see it; that
second part is written down here by hand, from the words of SECURITY.md, and asks none of the product's own rules.
"""

from __future__ import annotations

from tests.cast import Cast, newcomer
from tests.safety.world import (
    blogs,
    entries,
    experts,
    forum,
    ideas,
    notices,
    people,
    spaces,
    wiki,
)
from tests.safety.world.canaries import World
from tests.safety.world.ids import ids
from tests.safety.world.who import COLLEAGUES, INSIDE, RUNS
from torvet.activity import outbox
from torvet.people.models import Role
from torvet.spaces.models import Space

__all__ = ["COLLEAGUES", "INSIDE", "RUNS", "World", "ids", "make_world"]


def make_world(cast: Cast) -> World:
    """Fill the town. About a second."""
    archived = spaces.an_old_project(cast)
    asking, invited, erring = (
        newcomer("Asta Spørger"),
        newcomer("Ivan Indbudt"),
        newcomer("Gunnar Gæst", Role.GUEST),
    )
    everybody = {**cast.people, "asking": asking, "invited": invited, "guest_elsewhere": erring}
    world = World(cast, {**cast.spaces, "archived": archived}, everybody)
    spaces.elsewhere(world, erring)
    for name, space in world.spaces.items():
        _fill(world, name, space)
    wiki.a_page_for_fewer(world)
    spaces.who_waits(world, asking, invited)
    people.tokens(world)
    spaces.archive(world, archived)
    people.what_they_say_of_themselves(world)
    people.one_who_leaves(world)
    people.one_who_is_away(world)
    while outbox.drain():
        pass
    return world


def _fill(world: World, name: str, space: Space) -> None:
    spaces.say_what_it_is(world, name, space)
    post = entries.a_post(world, name, space)
    notices.a_late_must_read(world, name, post)
    page = wiki.a_page(world, name, space)
    notices.a_must_read(world, name, page)
    wiki.a_page_below(world, name, page)
    wiki.a_page_with_approval(world, name, page)
    blogs.a_blog(world, name, space)
    blogs.an_outcome(world, name, space)
    ideas.a_room_of_ideas(world, name, space)
    forum.a_forum(world, name, space)
    forum.questions(world, name, space)
    experts.put_to_somebody(world, name, space, page)
    entries.what_is_gone(world, name, post)
