"""Those who wrote in an old wiki, as accounts here (torvet/moving/accounts.py)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from torvet.base.text.characters import clean_line
from torvet.moving import accounts
from torvet.moving.imports.wiki.shapes import Person
from torvet.moving.origins import Origins
from torvet.people.bulk import is_address
from torvet.people.names import handle_from, normal_email, normal_name

LONGEST_KEY = 160


@dataclass(frozen=True, slots=True)
class Author:
    id: str
    name: str
    handle: str
    email: str = ""
    title: str = ""
    phone: str = ""
    time_zone: str = ""
    is_bot: bool = False
    is_guest: bool = False


Account = accounts.Account[Author]
Accounts = accounts.Accounts[Author]


def short(key: str) -> str:
    """A source's key as it is kept: whole, or its beginning and a digest when it is too long for the column."""
    if not key.isprintable():
        key = "".join(letter for letter in key if letter.isprintable())
    if len(key) <= LONGEST_KEY:
        return key
    return f"{key[:120]}~{hashlib.blake2b(key.encode(), digest_size=16).hexdigest()}"


def author_of(person: Person) -> Author:
    """What a reader says of somebody, in the shape that accounts have."""
    name = normal_name(clean_line(person.name))[:120] or normal_name(clean_line(person.key))[:120] or "?"
    email = normal_email(person.email[:400])
    return Author(short(person.key), name, handle_from(name), email if is_address(email) else "")


def address_of(origins: Origins, id: str) -> str:
    """Keys of wikis may hold anything, so a digest stands for them."""
    name = hashlib.blake2b(f"{origins.instance}\n{id}".encode(), digest_size=10).hexdigest()
    return f"{name}@{origins.source}.invalid"
