"""A forum, and saying something in it, in one line each."""

from __future__ import annotations

from tests.cast import Cast, house
from torvet.activity import outbox
from torvet.entries import actions as entries
from torvet.entries.models import Entry
from torvet.forum import actions
from torvet.forum.models import Forum, SubForum, Thread
from torvet.people.models import Member
from torvet.spaces.models import Space


def forum_in(cast: Cast, space: Space | None = None, by: Member | None = None) -> Forum:
    """The open space as a forum, set up by Anna, who moderates it."""
    return actions.open_forum(by=house(by or cast.anna), space=space or cast.open)


def discussion(
    by: Member, space: Space, title: str = "Which gloves last?", body: str = "Mine do not.",
    part: SubForum | None = None,
) -> Thread:  # fmt: skip
    return actions.start_discussion(by=house(by), space=space, title=title, body=body, sub_forum=part)


def question(
    by: Member, space: Space, title: str = "How do I weld this?", body: str = "It is thin."
) -> Thread:
    entry = entries.publish_thread(by=house(by), space=space, kind="question", title=title, body=body)
    return Thread.objects.create(entry=entry)


def say(by: Member, on: Entry, body: str = "Leather ones", kind: str = "comment") -> Entry:
    return entries.add_comment(by=house(by), on=Entry.objects.get(pk=on.pk), body=body, kind=kind)


def now(thing: Thread | Entry | int) -> Entry:
    """The entry as it stands."""
    pk = thing if isinstance(thing, int) else thing.pk
    return Entry.objects.select_related("space", "author", "root").get(pk=pk)


def drain() -> None:
    while outbox.drain():
        pass
