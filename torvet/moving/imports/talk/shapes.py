"""What a reader of old conversations gives: people, what they said, and what answers what.

The HTML of what was said is loose, as that of the wikis (imports/wiki/shapes.py): `data-person="ID"` names somebody,
`page:ID` leads to the space of a room, `file:NAME` to a file. All of it is cleaned when it is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Protocol

from torvet.entries.kinds import COMMENT
from torvet.moving.report import Report


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody over there. `email` is "" where the export names none that works."""

    id: str
    name: str
    handle: str
    email: str = ""
    title: str = ""
    phone: str = ""
    time_zone: str = ""
    is_bot: bool = False
    is_guest: bool = False
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """A channel that becomes a space of its own. One that `is_confidential` comes only when that is wished; others that
    are private here were open to fewer than everybody over there."""

    id: str
    name: str
    folder: str
    purpose: str
    is_private: bool
    is_archived: bool
    members: tuple[str, ...]
    is_confidential: bool = False
    creator: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a forum: a category over there, a sub-forum here."""

    id: str
    name: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """Where something stood and who wrote it there, for a line below it. Some licences ask for it."""

    place: str
    address: str
    name: str
    name_address: str = ""
    licence: str = ""


@dataclass(slots=True)
class Said:
    """One message. `key` never changes between exports of the same source.

    `opens_as` is its kind when it opens a thread, "" when it cannot; `answers_as` its kind when it answers. `answers`
    are the keys of what it may answer, the likeliest first; `subject` joins what names nothing to an earlier thread
    of the same subject. `lines` of the report count it; `where` tells where it stands, never anybody's words.
    """

    key: str
    author: str
    at: datetime
    html: str
    where: str
    lines: tuple[str, ...]
    opens_as: str = ""
    answers_as: str = COMMENT.key
    answers: tuple[str, ...] = ()
    is_reply: bool = False  # it says that it answers something, if not what
    subject: str = ""
    room: str = ""
    title: str = ""
    part: str = ""
    topics: tuple[str, ...] = ()
    credit: Credit | None = None
    edited_at: datetime | None = None
    files: tuple[str, ...] = ()
    reactions: tuple[tuple[str, str], ...] = ()  # (id of a person, emoji)
    score: int = 0
    closed_at: datetime | None = None
    closed_why: str = ""
    is_pinned: bool = False
    accepted: str = ""  # of a question: the key of the answer its asker chose
    accepted_at: datetime | None = None
    is_gone: bool = False  # deleted over there


@dataclass(slots=True)
class Seen:
    """What a reader tells of itself once everything is read."""

    instance: str  # which community, forum or list of its sort
    title: str  # what a forum that is opened for it is called
    people: Iterable[Person]
    rooms: list[Room] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    brings_everybody: bool = False  # also people who wrote nothing
    is_restricted: bool = False  # some of it could not be read by everybody there
    line_of_openers: str = ""
    line_of_answers: str = ""


class Source(Protocol):
    """One old home of conversations, opened. Readers stream: no archive is ever in memory as a whole."""

    name: str
    lines: tuple[str, ...]  # those of the report that are shown even when nothing of the sort is found
    is_forum: bool  # everything goes into one forum; otherwise each room becomes a space

    def said(self, report: Report) -> Iterator[Said]:
        """Everything that was said, in any order; what is left out is counted in the report on the way.

        Raises BadInput for an export that cannot be read.
        """

    def seen(self) -> Seen:
        """Asked when all has been read."""

    def open_file(self, name: str) -> IO[bytes] | None: ...

    def close(self) -> None: ...
