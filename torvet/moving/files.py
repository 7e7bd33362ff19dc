"""Files that pages and messages show and offer: each is fingerprinted once, and checked only when it is needed."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from django.conf import settings

from torvet.base import files as base_files
from torvet.base.archives import ArchiveRefused
from torvet.base.rules import Refused
from torvet.entries.actions.attach import LARGEST_PICTURE
from torvet.entries.actions.bulk_files import Checked, check_file, check_text
from torvet.moving.report import BadInput

NOT_THERE = "not in the export"
TOO_LARGE = "larger than files may be here"
EMPTY = "it is empty"
NO_PICTURE = "it cannot be read as a picture; it is kept as a file"
BOMB = "it would unpack to far more than a picture should; it is left out"
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Known:
    """A file before it is decoded. `problem` is why it cannot come along, in the words of the report."""

    digest: str = ""
    is_picture: bool = False
    problem: str = ""


class HoldsFiles(Protocol):
    """An export that holds bytes beside the words."""

    def open_file(self, name: str) -> IO[bytes] | None:
        """The bytes of a file by the name that its words use, or None when the export does not hold it."""


class ExportFiles:
    """The files of one export, by the names its pages or messages use."""

    def __init__(self, source: HoldsFiles) -> None:
        self._source = source
        self._folder = tempfile.TemporaryDirectory()
        self._known: dict[str, Known] = {}
        self._checked: dict[str, Checked | None] = {}

    def close(self) -> None:
        self._folder.cleanup()

    def look(self, name: str) -> Known:
        """What a file is, by its first bytes and a digest of all of them."""
        if name not in self._known:
            self._known[name] = self._look(name)
        return self._known[name]

    def _look(self, name: str) -> Known:
        digest, size, head = hashlib.blake2b(digest_size=16), 0, b""
        try:
            found = self._source.open_file(name)
            if found is None:
                return Known(problem=NOT_THERE)
            with found:
                while chunk := found.read(CHUNK):
                    head = head or chunk[:8192]
                    size += len(chunk)
                    if size > settings.UPLOAD_BYTES:
                        return Known(problem=TOO_LARGE)
                    digest.update(chunk)
        except ArchiveRefused as refused:
            raise BadInput(f"{refused}.") from refused
        if not size:
            return Known(problem=EMPTY)
        kind = base_files.sniff(head, name)
        return Known(digest.hexdigest(), kind.is_picture and size <= LARGEST_PICTURE)

    def take_all(self, names: Iterable[str]) -> None:
        """Check several at once: decoding a picture takes a process of its own."""
        wanted = [name for name in dict.fromkeys(names) if name not in self._checked]
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            # Copied here, one after the other: a reader may be tied to the thread that opened it.
            found = {
                name: pool.submit(self._check, copy, name) for name in wanted if (copy := self._copy(name))
            }
            for name in wanted:
                self._checked[name] = found[name].result() if name in found else None

    def take(self, name: str) -> Checked | None:
        """The file as it would be kept; None when it may not be."""
        if name not in self._checked:
            self.take_all([name])
        return self._checked[name]

    def fate_of(self, name: str) -> str:
        """Why a picture is not shown, in the words of the report; "" when it is."""
        checked = self.take(name)
        if checked is None:
            return BOMB
        return "" if checked.thumb else NO_PICTURE

    def _copy(self, name: str) -> Path | None:
        found = self._source.open_file(name) if not self.look(name).problem else None
        if found is None:
            return None
        copy = Path(self._folder.name) / secrets.token_hex(16)
        with found, copy.open("xb") as target:
            shutil.copyfileobj(found, target, CHUNK)
        return copy

    def _check(self, copy: Path, name: str) -> Checked | None:
        try:
            with copy.open("rb") as source:
                checked = check_file(source, name.rpartition("/")[2], Path(self._folder.name))
        except Refused:
            return None
        finally:
            copy.unlink()
        # A photo too heavy to be shown is still somebody's photo; a few kilobytes that become gigabytes are not.
        return None if checked.refused == "too_large" and self.look(name).is_picture else checked

    def put_text(self, said: str, name: str) -> Checked:
        return check_text(said, name, Path(self._folder.name))
