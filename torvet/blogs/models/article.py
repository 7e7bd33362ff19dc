"""Articles: an entry with a lead, a cover, a series and the time it takes to read."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef

from torvet.blogs.models.blog import Blog
from torvet.entries import queries as entries
from torvet.entries.models import Attachment, Entry
from torvet.people.models import Member
from torvet.people.viewer import Viewer


class Series(models.Model):
    """Articles of a blog that belong together, in the order in which they were published."""

    blog = models.ForeignKey(Blog, models.CASCADE, related_name="series", db_index=False)
    name = models.CharField(max_length=80)
    place = models.PositiveIntegerField(default=0)  # among the series of the blog

    class Meta:
        ordering = ["place", "id"]
        constraints = [models.UniqueConstraint(fields=["blog", "name"], name="series_once")]

    def __str__(self) -> str:
        return self.name


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Articles whose entry the viewer may read."""
        return self.filter(Exists(entries.visible(viewer).filter(pk=OuterRef("entry_id"))))

    def latest(self) -> Self:  # type: ignore[override]  # as with entries: reads better than the QuerySet method
        return self.order_by("-entry__published_at", "-entry_id")


class Article(models.Model):
    """What of an article is not in its entry. Its voice is the entry's author, its writer the entry's `written_by`.

    The lead is the first paragraph of the entry's words (blogs/lead.py): so whoever reads entries reads it too.
    """

    entry = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="article")
    blog = models.ForeignKey(Blog, models.PROTECT, related_name="articles")
    lead = models.CharField(max_length=400, blank=True)  # plain text
    cover = models.ForeignKey(Attachment, models.SET_NULL, null=True, related_name="+", db_index=False)
    series = models.ForeignKey(Series, models.SET_NULL, null=True, related_name="articles")
    minutes = models.PositiveSmallIntegerField(default=1)  # to read it

    objects = ArticleQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.entry)

    @property
    def url(self) -> str:
        return f"/articles/{self.pk}/"

    @property
    def written_by(self) -> Member | None:
        """Who wrote it in the author's name; None when the author did."""
        return self.entry.written_by
