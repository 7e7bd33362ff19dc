"""What a Slack export is made of, checked: people, rooms (its channels) and messages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from torvet.base.text.characters import clean_line
from torvet.moving.report import BadInput
from torvet.people.bulk import is_address
from torvet.people.names import normal_email, normal_name

Json = Mapping[str, Any]
SLACKBOT = "USLACKBOT"
_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_STAMP = re.compile(r"([0-9]{1,12})\.([0-9]{1,9})")
_TOKEN = re.compile(r"xox[a-z]-[A-Za-z0-9-]+", re.IGNORECASE)
EARLIEST = int(datetime(1990, 1, 1, tzinfo=UTC).timestamp())
A_DAY = 86_400
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Person:
    """An account over there."""

    id: str
    name: str
    handle: str
    email: str = ""  # "" when the export names none that works
    title: str = ""
    phone: str = ""
    time_zone: str = ""
    bot_id: str = ""
    is_bot: bool = False
    is_guest: bool = False
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """A channel. `folder` is where its messages lie."""

    id: str
    name: str
    folder: str
    purpose: str
    is_private: bool
    is_archived: bool
    creator: str
    created_at: datetime | None
    members: tuple[str, ...]
    pins: tuple[Json, ...]


def part(thing: Json, name: str) -> Json:
    """A part that should be an object; an empty one when it is anything else."""
    found = thing.get(name)
    return found if isinstance(found, dict) else {}


def words(thing: Json, name: str) -> str:
    """A text; "" when it is anything else."""
    found = thing.get(name)
    return found if isinstance(found, str) else ""


def parts(thing: Json, name: str) -> list[Json]:
    """A list of objects; whatever else stands in it is left out."""
    found = thing.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def a_name(found: str) -> str:
    """A name or title on one line, without signs that no database takes (halves of surrogate pairs, NUL)."""
    return normal_name(clean_line(found))


def an_object(thing: Any, where: str) -> Json:
    if not isinstance(thing, dict):
        raise BadInput(f"{where} is not what a Slack export has there.")
    return thing


def an_id(thing: Json, where: str) -> str:
    """The id of a person or channel. Raises BadInput when it is no text, or none that Slack could have given."""
    found = thing.get("id")
    if not isinstance(found, str) or not _ID.fullmatch(found):
        raise BadInput(f"{where} has an id that is not a text of letters and digits.")
    return found


def some_id(found: Any) -> str:
    """An id mentioned in passing, or ""."""
    return found if isinstance(found, str) and _ID.fullmatch(found) else ""


def person_of(thing: Any, where: str) -> Person:
    """A line of users.json. What Slack says of administrators and owners is ignored."""
    thing = an_object(thing, where)
    profile = part(thing, "profile")
    id = an_id(thing, where)
    handle = a_name(words(thing, "name"))[:80]
    name = next(
        (
            found
            for found in (
                a_name(words(profile, "display_name")),
                a_name(words(profile, "real_name")),
                a_name(words(thing, "real_name")),
                handle,
            )
            if found
        ),
        id,
    )
    email = normal_email(words(profile, "email")[:400])
    return Person(
        id=id,
        name=name[:120],
        handle=handle,
        email=email if is_address(email) else "",
        title=a_name(words(profile, "title"))[:160],
        phone=a_name(words(profile, "phone"))[:40],
        time_zone=words(thing, "tz")[:64],
        bot_id=some_id(profile.get("bot_id")),
        is_bot=thing.get("is_bot") is True or id == SLACKBOT,
        is_guest=thing.get("is_restricted") is True or thing.get("is_ultra_restricted") is True,
        is_deleted=thing.get("deleted") is True,
    )


def room_of(thing: Any, where: str, *, is_private: bool) -> Room:
    """A line of channels.json or groups.json."""
    thing = an_object(thing, where)
    id = an_id(thing, where)
    folder = words(thing, "name")
    if not folder:
        raise BadInput(f"{where} has no name.")
    members = thing.get("members")
    said = words(part(thing, "purpose"), "value") or words(part(thing, "topic"), "value")
    return Room(
        id=id,
        name=a_name(folder)[:80] or id,
        folder=folder,
        purpose=plain_words(said)[:300],
        # Either list may hold either: a channel made private later keeps its id.
        is_private=is_private or thing.get("is_private") is True,
        is_archived=thing.get("is_archived") is True,
        creator=some_id(thing.get("creator")),
        created_at=day_of(thing.get("created")),
        members=tuple(
            dict.fromkeys(filter(None, map(some_id, members if isinstance(members, list) else ())))
        ),
        pins=tuple(parts(thing, "pins")),
    )


def day_of(seconds: Any) -> datetime | None:
    """The time behind a number of seconds (a text in exports of 2016), or None when it is none that can be."""
    try:
        number = int(seconds)
    except (TypeError, ValueError, OverflowError):
        return None
    return datetime.fromtimestamp(number, UTC) if EARLIEST <= number <= latest() else None


def latest() -> int:
    return int(datetime.now(UTC).timestamp()) + A_DAY


def micros_of(stamp: Any) -> int | None:
    """Microseconds since 1970 of a message's `ts`, or None when it is no text of that shape or no possible time.

    Never through a float: `ts` is the message's name and has more digits than a float keeps.
    """
    match = _STAMP.fullmatch(stamp) if isinstance(stamp, str) else None
    if not match or not EARLIEST <= int(match[1]) <= latest():
        return None
    return int(match[1]) * MILLION + int(match[2].ljust(6, "0")[:6])


def time_of(micros: int) -> datetime:
    return datetime.fromtimestamp(micros // MILLION, UTC).replace(microsecond=micros % MILLION)


_SIGN = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def plain_words(said: str) -> str:
    """One line of text without Slack's signs: a purpose, a name."""
    bare = _SIGN.sub(lambda match: match[2] or match[1].lstrip("!#@"), said)
    return clean_line(unescape(without_tokens(bare)))


def unescape(said: str) -> str:
    """Slack escapes these three and no others."""
    return said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def without_tokens(said: str) -> str:
    """Keys to Slack's files stand in the addresses of an export; they must not be kept."""
    return _TOKEN.sub("…", said) if "xox" in said.casefold() else said
