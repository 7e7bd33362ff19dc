"""Pictures and files. A file is a row first: whoever may not read the entry may not have the file."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, Self

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from torvet.entries.models.entry import Entry
from torvet.people.models import Member
from torvet.people.viewer import Viewer


def new_key() -> str:
    return secrets.token_urlsafe(16)


_seen_beside: list[Callable[[Viewer], QuerySet[Any, Any]]] = []


def see_waiting_files(question: Callable[[Viewer], QuerySet[Any, Any]]) -> None:
    """Let a feature say who beside the uploader sees an upload that stands on no entry yet: `viewer -> their ids`."""
    if question not in _seen_beside:
        _seen_beside.append(question)


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Those of entries the viewer may read, what they have just uploaded, and what they write together on."""
        if not viewer.can_read:
            return self.none()
        waiting = Q(uploaded_by_id=viewer.id)
        for question in _seen_beside:
            waiting |= Q(pk__in=question(viewer))
        return self.filter(Q(entry__in=Entry.objects.visible_to(viewer)) | Q(waiting, entry=None))

    def waiting_for(self, viewer: Viewer) -> Self:
        """Uploaded by the viewer and not yet on an entry."""
        return self.filter(entry=None, uploaded_by_id=viewer.id)


class Attachment(models.Model):
    key = models.CharField(max_length=32, unique=True, default=new_key)
    entry = models.ForeignKey(Entry, models.CASCADE, null=True, related_name="attachments")
    uploaded_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    mime = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()  # bytes
    is_picture = models.BooleanField(default=False)
    width = models.PositiveIntegerField(default=0)  # pixels
    height = models.PositiveIntegerField(default=0)
    alt = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    path = models.CharField(max_length=120)  # below the files folder
    thumb_path = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["entry", "position"], name="attachment_of_entry"),
            models.Index(fields=["created_at"], condition=Q(entry=None), name="attachment_unused"),
        ]

    @property
    def url(self) -> str:
        return f"/files/{self.key}/{self.name}"

    @property
    def thumb(self) -> str:
        return f"/files/{self.key}/thumb/" if self.thumb_path else ""
