"""Reading an export in a test, and looking at what remains of its pages once they are cleaned."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from torvet.base.text import Text, read_html
from torvet.moving.imports.wiki.shapes import Losses, SourcePage

_PAGE = re.compile(r'"page:[^"]*"')
_FILE = re.compile(r'"file:[^"]*"')


class Read:
    """All that an export gave. `pages` by title; of equal titles the last."""

    def __init__(self, source: Any) -> None:
        self.source = source
        self.all: list[SourcePage] = list(source.pages())
        self.pages = {page.title: page for page in self.all}
        self.losses: Losses = source.losses

    def tree(self) -> dict[str, str | None]:
        """Title of each page -> title of the one above."""
        titles = {page.key: page.title for page in self.all}
        return {page.title: titles[page.parent] if page.parent else None for page in self.all}

    def left_out(self) -> Counter[tuple[str, str]]:
        return Counter((line, why) for line, _where, why in self.losses.left_out)

    def key(self, title: str) -> str:
        return self.pages[title].key


@contextmanager
def reading(kind: Any, path: Path, **wishes: Any) -> Iterator[Read]:
    source = kind.open(path, **wishes)
    try:
        read = Read(source)
        check(read)
        yield read
    finally:
        source.close()


def check(read: Read) -> None:
    """What holds for every export: keys are unique, parents are there, files open, and the figures agree."""
    keys = Counter(page.key for page in read.all)
    assert [key for key, number in keys.items() if number > 1] == []
    assert [page.parent for page in read.all if page.parent and page.parent not in keys] == []
    assert read.losses.links_found - read.losses.links_resolved == len(read.losses.broken)
    for page in read.all:
        assert page.title.strip()
        assert page.where
        up, steps = page.parent, 0
        while up and steps < 1000:
            up, steps = next(one.parent for one in read.all if one.key == up), steps + 1
        assert steps < 1000, "a page stands below itself"
        for name in (*files_in(page.html), *page.attached):
            file = read.source.open_file(name)
            assert file is not None, name
            with file:
                file.read(10)
        for version in page.versions:
            cleaned(version.html)


def files_in(html: str) -> list[str]:
    from urllib.parse import unquote

    return [unquote(found) for found in re.findall(r'"file:([^"]*)"', html)]


def pages_in(html: str) -> list[str]:
    from urllib.parse import unquote

    return [unquote(found) for found in re.findall(r'"page:([^"]*)"', html)]


def cleaned(html: str) -> Text:
    """The text as it would be stored, with addresses as they will be here."""
    return read_html(_FILE.sub('"/files/x"', _PAGE.sub('"/pages/1/"', html)), most=10_000_000)


def plain(html: str) -> str:
    return cleaned(html).plain


def kept(html: str, *wanted: str) -> None:
    """Nothing of this may get lost on the way into the store, neither words nor shape."""
    found = cleaned(html).html
    for one in wanted:
        assert one in found, f"{one!r} is not in {found!r}"


def zipped(path: Path, files: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in files.items():
            archive.writestr(name, inside)
    return path
