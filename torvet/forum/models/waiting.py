"""What was sent without a name and has not appeared yet."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from torvet.entries.models import Entry
from torvet.forum.models.forum import SubForum
from torvet.forum.models.thread import Thread
from torvet.spaces.models import Space


class Wish(models.TextChoices):
    QUESTION = "question"  # a new one
    ADD = "add"  # words for a question that has appeared
    ACCEPT = "accept"
    TAKE_BACK = "take_back"  # an acceptance
    REMOVE = "remove"


class Waiting(models.Model):
    """A question that nobody has asked, or something its asker wants done with it, until the hour at which it appears.

    There is no column here that tells who or when: not the writer, their session or language, nor a time but the full
    hour that was drawn. The number is drawn too, and on SQLite it is the place of the row in the table, so that not
    even the order of the rows tells which was first (docs/decisions/0015).
    """

    id = models.IntegerField(primary_key=True)
    what = models.CharField(max_length=12, choices=Wish.choices, default=Wish.QUESTION)
    appears_at = models.DateTimeField()
    space = models.ForeignKey(Space, models.CASCADE, related_name="+")
    sub_forum = models.ForeignKey(SubForum, models.SET_NULL, null=True, related_name="+")
    thread = models.ForeignKey(Thread, models.CASCADE, null=True, related_name="+")
    answer = models.ForeignKey(Entry, models.CASCADE, null=True, related_name="+")
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=8, blank=True)
    topics = models.JSONField(default=list)
    key_digest = models.CharField(max_length=64)

    objects: ClassVar[models.Manager[Waiting]] = models.Manager()

    class Meta:
        constraints = [
            # A form that is sent twice asks once.
            models.UniqueConstraint(
                fields=["key_digest"], condition=models.Q(what="question"), name="waiting_question_once"
            ),
        ]
        indexes = [models.Index(fields=["appears_at"], name="waiting_due")]
