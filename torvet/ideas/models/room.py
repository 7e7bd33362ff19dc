"""Idea rooms: spaces that ask a question."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.utils import timezone

from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space


class IdeaRoomQuerySet(models.QuerySet["IdeaRoom"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Rooms of spaces that the viewer may read."""
        return self.filter(space__in=Space.objects.readable_by(viewer))

    def open_on(self, day: date) -> Self:
        """Those that take ideas and votes on a day, as far as the room says."""
        return self.filter(closed_at=None, space__archived_at=None).exclude(ends_on__lt=day)


class IdeaRoom(models.Model):
    """A space with a question to which people answer with ideas. Who reads and writes there is the space's affair."""

    space = models.OneToOneField(Space, models.CASCADE, primary_key=True, related_name="idea_room")
    question = models.CharField(max_length=200)
    about = models.CharField(max_length=600, blank=True)
    # Who decides, and within how many days, unless it is said otherwise of an idea. Without one: who runs the space.
    decider = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="+")
    days_to_decide = models.PositiveSmallIntegerField(default=30)
    ends_on = models.DateField(null=True)  # the last day of a challenge
    opened_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    objects = IdeaRoomQuerySet.as_manager()

    def __str__(self) -> str:
        return self.question

    @property
    def url(self) -> str:
        return f"/spaces/{self.space_id}/ideas/"

    @property
    def has_ended(self) -> bool:
        return self.ends_on is not None and self.ends_on < timezone.localdate()

    @property
    def is_open(self) -> bool:
        """It takes ideas and votes. Deciding goes on when it does not."""
        return self.closed_at is None and not self.has_ended and not self.space.is_archived
