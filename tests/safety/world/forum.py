"""Fora and questions in the world."""

from __future__ import annotations

from tests.cast import house
from tests.safety.world.canaries import World
from tests.safety.world.who import INSIDE
from torvet.entries import actions
from torvet.forum import actions as fora
from torvet.forum.keys import new_key
from torvet.forum.models import Forum
from torvet.spaces.models import Space


def a_forum(world: World, name: str, space: Space) -> None:
    """A forum with a part; a discussion from which one was split and into which another was merged."""
    inside = INSIDE[name]
    anna, bo = house(world.cast.anna), house(world.cast.bo)
    runs = bo if name == "secret" else anna
    forum, address = fora.open_forum(by=runs, space=space), f"/spaces/{space.pk}/forum/"
    part = fora.add_sub_forum(
        by=runs,
        forum=forum,
        name=f"Part {world.canary(inside, address)}",
        about=world.canary(inside, address),
    )
    said = world.canary(inside, address)
    begun = fora.start_discussion(
        by=bo, space=space, title=f"Talk {said}", body=f"Words {world.canary(inside)} #{world.canary(inside)}",
        sub_forum=part,
    )  # fmt: skip
    aside = actions.add_comment(by=anna, on=begun.entry, body=f"Aside {world.canary(inside)}")
    split = world.canary(inside, begun.entry.url)
    fora.split_off(by=runs, thread=begun.entry, replies=[aside.pk], title=f"Apart {split}")
    merged = world.canary(inside, begun.entry.url)
    other = fora.start_discussion(by=anna, space=space, title=f"Twice {merged}", body="x")
    fora.merge_into(by=runs, source=other.entry, into=begun.entry)
    begun.entry.refresh_from_db()
    fora.mark_solved(by=bo, thread=begun)
    actions.close_comments(by=bo, entry=begun.entry, why=f"So {world.canary(inside, begun.entry.url)}")


def questions(world: World, name: str, space: Space) -> None:
    """A question of Bo's with answers and comments, accepted and confirmed; another that repeats it; and in the open
    space one without a name, which nobody sees before its hour."""
    inside = INSIDE[name]
    anna, bo = house(world.cast.anna), house(world.cast.bo)
    word = world.canary(inside)
    asked = fora.ask_question(
        by=bo,
        space=space,
        title=f"Question {word}",
        body=f"Words {world.canary(inside)}",
        topics=world.canary(inside),
    )
    world.shown_at[word] = asked.entry.url
    at = asked.entry.url
    given = fora.give_answer(by=anna, question=asked, body=f"Answer {world.canary(inside, at)}")
    own = fora.give_answer(by=bo, question=asked, body=f"Own {world.canary(inside, at)}")
    actions.add_comment(by=bo, on=given, body=f"About it {world.canary(inside, at)}")
    actions.add_comment(by=anna, on=asked.entry, body=f"Asked back {world.canary(inside, at)}")
    fora.vote_for_answer(by=bo, answer=given)
    fora.accept_answer(by=bo, question=asked, answer=given)
    if name != "secret":
        fora.confirm_answer(by=anna, question=asked, answer=own)
    again = fora.ask_question(by=bo, space=space, title=f"Again {world.canary(inside, at)}")
    fora.mark_same(by=bo, question=again, other=asked)
    if name == "open":
        Forum.objects.filter(space=space).update(allows_anonymous=True)
        fora.ask_without_name(
            by=anna,
            space=space,
            title=f"Waits {world.canary(set())}",
            body=world.canary(set()),
            key=new_key(),
        )
