"""What happened: audit trail, outbox and source of insight in one append-only table."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone


class ActivityQuerySet(models.QuerySet["Activity"]):
    def waiting(self) -> Self:
        """Not yet told to the readers, oldest first."""
        return self.filter(fanned_out_at=None, try_at__lte=timezone.now()).order_by("id")


class Activity(models.Model):
    """Somebody did something. Ids and codes only, never text: what may be shown is asked when it is shown.

    `space_id`, `entry_id` and `thread_id` are plain numbers: the log outlives what it speaks of. This app stands below
    all that act, people included, and knows them by name only.
    """

    verb = models.CharField(max_length=32)
    by = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="activities")
    about = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="+")
    space_id = models.BigIntegerField(null=True)
    entry_id = models.BigIntegerField(null=True)
    thread_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    fanned_out_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField(default=timezone.now)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        indexes = [
            # The outbox: only what is still waiting, so it stays tiny.
            models.Index(fields=["id"], condition=models.Q(fanned_out_at=None), name="activity_waiting"),
            # The administrator's log.
            models.Index(fields=["verb", "-id"], name="activity_by_verb"),
        ]


class Seal(models.Model):
    """A link of the chain over what is audited: see torvet/activity/chain.py. Only ever added to."""

    activity = models.OneToOneField(Activity, models.PROTECT, related_name="seal")
    digest = models.CharField(max_length=64)  # SHA-256 in hex, over the digest before it and the activity
