"""What readers say is not right with a page."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from torvet.people.models import Member
from torvet.wiki.models.page import Page


class Wrong(models.TextChoices):
    """What is not right."""

    WRONG = "wrong", _("wrong")
    OUTDATED = "outdated", _("out of date")


class ReportQuerySet(models.QuerySet["Report"]):
    def open(self) -> Self:
        """Not answered yet."""
        return self.filter(answered_at=None)


class Report(models.Model):
    """A reader says that a page is wrong or out of date. Seen by those who may edit the page, and by that reader.

    Read through `queries.reports_on` and `queries.own_report`, which ask who looks.
    """

    page = models.ForeignKey(Page, models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    what = models.CharField(max_length=10, choices=Wrong.choices)
    words = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["page", "member"], condition=Q(answered_at=None), name="report_once_while_open"
            )
        ]
        indexes = [
            models.Index(fields=["page", "created_at"], condition=Q(answered_at=None), name="report_open"),
            models.Index(fields=["page", "member", "-id"], name="report_of_reader"),
        ]

    def __str__(self) -> str:
        return self.what
