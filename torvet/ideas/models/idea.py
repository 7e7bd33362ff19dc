"""What is known of an idea beside its words: how far it has come, who decides, and until when."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from torvet.entries import queries as entries
from torvet.entries.models import Entry
from torvet.ideas.models.room import IdeaRoom
from torvet.people.models import Member
from torvet.people.viewer import Viewer


class Stage(models.TextChoices):
    HEARD = "heard", pgettext_lazy("the stage of an idea", "Heard")
    LOOKED_AT = "looked_at", pgettext_lazy("the stage of an idea", "Looked at")
    CHOSEN = "chosen", pgettext_lazy("the stage of an idea", "Chosen")
    TRIED = "tried", pgettext_lazy("the stage of an idea", "Tried")
    DONE = "done", pgettext_lazy("the stage of an idea", "Done")
    DECLINED = "declined", pgettext_lazy("the stage of an idea", "Declined")


UNDECIDED = (Stage.HEARD, Stage.LOOKED_AT)
SETTLED = (Stage.DONE, Stage.DECLINED)  # nothing more is asked about these


class Concern(models.TextChoices):
    """Who should hear of it."""

    PRODUCT = "product", pgettext_lazy("what an idea is about", "A product")
    SERVICE = "service", pgettext_lazy("what an idea is about", "Our service")
    ORGANISATION = "organisation", pgettext_lazy("what an idea is about", "How we work")


class IdeaQuerySet(models.QuerySet["Idea"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Ideas whose entry the viewer may read."""
        return self.filter(Exists(entries.visible(viewer).filter(pk=OuterRef("entry_id"))))

    def standing_alone(self) -> Self:
        """Those that were not merged into another."""
        return self.filter(merge=None)

    def undecided(self) -> Self:
        return self.standing_alone().filter(stage__in=UNDECIDED)

    def waiting(self) -> Self:
        """Undecided, where somebody can decide: in an archived space nobody can."""
        return self.undecided().filter(room__space__archived_at=None)

    def overdue_on(self, day: date) -> Self:
        """Waiting, and the date by which it should have been decided has passed."""
        return self.waiting().filter(decide_by__lt=day)


class Idea(models.Model):
    """An entry of kind "idea" in an idea room. Votes are those of its entry."""

    entry = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="idea")
    room = models.ForeignKey(IdeaRoom, models.CASCADE, related_name="ideas", db_index=False)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.HEARD)
    stage_at = models.DateTimeField(default=timezone.now)
    decider = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="+", db_index=False)
    decide_by = models.DateField()
    reminded_at = models.DateTimeField(null=True)  # that it is overdue; once for each date
    concern = models.CharField(max_length=12, choices=Concern.choices, blank=True)
    # What it was captured from; shown only to those who may read it.
    source = models.ForeignKey(Entry, models.SET_NULL, null=True, related_name="+")

    objects = IdeaQuerySet.as_manager()

    class Meta:
        indexes = [
            # The board and the list of a room.
            models.Index(fields=["room", "stage"], name="idea_in_room"),
            # What waits for whom, and what is overdue.
            models.Index(
                fields=["decide_by", "decider"], condition=Q(stage__in=["heard", "looked_at"]), name="idea_undecided"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.entry)

    @property
    def url(self) -> str:
        return f"/ideas/{self.pk}/"

    @property
    def is_undecided(self) -> bool:
        return self.stage in UNDECIDED

    @property
    def is_overdue(self) -> bool:
        is_past = self.is_undecided and self.decide_by < timezone.localdate()
        return is_past and not self.is_merged and not self.room.space.is_archived

    @property
    def is_merged(self) -> bool:
        """Asks the database unless `merge` is at hand: lists select it."""
        return hasattr(self, "merge")

    @property
    def is_open(self) -> bool:
        """It takes votes, support and input."""
        return self.stage not in SETTLED and not self.is_merged and self.room.is_open


class StageChange(models.Model):
    """An idea came to another stage: who moved it, when and why, for everybody who reads it."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="changes", db_index=False)
    from_stage = models.CharField(max_length=10, choices=Stage.choices)
    to_stage = models.CharField(max_length=10, choices=Stage.choices)
    reason = models.CharField(max_length=1000, blank=True)
    moved_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["idea", "-moved_at"], name="stage_change_of_idea"),
            # What was decided lately.
            models.Index(fields=["-moved_at", "to_stage"], name="stage_change_newest"),
        ]


class InputSort(models.TextChoices):
    EXPERIENCE = "experience", pgettext_lazy("a sort of input", "An experience")
    FACT = "fact", pgettext_lazy("a sort of input", "A fact")
    OBJECTION = "objection", pgettext_lazy("a sort of input", "An objection")
    WISH = "wish", pgettext_lazy("a sort of input", "A wish")


class Input(models.Model):
    """What sort of input an entry of kind "input" is."""

    entry = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="idea_input")
    sort = models.CharField(max_length=10, choices=InputSort.choices)
