"""When the timed work of schedule.py is due next."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Turn(models.Model):
    """A line of the schedule. Whoever moves `due_at` forward does the work: of several workers, one."""

    name = models.CharField(max_length=80, primary_key=True)
    due_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
