"""A zip file, zips within it, or a folder: the files of an export by name, whatever they lie in."""

from __future__ import annotations

import os
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Self

from torvet.base.archives import MOST_ENTRIES, ArchiveRefused, SafeArchive
from torvet.moving.report import BadInput

MOST_TEXT = 32 * 1024 * 1024
"""Bytes of one page, list or table that are read into memory at once."""
_PASSED_OVER = {".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX", ".git"}


@contextmanager
def refused_plainly() -> Iterator[None]:
    """Answer every refusal of an archive inside the block as bad input, with the file and the entry."""
    try:
        yield
    except ArchiveRefused as refused:
        raise BadInput(f"{refused}.") from refused


class Box:
    """Names are NFC with slashes and without a folder that holds everything. `links` are names that were left alone.

    Raises BadInput for what may not be read, with the file and the entry in it.
    """

    def __init__(self, path: Path, called: str = "") -> None:
        self.path = path
        self.name = called or path.name
        self.links: list[str] = []
        self._open = ExitStack()
        self._places: dict[str, tuple[SafeArchive, str] | Path] = {}

    @classmethod
    def open(cls, path: Path, *, inner: Callable[[str], bool] | None = None) -> Self:
        """Open a zip or a folder. Zips within a zip that `inner` picks by name are opened too, as one heap of files."""
        box = cls(path)
        try:
            with refused_plainly():
                if path.is_dir():
                    box._look_into_folder()
                elif path.is_file():
                    box._look_into_zip(inner)
                else:
                    raise BadInput(f"{path.name} is not a file or folder that can be read.")
        except BaseException:
            box.close()
            raise
        box._unwrap()
        return box

    def names(self) -> list[str]:
        return list(self._places)

    def holds(self, name: str) -> bool:
        return name in self._places

    def size(self, name: str) -> int:
        place = self._places[name]
        return place.stat().st_size if isinstance(place, Path) else place[0].size(place[1])

    def stream(self, name: str) -> IO[bytes]:
        """The bytes of a file, to be closed by the caller. What is found broken on the way raises ArchiveRefused."""
        place = self._places[name]
        if not isinstance(place, Path):
            with refused_plainly():
                return place[0].open(place[1])
        try:
            # Looked at again: the folder is not ours, and a name may lead elsewhere by now.
            return os.fdopen(os.open(place, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb")
        except OSError as error:
            raise BadInput(f"{self.where(name)}: it cannot be opened.") from error

    def read(self, name: str, most: int = MOST_TEXT) -> bytes:
        """A whole file of at most `most` bytes."""
        with refused_plainly(), self.stream(name) as source:
            raw = source.read(most + 1)
        if len(raw) > most:
            raise BadInput(f"{self.where(name)}: it is larger than {most // 1024 // 1024} MB.")
        return raw

    def text(self, name: str) -> str:
        """A whole file of text: UTF-8 with or without a mark, UTF-16 with one, else as Windows in the west wrote it."""
        return decoded(self.read(name))

    def where(self, name: str) -> str:
        return f"{self.name}, {name}" if name else self.name

    def close(self) -> None:
        self._open.close()

    def _look_into_zip(self, inner: Callable[[str], bool] | None) -> None:
        archive = self._open.enter_context(SafeArchive(self.path))
        picked = [name for name in archive.names() if inner and inner(name)]
        for name in archive.names():
            if name not in picked:
                self._places[name] = (archive, name)
        for name in picked:
            nested = self._open.enter_context(archive.inner(name))
            for entry in nested.names():
                self._places.setdefault(entry, (nested, entry))

    def _look_into_folder(self) -> None:
        found = 0
        for folder, folders, files in os.walk(self.path):
            folders[:] = sorted(name for name in folders if name not in _PASSED_OVER)
            for name in list(folders):
                if (Path(folder) / name).is_symlink():
                    folders.remove(name)
                    self.links.append((Path(folder) / name).relative_to(self.path).as_posix())
            for name in sorted(files):
                path = Path(folder) / name
                found += 1
                if found > MOST_ENTRIES:
                    raise BadInput(f"{self.name}: it holds more than {MOST_ENTRIES} files.")
                if name in _PASSED_OVER:
                    continue
                shown = unicodedata.normalize("NFC", path.relative_to(self.path).as_posix())
                if path.is_symlink() or not path.is_file():
                    self.links.append(shown)
                elif shown.isprintable():
                    self._places[shown] = path

    def _unwrap(self) -> None:
        """Leave off the one folder that somebody zipped with everything in it."""
        tops = {name.partition("/")[0] for name in self._places}
        if len(tops) == 1 and all("/" in name for name in self._places):
            top = tops.pop() + "/"
            self._places = {name.removeprefix(top): place for name, place in self._places.items()}


def decoded(raw: bytes) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def is_zip(path: Path) -> bool:
    """Whether a file is a zip at all; a look at its end, nothing more."""
    return path.is_file() and zipfile.is_zipfile(path)


def names_of(path: Path) -> list[str]:
    """The names of the files in a zip or folder, for telling formats apart; [] for anything else.

    Raises BadInput for a zip that may not be read.
    """
    if not path.is_dir() and not is_zip(path):
        return []
    box = Box.open(path)
    box.close()
    return box.names()
