"""Files that messages carry: what lies in the archive is checked and waits on a shelf; the rest has a reason."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from pathlib import Path
from threading import Lock
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from torvet.base.rules import Refused
from torvet.entries.actions.bulk_files import Checked, check_file, check_text
from torvet.moving.imports.slack.archive import SlackArchive
from torvet.moving.imports.slack.shapes import Json, words


class Fate(Enum):
    """What becomes of a file, in the words of the report."""

    HERE = "is attached"
    ELSEWHERE = "it lies outside Slack; the link is kept"
    DELETED = "it was deleted over there"
    HIDDEN = "Slack's free plan hides it"
    NOT_IN_EXPORT = "not in the export"
    REFUSED = "it is empty or larger than files may be here"


def in_words(fate: Fate) -> str:
    """The same for those who read the message, in the company's language; "" when the file is attached."""
    return {
        Fate.HERE: "",
        Fate.ELSEWHERE: _("outside Slack"),
        Fate.DELETED: _("was deleted"),
        Fate.HIDDEN: _("not in the export"),
        Fate.NOT_IN_EXPORT: _("not in the export"),
        Fate.REFUSED: _("could not be read"),
    }[fate]


def _copy(source: IO[bytes], target: IO[bytes], most: int) -> None:
    """At most `most` bytes: what is larger is refused anyway."""
    while most > 0 and (chunk := source.read(min(1 << 20, most))):
        target.write(chunk)
        most -= len(chunk)


class FileShelf:
    """Checks each file once, when a message that needs it is found, and keeps it in the import's own folder."""

    def __init__(self, archive: SlackArchive, folder: Path) -> None:
        self._archive = archive
        self._folder = folder
        self._turn = Lock()
        self._checked: dict[str, Checked | None] = {}

    def fate_of(self, file: Json, *, is_new: bool) -> Fate:
        """What becomes of a file. Of messages that are here already nothing is tried again."""
        mode = words(file, "mode")
        if mode == "tombstone":
            return Fate.DELETED
        if mode == "hidden_by_limit":
            return Fate.HIDDEN
        if mode == "external" or file.get("is_external") is True:
            return Fate.ELSEWHERE
        if file.get("lies_here") is not True:
            return Fate.NOT_IN_EXPORT
        if not is_new:
            return Fate.REFUSED
        return Fate.HERE if self.take(file) else Fate.REFUSED

    def take(self, file: Json) -> Checked | None:
        """The file as it would be kept, or None when it cannot be."""
        id = words(file, "id")
        if id not in self._checked:
            self._checked[id] = self._check(id, words(file, "name"))
        return self._checked[id]

    def take_all(self, files: Iterable[Json]) -> None:
        """Check several at once: decoding a picture takes a process of its own and a good part of a second."""
        lying = {words(file, "id"): file for file in files if file.get("lies_here") is True}
        if not lying:
            return
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            list(pool.map(self.take, lying.values()))

    def _check(self, id: str, name: str) -> Checked | None:
        entry = self._archive.files[id]
        copy = self._folder / secrets.token_hex(16)
        # The archive is one file with one position: copying out of it takes turns, decoding does not.
        with self._turn, self._archive.open(entry) as source, copy.open("xb") as target:
            _copy(source, target, settings.UPLOAD_BYTES + 1)
        try:
            with copy.open("rb") as source:
                return check_file(source, name or entry.rpartition("/")[2], self._folder)
        except Refused:
            return None
        finally:
            copy.unlink()

    def put_text(self, said: str, name: str) -> Checked:
        """A text of its own beside the files of the archive."""
        return check_text(said, name, self._folder)
