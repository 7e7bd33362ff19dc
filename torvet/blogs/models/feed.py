"""Keys for reading a blog in a feed reader. A key opens one blog for one member, and ends when they say so."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from torvet.blogs.models.blog import Blog
from torvet.people.models import Member


class FeedKey(models.Model):
    """The key of one member for one blog. Only its SHA-256 is kept; a new one takes the place of the old."""

    blog = models.ForeignKey(Blog, models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["blog", "member"], name="feed_key_once")]
