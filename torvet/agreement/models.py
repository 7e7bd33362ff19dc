"""Under which terms: the states that were agreed, and every change of them."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from torvet.people.models import Member


class Term(models.Model):
    """The agreed state of one processing of the register; absent while the default holds."""

    key = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=10)

    def __str__(self) -> str:
        return f"{self.key}: {self.state}"


class Agreement(models.Model):
    """The agreement itself; a single row with pk 1, absent while the defaults hold."""

    smallest_group = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=20_000, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="only_one_agreement")]


class TermChange(models.Model):
    """One change of the agreement, kept for good and announced to everybody."""

    key = models.CharField(max_length=40)
    before = models.CharField(max_length=40)
    after = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-changed_at", "-id"]
