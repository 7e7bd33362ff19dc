"""Posts, comments and files in the world: live, removed and scheduled."""

from __future__ import annotations

import io
from datetime import timedelta

from django.utils import timezone

from tests.cast import house
from tests.safety.world.canaries import World, picture
from tests.safety.world.who import INSIDE
from torvet.entries import actions
from torvet.entries.models import Entry
from torvet.spaces.models import Space


def a_post(world: World, name: str, space: Space) -> Entry:
    """With pictures, topics, mentions, comments and earlier words."""
    inside = INSIDE[name]
    anna, bo = house(world.cast.anna), house(world.cast.bo)
    upload = actions.upload(
        by=bo, source=picture(), name=f"{world.canary(inside)}.png", alt=world.canary(inside)
    )
    paper = actions.upload(by=bo, source=io.BytesIO(world.canary(inside).encode()), name="plan.txt")
    title = world.canary(inside)
    post = actions.publish_post(
        by=bo, space=space, title=f"Title {title}",
        body=f"Words {world.canary(inside)} #{world.canary(inside)} @{world.cast.anna.handle}",
        files=[upload.key, paper.key], alts={upload.key: world.canary(inside)},
    )  # fmt: skip
    world.shown_at[title] = post.url
    said = world.canary(inside, post.url)
    comment = actions.add_comment(by=anna, on=post, body=f"Comment {said}")
    actions.add_comment(by=bo, on=comment, body=f"Answer {world.canary(inside, post.url)}")
    actions.edit_entry(
        by=bo, entry=post, body=f"Edited {world.canary(inside, post.url)}", title=post.title, version=1
    )
    actions.react(by=anna, entry=post, emoji="👏")
    actions.bookmark(by=anna, entry=post)
    if name in {"closed", "secret"}:
        actions.pin(by=bo if name == "secret" else anna, entry=post)
    return post


def what_is_gone(world: World, name: str, post: Entry) -> None:
    """Removed: nobody reads it any more, not even those inside. Scheduled: nobody yet. Uploaded: only who did it."""
    bo, space = house(world.cast.bo), world.spaces[name]
    gone = actions.publish_post(
        by=bo, space=space, title=world.canary(set()), body=f"Gone {world.canary(set())}"
    )
    actions.remove_entry(by=bo, entry=gone)
    hidden = actions.add_comment(by=bo, on=post, body=f"Gone {world.canary(set())}")
    actions.remove_entry(by=bo, entry=hidden)
    later = actions.publish_post(by=bo, space=space, body=f"Tomorrow {world.canary(set())}")
    Entry.objects.filter(pk=later.pk).update(published_at=timezone.now() + timedelta(days=1))
    actions.upload(
        by=bo,
        source=io.BytesIO(b"x" + world.canary({"bo", "token_read", "token_write"}).encode()),
        name="mine.txt",
    )
