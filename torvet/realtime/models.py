"""What is kept of writing together between two sittings."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from torvet.wiki.models import Page


class Sitting(models.Model):
    """The shared document of a page, as it was when the page was last saved from it.

    Kept, so that what somebody wrote without a connection still finds its place after the server was started anew.
    """

    page = models.OneToOneField(Page, models.CASCADE, primary_key=True, related_name="sitting")
    name = models.CharField(max_length=16)  # of the document; a copy of another one cannot be joined to it
    version = models.PositiveIntegerField()  # of the entry, whose words are those of the document
    state = models.BinaryField()  # a Yjs update that makes the whole document
    saved_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.pk} at {self.version}"
