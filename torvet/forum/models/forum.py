"""Fora: spaces in which people with the same interest talk, and the parts that a large one has."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from torvet.people.viewer import Viewer
from torvet.spaces.models import Space


class Sort(models.TextChoices):
    PROFESSIONAL = "work", _("About our work")
    SOCIAL = "social", _("About everything else")


class ForumQuerySet(models.QuerySet["Forum"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Fora of spaces that the viewer may read."""
        return self.filter(space__in=Space.objects.readable_by(viewer))


class Forum(models.Model):
    """A space that is a forum. Who reads and writes there is the space's own affair."""

    space = models.OneToOneField(Space, models.CASCADE, primary_key=True, related_name="forum")
    sort = models.CharField(max_length=8, choices=Sort.choices, default=Sort.PROFESSIONAL)
    # Whether members may ask without anybody knowing who did; see docs/decisions on anonymous questions.
    allows_anonymous = models.BooleanField(default=False)
    opened_at = models.DateTimeField(default=timezone.now)
    # When those who run it were last told what waits for an answer.
    listed_at = models.DateTimeField(null=True)

    objects = ForumQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.space)


class SubForum(models.Model):
    """A part of a forum that has its own list: a thread stands in one at most."""

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="sub_fora", db_index=False)
    name = models.CharField(max_length=80)
    about = models.CharField(max_length=300, blank=True)
    place = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["place", "id"]
        constraints = [models.UniqueConstraint(fields=["forum", "name"], name="sub_forum_once")]

    def __str__(self) -> str:
        return self.name
