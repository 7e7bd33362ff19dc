"""Cards, rendered when written and kept."""

from __future__ import annotations

from django.db import models

from torvet.entries.models.entry import Entry


class Card(models.Model):
    """What a list shows of an entry, the same for every reader and in every language (see entries/cards.py).

    Derived: a missing or outdated row is rendered anew from the entry.
    """

    entry = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="card")
    revision = models.PositiveIntegerField()
    look = models.CharField(max_length=8)  # of what drew it (entries/cards.py); another release draws it anew
    html = models.TextField()
