"""Blogs: a leader's, a unit's or about a subject, and who writes in them."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from torvet.people.models import Member, Unit
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space


class BlogQuerySet(models.QuerySet["Blog"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Those in spaces that the viewer may read."""
        return self.filter(Exists(Space.objects.readable_by(viewer).filter(pk=OuterRef("space_id"))))

    def living(self) -> Self:
        return self.filter(closed_at=None)


class Blog(models.Model):
    """Articles under one name. `space` is where they are published: it decides who reads them.

    A leader's blog speaks in the leader's voice, whoever writes; another's in the voice of whoever writes. It may be
    about a unit, or about a subject (`subject`), or neither.
    """

    space = models.ForeignKey(Space, models.PROTECT, related_name="blogs")
    name = models.CharField(max_length=80)
    about = models.CharField(max_length=400, blank=True)
    leader = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="blogs")
    unit = models.ForeignKey(Unit, models.SET_NULL, null=True, blank=True, related_name="blogs")
    subject = models.CharField(max_length=80, blank=True)
    promise_days = models.PositiveSmallIntegerField(null=True)  # "I answer within n days"
    wants_review = models.BooleanField(
        default=False
    )  # articles need the nod of who keeps it before they are out
    opened_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    objects = BlogQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["name", "id"], name="blog_by_name")]
        constraints = [
            models.CheckConstraint(
                condition=Q(promise_days=None) | Q(promise_days__gte=1, promise_days__lte=30),
                name="blog_promise_in_days",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        return f"/blogs/{self.pk}/"

    @property
    def has_left(self) -> bool:
        """It spoke for somebody whose account is closed: nobody speaks for them any more."""
        return self.leader is not None and not self.leader.is_active


class Delegate(models.Model):
    """Somebody who writes in a blog for those who keep it. What comes of it says so: "written by X for Y"."""

    blog = models.ForeignKey(Blog, models.CASCADE, related_name="delegates", db_index=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="delegations")
    may_publish = models.BooleanField(default=False)
    may_answer = models.BooleanField(default=False)  # sees what waits for an answer, and how it landed
    named_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["blog", "member"], name="delegate_once")]
