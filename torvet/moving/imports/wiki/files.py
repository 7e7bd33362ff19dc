"""Files that pages show and offer: each is fingerprinted once, and checked only when a page needs it."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import IO

from django.conf import settings

from torvet.base import files as base_files
from torvet.base.archives import ArchiveRefused
from torvet.base.rules import Refused
from torvet.entries.actions.attach import LARGEST_PICTURE
from torvet.entries.actions.bulk_files import Checked, check_file, check_text
from torvet.moving.imports.wiki.shapes import Source
from torvet.moving.report import BadInput

NOT_THERE = "not in the export"
TOO_LARGE = "larger than files may be here"
EMPTY = "it is empty"
NO_PICTURE = "it cannot be read as a picture, or would unpack to far more than a picture should"
NOT_SHOWN = "a drawing or a kind of picture that is not shown in pages; it is kept as a file"
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Known:
    """A file before it is decoded. `problem` is why it cannot come along, in the words of the report."""

    digest: str = ""
    is_picture: bool = False
    problem: str = ""


class WikiFiles:
    """The files of one source, by the names its pages use."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._folder = tempfile.TemporaryDirectory()
        self._turn = Lock()
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
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            list(pool.map(self.take, [name for name in dict.fromkeys(names) if name not in self._checked]))

    def take(self, name: str) -> Checked | None:
        """The file as it would be kept; None when it may not be. A picture that cannot be decoded is none."""
        if name not in self._checked:
            checked = self._check(name) if not self.look(name).problem else None
            is_broken = checked is not None and self.look(name).is_picture and checked.thumb is None
            self._checked[name] = None if is_broken else checked
        return self._checked[name]

    def _check(self, name: str) -> Checked | None:
        folder = Path(self._folder.name)
        copy = folder / secrets.token_hex(16)
        # The archive is one file with one position: copying out of it takes turns, decoding does not.
        with self._turn:
            found = self._source.open_file(name)
            if found is None:
                return None
            with found, copy.open("xb") as target:
                _copy(found, target)
        try:
            with copy.open("rb") as source:
                return check_file(source, name.rpartition("/")[2], folder)
        except Refused:
            return None
        finally:
            copy.unlink()

    def put_text(self, said: str, name: str) -> Checked:
        return check_text(said, name, Path(self._folder.name))


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    while chunk := source.read(CHUNK):
        target.write(chunk)
