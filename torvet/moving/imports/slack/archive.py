"""Reading a Slack export: what lies where in the zip, and the people, rooms and messages in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

from torvet.base.archives import ArchiveRefused, SafeArchive
from torvet.moving.imports.slack.shapes import Json, Person, Room, an_id, an_object, person_of, room_of, words
from torvet.moving.report import BadInput

LISTS = {"users.json", "org_users.json", "channels.json", "groups.json", "dms.json", "mpims.json"}
# Signs of another system's export: what a zip without users.json may be instead.
OTHERS = (
    ("import.jsonl", "a Mattermost export"),
    ("xl/workbook.xml", "an Excel workbook"),
    ("word/document.xml", "a Word document"),
    ("entities.xml", "a Confluence export"),
    ("Messages.csv", "a Viva Engage export"),
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\.json")
_NOT_OURS = re.compile(r"(?:^|/)(?:\.DS_Store|__MACOSX(?:/.*)?|Thumbs\.db|desktop\.ini)$")
_UPLOAD = re.compile(r"__uploads/([A-Za-z0-9_.-]{1,64})/([^/]+)")
_ATTACHED = re.compile(r"[^/]+/attachments/([A-Za-z0-9_.]{1,64})-([^/]+)")


@dataclass(frozen=True)
class Private:
    """A direct conversation; only its messages are counted."""

    id: str
    folder: str


class SlackArchive:
    """One export. Every method raises BadInput with the file and the entry for what cannot be."""

    def __init__(self, archive: SafeArchive, name: str) -> None:
        self._archive = archive
        self.name = name
        entries = [
            entry for entry in archive.names() if not entry.endswith("/") and not _NOT_OURS.search(entry)
        ]
        self.prefix = self._find_prefix(entries)
        self.entries = {
            entry.removeprefix(self.prefix): entry for entry in entries if entry.startswith(self.prefix)
        }
        self.files = dict(self._find_files())

    @classmethod
    @contextmanager
    def opened(cls, path: Path) -> Iterator[Self]:
        """Open an export, and answer every refusal inside the block as bad input."""
        try:
            with SafeArchive(path) as archive:
                yield cls(archive, path.name)
        except ArchiveRefused as refused:
            raise BadInput(f"{refused}.") from refused

    def _find_prefix(self, entries: list[str]) -> str:
        """Where the export begins: at the top, or in the one folder that somebody zipped again."""
        if "users.json" in entries or "org_users.json" in entries:
            return ""
        inner = [entry for entry in entries if entry.count("/") == 1 and entry.endswith("/users.json")]
        if len(inner) == 1:
            return inner[0].removesuffix("users.json")
        other = next(
            (what for sign, what in OTHERS if any(e == sign or e.endswith(f"/{sign}") for e in entries)), ""
        )
        seems = f" It seems to be {other}." if other else ""
        raise BadInput(f"{self.name} is not a Slack export: there is no users.json in it.{seems}")

    def _find_files(self) -> Iterator[tuple[str, str]]:
        """File id -> entry, for the bytes that some exporters put beside the messages."""
        for entry in self.entries:
            match = _UPLOAD.fullmatch(entry) or _ATTACHED.fullmatch(entry)
            if match:
                yield match[1], entry

    def _where(self, entry: str, place: int | None = None) -> str:
        return f"{self.name}, {entry}" + (f", number {place + 1}" if place is not None else "")

    def _list(self, entry: str) -> Iterator[tuple[Any, str]]:
        """The things in a JSON list with their places, one at a time."""
        if entry in self.entries:
            for place, thing in enumerate(self._archive.iter_json_array(self.entries[entry])):
                yield thing, self._where(entry, place)

    def open(self, entry: str) -> IO[bytes]:
        return self._archive.open(self.entries[entry])

    def people(self) -> tuple[dict[str, Person], str]:
        """Everybody by id, and the workspace's own id."""
        found: dict[str, Person] = {}
        teams: dict[str, int] = {}
        for entry in ("users.json", "org_users.json"):
            for thing, where in self._list(entry):
                person = person_of(thing, where)
                found.setdefault(person.id, person)
                team = words(thing, "team_id")
                teams[team] = teams.get(team, 0) + 1
        teams.pop("", None)
        team = max(teams, key=lambda one: (teams[one], one), default="slack")
        return found, team[:64]

    def rooms(self) -> list[Room]:
        """The channels, public and private. Raises BadInput when the export lists none at all."""
        if not {"channels.json", "groups.json"} & self.entries.keys():
            raise BadInput(f"{self.name} is not a whole Slack export: there is no channels.json in it.")
        found: dict[str, Room] = {}
        # Private ones last: where both lists name a channel, the narrower reading wins.
        for entry, is_private in (("channels.json", False), ("groups.json", True)):
            for thing, where in self._list(entry):
                room = room_of(thing, where, is_private=is_private)
                if room.id not in found or room.is_private:
                    found[room.id] = room
        return list(found.values())

    def private(self) -> list[Private]:
        """Direct conversations of two or more."""
        found = []
        for entry in ("dms.json", "mpims.json"):
            for thing, where in self._list(entry):
                id = an_id(an_object(thing, where), where)
                found.append(Private(id, words(thing, "name") or id))
        return found

    def days(self, folder: str) -> list[str]:
        """The day files of a folder, the oldest first."""
        return self._by_folder.get(folder, [])

    @property
    def _by_folder(self) -> dict[str, list[str]]:
        if not hasattr(self, "_folders"):
            folders: dict[str, list[str]] = {}
            for entry in sorted(self.entries):
                folder, _, file = entry.rpartition("/")
                if folder and "/" not in folder and _DAY.fullmatch(file):
                    folders.setdefault(folder, []).append(entry)
            self._folders = folders
        return self._folders

    def folders(self) -> list[str]:
        """Every folder that holds day files."""
        return list(self._by_folder)

    def messages(self, day: str) -> Iterator[tuple[Json, str]]:
        for thing, where in self._list(day):
            yield an_object(thing, where), where

    def others(self) -> Iterator[str]:
        """What is neither a list, a day file nor a file that a message can carry."""
        days = {day for days in self._by_folder.values() for day in days}
        kept = days | LISTS | set(self.files.values())
        return (entry for entry in sorted(self.entries) if entry not in kept)
