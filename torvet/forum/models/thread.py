"""What the forum knows of a discussion or a question beside its words."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef

from torvet.entries import queries as entries
from torvet.entries.models import Entry
from torvet.forum.models.forum import SubForum
from torvet.people.models import Member
from torvet.people.viewer import Viewer


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Threads whose entry the viewer may read."""
        return self.filter(Exists(entries.visible(viewer).filter(pk=OuterRef("entry_id"))))


class Thread(models.Model):
    """A discussion or a question: where in its forum it stands, and whether it is settled.

    An answer is a reply to the opener, of kind "answer". The asker accepts one; somebody who knows the field confirms
    one, the same or another.
    """

    entry = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="forum_thread")
    sub_forum = models.ForeignKey(SubForum, models.SET_NULL, null=True, related_name="threads")
    answered_at = models.DateTimeField(null=True)  # the first answer by somebody else
    solved_at = models.DateTimeField(null=True)
    accepted = models.ForeignKey(Entry, models.SET_NULL, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    confirmed = models.ForeignKey(Entry, models.SET_NULL, null=True, related_name="+")
    confirmed_by = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    # The question that this one repeats; never itself, and never one that repeats another.
    same_as = models.ForeignKey("self", models.SET_NULL, null=True, related_name="repeated_by")
    # Of an anonymous question: the digest of the key that its asker was shown. Nothing else of them is kept.
    key_digest = models.CharField(max_length=64, blank=True)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(same_as=models.F("entry")), name="thread_is_not_its_own_duplicate"
            )
        ]

    def __str__(self) -> str:
        return str(self.entry)
