"""The one table for what is said."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from torvet.entries.kinds import kind_of
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space

OPENER = Q(root=None, removed_at=None, published_at__isnull=False)


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Published, not removed, in a space that the viewer may read."""
        return self.noticed_by(viewer).filter(removed_at=None)

    def noticed_by(self, viewer: Viewer) -> Self:
        """As `visible_to`, with the removed ones: a thread shows a notice where they stood, never their text."""
        return self.filter(published_at__lte=timezone.now(), space__in=Space.objects.readable_by(viewer))

    def roots(self) -> Self:
        """Those that opened a thread."""
        return self.filter(root=None)

    def replies(self) -> Self:
        return self.filter(root__isnull=False)

    def in_space(self, space: Space) -> Self:
        return self.filter(space=space)

    def by_member(self, member: Member) -> Self:
        return self.filter(author=member)

    def latest(self) -> Self:  # type: ignore[override]  # reads better than the QuerySet method, which we do not use
        return self.order_by("-published_at", "-id")


class Entry(models.Model):
    """Something a member wrote in a space, that others may read, answer and react to."""

    kind = models.CharField(max_length=20)
    # No indexes of their own for space, author and root: the ones below begin with them, and SQLite would rather
    # read every opener by `root IS NULL` than twenty of them in order.
    space = models.ForeignKey(Space, models.PROTECT, related_name="entries", db_index=False)
    author = models.ForeignKey(Member, models.PROTECT, related_name="entries", db_index=False)
    root = models.ForeignKey("self", models.CASCADE, null=True, related_name="thread_entries", db_index=False)
    reply_to = models.ForeignKey("self", models.SET_NULL, null=True, related_name="answers")
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)  # sanitised HTML
    text = models.TextField(blank=True)  # plain text of it
    language = models.CharField(max_length=8, blank=True)
    # Goes up with anything the card shows; (id, revision) names a card for good.
    revision = models.PositiveIntegerField(default=1)
    # Goes up with every edit of the words; tells two people that they edit at once.
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)  # empty while a draft, in the future while scheduled
    active_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    # Who wrote it in the author's name; empty when the author did. Shown wherever the author is.
    written_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    # An opener whose comments are closed: by whom and why, for everybody to see.
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    closed_why = models.CharField(max_length=300, blank=True, db_default="")
    pinned_at = models.DateTimeField(null=True)
    # Counted anew in the transaction that changes them; stored because every card shows them.
    reply_count = models.PositiveIntegerField(default=0)
    reactions = models.JSONField(default=dict)  # {"👍": 3}
    votes = models.IntegerField(default=0)  # the rows of Vote, and what came from elsewhere
    # The score that an entry had where it came from, voter by voter unknown; below zero where people may vote against.
    votes_before = models.IntegerField(default=0)

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = [
            # The feed by newest, a space's page, unread marks: openers only, so replies cost it nothing.
            models.Index(fields=["space", "-published_at", "-id"], condition=OPENER, name="entry_newest"),
            # The feed by last activity.
            models.Index(fields=["space", "-active_at", "-id"], condition=OPENER, name="entry_active"),
            # A member's page and people followed, with the space at hand for the reading rule.
            models.Index(
                fields=["author", "-published_at", "-id", "space"], condition=OPENER, name="entry_by_author"
            ),
            models.Index(
                fields=["author", "-active_at", "-id", "space"], condition=OPENER, name="entry_author_active"
            ),
            # The company-wide view.
            models.Index(fields=["-published_at", "-id"], condition=OPENER, name="entry_everywhere"),
            models.Index(fields=["-active_at", "-id"], condition=OPENER, name="entry_active_all"),
            # A thread in order, and the two newest answers under a card.
            models.Index(
                fields=["root", "published_at", "id"], condition=Q(root__isnull=False), name="entry_thread"
            ),
            # Everything a member wrote, comments too: their cards get new revisions when their name changes.
            models.Index(fields=["author"], name="entry_of_author"),
            # What a member wrote in another's name, for the same.
            models.Index(
                fields=["written_by"], condition=Q(written_by__isnull=False), name="entry_written_for"
            ),
            # What stands on top of a space.
            models.Index(
                fields=["space", "-pinned_at"], condition=Q(pinned_at__isnull=False), name="entry_pinned"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(root=None, reply_to=None) | Q(root__isnull=False), name="entry_reply_has_a_thread"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.text[:60]

    @property
    def thread_id(self) -> int:
        return self.root_id or self.pk

    @property
    def is_reply(self) -> bool:
        return self.root_id is not None

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None

    @property
    def is_closed(self) -> bool:
        """The comments of its thread are closed. Of a comment it asks the opener: lists have that at hand."""
        opener = self.root or self
        return opener.closed_at is not None

    def get_absolute_url(self) -> str:
        return kind_of(self.kind).address.format(self.pk)

    @property
    def stands_at(self) -> str:
        """Where it stands: an opener's own page, a reply's place in its thread. Of a reply it asks the opener."""
        return kind_of(self.root.kind).reply_address.format(self.root_id, self.pk) if self.root else self.url

    @property
    def url(self) -> str:
        return self.get_absolute_url()
