"""Blogs and outcomes in the world."""

from __future__ import annotations

from tests.cast import house
from tests.safety.world.canaries import World, picture
from tests.safety.world.who import INSIDE
from torvet.activity import outbox
from torvet.blogs import actions as blogs
from torvet.blogs.models import Question
from torvet.entries import actions
from torvet.entries.models import Entry
from torvet.spaces.models import Space


def a_blog(world: World, name: str, space: Space) -> None:
    """Bo's blog, in which Anna writes for him: an article that all inside read, and a draft for the two of them."""
    inside = INSIDE[name]
    cast = world.cast
    anna, bo = house(cast.anna), house(cast.bo)
    word = world.canary(inside)
    blog = blogs.open_blog(
        by=anna if name != "secret" else bo, space=space, name=f"Blog {word}", about=world.canary(inside),
        leader=cast.bo, subject=world.canary(inside), promise_days=3,
    )  # fmt: skip
    world.shown_at[word] = blog.url
    blogs.name_delegate(by=bo, blog=blog, member=cast.anna, may_publish=True, may_answer=True)
    said = world.canary(inside)
    cover = actions.upload(by=anna, source=picture(), name=f"{world.canary(inside)}.png").key
    begun = blogs.write_draft(
        by=anna, blog=blog, title=f"Article {said}", lead=f"Lead {world.canary(inside)}",
        body=f"Words {world.canary(inside)} #{world.canary(inside)}", cover=cover, alt=f"Cover {world.canary(inside)}",
        series=f"Series {world.canary(inside)}",
    )  # fmt: skip
    out = blogs.publish_draft(by=anna, draft=begun, version=1)
    world.shown_at[said] = out.url
    blogs.edit_article(
        by=bo, article=out, version=1, title=out.entry.title, lead=f"Lead {world.canary(inside, out.url)}",
        body=f"Edited {world.canary(inside, out.url)}",
    )  # fmt: skip
    asking = {"open": cast.outsider, "guests": cast.guest}.get(name)
    if asking is not None:
        asked = world.canary(inside, out.url)
        comment = actions.add_comment(by=house(asking), on=out.entry, body=f"Asked {asked}")
        while outbox.drain():
            pass
        question = Question.objects.select_related("comment__space", "blog__space").get(pk=comment.pk)
        blogs.set_question_aside(by=bo, question=question)
    actions.close_comments(by=bo, entry=out.entry, why=f"Because {world.canary(inside, out.url)}")
    # Its old project is archived in the end: then nobody writes there, and nobody sees what is not out.
    writing = {"anna", "bo", "token_write"} if name != "archived" else set()
    waiting = world.canary(writing)
    key = actions.upload(by=anna, source=picture(), name=f"{world.canary(writing | {'anna'})}.png").key
    kept = blogs.write_draft(
        by=anna, blog=blog, title=f"Draft {waiting}", lead=f"Lead {world.canary(writing)}",
        body=f"Words {world.canary(writing)} #{world.canary(writing)} @{cast.outsider.handle}", cover=key,
        alt=f"Cover {world.canary(writing | {'anna'})}",
    )  # fmt: skip
    world.shown_at[waiting] = kept.url
    blogs.submit_draft(by=anna, draft=kept, version=1)
    blogs.send_back(by=bo, draft=kept, version=1, reason=f"Not yet {world.canary(writing, kept.url)}")


def an_outcome(world: World, name: str, space: Space) -> None:
    """What became of the first post of the space, and, in the open one, of one in the secret space as well."""
    inside = INSIDE[name]
    bo = house(world.cast.bo)
    word = world.canary(inside)
    sources = [Entry.objects.filter(space=space, kind="post", removed_at=None).order_by("pk")[0].pk]
    if name == "open":
        led = actions.publish_post(
            by=bo, space=world.spaces["secret"], body=f"Led to it {world.canary(INSIDE['secret'])}"
        )
        sources.append(led.pk)
    told = blogs.tell_outcome(
        by=bo, space=space, title=f"Done {word}", body=f"So {world.canary(inside)}", sources=sources
    )
    world.shown_at[word] = told.entry.url
