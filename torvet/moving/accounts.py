"""Whose account is whose: by the origin kept from an earlier run, else by e-mail address, never by name."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from django.db.models.functions import Lower

from torvet.entries.actions.bulk import show_new_names
from torvet.moving.models import Origin
from torvet.moving.origins import Origins, batches, digest_of
from torvet.moving.report import Outcome, Report
from torvet.people import bulk
from torvet.people.models import Member, Role
from torvet.people.viewer import Viewer

_ZONES = frozenset(zoneinfo.available_timezones())


class Somebody(Protocol):
    """What an export says of one person. `email` is "" when it names none that works."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def handle(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def is_bot(self) -> bool: ...
    @property
    def is_guest(self) -> bool: ...


Who = TypeVar("Who", bound=Somebody)


def no_address(origins: Origins, id: str) -> str:
    """An address for an account of which the export names none; nothing is ever delivered to it."""
    return f"{id.casefold()}@{origins.instance.casefold()}.{origins.source}.invalid"


@dataclass(slots=True)
class Account(Generic[Who]):
    """Somebody over there and the member they are here; a new member has no id until it is written."""

    person: Who
    member: Member
    outcome: Outcome
    origin: Origin | None = None
    digest: str = ""

    @property
    def is_new(self) -> bool:
        return self.outcome is Outcome.IMPORTED


class Accounts(Generic[Who]):
    """Everybody that the export speaks of, by their id there."""

    def __init__(self, origins: Origins, address: Callable[[Origins, str], str] = no_address) -> None:
        self._origins = origins
        self._address = address
        self._accounts: dict[str, Account[Who]] = {}

    def find(self, id: str) -> Account[Who] | None:
        return self._accounts.get(id)

    def plan(self, people: Iterable[Who], *, line: str, report: Report) -> None:
        """Match people with members, and count them on this line of the report. Writes nothing."""
        everybody = list(people)
        report.find(line, len(everybody))
        origins = self._origins.known("member", [person.id for person in everybody])
        kept = _members_by_id(origin.local_id for origin in origins.values())
        by_mail = _members_by_mail(person.email for person in everybody if person.email and not person.is_bot)
        for person in everybody:
            origin = origins.get(person.id)
            member = kept.get(origin.local_id) if origin else None
            if member is None and person.email and not person.is_bot:
                member = by_mail.get(person.email)
            if member is None:
                account = Account(person, self._new(person), Outcome.IMPORTED, origin)
                if person.email and not person.is_bot:
                    by_mail[person.email] = account.member
            else:
                account = Account(person, member, Outcome.UNCHANGED, origin)
            account.digest = digest_of(person.name, person.title, person.phone, person.is_bot)
            if origin and member is not None and origin.digest != account.digest and bulk.is_shell(member):
                _renew(account)
            self._accounts[person.id] = account
            report.settle(line, account.outcome)

    def _new(self, person: Who) -> Member:
        # Closed, without a password and in the least role: an administrator decides who comes in.
        return Member(
            email=person.email
            if person.email and not person.is_bot
            else self._address(self._origins, person.id),
            handle=person.handle,
            name=person.name,
            title=person.title,
            phone=person.phone,
            time_zone=person.time_zone if person.time_zone in _ZONES else "",
            role=Role.GUEST if person.is_guest else Role.MEMBER,
            is_bot=person.is_bot,
            is_active=False,
        )

    def write(self, *, by: Viewer) -> None:
        """Make the new accounts, and keep where everybody came from."""
        accounts = list(self._accounts.values())
        new = {id(account.member): account.member for account in accounts if account.is_new}
        bulk.add_members(by=by, members=list(new.values()))
        renamed = [account.member for account in accounts if account.outcome is Outcome.UPDATED]
        bulk.change_members(by=by, members=renamed)
        show_new_names(by=by, members=[member.pk for member in renamed])
        self._origins.keep([
            self._origins.new("member", account.person.id, account.member.pk, account.digest)
            for account in accounts
            if account.origin is None
        ])  # fmt: skip
        renewed = []
        for account in accounts:
            if account.origin is not None and account.outcome is not Outcome.UNCHANGED:
                account.origin.digest, account.origin.local_id = account.digest, account.member.pk
                renewed.append(account.origin)
        self._origins.renew(renewed)


def _renew(account: Account[Who]) -> None:
    """Take over what changed there, on accounts that nobody uses yet; a real account is its owner's."""
    member, person = account.member, account.person
    wanted = (person.name, person.title, person.phone)
    if (member.name, member.title, member.phone) != wanted:
        member.name, member.title, member.phone = wanted
        member.version += 1
        account.outcome = Outcome.UPDATED


def _members_by_id(ids: Iterable[int]) -> dict[int, Member]:
    found: dict[int, Member] = {}
    for some in batches(sorted(set(ids))):
        found.update(Member.objects.in_bulk(some))
    return found


def _members_by_mail(addresses: Iterable[str]) -> dict[str, Member]:
    found: dict[str, Member] = {}
    for some in batches(sorted(set(addresses))):
        matching = Member.objects.annotate(address=Lower("email")).filter(address__in=some)
        found.update({member.email.casefold(): member for member in matching})
    return found
