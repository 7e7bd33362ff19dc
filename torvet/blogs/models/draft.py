"""What is not out yet. A draft is no entry: so no list, search, count or program that reads entries can tell of it.

See docs/decisions/0009 for the same thought.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from torvet.blogs.models.article import Series
from torvet.blogs.models.blog import Blog, Delegate
from torvet.entries.models import Attachment
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Membership, Space, Standing


class DraftState(models.TextChoices):
    """What a draft waits for."""

    DRAFT = "draft", _("Being written")
    WAITING = "waiting", _("Waits for review")
    SENT_BACK = "sent_back", _("Sent back")


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Those of blogs in which the viewer may write: the set behind `rules.can_write`, which is asked as well."""
        if not viewer.can_write:
            return self.none()
        runs = Membership.objects.filter(
            space=OuterRef("blog__space_id"),
            member_id=viewer.id,
            standing__in=[Standing.OWNER, Standing.MODERATOR],
        )
        named = Delegate.objects.filter(blog=OuterRef("blog_id"), member_id=viewer.id)
        led_by_nobody = Q(blog__leader=None) | Q(blog__leader__is_active=False)
        keeps = Q(blog__leader=viewer.id) | (led_by_nobody & (Q(blog__opened_by=viewer.id) | Exists(runs)))
        readable = Exists(Space.objects.readable_by(viewer).living().filter(pk=OuterRef("blog__space_id")))
        return self.filter(keeps | Exists(named), readable, blog__closed_at=None)

    def due(self) -> Self:
        """Those whose time to be published has come."""
        return self.filter(publish_at__lte=timezone.now()).order_by("publish_at", "id")


class Draft(models.Model):
    """Words for a blog that are not out yet. Seen by those who may write in the blog, and by nobody else."""

    blog = models.ForeignKey(Blog, models.CASCADE, related_name="+")
    title = models.CharField(max_length=200, blank=True)
    lead = models.CharField(max_length=400, blank=True)
    body = models.TextField(blank=True)  # sanitised HTML, without the lead
    cover = models.ForeignKey(Attachment, models.SET_NULL, null=True, related_name="+", db_index=False)
    series = models.ForeignKey(Series, models.SET_NULL, null=True, related_name="+")
    written_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=DraftState.choices, default=DraftState.DRAFT)
    # Why it was sent back, or why it did not come out when its time had come.
    reason = models.CharField(max_length=1000, blank=True)
    answered_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    # Scheduled: published in the name of who said so, with the right they have at that moment.
    publish_at = models.DateTimeField(null=True)
    scheduled_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")

    objects = DraftQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["publish_at"], condition=Q(publish_at__isnull=False), name="draft_scheduled"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def url(self) -> str:
        return f"/drafts/{self.pk}/"


class DraftVersion(models.Model):
    """What a draft said in a version: what two who write at once began with."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="versions", db_index=False)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200, blank=True)
    lead = models.CharField(max_length=400, blank=True)
    body = models.TextField(blank=True)
    changed_by = models.ForeignKey(Member, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "version"], name="draft_version_once")]


class DraftFile(models.Model):
    """A picture or file in a draft: kept, and seen by all who may write in the blog."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files", db_index=False)
    attachment = models.ForeignKey(Attachment, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "attachment"], name="draft_file_once")]
