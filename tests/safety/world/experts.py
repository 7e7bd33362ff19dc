"""Questions that were put to somebody, and pages made of them, in the world."""

from __future__ import annotations

from tests.cast import house
from tests.safety.world.canaries import World
from tests.safety.world.who import INSIDE
from torvet.entries import actions
from torvet.entries.knowing import OWNS
from torvet.entries.models import Entry
from torvet.forum.models import Asked, AskedBecause, NotMyField, Thread
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.wiki import actions as pages
from torvet.wiki.models import Page


def put_to_somebody(world: World, name: str, space: Space, page: Page) -> None:
    """Bo's question, put to Anna because of a page; and a page made of it, in the open also one that fewer read."""
    inside, bo, anna = INSIDE[name], house(world.cast.bo), house(world.cast.anna)
    word = world.canary(inside)
    thread = _question(bo, space, f"Question {word}", f"Who knows {world.canary(inside)}")
    world.shown_at[word] = thread.url
    _asked(thread, world.cast.anna, page.entry)
    said = world.canary(inside, thread.url)
    reply = actions.add_comment(by=anna, on=thread, kind="answer", body=f"Answer {said}")
    other = _question(
        anna, space, f"Put to Bo {world.canary({'bo', 'anna', 'token_read', 'token_write'} | inside)}", "x"
    )
    _asked(other, world.cast.bo, page.entry)
    made = world.canary(inside)
    credited = pages.make_page(
        by=anna, thread=thread, parts=[thread.pk, reply.pk], space=space, title=f"Made {made}", body="All of it"
    )  # fmt: skip
    world.shown_at[made] = credited.url
    if name != "open":
        return
    # Somebody who could read the page that made them be asked, and no longer can.
    told = Entry.objects.filter(space=world.cast.secret, kind="page").first()
    if told is not None:
        _asked(thread, world.cast.outsider, told)
    few = world.canary(INSIDE["closed"], thread.url)
    pages.make_page(
        by=anna,
        thread=thread,
        parts=[thread.pk],
        space=world.cast.closed,
        title=f"Made for few {few}",
        body="x",
    )


def _question(by: Viewer, space: Space, title: str, body: str) -> Entry:
    entry = actions.publish_thread(by=by, space=space, kind="question", title=title, body=body)
    Thread.objects.create(entry=entry)
    return entry


def _asked(question: Entry, member: Member, because: Entry) -> None:
    asked = Asked.objects.create(question_id=question.pk, member=member)
    AskedBecause.objects.create(asked=asked, entry=because, what=OWNS)
    NotMyField.objects.get_or_create(member=member, entry=because)
