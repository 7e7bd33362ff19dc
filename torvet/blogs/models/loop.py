"""What a leader hears back: comments that wait for an answer, and figures about groups."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from torvet.blogs.models.article import Article
from torvet.blogs.models.blog import Blog
from torvet.entries.models import Entry
from torvet.people.models import Member

WAITING = Q(answered_at=None, set_aside_at=None)


class QuestionQuerySet(models.QuerySet["Question"]):
    def standing(self) -> Self:
        """Those whose comment and article have not been removed."""
        return self.filter(comment__removed_at=None, comment__root__removed_at=None)

    def waiting(self) -> Self:
        """Neither answered nor said to need no answer."""
        return self.filter(WAITING)


class Question(models.Model):
    """A comment under an article, by somebody who is not of the blog. Derived from the comments, but for `set_aside`.

    A row of its own, so that what waits is found in order at once, however much has been said.
    """

    comment = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="+")
    blog = models.ForeignKey(Blog, models.CASCADE, related_name="questions", db_index=False)
    asked_at = models.DateTimeField()
    # By whoever speaks for the blog: in answer to the comment, or further down its branch.
    answer = models.ForeignKey(Entry, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    # Seconds until then. Kept, because SQLite takes times apart one by one: a promise over 20,000 rows took 80 ms.
    waited = models.PositiveBigIntegerField(null=True)
    set_aside_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    set_aside_at = models.DateTimeField(null=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["blog", "asked_at", "comment"], condition=WAITING, name="question_waiting"),
            models.Index(fields=["blog", "asked_at"], name="question_of_blog"),
        ]


class Landing(models.Model):
    """What may be read of how an article landed, in one row of the table: a reaction, by unit (see disclosure.py).

    `steps` holds people by group, as they were let out; who they are is kept nowhere but in their own reactions.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="landings", db_index=False)
    row = models.CharField(max_length=64)  # an emoji; or MOOD, THEMES
    total = models.PositiveIntegerField(default=0)  # the public one, at the last look
    steps = models.JSONField(default=dict)  # {"12": 10}
    looked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "row"], name="landing_once")]


class Listening(models.Model):
    """How a blog wants to be reminded after a quiet week, and when it last was; absent while nothing was said."""

    blog = models.OneToOneField(Blog, models.CASCADE, primary_key=True, related_name="listening")
    is_quiet = models.BooleanField(default=False)  # switched off
    suggested_at = models.DateTimeField(null=True)
