"""Reading zip files from outside, entry by entry: nothing is unpacked, and what could hurt is refused with its name."""

from __future__ import annotations

import io
import re
import shutil
import stat
import struct
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any, BinaryIO, Self

from torvet.base.json_lists import NotJson, TooLong, iter_list, parse

MOST_ENTRIES = 200_000
MOST_BYTES = 20 * 1024**3
MOST_RATIO = 200
"""Unpacked to packed, for entries over BIG; text of people stays well under it, a bomb does not."""
BIG = 1024 * 1024
MOST_NESTED = 1
"""Archives within archives that `inner` will open."""
LONGEST_NAME = 1_000
JSON_BYTES = 64 * 1024 * 1024

_REASONS = {
    "unreadable": "it cannot be opened",
    "not_a_zip": "it is not a zip file, or its end is missing",
    "broken": "it is damaged",
    "encrypted": "it is encrypted; save it without a password",
    "unsafe_name": "its name leads outside the archive or cannot be used as a name",
    "not_a_file": "it is a link or a device, not a file",
    "method": "it is packed in a way that is not supported",
    "too_many": "it holds too many entries",
    "twice": "the same name stands in the archive twice",
    "too_large": "unpacked it would be larger than allowed",
    "bomb": "it unpacks to far more than it should",
    "overlapping": "it shares its bytes with another entry",
    "nested": "it is an archive within an archive within an archive",
    "missing": "it is not in the archive",
    "not_json": "it is not JSON as expected",
    "long_element": "one of its elements is too large",
}
_IGNORED = re.compile(r"(?:^|/)(?:__MACOSX(?:/|$)|\.DS_Store$)")
_DRIVE = re.compile(r"[A-Za-z]:")
_FAULTS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
    OSError,
)


class ArchiveRefused(Exception):
    """An archive, or one entry of it, that is not read.

    `code` is a key for callers, `entry` the entry's name or "" for the whole file, `reason` a plain English
    half-sentence without either; as text it is "file, entry: reason".
    """

    def __init__(self, code: str, entry: str = "", *, file: str = "", detail: str = "") -> None:
        self.code = code
        self.entry = entry
        self.file = file
        self.reason = _REASONS[code] + (f" ({detail})" if detail else "")
        where = ", ".join(part for part in (file, entry) if part) or "The archive"
        super().__init__(f"{where}: {self.reason}")


class SafeArchive:
    """A zip file whose every entry has been looked at before the first is read.

    A context manager. Limits are in bytes and entries. Raises ArchiveRefused, on opening and on reading.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        most_bytes: int = MOST_BYTES,
        most_entries: int = MOST_ENTRIES,
        most_nested: int = MOST_NESTED,
        called: str = "",
    ) -> None:
        self.path = Path(path)
        self.called = called or self.path.name
        self._most_bytes = most_bytes
        self._most_entries = most_entries
        self._most_nested = most_nested
        self._zip: zipfile.ZipFile | None = None
        self._entries: dict[str, zipfile.ZipInfo] = {}

    def __enter__(self) -> Self:
        try:
            file = self.path.open("rb")
        except OSError as error:
            raise self._refused("unreadable") from error
        try:
            self._count(file)
            self._zip = zipfile.ZipFile(file)
            self._entries = self._looked_at(self._zip)
        except _FAULTS as error:
            file.close()
            raise self._refused("not_a_zip") from error
        except ArchiveRefused:
            file.close()
            raise
        self._file = file
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._zip:
            self._zip.close()
            self._file.close()

    def names(self) -> list[str]:
        """Names of all files in the archive's order: NFC, with slashes; no folders, no `.DS_Store`."""
        return list(self._entries)

    def size(self, name: str) -> int:
        """Bytes of an entry when unpacked."""
        return self._entry(name).file_size

    def changed_at(self, name: str) -> datetime | None:
        """When a file was last changed, as the archive says, which names no zone; None when it does not know."""
        try:
            return datetime(*self._entry(name).date_time, tzinfo=UTC)
        except ValueError:
            return None

    def open(self, name: str) -> BinaryIO:
        """Read one entry as a stream, counted. A damaged entry raises ArchiveRefused while it is read."""
        entry = self._entry(name)
        assert self._zip
        try:
            source = self._zip.open(entry)
        except _FAULTS as error:
            raise self._refused("broken", name) from error
        return io.BufferedReader(_Counted(self, name, entry, source), 1 << 16)

    def read_json(self, name: str, *, limit: int = JSON_BYTES) -> Any:
        """One whole JSON file of at most `limit` bytes."""
        with self.open(name) as source:
            raw = source.read(limit + 1)
        if len(raw) > limit:
            raise self._refused("too_large", name)
        try:
            return parse(raw)
        except NotJson as error:
            raise self._refused("not_json", name, str(error)) from error

    def iter_json_array(self, name: str) -> Iterator[Any]:
        """The elements of a JSON list one by one; the file may be of any length, one element at most 2 MB."""
        with self.open(name) as source:
            try:
                yield from iter_list(source)
            except NotJson as error:
                raise self._refused("not_json", name, str(error)) from error
            except TooLong as error:
                raise self._refused("long_element", name) from error

    @contextmanager
    def inner(self, name: str) -> Iterator[SafeArchive]:
        """An archive within this one, under the same limits. It waits in a temporary file while it is read."""
        if self._most_nested < 1:
            raise self._refused("nested", name)
        with tempfile.NamedTemporaryFile(suffix=".zip") as copy, self.open(name) as source:
            shutil.copyfileobj(source, copy, 1 << 20)
            copy.flush()
            archive = SafeArchive(
                copy.name,
                most_bytes=self._most_bytes,
                most_entries=self._most_entries,
                most_nested=self._most_nested - 1,
                called=f"{self.called}, {name}",
            )
            with archive:
                yield archive

    # Looking before reading

    def _count(self, file: IO[bytes]) -> None:
        """Count the entries before zipfile makes an object of each: millions fit into a small file, not into memory."""
        end = zipfile._EndRecData(file)  # type: ignore[attr-defined]  # the very record that zipfile will go by
        if not end:
            raise self._refused("not_a_zip")
        size = end[5]
        if max(end[3], end[4]) > self._most_entries:
            raise self._refused("too_many")
        if size // 46 > self._most_entries:
            # The declared number may lie; the length of the list does not.
            # Where zipfile will look for it: in front of the record at the end, and of two more in a large archive.
            file.seek(max(0, end[9] - size - (76 if end[0] == b"PK\x06\x06" else 0)))
            count = 0
            while (head := file.read(46))[:4] == b"PK\x01\x02" and len(head) == 46:
                count += 1
                if count > self._most_entries:
                    raise self._refused("too_many")
                file.seek(sum(struct.unpack("<3H", head[28:34])), io.SEEK_CUR)
        file.seek(0)

    def _looked_at(self, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
        found: dict[str, zipfile.ZipInfo] = {}
        seen: set[str] = set()
        total = 0
        for entry in archive.infolist():
            name = _readable(entry)
            if _IGNORED.search(name):
                continue
            self._check_name(name, entry)
            self._check_kind(name, entry)
            total += entry.file_size
            if total > self._most_bytes:
                raise self._refused("too_large")
            if name.endswith("/"):
                continue
            key = unicodedata.normalize("NFC", name.casefold())
            if key in seen:
                raise self._refused("twice", name)
            seen.add(key)
            found[name] = entry
        for name in found:
            folder = unicodedata.normalize("NFC", name.casefold()).rpartition("/")[0]
            if folder in seen:
                raise self._refused("twice", folder)
        self._check_places(archive)
        return found

    def _check_name(self, name: str, entry: zipfile.ZipInfo) -> None:
        parts = name.rstrip("/").split("/")
        bad = "\0" in entry.orig_filename or any(
            unicodedata.category(letter) in ("Cc", "Cs") for letter in name
        )
        if bad or not name or len(name) > LONGEST_NAME or name.startswith("/") or _DRIVE.match(name):
            raise self._refused("unsafe_name", _shown(entry.orig_filename))
        if any(part in ("", ".", "..") for part in parts):
            raise self._refused("unsafe_name", _shown(name))

    def _check_kind(self, name: str, entry: zipfile.ZipInfo) -> None:
        if entry.flag_bits & 0x2041:
            raise self._refused("encrypted", name)
        if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise self._refused("not_a_file", name)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise self._refused("method", name)
        if entry.file_size > BIG and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
            raise self._refused("bomb", name)

    def _check_places(self, archive: zipfile.ZipFile) -> None:
        """No two entries may lie in the same bytes: that is how a few kilobytes become petabytes."""
        end = 0
        for entry in sorted(archive.infolist(), key=lambda entry: entry.header_offset):
            if entry.header_offset < end:
                raise self._refused("overlapping", _shown(_readable(entry)))
            # The local header may be longer than this, never shorter.
            end = entry.header_offset + 30 + entry.compress_size
        if end > archive.start_dir:
            raise self._refused("overlapping")

    def _entry(self, name: str) -> zipfile.ZipInfo:
        entry = self._entries.get(name) or self._entries.get(unicodedata.normalize("NFC", name))
        if not entry:
            raise self._refused("missing", _shown(name))
        return entry

    def _refused(self, code: str, entry: str = "", detail: str = "") -> ArchiveRefused:
        return ArchiveRefused(code, entry, file=self.called, detail=detail)


class _Counted(io.RawIOBase):
    """Gives the bytes of one entry, and stops when they are more than the archive said or than could be meant well."""

    def __init__(self, archive: SafeArchive, name: str, entry: zipfile.ZipInfo, source: IO[bytes]) -> None:
        self._archive = archive
        self._name = name
        self._entry = entry
        self._source = source
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        try:
            chunk = self._source.read(len(room))
        except _FAULTS as error:
            raise self._archive._refused("broken", self._name) from error
        self._given += len(chunk)
        if self._given > BIG and self._given > MOST_RATIO * max(self._entry.compress_size, 1):
            raise self._archive._refused("bomb", self._name)
        if self._given > self._entry.file_size or (
            not chunk and len(room) and self._given < self._entry.file_size
        ):
            raise self._archive._refused("broken", self._name)
        room[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._source.close()
        super().close()


def _readable(entry: zipfile.ZipInfo) -> str:
    """An entry's name in NFC with slashes. Old Mac and Linux tools write UTF-8 without saying so."""
    name = entry.filename
    if not entry.flag_bits & 0x800 and not name.isascii():
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    name = unicodedata.normalize("NFC", name).replace("\\", "/")
    return name.removeprefix("./")


def _shown(name: str) -> str:
    """A hostile name, fit to be printed."""
    return "".join(letter if letter.isprintable() else "?" for letter in name[:200])
