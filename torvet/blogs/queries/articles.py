"""Articles: of a blog, in a series, and what else there is to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from torvet.base.compiled import STAND_INS, compiled
from torvet.base.pages import Page, paginate
from torvet.blogs.kinds import ARTICLE
from torvet.blogs.models import Article, Blog, Series
from torvet.blogs.queries.blogs import in_full, in_short
from torvet.entries.models import EntryTopic
from torvet.people.looking import compiled_for_viewer
from torvet.people.viewer import Viewer

SHOWN = 12
NEWEST = ("-entry__published_at", "-entry_id")
MOST_IN_SERIES = 60
RELATED = 3
LOOKED_AT = 20  # among so many the related ones are chosen


def get_visible(viewer: Viewer, pk: int) -> Article | None:
    """The article, when the viewer may read it; else None, as when there is none."""
    return _visible(viewer).first(viewer.id, pk)


@compiled_for_viewer
def _visible(viewer: Viewer) -> QuerySet[Article]:
    return in_full(Article.objects.visible_to(viewer)).filter(pk=STAND_INS[1]).order_by()


def of_blog(
    viewer: Viewer,
    blog: Blog,
    series: Series | None = None,
    after: str | None = None,
    size: int = SHOWN,
    *,
    with_words: bool = False,
) -> Page[Article]:
    """The newest first. Raises BadCursor."""
    shown = in_full if with_words else in_short
    rows = shown(Article.objects.visible_to(viewer).filter(blog=blog))
    if series is not None:
        rows = rows.filter(series=series)
    return paginate(rows, order=NEWEST, after=after, size=size)


@dataclass(frozen=True)
class Place:
    """Where an article stands in its series: counted among those that the viewer may read, the oldest first."""

    parts: list[Article]
    number: int

    @property
    def total(self) -> int:
        return len(self.parts)

    @property
    def before(self) -> Article | None:
        return self.parts[self.number - 2] if self.number > 1 else None

    @property
    def after(self) -> Article | None:
        return self.parts[self.number] if self.number < self.total else None


def place_in_series(viewer: Viewer, article: Article) -> Place | None:
    """None for an article of no series, or the only one in it."""
    if article.series_id is None:
        return None
    parts = _in_series(viewer).things(viewer.id, article.series_id)
    at = next((number for number, part in enumerate(parts, 1) if part.pk == article.pk), 0)
    return Place(parts, at) if at and len(parts) > 1 else None


@compiled_for_viewer
def _in_series(viewer: Viewer) -> QuerySet[Article]:
    rows = in_short(Article.objects.visible_to(viewer)).filter(series=STAND_INS[1])
    return rows.order_by("entry__published_at", "entry_id")[:MOST_IN_SERIES]


def related(viewer: Viewer, article: Article, most: int = RELATED) -> list[Article]:
    """What else may be read after it: what speaks of the same topics, then the newest of the blog.

    Parts of its own series are left out: they stand beside it anyway. Three statements at most.
    """
    often = [entry for entry, _number in _on_the_same_topics().things(article.pk, article.pk)]
    close = in_short(Article.objects.visible_to(viewer)).in_bulk(often) if often else {}
    others = [close[pk] for pk in often if pk in close]
    if len(others) < most + 1:
        others += _newest_of(viewer).things(viewer.id, article.blog_id)
    found = {
        one.pk: one
        for one in others
        if one.pk != article.pk and (article.series_id is None or one.series_id != article.series_id)
    }
    return list(found.values())[:most]


@compiled
def _on_the_same_topics() -> QuerySet[EntryTopic, Any]:
    topics = EntryTopic.objects.filter(entry=STAND_INS[0]).values("topic")
    shared = EntryTopic.objects.filter(topic__in=topics, entry__kind=ARTICLE.key).exclude(entry=STAND_INS[1])
    weighed = shared.values_list("entry").annotate(number=Count("topic"))
    return weighed.order_by("-number", "-entry")[:LOOKED_AT]


@compiled_for_viewer
def _newest_of(viewer: Viewer) -> QuerySet[Article]:
    rows = in_short(Article.objects.visible_to(viewer)).filter(blog=STAND_INS[1])
    return rows.order_by(*NEWEST)[:LOOKED_AT]
