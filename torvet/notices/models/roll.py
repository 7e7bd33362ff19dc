"""Who is asked: the audience as it was chosen, the people in it as last looked at, and who came or went since."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from torvet.notices.models.notice import Notice
from torvet.people.models import Member, Role, Site, Unit
from torvet.spaces.models import Space


class AudiencePart(models.Model):
    """A unit (with those below it), a site, a role, a space, or a member."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="parts")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="+")
    site = models.ForeignKey(Site, models.CASCADE, null=True, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    space = models.ForeignKey(Space, models.CASCADE, null=True, related_name="+")
    member = models.ForeignKey(Member, models.CASCADE, null=True, related_name="+")


class Roll(models.Model):
    """Everybody who is asked now, in one row: the ids as notices/packing.py packs them."""

    notice = models.OneToOneField(Notice, models.CASCADE, primary_key=True, related_name="roll")
    packed = models.BinaryField()
    number = models.PositiveIntegerField()
    # Goes up with every change: what a process has unpacked it need not unpack again.
    version = models.PositiveIntegerField(default=1)
    looked_at = models.DateTimeField(default=timezone.now)


class Kind(models.TextChoices):
    JOINED = "joined", pgettext_lazy("somebody has", "joined")
    LEFT = "left", pgettext_lazy("somebody has", "left")
    AWAY = "away", pgettext_lazy("somebody is", "away")


class Why(models.TextChoices):
    AUDIENCE = "audience", _("the audience changed")  # moved to a unit, a role, a space
    READING = "reading", _("who may read the text changed")
    ACCOUNT = "account", _("the account was opened or closed")
    ABSENCE = "absence", pgettext_lazy("somebody is", "away")


class RollChange(models.Model):
    """Somebody came, went, or was away. Only for those few: whoever was asked at first and is there has no row."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="changes", db_index=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    why = models.CharField(max_length=10, choices=Why.choices)
    at = models.DateTimeField(default=timezone.now)
    # Of an absence: its days, and when it turned out to be over.
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["notice", "member", "at"], name="roll_change_of")]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "member"], condition=Q(kind="away", ended_at=None), name="away_once"
            )
        ]
