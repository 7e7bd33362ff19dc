"""What the forum knows of a discussion or a question beside its words."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from torvet.entries import queries as entries
from torvet.entries.models import Entry
from torvet.forum.models.forum import SubForum
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space

STANDING = Q(removed_at=None)
OPEN = Q(removed_at=None, answered_at=None, solved_at=None, accepted=None, same_as=None)


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Threads whose entry the viewer may read."""
        return self.filter(Exists(entries.visible(viewer).filter(pk=OuterRef("entry_id"))))

    def standing(self) -> Self:
        """Whose opener has not been removed."""
        return self.filter(STANDING)

    def unanswered(self) -> Self:
        """In which nobody else has said anything that answers it, and which nobody has called solved."""
        return self.filter(OPEN)

    def create(self, **columns: Any) -> Thread:  # type: ignore[override]  # the one model there is
        """A row for an entry that has just been written: where and when are those of the entry."""
        if entry := columns.get("entry"):
            columns = {**copied_from(entry), **columns}
        return super().create(**columns)


def copied_from(entry: Entry) -> dict[str, Any]:
    """The columns of a thread that are those of its opener."""
    return {
        "space_id": entry.space_id,
        "published_at": entry.published_at or entry.created_at,
        "active_at": entry.active_at,
        "removed_at": entry.removed_at,
    }


class Thread(models.Model):
    """A discussion or a question: where in its forum it stands, and whether it is settled.

    An answer is a reply to the opener, of kind "answer". The asker accepts one; somebody who knows the field confirms
    one, the same or another.
    """

    entry = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="forum_thread")
    # Copies of what stands in the entry, so that every list is one index: `actions.keep.keep_true` sets them anew in
    # the transaction that changes the entry.
    space = models.ForeignKey(Space, models.PROTECT, related_name="+", db_index=False)
    published_at = models.DateTimeField()
    active_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    sub_forum = models.ForeignKey(
        SubForum, models.SET_NULL, null=True, related_name="threads", db_index=False
    )
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
        indexes = [
            # The lists of the whole company, of a forum and of a sub-forum, each by newest and by last activity.
            models.Index(fields=["-published_at", "-entry"], condition=STANDING, name="thread_newest"),
            models.Index(fields=["-active_at", "-entry"], condition=STANDING, name="thread_active"),
            models.Index(
                fields=["space", "-published_at", "-entry"], condition=STANDING, name="thread_newest_in"
            ),
            models.Index(
                fields=["space", "-active_at", "-entry"], condition=STANDING, name="thread_active_in"
            ),
            models.Index(
                fields=["sub_forum", "-published_at", "-entry"], condition=STANDING, name="thread_newest_sub"
            ),
            models.Index(
                fields=["sub_forum", "-active_at", "-entry"], condition=STANDING, name="thread_active_sub"
            ),
            # What waits for an answer, the oldest first.
            models.Index(fields=["published_at", "entry"], condition=OPEN, name="thread_open"),
            models.Index(fields=["space", "published_at", "entry"], condition=OPEN, name="thread_open_in"),
            models.Index(
                fields=["sub_forum", "published_at", "entry"], condition=OPEN, name="thread_open_sub"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(same_as=models.F("entry")), name="thread_is_not_its_own_duplicate"
            )
        ]

    def __str__(self) -> str:
        return str(self.entry)

    @property
    def is_solved(self) -> bool:
        return self.solved_at is not None or self.accepted_id is not None


class Arranged(models.TextChoices):
    SPLIT = "split"  # replies of `source` are a thread of their own, `thread`
    MERGED = "merged"  # what was said in `source` stands in `thread` now


class ArrangementQuerySet(models.QuerySet["Arrangement"]):
    def of(self, thread: Entry) -> Self:
        """What was split from a thread or merged into it, and where it came from itself."""
        return self.filter(Q(thread=thread) | Q(source=thread)).order_by("at", "id")


class Arrangement(models.Model):
    """A note that stands in both places when a thread was split or merged: who did it, and where the other part is."""

    how = models.CharField(max_length=8, choices=Arranged.choices)
    source = models.ForeignKey(Entry, models.CASCADE, related_name="+")
    thread = models.ForeignKey(Entry, models.CASCADE, related_name="+")
    title = models.CharField(max_length=200, blank=True)  # that the merged thread had
    moved = models.PositiveIntegerField(default=0)  # how many replies
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ArrangementQuerySet.as_manager()
