"""What a page was made from: things that people said in a thread."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from torvet.entries.models import Entry
from torvet.people.models import Member
from torvet.wiki.models.page import Page


class PageSource(models.Model):
    """An entry whose words a page was made with: whoever said it is credited, however the page changes later."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="sources", db_index=False)
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="+")
    made_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "entry"], name="page_source_once")]
