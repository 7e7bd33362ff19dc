"""One file of mail, message by message: where each begins and how long it is. It may be of any size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from torvet.moving.report import BadInput

LARGEST = 64 * 1024 * 1024
"""Bytes of one message that is read."""
LONGEST_LINE = 1 << 20
_BEGINS = re.compile(rb"From (?:\S.*)?\r?\n?$")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_PACKED = {
    b"PK\x03\x04": "a zip",
    b"\x1f\x8b": "packed with gzip",
    b"BZh": "packed with bzip2",
    b"7z\xbc\xaf": "packed as 7z",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a message lies: bytes from `start` on, behind its line of separation. `number` counts from 1."""

    number: int
    start: int
    length: int
    separator: str

    @property
    def is_too_large(self) -> bool:
        return self.length > LARGEST


class MailFile:
    def __init__(self, path: Path) -> None:
        """Raises BadInput when it holds no mail."""
        self._path = path
        self._file = path.open("rb")
        head = self._file.read(1 << 16)
        for sign, what in _PACKED.items():
            if head.startswith(sign):
                self.close()
                raise BadInput(f"{path.name} is {what}. Unpack it first.")
        if not head.lstrip(b"\xef\xbb\xbf\r\n").startswith(b"From "):
            self.close()
            what = "is empty" if not head else 'does not begin with a line "From …", as a file of mail does'
            raise BadInput(f"{path.name} {what}.")

    def slots(self) -> Iterator[Slot]:
        """Every message. A line "From …" parts two only behind an empty line; elsewhere it is somebody's words."""
        self._file.seek(0)
        number = start = place = 0
        separator = ""
        behind_empty = True
        whole_line = True
        while line := self._file.readline(LONGEST_LINE):
            stripped = line.lstrip(b"\xef\xbb\xbf") if not place else line
            if whole_line and behind_empty and stripped.startswith(b"From ") and _BEGINS.match(stripped):
                if number:
                    yield Slot(number, start, place - start, separator)
                number += 1
                start = place + len(line)
                separator = stripped[:200].decode("latin-1").strip()
            place += len(line)
            behind_empty = not line.strip() if whole_line else False
            whole_line = line.endswith(b"\n")
        if number:
            yield Slot(number, start, place - start, separator)

    def read(self, slot: Slot) -> bytes:
        """A message's bytes, with the lines that had to be escaped as they were written."""
        here = self._file.tell()
        self._file.seek(slot.start)
        raw = self._file.read(min(slot.length, LARGEST))
        self._file.seek(here)
        return _ESCAPED.sub(rb"\1", raw)

    def close(self) -> None:
        self._file.close()
