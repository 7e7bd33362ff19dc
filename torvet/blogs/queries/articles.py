"""Articles: of a blog, in a series, and what else there is to read."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from torvet.base.pages import Page, paginate
from torvet.blogs.kinds import ARTICLE
from torvet.blogs.models import Article, Blog, Series
from torvet.blogs.queries.blogs import in_full
from torvet.entries.models import EntryTopic
from torvet.people.viewer import Viewer

SHOWN = 12
NEWEST = ("-entry__published_at", "-entry_id")
MOST_IN_SERIES = 60
RELATED = 3


def get_visible(viewer: Viewer, pk: int) -> Article | None:
    """The article, when the viewer may read it; else None, as when there is none."""
    return in_full(Article.objects.visible_to(viewer)).filter(pk=pk).first()


def of_blog(
    viewer: Viewer, blog: Blog, series: Series | None = None, after: str | None = None, size: int = SHOWN
) -> Page[Article]:
    """The newest first. Raises BadCursor."""
    rows = in_full(Article.objects.visible_to(viewer).filter(blog=blog))
    if series is not None:
        rows = rows.filter(series=series)
    return paginate(rows, order=NEWEST, after=after, size=size)


def in_blogs(viewer: Viewer) -> QuerySet[Article]:
    """All that the viewer may read, with what is shown of them."""
    return in_full(Article.objects.visible_to(viewer))


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
    rows = Article.objects.visible_to(viewer).filter(series=article.series_id).select_related("entry")
    parts = list(rows.order_by("entry__published_at", "entry_id")[:MOST_IN_SERIES])
    at = next((number for number, part in enumerate(parts, 1) if part.pk == article.pk), 0)
    return Place(parts, at) if at and len(parts) > 1 else None


def related(viewer: Viewer, article: Article, most: int = RELATED) -> list[Article]:
    """What else may be read after it: what speaks of the same topics, then the newest of the blog.

    Parts of its own series are left out: they stand beside it anyway.
    """
    others = Article.objects.visible_to(viewer).exclude(pk=article.pk)
    if article.series_id is not None:
        others = others.exclude(series=article.series_id)
    topics = EntryTopic.objects.filter(entry=article.pk).values("topic")
    shared = EntryTopic.objects.filter(topic__in=topics).exclude(entry=article.pk).values("entry")
    weighed = shared.annotate(number=Count("topic")).order_by("-number", "-entry")
    often = list(weighed.filter(entry__kind=ARTICLE.key).values_list("entry", flat=True)[:50])
    close = in_full(others).in_bulk(often) if often else {}
    found = [close[pk] for pk in often if pk in close][:most]
    if len(found) < most:
        own = in_full(others.filter(blog=article.blog_id)).exclude(pk__in=[one.pk for one in found])
        found += list(own.order_by(*NEWEST)[: most - len(found)])
    return found
