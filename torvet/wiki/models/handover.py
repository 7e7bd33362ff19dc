"""What somebody who leaves hands over: who takes which thing, and what they wrote down for those who come after."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from torvet.entries.models import Entry
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.wiki.models.page import Page

ALONE_FOR = timedelta(days=7)  # the time in which only the one who leaves sees their list


class HandOverQuerySet(models.QuerySet["HandOver"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """One's own at once; later those of one's reports, and all for administrators."""
        if not viewer.can_read:
            return self.none()
        today = timezone.localdate()
        is_open = Q(shared_at__isnull=False) | Q(opens_on__lte=today) | Q(done_at__isnull=False)
        near = Q() if viewer.is_administrator else Q(member__manager=viewer.id)
        return self.filter(Q(member=viewer.id) | (is_open & near))

    def under_way(self) -> Self:
        return self.filter(done_at=None)


class HandOver(models.Model):
    """One for each member who leaves; a second leaving goes on in the same row, so that no text is lost."""

    member = models.OneToOneField(Member, models.CASCADE, related_name="hand_over")
    leaves_on = models.DateField()
    began_at = models.DateTimeField(default=timezone.now)
    opens_on = models.DateField()  # from then on the manager and administrators see it too
    shared_at = models.DateTimeField(null=True)  # when the one who leaves showed it, or the day had come
    reminded_weeks = models.PositiveSmallIntegerField(null=True)  # before the last day: 4, then 1
    is_quiet = models.BooleanField(
        default=False
    )  # the one who leaves would rather not; nobody asks them again
    done_at = models.DateTimeField(null=True)  # the account was closed, or they stay after all

    objects = HandOverQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["leaves_on"], condition=Q(done_at=None), name="hand_over_under_way")]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.leaves_on}"

    @property
    def url(self) -> str:
        return f"/people/{self.member_id}/handover/"

    @property
    def is_alone(self) -> bool:
        """Nobody but the one who leaves sees it yet."""
        return not (self.shared_at or self.done_at or self.opens_on <= timezone.localdate())

    @staticmethod
    def opening(began_on: date, leaves_on: date) -> date:
        """A week for oneself, but never more than half of the time that is left."""
        return began_on + min(ALONE_FOR, (leaves_on - began_on) // 2)


class Share(models.TextChoices):
    """As what somebody stands by the thing they hand over."""

    OWNER = "owner", _("Owner")
    DEPUTY = "deputy", _("Deputy")


class HandedState(models.TextChoices):
    ASKED = "asked", _("Asked")
    ACCEPTED = "accepted", _("Taken over")
    DECLINED = "declined", _("Declined")
    DROPPED = "dropped", _("Nothing to hand over")
    FELL = "fell", _("Passed on")  # when the account was closed


class Why(models.TextChoices):
    """Why a thing fell to just this person."""

    DEPUTY = "deputy", _("because you are its deputy")
    LEAD = "lead", _("because you lead the unit it belongs to")
    SPACE_OWNER = "space_owner", _("because you own the space")
    RESPONSIBLE = "responsible", _("because you are responsible for the space")
    MODERATOR = "moderator", _("because you help to run the space")
    LONGEST = "longest", _("because you have been in the space longest")
    ADMINISTRATOR = "administrator", _("because nobody else is left, and you are an administrator")


class HandedLineQuerySet(models.QuerySet["HandedLine"]):
    def asked_of(self, viewer: Viewer) -> Self:
        """What the viewer is asked to take over and may still read."""
        mine = self.filter(successor=viewer.id, state=HandedState.ASKED, hand_over__done_at=None)
        return mine.readable_by(viewer)

    def readable_by(self, viewer: Viewer) -> Self:
        """Lines on things that the viewer may read: a line never names what they may not."""
        pages = Page.objects.visible_to(viewer).values("pk")
        spaces = Space.objects.readable_by(viewer).values("pk")
        return self.filter(Q(page__in=pages) | Q(page=None, space__in=spaces))


class HandedLine(models.Model):
    """What was decided about one thing: a page, or a space. What is still open has no line; it is asked for anew."""

    hand_over = models.ForeignKey(HandOver, models.CASCADE, related_name="lines")
    share = models.CharField(max_length=8, choices=Share.choices, default=Share.OWNER)
    page = models.ForeignKey(Page, models.CASCADE, null=True, related_name="handed_lines")
    space = models.ForeignKey(Space, models.CASCADE, null=True, related_name="+")  # that of the page, too
    state = models.CharField(max_length=8, choices=HandedState.choices)
    successor = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="taken_over")
    asked_by = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="+")
    why = models.CharField(max_length=14, choices=Why.choices, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = HandedLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hand_over", "page", "share"],
                condition=Q(page__isnull=False),
                name="page_handed_once",
            ),
            models.UniqueConstraint(
                fields=["hand_over", "space"], condition=Q(page=None), name="space_handed_once"
            ),
        ]
        indexes = [models.Index(fields=["successor", "state", "-id"], name="handed_to")]


class Note(models.Model):
    """A text of the interview, or an answer they once gave; theirs alone until they make it a page."""

    hand_over = models.ForeignKey(HandOver, models.CASCADE, related_name="notes")
    question = models.CharField(max_length=20, blank=True)  # a key of wiki/interview.py
    answer_of = models.ForeignKey(Entry, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(blank=True)  # Markdown
    is_skipped = models.BooleanField(default=False)
    saved_at = models.DateTimeField(default=timezone.now)
    page = models.ForeignKey(Page, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hand_over", "question"], condition=~Q(question=""), name="question_answered_once"
            ),
            models.UniqueConstraint(
                fields=["hand_over", "answer_of"],
                condition=Q(answer_of__isnull=False),
                name="answer_noted_once",
            ),
        ]
