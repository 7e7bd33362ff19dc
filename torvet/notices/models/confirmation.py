"""That somebody has read a version. A row for each confirmation, and none for anything else."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from torvet.notices.models.notice import Notice
from torvet.people.models import Member


class ConfirmationQuerySet(models.QuerySet["Confirmation"]):
    def own(self) -> Self:
        """For oneself, and not in the place of somebody who is away."""
        return self.filter(in_place_of=None)

    def standing(self) -> Self:
        """Of a version that still counts."""
        return self.filter(version__gte=F("notice__counts_from"))


class Confirmation(models.Model):
    """`member` confirmed; `in_place_of` the one they stood in for. On paper: `recorded_by` wrote it down."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="confirmations", db_index=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    version = models.PositiveIntegerField()
    checksum = models.CharField(max_length=64)
    confirmed_at = models.DateTimeField(default=timezone.now)
    in_place_of = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    recorded_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "member", "version"], condition=Q(in_place_of=None), name="confirmed_once"
            ),
            models.UniqueConstraint(
                fields=["notice", "in_place_of", "version"],
                condition=Q(in_place_of__isnull=False),
                name="confirmed_in_place_once",
            ),
        ]
