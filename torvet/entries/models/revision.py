"""Earlier words of an edited entry."""

from __future__ import annotations

from django.db import models

from torvet.entries.models.entry import Entry
from torvet.people.models import Member


class Revision(models.Model):
    """What an entry said until `replaced_at`; the present words stand in the entry itself."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    text = models.TextField(blank=True)
    replaced_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["entry", "version"], name="revision_once")]
