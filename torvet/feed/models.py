"""How far somebody has read on their home page."""

from __future__ import annotations

from django.db import models

from torvet.people.models import Member


class HomePosition(models.Model):
    """What was published or active later than `seen_at` is new to the member. Shown to nobody else; no history."""

    member = models.OneToOneField(Member, models.CASCADE, primary_key=True, related_name="home_position")
    seen_at = models.DateTimeField()
