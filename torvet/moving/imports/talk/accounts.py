"""Accounts of an old home of conversations, as every import keeps them (torvet/moving/accounts.py)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from torvet.base.text.characters import clean_line
from torvet.moving import accounts
from torvet.moving.imports.talk.shapes import Person
from torvet.moving.imports.wiki.authors import address_of, short
from torvet.moving.origins import Origins
from torvet.moving.report import Report
from torvet.people.bulk import is_address
from torvet.people.names import handle_from, normal_email, normal_name

Account = accounts.Account[Person]
Accounts = accounts.Accounts[Person]
WROTE_NOTHING = "wrote nothing that is brought over"


def person(
    id: str, name: str, *, email: str = "", handle: str = "", is_bot: bool = False, **said: str | bool
) -> Person:
    """Somebody, checked: names on one line, an address only when it can be one."""
    shown = normal_name(clean_line(name))[:120] or normal_name(clean_line(id))[:120] or "?"
    email = normal_email(email[:400])
    wanted = handle_from(handle or shown)
    lines = {key: clean_line(found) if isinstance(found, str) else found for key, found in said.items()}
    made = Person(id, shown, wanted, email if is_address(email) else "", is_bot=is_bot)
    return replace(made, **lines)  # type: ignore[arg-type]


def plan_accounts(
    people: Iterable[Person], wrote: Collection[str], origins: Origins, report: Report, *, everybody: bool
) -> Accounts:
    """Match people with members. Who wrote nothing gets no account, unless `everybody` does."""
    found = Accounts(origins, address_of)
    listed = {one.id: one for one in people}
    kept = [replace(one, id=short(id)) for id, one in listed.items() if everybody or id in wrote]
    strangers = sorted(id for id in wrote if id not in listed)
    found.plan(kept, line="members", report=report)
    for id in listed:
        if not everybody and id not in wrote:
            report.find("members")
            report.skip("members", short(id), WROTE_NOTHING)
    if strangers:
        found.plan(
            [replace(person(id, id), id=short(id)) for id in strangers],
            line="unlisted_members",
            report=report,
        )
    return found
