"""The files of an old wiki, in a folder or in a zip: names in NFC with slashes, and their bytes."""

from __future__ import annotations

import io
import stat
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from torvet.base.archives import ArchiveRefused, SafeArchive
from torvet.moving.report import BadInput

MOST_FILES = 200_000
# Lies beside the topmost pages of our own exports, so that a single page with others below it is not taken for a folder
# around everything.
OUR_MARK = "torvet.yml"
_PASSED_OVER = {"__MACOSX", "node_modules", ".git"}


class Shelf:
    """What lies in a folder or zip. Folders that hold everything else are left out of the names.

    Links and devices in a folder are never followed: they could lead to any file of this machine.
    """

    def __init__(self, path: Path) -> None:
        """Raises BadInput for what cannot be read, with the entry it is about."""
        self.path = path
        self._archive: SafeArchive | None = None
        if path.is_dir():
            real = dict(_walked(path))
        else:
            try:
                self._archive = SafeArchive(path).__enter__()
            except ArchiveRefused as refused:
                raise BadInput(f"{refused}.") from refused
            real = {name: name for name in self._archive.names()}
        wrapper = _wrapper(list(real))
        self.wrapper = wrapper.rstrip("/")  # the name of that folder, "" when there is none
        self._real = {
            name.removeprefix(wrapper): lies for name, lies in real.items() if name != f"{wrapper}{OUR_MARK}"
        }

    def names(self) -> list[str]:
        return list(self._real)

    def __contains__(self, name: object) -> bool:
        return name in self._real

    def size(self, name: str) -> int:
        """Bytes."""
        if self._archive:
            return self._archive.size(self._real[name])
        return (self.path / self._real[name]).stat().st_size

    def changed_at(self, name: str) -> datetime | None:
        """When the file was last changed, where that is known; a zip does not say in which zone."""
        if self._archive:
            return self._archive.changed_at(self._real[name])
        return datetime.fromtimestamp((self.path / self._real[name]).stat().st_mtime, UTC)

    def open(self, name: str) -> IO[bytes]:
        if self._archive:
            return self._archive.open(self._real[name])
        return (self.path / self._real[name]).open("rb")

    def read_text(self, name: str, most: int) -> str | None:
        """A text file, or None when it is longer than `most` bytes. What is not UTF-8 is read as Windows wrote it."""
        try:
            with self.open(name) as source:
                raw = source.read(most + 1)
        except (ArchiveRefused, OSError) as refused:
            raise BadInput(f"{refused}.") from refused
        if len(raw) > most:
            return None
        for encoding in ("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "cp1252"):
            try:
                return io.TextIOWrapper(io.BytesIO(raw), encoding=encoding).read()
            except UnicodeError:
                continue
        return raw.decode("latin-1")

    def close(self) -> None:
        if self._archive:
            self._archive.__exit__(None, None, None)


def _walked(folder: Path) -> Iterator[tuple[str, str]]:
    waiting, found = [folder], 0
    while waiting:
        here = waiting.pop()
        for path in sorted(here.iterdir()):
            mode = path.lstat().st_mode
            if path.name.startswith(".") or path.name in _PASSED_OVER:
                continue
            if stat.S_ISDIR(mode):
                waiting.append(path)
            elif stat.S_ISREG(mode):
                lies = path.relative_to(folder).as_posix()
                found += 1
                if found > MOST_FILES:
                    raise BadInput(f"{folder.name} holds more than {MOST_FILES:,} files.")
                yield unicodedata.normalize("NFC", lies), lies


def _wrapper(names: list[str]) -> str:
    """The one folder around everything, as in archives that a code host makes; "" when there is none."""
    first = names[0].partition("/")[0] + "/" if names and "/" in names[0] else ""
    return first if first and all(name.startswith(first) for name in names) else ""
