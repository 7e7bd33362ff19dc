"""What tests of ideas begin with: a room in the open space that Leif decides in, and an idea of Bo's."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

from tests.cast import Cast, house
from torvet.activity import outbox
from torvet.ideas import actions
from torvet.ideas.models import Idea, IdeaRoom
from torvet.ideas.queries.one import get_visible
from torvet.people.models import Member
from torvet.spaces.models import Space

QUESTION = "How do we make it easier to be a customer?"


def room_in(cast: Cast, space: Space | None = None, by: Member | None = None, **said: Any) -> IdeaRoom:
    """In the open space Leif, who owns it, opens the room and decides; elsewhere Anna."""
    where = space or cast.open
    opener = by or (cast.leader if where == cast.open else cast.anna)
    words = {"question": QUESTION, "decider": opener, "days_to_decide": 20} | said
    return actions.open_room(by=house(opener), space=where, **words)


def idea_in(room: IdeaRoom, by: Member, title: str = "Answer within a day", **said: Any) -> Idea:
    made = actions.propose_idea(by=house(by), room=room, title=title, body="Customers wait too long.", **said)
    return anew(made, by)


def anew(idea: Idea, by: Member) -> Idea:
    """As a page would load it."""
    found = get_visible(house(by), idea.pk)
    assert found is not None
    return found


def drained() -> None:
    while outbox.drain():
        pass


def at_once(acts: Sequence[Callable[[], object]]) -> list[Exception]:
    """Run all at the same moment; gives what went wrong."""
    barrier, wrong = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            barrier.wait(20)
            act()
        except Exception as error:  # told to the test
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return wrong
