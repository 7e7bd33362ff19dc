"""What people do to accounts, profiles, units and tokens. Each asks its rule first and records what happened."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.people import leaving, queries, rules
from torvet.people.models import AccessToken, Company, Follow, Member, Role, Session, Site, Unit
from torvet.people.names import handle_from, normal_email, normal_name
from torvet.people.photos import forget_photo
from torvet.people.viewer import SCOPES, Via, Viewer

PROFILE_FIELDS = frozenset({
    "name", "title", "about", "phone", "language", "time_zone", "theme", "feed_order", "photo",
})  # fmt: skip
PLACE_FIELDS = frozenset({"unit", "site", "manager"})  # only an administrator or an import changes these
SHOWN_ON_CARDS = frozenset({"name", "title", "photo"})
LONGEST_TOKEN_DAYS = 366
KEY_PREFIX = "torvet_"


def free_handle(wanted: str) -> str:
    """`wanted`, or with the first number behind it that nobody has."""
    handle, number = wanted, 1
    while Member.objects.filter(handle__iexact=handle).exists():
        number += 1
        handle = f"{wanted}{number}"
    return handle


@transaction.atomic
def found_company(*, name: str, email: str, member_name: str, password: str, language: str = "en") -> Member:
    """The first run: names the company and makes its first administrator. Works once.

    Raises Refused when the company is already there, ValidationError for a weak password.
    """
    if Company.objects.select_for_update().filter(pk=1).exists():
        raise Refused(_("This Torvet has already been set up. Please sign in."))
    Company.objects.create(pk=1, name=normal_name(name), language=language)
    queries.forget_company()
    founder = make_member(
        email=email, name=member_name, password=password, role=Role.ADMINISTRATOR, language=language
    )
    record(verbs.FOUNDED_COMPANY, by=Viewer.of(founder), about=founder)
    return founder


@transaction.atomic
def open_account(*, member: Member, name: str, password: str) -> Member:
    """Give somebody who stands in the directory but never signed in their first password.

    The step shared by invitations; raises Refused for anybody who has one, ValidationError for a weak password.
    """
    if not member.is_active or member.has_usable_password():
        raise Refused(_("This account is already in use. Please sign in."))
    validate_password(password, member)
    member.name = normal_name(name)
    member.set_password(password)
    member.version += 1
    member.save(update_fields=["name", "password", "version"])
    return member


def make_member(
    *, email: str, name: str, password: str | None, role: str = Role.MEMBER, **fields: Any
) -> Member:
    """A new member row; the step shared by first run, sign-up by invitation, and the tests' cast.

    `password` None makes an account that cannot sign in. Raises ValidationError for a weak password.
    """
    member = Member(
        email=normal_email(email),
        name=normal_name(name),
        handle=free_handle(handle_from(name)),
        role=role,
        **fields,
    )
    if password is None:
        member.set_unusable_password()
    else:
        validate_password(password, member)
        member.set_password(password)
    member.save()
    return member


@transaction.atomic
def change_company(*, by: Viewer, name: str, brand: str, language: str) -> Company:
    """Name, colour and first language of the company."""
    require(rules.can_change_company(by))
    Company.objects.filter(pk=1).update(
        name=normal_name(name), brand=brand, language=language, version=F("version") + 1
    )
    queries.forget_company()
    record(verbs.CHANGED_COMPANY, by=by)
    return Company.objects.get(pk=1)


@transaction.atomic
def change_profile(*, by: Viewer, member: Member, changes: Mapping[str, Any]) -> Member:
    """Save the given profile fields; unit, site and manager only for administrators."""
    require(rules.can_edit_profile(by, member))
    allowed = PROFILE_FIELDS | (PLACE_FIELDS if by.is_administrator else frozenset())
    changed = {
        field: value
        for field, value in changes.items()
        if field in allowed and getattr(member, field) != value
    }
    if not changed:
        return member
    worn = member.photo
    if "photo" in changed and worn:
        transaction.on_commit(lambda: forget_photo(worn))
    for field, value in changed.items():
        setattr(member, field, normal_name(value) if field == "name" else value)
    if SHOWN_ON_CARDS & changed.keys():
        member.version += 1
    member.save(update_fields=[*changed, "version"])
    record(verbs.CHANGED_PROFILE, by=by, about=member, fields=sorted(changed))
    return member


@transaction.atomic
def change_role(*, by: Viewer, member: Member, role: str) -> Member:
    """Give a member another role. What they may see changes at once, in open pages too."""
    require(rules.can_manage_members(by))
    if member.role == Role.ADMINISTRATOR and role != Role.ADMINISTRATOR:
        _keep_one_administrator(member)
    before, member.role = member.role, Role(role)
    Member.objects.filter(pk=member.pk).update(role=role, epoch=F("epoch") + 1)
    record(verbs.CHANGED_ROLE, by=by, about=member, before=before, after=role)
    return member


@transaction.atomic
def change_account(*, by: Viewer, member: Member, role: str, changes: Mapping[str, Any]) -> Member:
    """What an administrator sets for a member: profile, place and role, all or nothing."""
    require(rules.can_manage_members(by))
    changed = change_profile(by=by, member=member, changes=changes)
    return change_role(by=by, member=changed, role=role) if role != member.role else changed


def _keep_one_administrator(leaving: Member) -> None:
    others = Member.objects.active().filter(role=Role.ADMINISTRATOR).exclude(pk=leaving.pk)
    if not others.exists():
        raise Refused(_("There must be at least one administrator. Make somebody else one first."))


def end_access(member: Member) -> None:
    """End every way in at once: sessions, tokens, open live connections (through the epoch)."""
    Session.objects.filter(member=member).delete()
    AccessToken.objects.filter(member=member).delete()
    Member.objects.filter(pk=member.pk).update(epoch=F("epoch") + 1)


@transaction.atomic
def deactivate(*, by: Viewer, member: Member) -> Member:
    """Close an account. Every session and token ends now; what the member wrote stays under their name."""
    require(rules.can_deactivate(by, member))
    if member.role == Role.ADMINISTRATOR:
        _keep_one_administrator(member)
    Member.objects.filter(pk=member.pk).update(is_active=False, deactivated_at=timezone.now())
    end_access(member)
    member.refresh_from_db()
    record(verbs.DEACTIVATED, by=by, about=member)
    leaving.have_left(by=by, members=[member])
    return member


@transaction.atomic
def reactivate(*, by: Viewer, member: Member) -> Member:
    """Open a closed account again; old sessions and tokens do not come back."""
    require(rules.can_manage_members(by) and not member.is_nobodys)
    Member.objects.filter(pk=member.pk).update(is_active=True, deactivated_at=None, epoch=F("epoch") + 1)
    member.refresh_from_db()
    record(verbs.REACTIVATED, by=by, about=member)
    return member


@transaction.atomic
def follow(*, by: Viewer, member: Member) -> None:
    """Read what this member writes on one's own home page. Doing it twice changes nothing."""
    require(rules.can_follow(by, member))
    _row, is_new = Follow.objects.get_or_create(follower_id=by.id, followed=member)
    if is_new:
        record(verbs.FOLLOWED, by=by, about=member)


@transaction.atomic
def unfollow(*, by: Viewer, member: Member) -> None:
    require(rules.can_follow(by, member))
    gone, _kinds = Follow.objects.filter(follower_id=by.id, followed=member).delete()
    if gone:
        record(verbs.UNFOLLOWED, by=by, about=member)


@transaction.atomic
def make_token(*, by: Viewer, name: str, scopes: frozenset[str], days: int = 90) -> tuple[AccessToken, str]:
    """A new personal token of the viewer. Gives the row and the key; the key is shown once and never kept."""
    require(rules.can_make_tokens(by))
    if not scopes or not scopes <= SCOPES:
        raise Refused(_("Choose what the token may do: read, write, or both."))
    if not 1 <= days <= LONGEST_TOKEN_DAYS:
        raise Refused(_("A token lives from 1 to %(days)s days.") % {"days": LONGEST_TOKEN_DAYS})
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    token = AccessToken.objects.create(
        member_id=by.id,
        name=normal_name(name)[:80],
        digest=queries.digest_of(key),
        scopes=",".join(sorted(scopes)),
        expires_at=timezone.now() + timedelta(days=days),
    )
    record(verbs.MADE_TOKEN, by=by, about=by.member, token=token.pk)
    return token, key


@transaction.atomic
def revoke_token(*, by: Viewer, token: AccessToken) -> None:
    """End a token of one's own."""
    require(rules.can_make_tokens(by) and token.member_id == by.id)
    number = token.pk
    token.delete()
    record(verbs.REVOKED_TOKEN, by=by, about=by.member, token=number)


def note_use(token: AccessToken) -> None:
    """Keep the day on which a token was last used, so that its owner sees which ones are idle; one write a day."""
    today = timezone.localdate()
    if token.last_used_on != today:
        AccessToken.objects.filter(pk=token.pk).update(last_used_on=today)


@transaction.atomic
def save_unit(
    *, by: Viewer, name: str, parent: Unit | None, leader: Member | None, unit: Unit | None = None
) -> Unit:
    """Make a unit, or change one. Raises Refused when it would stand below itself."""
    require(rules.can_manage_units(by))
    above = parent
    while above is not None:
        if unit is not None and above.pk == unit.pk:
            raise Refused(_("A unit cannot stand below itself."))
        above = above.parent
    unit = unit or Unit()
    unit.name, unit.parent, unit.leader = normal_name(name), parent, leader
    unit.save()
    record(verbs.CHANGED_UNIT, by=by, unit=unit.pk)
    return unit


@transaction.atomic
def remove_unit(*, by: Viewer, unit: Unit) -> None:
    """Take an empty unit out of the tree."""
    require(rules.can_manage_units(by))
    if unit.children.exists() or unit.members.exists():
        raise Refused(_("There are still people or units in it. Move them first."))
    number = unit.pk
    unit.delete()
    record(verbs.CHANGED_UNIT, by=by, unit=number)


@transaction.atomic
def save_site(*, by: Viewer, name: str, country: str, time_zone: str, site: Site | None = None) -> Site:
    """Make a site, or change one."""
    require(rules.can_manage_units(by))
    site = site or Site()
    site.name, site.country, site.time_zone = normal_name(name), country.upper(), time_zone
    if Site.objects.filter(name__iexact=site.name).exclude(pk=site.pk).exists():
        raise Refused(_("There is already a site of that name."))
    site.save()
    record(verbs.CHANGED_SITE, by=by, site=site.pk)
    return site


@transaction.atomic
def remove_site(*, by: Viewer, site: Site) -> None:
    """Take a site off the list; those who work there then have none."""
    require(rules.can_manage_units(by))
    number = site.pk
    site.delete()
    record(verbs.CHANGED_SITE, by=by, site=number)


def sign_out_elsewhere(*, by: Viewer, here: str | None) -> int:
    """End every session of the viewer but the one with the key `here`. Gives how many ended.

    Not recorded: when somebody signs in and out is their own affair (see the agreement).
    """
    require(by.is_signed_in)
    ended, _kinds = Session.objects.filter(member_id=by.id).exclude(session_key=here or "").delete()
    return ended


def as_house(member: Member) -> Viewer:
    """A viewer for commands, importers and the demo: acts as this member, without a browser."""
    return Viewer.of(member, via=Via.HOUSE)


def remove_ended_access() -> int:
    """Timed work: delete sessions and tokens that have ended. Gives how many."""
    now = timezone.now()
    sessions, _kinds = Session.objects.filter(expire_date__lt=now).delete()
    tokens, _kinds = AccessToken.objects.filter(expires_at__lt=now).delete()
    return sessions + tokens
