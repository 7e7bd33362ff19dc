"""Who was asked whether they know, and the fields in which somebody is not asked any more."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from torvet.entries import queries as entries
from torvet.entries.models import Entry, Topic
from torvet.forum.models.thread import Thread
from torvet.people.models import Member
from torvet.people.viewer import Viewer


class AskedQuerySet(models.QuerySet["Asked"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """What the viewer is asked, and whom they asked, as long as they may read the question.

        Nobody else sees who was asked; who said no for good, nobody at all.
        """
        read = Exists(entries.visible(viewer).filter(pk=OuterRef("question_id")))
        return self.filter(Q(member=viewer.id) | Q(question__entry__author=viewer.id), read)

    def answered(self) -> Self:
        """Those who have said something in the thread."""
        return self.filter(_has_answered())

    def waiting(self) -> Self:
        """Those who have neither answered nor said "not now", of questions that are not settled."""
        return self.filter(
            ~_has_answered(), declined_at=None, question__solved_at=None, question__entry__removed_at=None
        )


def _has_answered() -> Exists:
    """Read off the thread: an answer that is removed is none, and no column can disagree with it."""
    said = entries.standing().filter(root=OuterRef("question_id"), author=OuterRef("member_id"))
    return Exists(said)


class Asked(models.Model):
    """A member whom an asker chose to ask. Silence is no answer: only "not now" is kept, and nobody is reminded."""

    question = models.ForeignKey(Thread, models.CASCADE, related_name="asked", db_index=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="asked", db_index=False)
    asked_at = models.DateTimeField(default=timezone.now)
    declined_at = models.DateTimeField(null=True)

    objects = AskedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "member"], name="asked_once")]
        # The list of what somebody is asked, and how much waits for them.
        indexes = [models.Index(fields=["member", "-id"], name="asked_of_member")]


class AskedBecause(models.Model):
    """Why somebody was asked: an entry, and what they did there (entries/knowing.py). Its words are read when shown."""

    asked = models.ForeignKey(Asked, models.CASCADE, related_name="because", db_index=False)
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="+")
    what = models.CharField(max_length=12)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["asked", "entry", "what"], name="asked_because_once")]


class NotMyField(models.Model):
    """An entry or a topic because of which a member is not asked any more. Seen by that member alone."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="+", db_index=False)
    entry = models.ForeignKey(Entry, models.CASCADE, null=True, related_name="+")
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(entry=None, topic__isnull=False) | Q(entry__isnull=False, topic=None),
                name="not_my_field_of_one",
            ),
            models.UniqueConstraint(fields=["member", "entry"], name="not_my_field_entry_once"),
            models.UniqueConstraint(fields=["member", "topic"], name="not_my_field_topic_once"),
        ]
