"""Blogs and articles as other programs see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from torvet.base.api import Shown, absolute
from torvet.blogs import models, rules
from torvet.blogs.queries import outcomes
from torvet.entries import shapes as entries
from torvet.people.shapes import MemberLine, member_line
from torvet.people.viewer import Viewer
from torvet.spaces.shapes import SpaceLine, own_memberships, space_line


class Blog(Shown):
    """Articles under one name. `promise_days`: within how many days an answer is promised; null for no promise."""

    id: int
    url: str
    name: str
    about: str
    leader: MemberLine | None
    unit: str | None
    subject: str
    promise_days: int | None
    space: SpaceLine
    opened_at: datetime
    closed_at: datetime | None
    abilities: dict[str, bool]


class BlogList(Shown):
    items: list[Blog]
    next: str | None


class Article(Shown):
    """What of an article is not in its entry. Its words, author and writer are the entry's; so is its id."""

    id: int
    url: str
    blog_id: int
    blog: str
    lead: str
    minutes: int
    series: str | None
    cover: entries.File | None
    entry: entries.Entry


class ArticleList(Shown):
    items: list[Article]
    next: str | None


def blog_shapes(viewer: Viewer, blogs: Iterable[models.Blog]) -> list[Blog]:
    """Blogs loaded with space, leader and unit; two statements however many there are."""
    blogs = list(blogs)
    mine = own_memberships(viewer, (blog.space_id for blog in blogs))
    rows = models.Delegate.objects.filter(member_id=viewer.id, blog__in=[blog.pk for blog in blogs])
    named: Mapping[int, models.Delegate] = {row.blog_id: row for row in rows}
    return [
        Blog(
            id=blog.pk,
            url=absolute(blog.url),
            name=blog.name,
            about=blog.about,
            leader=member_line(viewer, blog.leader) if blog.leader else None,
            # Guests are not told how the company is made up.
            unit=blog.unit.name if blog.unit and viewer.is_colleague else None,
            subject=blog.subject,
            promise_days=blog.promise_days,
            space=space_line(viewer, blog.space, mine.get(blog.space_id)),
            opened_at=blog.opened_at,
            closed_at=blog.closed_at,
            abilities=rules.abilities(viewer, blog, mine.get(blog.space_id), named.get(blog.pk)),
        )
        for blog in blogs
    ]


def article_shapes(viewer: Viewer, articles: Iterable[models.Article]) -> list[Article]:
    """Articles that were read through `visible_to`, in their order; as many statements as for entries."""
    articles = list(articles)
    whole = {entry.id: entry for entry in entries.entry_shapes(viewer, [one.entry for one in articles])}
    return [
        Article(
            id=one.pk,
            url=absolute(one.url),
            blog_id=one.blog_id,
            blog=one.blog.name,
            lead=one.lead,
            minutes=one.minutes,
            series=one.series.name if one.series else None,
            cover=entries.file_shape(one.cover) if one.cover else None,
            entry=whole[one.pk],
        )
        for one in articles
    ]


class Outcome(Shown):
    """What became of what people said: its own entry, and those that led to it and the viewer may read."""

    entry: entries.Entry
    sources: list[entries.Entry]


class OutcomeList(Shown):
    items: list[Outcome]
    next: str | None


def outcome_shapes(viewer: Viewer, told: Sequence[outcomes.Told]) -> list[Outcome]:
    """Constant in statements, however many."""
    all_of_them = [entry for one in told for entry in (one.outcome.entry, *one.sources)]
    shown = {shape.id: shape for shape in entries.entry_shapes(viewer, all_of_them)}
    return [
        Outcome(entry=shown[one.outcome.pk], sources=[shown[entry.pk] for entry in one.sources])
        for one in told
    ]
