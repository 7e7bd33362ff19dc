"""Changes suggested by those who may read and comment, and not edit."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Membership
from torvet.wiki.models.page import Page


class State(models.TextChoices):
    """What became of a suggestion."""

    OPEN = "open", _("Waits for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """One's own, and those for pages of spaces one is inside of: whoever may edit there. Other readers see none."""
        if not viewer.can_read:
            return self.none()
        inside = Membership.objects.filter(member_id=viewer.id).values("space")
        mine = Q(by=viewer.id) | Q(page__space__in=inside) | Q(page__entry__author=viewer.id)
        return self.filter(mine, page__in=Page.objects.visible_to(viewer))

    def open(self) -> Self:
        return self.filter(state=State.OPEN)


class Suggestion(models.Model):
    """Other words for a page, made from one of its versions. `accepted_as` is the version they became part of."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="suggestions", db_index=False)
    by = models.ForeignKey(Member, models.PROTECT, related_name="suggestions")
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)  # sanitised HTML
    why = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    answered_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    accepted_as = models.PositiveIntegerField(null=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["page", "-id"], name="suggestion_of_page"),
            models.Index(fields=["page"], condition=Q(state="open"), name="suggestion_open"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def url(self) -> str:
        return f"/pages/{self.page_id}/suggestions/{self.pk}/"

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN


class SuggestionNote(models.Model):
    """What was said about a suggestion: beside the page's thread, which all readers see, for those who see it."""

    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="notes", db_index=False)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    body = models.TextField()  # sanitised HTML
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["suggestion", "id"], name="note_of_suggestion")]
