"""Who and what an entry speaks of: mentions and topics."""

from __future__ import annotations

from urllib.parse import quote

from django.db import models
from django.utils import timezone

from torvet.entries.models.entry import Entry
from torvet.people.models import Member, Unit
from torvet.spaces.models import Space


class Mention(models.Model):
    """An entry names a member or a unit."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="mentions")
    member = models.ForeignKey(Member, models.CASCADE, null=True, related_name="mentions")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="mentions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "member"], name="mention_of_member_once"),
            models.UniqueConstraint(fields=["entry", "unit"], name="mention_of_unit_once"),
            models.CheckConstraint(
                condition=models.Q(member=None, unit__isnull=False)
                | models.Q(member__isnull=False, unit=None),
                name="mention_of_one",
            ),
        ]


class Topic(models.Model):
    """A #word. `name` is what it is found by (case folded), `label` as it was first written."""

    name = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"#{self.label}"

    def get_absolute_url(self) -> str:
        return f"/topics/{quote(self.name)}/"


class EntryTopic(models.Model):
    """A thread and a topic it speaks of. Carries the space and the times, so that a topic's feed is one index."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="entry_topics")  # always the opener
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="entry_topics", db_index=False)
    space = models.ForeignKey(Space, models.PROTECT, related_name="+", db_index=False)
    published_at = models.DateTimeField()
    active_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "entry"], name="topic_of_entry_once")]
        indexes = [
            models.Index(fields=["topic", "-published_at", "-entry", "space"], name="topic_newest"),
            models.Index(fields=["topic", "-active_at", "-entry", "space"], name="topic_active"),
        ]


class TopicFollow(models.Model):
    member = models.ForeignKey(Member, models.CASCADE, related_name="topic_follows")
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="follows")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "topic"], name="topic_follow_once")]
