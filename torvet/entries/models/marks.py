"""Small marks that members set on entries: reactions and votes for all; bookmarks and watches for themselves."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from torvet.entries.models.entry import Entry
from torvet.people.models import Member

# The six that are offered. Imports may bring others; they are shown and counted the same way.
REACTIONS = ("👍", "❤️", "👏", "😄", "💡", "😢")


class Reaction(models.Model):
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="reaction_rows", db_index=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="reactions", db_index=False)
    emoji = models.CharField(max_length=64)  # a Unicode emoji, or `:name:` of one that only its old home had
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "member", "emoji"], name="reaction_once")]
        indexes = [models.Index(fields=["member", "entry"], name="reaction_of_member")]


class Vote(models.Model):
    """A member's yes that ranks an answer or an idea among others. One each, and it may be taken back."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="vote_rows", db_index=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="votes", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "member"], name="vote_once")]
        indexes = [models.Index(fields=["member", "entry"], name="vote_of_member")]


class Bookmark(models.Model):
    """Kept by a member for themselves."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="bookmarks")
    member = models.ForeignKey(Member, models.CASCADE, related_name="bookmarks", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "entry"], name="bookmark_once")]
        indexes = [models.Index(fields=["member", "-created_at", "-id"], name="bookmark_newest")]


class Watch(models.Model):
    """A member and a thread: told of answers, or, when muted, of nothing but being named.

    `read_at` is the reader's own position in the thread; it is shown to nobody else.
    """

    thread = models.ForeignKey(Entry, models.CASCADE, related_name="watches", db_index=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="watches", db_index=False)
    is_muted = models.BooleanField(default=False)
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "thread"], name="watch_once")]
        indexes = [
            models.Index(fields=["thread"], condition=models.Q(is_muted=False), name="watch_of_thread")
        ]
