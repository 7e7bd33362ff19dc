"""Makes old wikis for tests: folders of Markdown, and sources that give exactly what a test says."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from PIL import Image

from torvet.moving.imports.wiki.shapes import Losses, SourcePage
from torvet.moving.report import Report
from torvet.moving.running import run_import
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.wiki.models import Page


def a_zip(path: Path, files: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, said in files.items():
            archive.writestr(name, said)
    return path


def a_folder(path: Path, files: dict[str, str | bytes]) -> Path:
    for name, said in files.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(said.encode() if isinstance(said, str) else said)
    return path


def a_picture(color: str = "red", size: tuple[int, int] = (40, 30)) -> bytes:
    to = io.BytesIO()
    Image.new("RGB", size, color).save(to, "PNG")
    return to.getvalue()


def a_bomb() -> bytes:
    """A PNG of a few kilobytes that says it has 60,000 × 60,000 pixels."""

    def part(kind: bytes, said: bytes) -> bytes:
        return struct.pack(">I", len(said)) + kind + said + struct.pack(">I", zlib.crc32(kind + said))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", head)
        + part(b"IDAT", zlib.compress(b"\0" * 1_000_000))
        + part(b"IEND", b"")
    )


class MadeUp:
    """A source of given pages and files."""

    name = "madeup"
    instance = "one"

    def __init__(
        self, pages: Iterable[SourcePage], files: dict[str, bytes] | None = None, **fields: object
    ) -> None:
        self._pages = list(pages)
        self._files = files or {}
        self.losses = Losses()
        vars(self).update(fields)

    def pages(self) -> Iterable[SourcePage]:
        return list(self._pages)

    def open_file(self, name: str) -> IO[bytes] | None:
        return io.BytesIO(self._files[name]) if name in self._files else None

    def close(self) -> None:
        pass


def bring(path: Path, by: Viewer, **wishes: str) -> Report:
    return run_import("wiki", path, by=by, **{"new_space": "Handbook"} | wishes)  # type: ignore[arg-type]  # wishes are the command's own


def named(title: str, space: str = "Handbook") -> Page:
    return Page.objects.select_related("entry", "parent__entry").get(
        entry__title=title, space=Space.objects.get(name=space)
    )


def body(title: str, space: str = "Handbook") -> str:
    return named(title, space).entry.body


def tree(space: str = "Handbook") -> list[tuple[int, str]]:
    """(level, title) of every page in order."""
    found: list[tuple[int, str]] = []

    def below(parent: int | None, level: int) -> None:
        rows = Page.objects.filter(space__name=space, parent=parent).in_order().select_related("entry")
        for page in rows:
            found.append((level, page.entry.title))
            below(page.pk, level + 1)

    below(None, 0)
    return found
