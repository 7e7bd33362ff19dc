"""What the company knows: pages in a tree within a space, each with somebody who answers for it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from torvet.entries import queries as entries
from torvet.entries.models import Entry
from torvet.people.models import Member, Unit
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space

ASKED_BEFORE = timedelta(days=14)  # the question whether it is still right comes so long before the day


class Sort(models.TextChoices):
    """What a page is about; each has its template in wiki/drafts.py."""

    PLAIN = "plain", _("Plain page")
    PROCEDURE = "procedure", _("How we do it")
    PRODUCT = "product", _("Product")
    TERM = "term", _("Term")
    DECISION = "decision", _("Decision")


class Editing(models.TextChoices):
    """Who may change a page, among those who may write where it stands."""

    ALL = "all", _("Everyone who writes in the space")
    FEW = "few", _("Whoever answers for it, and those who run the space")


class PageQuerySet(models.QuerySet["Page"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Pages whose entry the viewer may read: in a space they may read, published, not removed."""
        # Exists, not `in`: SQLite would list every readable entry of the town to look up a page.
        return self.filter(Exists(entries.visible(viewer).filter(pk=OuterRef("entry_id"))))

    def in_order(self) -> Self:
        """As they stand beside each other in the tree."""
        return self.order_by("place", "entry_id")

    def unanswered(self) -> Self:
        """Those for which nobody answers: the owner's account is closed, and no deputy with an open one stands in."""
        return self.filter(
            Q(owner__is_active=False), Q(deputy=None) | Q(deputy__is_active=False), entry__removed_at=None
        )

    def to_confirm(self, on: date) -> Self:
        """Those whose time to be looked through has come."""
        return self.filter(confirmed_until__lte=on)


class Page(models.Model):
    """Where a page stands in the tree of its space, and who keeps it true. Its words are those of its entry.

    `space` is the one whose tree it stands in. Its entry stands there too, or in an inner space of it when fewer
    read it.

    `trail` holds the ids of all pages above it, ",12,45,": a branch is found, moved and checked for circles by it.
    """

    entry = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="page")
    space = models.ForeignKey(Space, models.PROTECT, related_name="pages", db_index=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", db_index=False)
    trail = models.TextField(default=",")
    place = models.PositiveIntegerField(default=0)  # among its siblings
    sort = models.CharField(max_length=12, choices=Sort.choices, default=Sort.PLAIN)
    editing = models.CharField(max_length=4, choices=Editing.choices, default=Editing.ALL)
    # A unit owns a page, so that it has an owner when somebody leaves; a person acts for it.
    unit = models.ForeignKey(Unit, models.SET_NULL, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(Member, models.PROTECT, related_name="owned_pages")
    deputy = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="deputy_pages")
    months = models.PositiveSmallIntegerField(default=12)  # between two looks; 0: never asked
    confirmed_until = models.DateField(null=True)
    confirmed_by = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    # The due day that its owner has been asked about, and reminded of: each is asked once, whoever runs the work twice.
    asked_for = models.DateField(null=True)
    reminded_for = models.DateField(null=True)
    # With approval the words of the entry are the approved ones, and newer ones stand apart: see models/approval.py.
    needs_approval = models.BooleanField(default=False)
    approved_by = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    # Which working text is the newest; empty when the approved words are. A number and no relation: whoever has the
    # page at hand does not have these words.
    working_version = models.PositiveIntegerField(null=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["space", "parent", "place", "entry"], name="page_in_tree"),
            models.Index(fields=["parent"], name="page_below"),
            models.Index(
                fields=["confirmed_until"], condition=Q(confirmed_until__isnull=False), name="page_to_confirm"
            ),
        ]

    def __str__(self) -> str:
        return str(self.entry)

    @property
    def url(self) -> str:
        return f"/pages/{self.pk}/"

    @property
    def above(self) -> list[int]:
        """Ids of the pages above, from the top."""
        return [int(part) for part in self.trail.split(",") if part]

    @property
    def own_trail(self) -> str:
        """The trail of the pages right below."""
        return f"{self.trail}{self.pk},"

    @property
    def answerer(self) -> Member | None:
        """Who is asked about it: its owner, or its deputy when the owner's account is closed; None: nobody."""
        return next((one for one in (self.owner, self.deputy) if one is not None and one.is_active), None)

    @property
    def is_being_written(self) -> bool:
        """It needs approval and has not had any: there is nothing to read yet."""
        return self.needs_approval and self.approved_at is None

    @property
    def is_asked(self) -> bool:
        """Its day is near or has passed: who answers for it is asked."""
        return (
            self.confirmed_until is not None and self.confirmed_until <= timezone.localdate() + ASKED_BEFORE
        )

    @property
    def is_overdue(self) -> bool:
        return self.confirmed_until is not None and self.confirmed_until <= timezone.localdate()
