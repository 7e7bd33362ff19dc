"""A must-read: an entry that people are asked to confirm by a date."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from torvet.entries.models import Entry
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space

OWN_TIME = timedelta(days=7)  # whoever comes later, or is back, has at least this long


class Ended(models.TextChoices):
    """Why nobody is asked any more."""

    BY_SOMEBODY = "closed", pgettext_lazy("why it ended", "closed")
    REMOVED = "removed", _("the text was removed")
    FORGOTTEN = "forgotten", _("nobody had looked after it for a year")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Those on what the viewer may read, also after it was removed: what was confirmed stays true."""
        return self.filter(entry__space__in=Space.objects.readable_by(viewer))

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def kept_by(self, viewer: Viewer) -> Self:
        """Those that the viewer answers for: asked by them; for community managers and administrators all."""
        known = self.visible_to(viewer)
        return known if viewer.is_community else known.filter(asked_by=viewer.id)


class Notice(models.Model):
    """Asked of an audience, bound to versions of the words.

    A confirmation of `counts_from` or a later version stands. `judged_version` is the newest of which somebody said
    whether it changes what people confirm; when the words have changed since, whoever asked is asked that.
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="notices")
    asked_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    due_on = models.DateField()
    sent_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=10, choices=Ended.choices, blank=True)
    counts_from = models.PositiveIntegerField()
    judged_version = models.PositiveIntegerField()
    judged_checksum = models.CharField(max_length=64)
    # How far the reminders that go out by themselves have come (actions/remind.py), and how many somebody sent.
    reminders = models.PositiveSmallIntegerField(default=0)
    reminders_by_hand = models.PositiveSmallIntegerField(default=0)
    reminded_on = models.DateField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry"], condition=Q(closed_at=None), name="one_open_notice"),
        ]
        indexes = [
            # Those that the whole town asks for every few seconds: only the open ones, so it stays small.
            models.Index(fields=["due_on", "id"], condition=Q(closed_at=None), name="notice_open"),
            models.Index(fields=["asked_by", "-id"], name="notice_of_asker"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.entry_id}"

    @property
    def url(self) -> str:
        return f"/notices/{self.pk}/"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_past_due(self) -> bool:
        """The date has passed: from now on names may be told."""
        return self.due_on < timezone.localdate()

    @property
    def title(self) -> str:
        """What it is about; nothing of what was removed."""
        return "" if self.entry.is_removed else str(self.entry)

    @staticmethod
    def own_due(due_on: date, since: date) -> date:
        """The date of somebody who came on `since`, or was back then."""
        return max(due_on, since + OWN_TIME)


class Judged(models.TextChoices):
    """What a version is to those who confirmed an earlier one."""

    SENT = "sent", _("as it was sent")
    SMALL = "small", _("a small change")
    SIGNIFICANT = "significant", _("a change that everybody confirms anew")
    OPEN = "", _("not said yet")


class Wording(models.Model):
    """A version of the words that was sent, judged or confirmed: its title, and its checksum for good."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="wordings", db_index=False)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200, blank=True)
    checksum = models.CharField(max_length=64)
    judged = models.CharField(max_length=12, choices=Judged.choices, blank=True)
    judged_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["version"]
        constraints = [models.UniqueConstraint(fields=["notice", "version"], name="wording_once")]
