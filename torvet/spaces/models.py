"""Where: spaces, who is in them, who wants in, and who was invited."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from torvet.people.models import Member, Role
from torvet.people.viewer import Viewer


class Access(models.TextChoices):
    OPEN = "open", _("Open")  # everybody in the company reads
    CLOSED = "closed", _("Closed")  # listed; members read
    SECRET = "secret", _("Secret")  # unlisted; by invitation


class Standing(models.TextChoices):
    OWNER = "owner", _("Owner")
    MODERATOR = "moderator", _("Moderator")
    MEMBER = "member", _("Member")


class Involvement(models.TextChoices):
    EVERYTHING = "everything", _("Everything")
    MENTIONS = "mentions", _("Mentions and pins")
    NOTHING = "nothing", _("Nothing")


class SpaceQuerySet(models.QuerySet["Space"]):
    def joined_by(self, viewer: Viewer) -> Self:
        """The spaces a viewer is a member of."""
        if not viewer.can_read:
            return self.none()
        return self.filter(pk__in=Membership.objects.filter(member_id=viewer.id).values("space_id"))

    def visible_to(self, viewer: Viewer) -> Self:
        """The spaces a viewer may know of.

        A colleague: open and closed ones, and secret ones they are in. A guest: the ones they are in.
        """
        if not viewer.can_read:
            return self.none()
        if viewer.is_guest:
            return self.joined_by(viewer)
        mine = Membership.objects.filter(space=OuterRef("pk"), member_id=viewer.id)
        return self.filter(~Q(access=Access.SECRET) | Exists(mine))

    def readable_by(self, viewer: Viewer) -> Self:
        """The spaces whose entries a viewer may read: open ones for colleagues, otherwise the ones they are in.

        Administrators read no closed space by right.
        """
        if not viewer.can_read:
            return self.none()
        mine = Q(pk__in=Membership.objects.filter(member_id=viewer.id).values("space_id"))
        return self.filter(mine if viewer.is_guest else Q(access=Access.OPEN) | mine)

    def living(self) -> Self:
        return self.filter(archived_at=None)

    def listed(self) -> Self:
        """Those that people know as spaces: an inner one is part of another."""
        return self.filter(within=None)


class Space(models.Model):
    """A place with an audience. Opening one asks why, for whom, and who is responsible."""

    name = models.CharField(max_length=80)
    purpose = models.CharField(max_length=300)  # why this space exists; stands where people write
    audience = models.CharField(max_length=300)  # for whom
    responsible = models.ForeignKey(Member, models.PROTECT, related_name="responsible_for")
    access = models.CharField(max_length=8, choices=Access.choices, default=Access.OPEN)
    has_guests = models.BooleanField(
        default=False
    )  # guests may be invited; everybody sees that while writing
    is_default = models.BooleanField(default=False)  # newcomers join by themselves
    question = models.CharField(max_length=200, blank=True)  # asked of those who ask to join
    language = models.CharField(max_length=8, blank=True)
    # An inner space holds what of another is kept to fewer people: secret, listed nowhere, and only readers of the
    # other may be in it. Every rule of reading holds for it as for any space, so nothing else needs to know of it.
    within = models.ForeignKey("self", models.CASCADE, null=True, related_name="inner")
    opened_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)
    # The newest published opener and the newest activity: the feed on PostgreSQL reads only spaces that matter.
    last_published_at = models.DateTimeField(null=True)
    last_active_at = models.DateTimeField(null=True)
    member_count = models.PositiveIntegerField(default=0)
    # Goes up with every change of who may read here.
    epoch = models.PositiveIntegerField(default=1)
    # Goes up with anything a card shows of this space.
    version = models.PositiveIntegerField(default=1)

    objects = SpaceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["name", "id"], name="space_by_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/spaces/{self.within_id or self.pk}/"

    @property
    def is_inner(self) -> bool:
        return self.within_id is not None

    @property
    def url(self) -> str:
        return self.get_absolute_url()

    @property
    def hue(self) -> int:
        return (self.pk * 5) % 24

    @property
    def initials(self) -> str:
        words = [word for word in self.name.replace("-", " ").replace("&", " ").split() if word[0].isalnum()]
        return (words[0][0] + (words[1][0] if len(words) > 1 else words[0][1:2])).upper() if words else "#"

    @property
    def is_open(self) -> bool:
        return self.access == Access.OPEN

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Who is in a space is shown to those who may read it."""
        return self.filter(space__in=Space.objects.readable_by(viewer))


class Membership(models.Model):
    """A member in a space, and how much they want to hear.

    `read_at` is the reader's own position: entries published later are new to them. It is shown to nobody else.
    """

    space = models.ForeignKey(Space, models.CASCADE, related_name="memberships", db_index=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="memberships", db_index=False)
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.MEMBER)
    involvement = models.CharField(max_length=10, choices=Involvement.choices, default=Involvement.EVERYTHING)
    joined_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(default=timezone.now)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "space"], name="membership_once")]
        indexes = [models.Index(fields=["space", "standing"], name="membership_in_space")]

    @property
    def runs_it(self) -> bool:
        return self.standing in {Standing.OWNER, Standing.MODERATOR}


class JoinRequest(models.Model):
    """Somebody asks to be let into a closed space."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="join_requests")
    member = models.ForeignKey(Member, models.CASCADE, related_name="join_requests")
    answer = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at"]
        constraints = [models.UniqueConstraint(fields=["space", "member"], name="join_request_once")]


class Invitation(models.Model):
    """A way in for somebody: to the company, or as a guest or member to one space. Only a digest of the key is kept.

    With an e-mail address it is bound to that address and works once; without, it is a link that works until it ends.
    With a member it invites a colleague who is already here into a space.
    """

    digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField(max_length=254, blank=True)
    member = models.ForeignKey(Member, models.CASCADE, null=True, related_name="invitations")
    space = models.ForeignKey(Space, models.CASCADE, null=True, related_name="invitations")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.MEMBER)
    invited_by = models.ForeignKey(Member, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    uses = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["space", "member"],
                condition=Q(accepted_at=None, member__isnull=False),
                name="invitation_of_member_once",
            )
        ]

    @property
    def is_live(self) -> bool:
        works_once = bool(self.email) or self.member_id is not None
        return self.expires_at > timezone.now() and not (works_once and self.accepted_at)
