"""The lines of a bulk export: JSON objects, one a line, in a zip with files beside it or in a file alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from torvet.base.archives import ArchiveRefused, SafeArchive
from torvet.base.json_lists import NotJson, parse
from torvet.moving.imports.talk.loose_json import Json
from torvet.moving.report import BadInput

LONGEST = 16 * 1024 * 1024
"""Bytes of one line: a post with all its replies."""


class BulkArchive:
    """One export. Raises BadInput, with the line, for what cannot be."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._archive: SafeArchive | None = None
        self._entries: dict[str, str] = {}
        self._lines = ""
        with path.open("rb") as file:
            is_zip = file.read(4) == b"PK\x03\x04"
        if is_zip or path.suffix.lower() == ".zip":
            self._open_zip()

    def _open_zip(self) -> None:
        try:
            self._archive = SafeArchive(self.path).__enter__()
        except ArchiveRefused as refused:
            raise BadInput(f"{refused}.") from refused
        names = self._archive.names()
        found = [name for name in names if name.endswith(".jsonl")]
        if not found:
            self.close()
            raise BadInput(f"{self.path.name} is no export of Mattermost: there is no import.jsonl in it.")
        self._lines = min(found, key=lambda name: (name.count("/"), not name.endswith("import.jsonl"), name))
        # Somebody may have zipped the folder around it once more.
        prefix = self._lines.rpartition("/")[0] + "/" if "/" in self._lines else ""
        self._entries = {name.removeprefix(prefix): name for name in names if name.startswith(prefix)}

    @property
    def where(self) -> str:
        return f"{self.path.name}, {self._lines}" if self._lines else self.path.name

    def others(self) -> list[str]:
        """Every file beside the lines."""
        return [name for name, entry in self._entries.items() if entry != self._lines]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def open(self, name: str) -> IO[bytes]:
        assert self._archive is not None  # only a zip has files beside its lines
        return self._archive.open(self._entries[name])

    def objects(self) -> Iterator[tuple[str, Json, int]]:
        """Type, object and number of each line; what stands in no line of that shape ends the import."""
        source = self._archive.open(self._lines) if self._archive else self.path.open("rb")
        with source:
            number = 0
            while line := source.readline(LONGEST + 1):
                number += 1
                if len(line) > LONGEST:
                    raise BadInput(
                        f"{self.where}, line {number} is longer than {LONGEST // 1024 // 1024} MB."
                    )
                if not line.strip(b" \t\r\n\xef\xbb\xbf"):
                    continue
                yield *self._object(line, number), number
        if not number:
            raise BadInput(f"{self.where} is empty.")

    def _object(self, line: bytes, number: int) -> tuple[str, Json]:
        try:
            found = parse(line)
        except NotJson as error:
            raise BadInput(f"{self.where}, line {number} is not JSON as expected ({error}).") from error
        kind = found.get("type") if isinstance(found, dict) else None
        if not isinstance(kind, str):
            raise BadInput(f"{self.where}, line {number} is not what an export of Mattermost has there.")
        inside = found.get(kind)
        return kind, inside if isinstance(inside, dict) else {}

    def close(self) -> None:
        if self._archive:
            self._archive.__exit__(None, None, None)
