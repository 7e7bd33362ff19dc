"""You said, we did: what became of something that people said."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from torvet.entries import queries as entries
from torvet.entries.models import Entry
from torvet.people.models import Member
from torvet.people.viewer import Viewer


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Outcomes whose entry the viewer may read."""
        return self.filter(Exists(entries.visible(viewer).filter(pk=OuterRef("entry_id"))))


class Outcome(models.Model):
    """An entry that tells what became of others. Its title, words and comments are those of the entry."""

    entry = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="outcome")

    objects = OutcomeQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.entry)


class OutcomeSource(models.Model):
    """Something that was said, and led to an outcome. Shown to those who may read both."""

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="sources", db_index=False)
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="led_to")
    # Of the entry: its page shows what became of anything said in the thread.
    thread = models.ForeignKey(Entry, models.CASCADE, related_name="+")
    linked_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    linked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["outcome", "entry"], name="outcome_source_once")]
