"""Comments on a passage: where in the page each one points."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from torvet.entries import queries as entries
from torvet.entries.models import Entry
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.wiki.models.page import Page


class RemarkQuerySet(models.QuerySet["Remark"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Those whose comment the viewer may read; with a removed comment its quote goes too."""
        return self.filter(comment__in=entries.visible(viewer), page__in=Page.objects.visible_to(viewer))

    def open(self) -> Self:
        return self.filter(dealt_with_at=None)


class Remark(models.Model):
    """A comment on a passage: an ordinary comment in the page's thread, with the words that it is about.

    `quote`, `before` and `after` are plain text on one line (a text quote selector, as the W3C's annotations have it);
    `heading` is that of the part where it stood.
    """

    comment = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="remark")
    page = models.ForeignKey(Page, models.CASCADE, related_name="remarks", db_index=False)
    quote = models.CharField(max_length=500)
    before = models.CharField(max_length=80, blank=True)
    after = models.CharField(max_length=80, blank=True)
    heading = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField()  # of the page, when it was quoted
    dealt_with_at = models.DateTimeField(null=True)
    dealt_with_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")

    objects = RemarkQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["page", "-comment"], name="remark_of_page"),
            models.Index(fields=["page"], condition=Q(dealt_with_at=None), name="remark_open"),
        ]

    def __str__(self) -> str:
        return self.quote
