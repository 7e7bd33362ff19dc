"""Words that wait to be approved. They live here and nowhere else: the entry of a page holds what is approved.

So every other floor, which reads entries, can only ever read approved words; see docs/decisions/0009.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Membership, Space
from torvet.wiki.models.page import Page


class Verdict(models.TextChoices):
    """What those who answer for a page said of a working text."""

    WAITING = "waiting", _("waits for approval")
    APPROVED = "approved", _("approved")
    NOT_YET = "not_yet", _("not yet")
    LEFT = "left", _("left aside")


class WorkingTextQuerySet(models.QuerySet["WorkingText"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Those of pages that the viewer may edit: the set behind `rules.can_see_working`, which is asked as well."""
        if not viewer.can_write:
            return self.none()
        inside = Exists(Membership.objects.filter(space=OuterRef("page__space_id"), member_id=viewer.id))
        page = Exists(Page.objects.visible_to(viewer).filter(pk=OuterRef("page_id"), space__archived_at=None))
        return self.filter(inside | models.Q(page__entry__author_id=viewer.id), page)


class WorkingText(models.Model):
    """One saved version of the words of a page that needs approval. Shown to those who may edit the page."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="+", db_index=False)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)  # sanitised HTML
    text = models.TextField(blank=True)  # plain text of it
    written_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.WAITING)
    answered_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=1000, blank=True)  # why not yet, for the writer

    objects = WorkingTextQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "version"], name="working_text_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_waiting(self) -> bool:
        return self.verdict == Verdict.WAITING

    @property
    def is_not_yet(self) -> bool:
        return self.verdict == Verdict.NOT_YET


class ApprovalInSpace(models.Model):
    """A space in which new pages need approval from the start."""

    space = models.OneToOneField(Space, models.CASCADE, primary_key=True, related_name="+")
