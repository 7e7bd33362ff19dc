"""Who was told what."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from torvet.entries.models import Entry
from torvet.people.models import Member
from torvet.spaces.models import Space


class Notification(models.Model):
    """Somebody was told something; rows of one verb in one thread are bundled until they are read.

    Ids only: what is shown is fetched and checked for its reader when it is shown.
    """

    member = models.ForeignKey(Member, models.CASCADE, related_name="notifications")
    verb = models.CharField(max_length=32)
    thread = models.ForeignKey(Entry, models.CASCADE, null=True, related_name="+")
    entry = models.ForeignKey(Entry, models.CASCADE, null=True, related_name="+")  # the newest
    space = models.ForeignKey(Space, models.CASCADE, null=True, related_name="+")
    actor = models.ForeignKey(Member, models.CASCADE, null=True, related_name="+")  # the newest
    actors = models.JSONField(default=list)  # ids of those who did it, newest last, each once
    activity_id = models.BigIntegerField()  # the newest activity that is in it; told twice, it changes nothing
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["member", "-updated_at", "-id"], name="told_newest"),
            models.Index(fields=["member"], condition=models.Q(read_at=None), name="told_unread"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "verb", "thread"],
                condition=models.Q(read_at=None, thread__isnull=False),
                name="told_once_per_thread",
            )
        ]
