"""A leader's blog with an article, for tests of the loop: Leif leads, Anna answers for him, others comment."""

from __future__ import annotations

from tests.cast import Cast, house, newcomer
from torvet.activity import outbox
from torvet.blogs import actions
from torvet.blogs.models import Article, Blog, Question
from torvet.entries import actions as entries
from torvet.entries.models import Entry
from torvet.people.models import Member, Unit
from torvet.spaces.models import Space


def drain() -> None:
    """What the worker does."""
    while outbox.drain():
        pass


def blog_of(cast: Cast, space: Space | None = None, **fields: object) -> Blog:
    blog = actions.open_blog(
        by=house(cast.leader), space=space or cast.open, name="Leif writes", leader=cast.leader, **fields
    )
    actions.name_delegate(
        by=house(cast.leader), blog=blog, member=cast.anna, may_publish=True, may_answer=True
    )
    return blog


def article_in(blog: Blog, title: str = "Where we are going", body: str = "Forward.") -> Article:
    by = house(blog.leader or blog.opened_by)
    draft = actions.write_draft(by=by, blog=blog, title=title, lead="", body=body)
    return actions.publish_draft(by=by, draft=draft, version=draft.version)


def ask(
    article: Article, by: Member, words: str = "What does it mean for us?", on: Entry | None = None
) -> Entry:
    """A comment under an article, which the worker has heard."""
    comment = entries.add_comment(by=house(by), on=on or article.entry, body=words)
    drain()
    return comment


def waiting(blog: Blog) -> list[int]:
    """Ids of the comments that wait, the oldest first, whoever looks."""
    rows = Question.objects.standing().waiting().filter(blog=blog).order_by("asked_at", "pk")
    return list(rows.values_list("pk", flat=True))


def crowd(number: int, unit: Unit | None = None, name: str = "Kim") -> list[Member]:
    return [newcomer(f"{name} {n}", unit=unit) for n in range(number)]
