"""The bulk forms of actions.py, for importers: the same checks, a few statements for thousands of people.

Nothing here makes an administrator, gives a password, opens an account that somebody closed, or takes a right away.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import require
from torvet.people import leaving, rules
from torvet.people.models import NOBODYS, AccessToken, Member, Role, Session, Site, Unit
from torvet.people.names import handle_from, normal_email, normal_name
from torvet.people.viewer import Via, Viewer

BATCH = 500
NEVER_IMPORTED = frozenset({Role.ADMINISTRATOR, Role.COMMUNITY_MANAGER})
CHANGEABLE = (
    "email", "name", "title", "phone", "unit", "site", "external_id", "is_active", "version", "epoch",
)  # fmt: skip


def can_bring_in(viewer: Viewer) -> bool:
    """Bring in what others said elsewhere, in their names: an import that an administrator runs on the server."""
    return viewer.can_write and viewer.is_administrator and viewer.via == Via.HOUSE


def is_address(email: str) -> bool:
    """Whether an address, in its normal form, can be that of an account."""
    try:
        validate_email(email)
    except ValidationError:
        return False
    return len(email) <= 254 and email.isprintable()


def is_shell(member: Member) -> bool:
    """An account that an import made for somebody who never came: closed, but nobody closed it."""
    return not member.is_active and member.deactivated_at is None and not member.has_usable_password()


@transaction.atomic
def add_members(*, by: Viewer, members: Sequence[Member]) -> None:
    """New accounts without a password, with free handles (`handle` is the wish). Gives them their ids.

    Raises Forbidden when `by` may not, or when one would be an administrator or community manager.
    """
    require(rules.can_manage_members(by))
    require(not any(member.role in NEVER_IMPORTED for member in members))
    taken = {handle.casefold() for handle in Member.objects.values_list("handle", flat=True)}
    for member in members:
        member.email, member.name = normal_email(member.email), normal_name(member.name)
        member.handle = _free(handle_from(member.handle or member.name), taken)
        # As make_password(None) does, without asking for forty random letters one by one.
        member.password = UNUSABLE_PASSWORD_PREFIX + secrets.token_urlsafe(30)
    Member.objects.bulk_create(members, batch_size=BATCH)


@transaction.atomic
def nobodys_account(*, called: str, name: str) -> Member:
    """The closed account under which the town says what has no author, made when it is first needed.

    `called` names it for good, `name` is what people read. Whoever asks has decided that no author is kept; it gives
    nobody a right and can never be opened.
    """
    email = f"{called}{NOBODYS}"
    known = Member.objects.filter(email=email).first()
    if known is not None:
        return known
    taken = {handle.casefold() for handle in Member.objects.values_list("handle", flat=True)}
    return Member.objects.create(
        email=email,
        name=normal_name(name),
        handle=_free(handle_from(name, otherwise=called), taken),
        password=UNUSABLE_PASSWORD_PREFIX + secrets.token_urlsafe(30),
        is_active=False,
        deactivated_at=timezone.now(),
    )


def _free(wanted: str, taken: set[str]) -> str:
    handle, number = wanted, 1
    while handle in taken:
        number += 1
        handle = f"{wanted}{number}"
    taken.add(handle)
    return handle


@transaction.atomic
def change_members(*, by: Viewer, members: Sequence[Member]) -> None:
    """Store changed names, titles, addresses and places, and open shells. Roles and passwords stay as they are."""
    require(rules.can_manage_members(by))
    Member.objects.bulk_update(members, CHANGEABLE, batch_size=100)


@transaction.atomic
def set_bosses(*, by: Viewer, members: Sequence[Member]) -> None:
    """Store who is whose boss."""
    require(rules.can_manage_members(by))
    Member.objects.bulk_update(members, ["manager"], batch_size=BATCH)


def forget_addresses(members: Iterable[Member]) -> None:
    """Drop what the sign-in library kept of earlier addresses, so that an old one is no way in any more."""
    EmailAddress.objects.filter(user__in=[member.pk for member in members]).delete()


@transaction.atomic
def close_members(*, by: Viewer, members: Sequence[Member]) -> None:
    """Deactivate several; every session and token ends now. Raises Forbidden for oneself and for administrators."""
    require(all(rules.can_deactivate(by, member) and member.role != Role.ADMINISTRATOR for member in members))
    ids = [member.pk for member in members]
    Member.objects.filter(pk__in=ids).update(
        is_active=False, deactivated_at=timezone.now(), epoch=F("epoch") + 1
    )
    Session.objects.filter(member__in=ids).delete()
    AccessToken.objects.filter(member__in=ids).delete()
    for member in members:
        record(verbs.DEACTIVATED, by=by, about=member)
    leaving.have_left(by=by, members=members)


@transaction.atomic
def add_sites(*, by: Viewer, sites: Sequence[Site]) -> None:
    require(rules.can_manage_units(by))
    Site.objects.bulk_create(sites, batch_size=BATCH)


@transaction.atomic
def change_sites(*, by: Viewer, sites: Sequence[Site]) -> None:
    require(rules.can_manage_units(by))
    Site.objects.bulk_update(sites, ["country", "time_zone"], batch_size=BATCH)


@transaction.atomic
def add_units(*, by: Viewer, units: Sequence[Unit]) -> None:
    require(rules.can_manage_units(by))
    Unit.objects.bulk_create(units, batch_size=BATCH)


@transaction.atomic
def change_units(*, by: Viewer, units: Sequence[Unit]) -> None:
    """Store names, leaders and outside ids. Raises Forbidden when one would be led by somebody who cannot."""
    require(rules.can_manage_units(by))
    require(all(unit.leader is None or rules.can_lead(unit.leader, unit) for unit in units))
    Unit.objects.bulk_update(units, ["name", "leader", "external_id"], batch_size=BATCH)
