"""Must-reads in the world."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from tests.cast import house
from tests.safety.world.canaries import World
from tests.safety.world.who import INSIDE, INSIDERS_OF_OPEN, RUNS
from torvet.entries.models import Entry
from torvet.notices import actions as notices
from torvet.notices.models import Notice
from torvet.notices.queries.audience import Audience
from torvet.wiki.models import Page


def a_must_read(world: World, name: str, page: Page) -> None:
    """A must-read asked of the members of a space: its note is for those who are asked."""
    # Bo, whose the keys are, confirms at once: then it is not shown to him any more.
    asked = (INSIDERS_OF_OPEN if name == "open" else INSIDE[name]) - {"bo", "token_read", "token_write"}
    # Whoever sent it reads it on what is printed.
    note = world.canary(asked | {RUNS[name]})
    if RUNS[name] in asked:
        world.shown_at[note] = page.url
    sender = world.cast.people[RUNS[name]]
    made = notices.send_notice(
        by=house(sender), entry=Entry.objects.select_related("space", "author").get(pk=page.pk),
        audience=Audience(spaces=frozenset({world.spaces[name].pk})), note=f"Please {note}",
        due_on=timezone.localdate() + timedelta(days=5),
    )  # fmt: skip
    notices.confirm(by=house(world.cast.bo), notice=made, version=made.counts_from)


def a_late_must_read(world: World, name: str, post: Entry) -> None:
    """Another whose date has passed: names and the list to take along are there, for few."""
    made = notices.send_notice(
        by=house(world.cast.people[RUNS[name]]), entry=post, due_on=timezone.localdate(),
        audience=Audience(spaces=frozenset({world.spaces[name].pk})),
    )  # fmt: skip
    notices.confirm(by=house(world.cast.anna), notice=made, version=post.version)
    Notice.objects.filter(pk=made.pk).update(due_on=timezone.localdate() - timedelta(days=1))
