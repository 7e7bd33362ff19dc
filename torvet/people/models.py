"""Who: members, units, sites, who follows whom, and the ways in (sessions, tokens)."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from torvet.people.names import handle_from
from torvet.people.viewer import SCOPES, Viewer

NOBODYS = "@nobody.torvet.invalid"  # how the address of an account ends that is nobody's


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    COMMUNITY_MANAGER = "community_manager", _("Community manager")
    LEADER = "leader", _("Leader")
    MEMBER = "member", _("Member")
    GUEST = "guest", _("Guest")


class Theme(models.TextChoices):
    AUTO = "auto", _("As my device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Company(models.Model):
    """The one company that lives here; a single row with pk 1, absent until the first run."""

    name = models.CharField(max_length=80)
    brand = models.CharField(max_length=7, default="#0b7a4b")
    language = models.CharField(max_length=8, default="en")
    founded_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="only_one_company")]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A place where people work: an office, a plant, a shop."""

    name = models.CharField(max_length=80, unique=True)
    country = models.CharField(max_length=2, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A department or team in the tree of the company."""

    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    leader = models.ForeignKey("Member", models.SET_NULL, null=True, blank=True, related_name="leads")
    external_id = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"], condition=~models.Q(external_id=""), name="unit_external_id_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("unit", args=[self.pk])


class MemberQuerySet(models.QuerySet["Member"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def visible_to(self, viewer: Viewer) -> Self:
        """Colleagues see everybody; a guest sees the people of the spaces they are in, and nobody else."""
        if not viewer.can_read:
            return self.none()
        if not viewer.is_guest:
            return self
        # The relation is declared by Membership, one floor up; only its name is used here. Exists, not `in`: asking for
        # one person must not list everybody in the guest's spaces first.
        shared = Member._base_manager.filter(
            pk=models.OuterRef("pk"), memberships__space__memberships__member=viewer.id
        )
        return self.filter(models.Q(pk=viewer.id) | models.Exists(shared))

    def named_like(self, words: str) -> Self:
        """Members whose name, handle or title contains every word."""
        found = self
        for word in words.split()[:8]:
            # Handles are plain letters: "ÅSE" finds Åse where the database folds no case outside A to Z (SQLite).
            found = found.filter(
                models.Q(name__icontains=word)
                | models.Q(handle__icontains=handle_from(word, otherwise=word))
                | models.Q(title__icontains=word)
            )
        return found


class MemberManager(BaseUserManager.from_queryset(MemberQuerySet)):  # type: ignore[misc]  # django-stubs cannot type it
    def get_by_natural_key(self, email: str | None) -> Member:
        return self.get(email__iexact=email)


class Member(AbstractBaseUser):
    """A person with an account. A guest is a member from outside."""

    email = models.EmailField(max_length=254)
    handle = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=160, blank=True)
    about = models.TextField(max_length=2000, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    unit = models.ForeignKey(Unit, models.SET_NULL, null=True, blank=True, related_name="members")
    site = models.ForeignKey(Site, models.SET_NULL, null=True, blank=True, related_name="members")
    manager = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="reports")
    photo = models.CharField(
        max_length=200, blank=True
    )  # path below the files folder; served through a check
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.MEMBER)
    language = models.CharField(max_length=8, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    theme = models.CharField(max_length=8, choices=Theme.choices, default=Theme.AUTO)
    feed_order = models.CharField(max_length=8, default="newest")
    external_id = models.CharField(max_length=120, blank=True)
    is_bot = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    deactivated_at = models.DateTimeField(null=True, blank=True)
    # Goes up with every change of what this member may see; open live connections and caches are tied to it.
    epoch = models.PositiveIntegerField(default=1)
    # Goes up with anything a card shows of this member.
    version = models.PositiveIntegerField(default=1)

    objects = MemberManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="member_email_once"),
            models.UniqueConstraint(Lower("handle"), name="member_handle_once"),
            models.UniqueConstraint(
                fields=["external_id"], condition=~models.Q(external_id=""), name="member_external_id_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["is_active", "role"], name="member_active"
            ),  # how many can read an open space
            models.Index(fields=["name", "id"], name="member_directory"),
            models.Index(fields=["unit", "name"], name="member_in_unit"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/people/{self.pk}/"

    @property
    def url(self) -> str:
        return self.get_absolute_url()

    @property
    def first_name(self) -> str:
        """What people call them."""
        return self.name.split(" ")[0]

    @property
    def hue(self) -> int:
        """0 to 23, the colour class of the avatar."""
        return (self.pk * 7) % 24

    @property
    def is_nobodys(self) -> bool:
        """Stands where no author is kept (`bulk.nobodys_account`): closed for good, and no person."""
        return self.email.endswith(NOBODYS)

    @property
    def initials(self) -> str:
        if self.is_nobodys:
            return "?"
        words = [word for word in self.name.replace("-", " ").split() if word[0].isalnum()]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"

    @property
    def photo_url(self) -> str:
        return f"/people/{self.pk}/photo/?v={self.version}" if self.photo else ""

    @property
    def is_leader(self) -> bool:
        return self.role == Role.LEADER


class Follow(models.Model):
    """A member who wants to read what another member writes."""

    follower = models.ForeignKey(Member, models.CASCADE, related_name="following")
    followed = models.ForeignKey(Member, models.CASCADE, related_name="followers")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "followed"], name="follow_once"),
            models.CheckConstraint(condition=~models.Q(follower=models.F("followed")), name="not_oneself"),
        ]


class LeavingDateQuerySet(models.QuerySet["LeavingDate"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """The viewer's own, those of their reports, all for administrators; what was made known, for colleagues."""
        if not viewer.can_read:
            return self.none()
        if viewer.is_administrator:
            return self
        close = models.Q(member=viewer.id) | models.Q(member__manager=viewer.id)
        return self.filter(close | models.Q(is_public=True) if viewer.is_colleague else close)


class LeavingDate(models.Model):
    """The last day of a member who leaves. A table of its own: it must not travel along with everybody's name."""

    member = models.OneToOneField(Member, models.CASCADE, primary_key=True, related_name="leaving")
    leaves_on = models.DateField()
    is_public = models.BooleanField(default=False)  # the member lets all colleagues know

    objects = LeavingDateQuerySet.as_manager()


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """The viewer's own, those of their reports, those they stand in for; all for administrators."""
        if not viewer.can_read:
            return self.none()
        if viewer.is_administrator:
            return self
        near = models.Q(member=viewer.id) | models.Q(member__manager=viewer.id)
        return self.filter(near | models.Q(deputy=viewer.id))

    def on(self, day: date) -> Self:
        """Those that hold on this day, of people with open accounts."""
        return self.filter(from_on__lte=day, until_on__gte=day, member__is_active=True)


class Absence(models.Model):
    """Somebody is away, and who stands in. Why is nowhere asked: leave, illness and holidays look the same."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="absences")
    from_on = models.DateField()
    until_on = models.DateField()  # the last day
    deputy = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="stands_in_for")

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["from_on", "id"]
        indexes = [models.Index(fields=["until_on", "from_on"], name="absence_on_day")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on__gte=models.F("from_on")), name="absence_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=models.Q(deputy=None) | ~models.Q(deputy=models.F("member")),
                name="nobody_stands_in_for_themselves",
            ),
        ]


class SessionManager(BaseSessionManager):
    use_in_migrations = True


class Session(AbstractBaseSession):
    """A signed-in browser. The member stands in a column, so that deactivation ends every session in one delete."""

    member = models.ForeignKey(Member, models.CASCADE, null=True, related_name="sessions")
    created_at = models.DateTimeField(default=timezone.now)

    objects = SessionManager()  # type: ignore[misc]  # the stubs know one of their own

    @classmethod
    def get_session_store_class(cls) -> Any:
        # By name: the store stands on this model.
        return import_string("torvet.people.sessions.SessionStore")


class AccessToken(models.Model):
    """A personal key for the API. Only its SHA-256 is kept."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="access_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.CharField(max_length=80, default="read")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_set(self) -> frozenset[str]:
        return SCOPES & frozenset(self.scopes.split(","))
