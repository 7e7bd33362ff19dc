"""Two ideas that are one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from torvet.ideas.models.idea import Idea
from torvet.people.models import Member


class Merge(models.Model):
    """An idea goes on in another. Its own page stays, with its words; its supporters support the other."""

    idea = models.OneToOneField(Idea, models.CASCADE, primary_key=True, related_name="merge")
    into = models.ForeignKey(Idea, models.CASCADE, related_name="merged_in")
    merged_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(idea=models.F("into")), name="merge_of_two"),
        ]


class CarriedVote(models.Model):
    """A vote that came along with a merge, so that it goes back when the two are separated again."""

    merge = models.ForeignKey(Merge, models.CASCADE, related_name="carried", db_index=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merge", "member"], name="carried_once")]
