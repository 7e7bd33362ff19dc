"""Notion: the export as Markdown or HTML, in one zip, several, or a folder."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from posixpath import normpath
from typing import IO, Self
from urllib.parse import unquote

from torvet.moving.imports.wiki import rewriting
from torvet.moving.imports.wiki.boxes import Box, names_of
from torvet.moving.imports.wiki.notion_text import (
    NotionRewriter,
    Properties,
    Written,
    read_html_page,
    read_markdown_page,
)
from torvet.moving.imports.wiki.shapes import Losses, Person, SourcePage, page_href
from torvet.moving.imports.wiki.times import moment_in_words
from torvet.moving.report import BadInput

MOST_ROWS = 1_000
LARGEST_CELL = 4_000_000  # characters
"""Rows of a database that are shown in its table; the file itself is attached when there are more."""
_ID = re.compile(r"(?:^|[ _-])([0-9a-f]{32})$")
_PART = re.compile(
    r"(?:^|/)Export-[0-9a-f-]{8,40}(?:-Part-\d+)?\.zip$|^[0-9a-f-]{36}_Export.*\.zip$|-Part-\d+\.zip$", re.I
)
_ANY_ID = re.compile(r"(?:%20|[ _-])([0-9a-f]{32})(?![0-9a-f])")
_WORKSPACE = re.compile(r"Workspace identifier: ([0-9a-f-]{36})")
_ENDINGS = (".md", ".html", ".csv")
_MADE = {
    "created",
    "created time",
    "date created",
    "oprettet",
    "opprettet",
    "skapad",
    "gemaakt",
    "aangemaakt",
}
_EDITED = {
    "last edited",
    "last edited time",
    "sidst redigeret",
    "senest redigeret",
    "sist redigert",
    "senast redigerad",
    "laatst bewerkt",
    "updated",
}
_MADE_BY = {"created by", "author", "forfatter", "oprettet af", "opprettet av", "skapad av", "gemaakt door"}
_EDITED_BY = {
    "last edited by",
    "sidst redigeret af",
    "sist redigert av",
    "senast redigerad av",
    "laatst bewerkt door",
}
_TOPICS = {"tags", "tag", "topics", "emner", "emne", "labels", "etiketter", "taggar", "category", "kategori"}


@dataclass(slots=True)
class _Place:
    """A page's file. `folder` is where the pages below it lie."""

    entry: str
    key: str
    name: str
    folder: str


def opens(path: Path) -> bool:
    """A zip of Notion's zips, or a zip or folder whose pages have Notion's ids in their names."""
    names = names_of(path)
    if any(_PART.search(name) for name in names):
        return True
    pages = [name for name in names if name.lower().endswith(_ENDINGS)]
    marked = [name for name in pages if _ID.search(_stem(name).removesuffix("_all"))]
    return bool(marked) and len(marked) * 2 >= len(pages)


def _stem(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[0]


class Notion:
    name = "notion"

    def __init__(self, box: Box) -> None:
        self.losses = Losses()
        self.instance = ""
        self._box = box
        self._places: dict[str, _Place] = {}  # by entry
        self._keys: dict[str, _Place] = {}
        self._folders: dict[str, str] = {}  # folder -> key of the page it belongs to
        self._all_rows: dict[str, str] = {}  # key of a database -> entry with all its rows
        self._titles: dict[str, str] = {}
        self._named: dict[str, dict[str, int]] = {}
        self._below: dict[str, list[str]] = {}
        for link in box.links:
            self.losses.left_out.append(("files", box.where(link), "it is a link to somewhere else"))
        try:
            self._find_pages()
            if not self._places:
                raise BadInput(f"{box.name}: there is no page of Notion in it.")
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(cls, path: Path) -> Self:
        return cls(Box.open(path, inner=lambda name: bool(_PART.search(name))))

    def close(self) -> None:
        self._box.close()

    # Where everything lies

    def _find_pages(self) -> None:
        names = sorted(self._box.names(), key=lambda name: (name.endswith(".csv"), name))
        for entry in names:
            low = entry.lower()
            if not low.endswith(_ENDINGS):
                continue
            if low.rpartition("/")[2] == "index.html":
                self._learn(entry)
                continue
            stem = _stem(entry)
            folder = entry.rpartition("/")[0]
            if low.endswith("_all.csv") and (found := _ID.search(stem.removesuffix("_all"))):
                self._all_rows[found[1]] = entry
                stem = stem.removesuffix("_all")
            found = _ID.search(stem)
            if not found and low.endswith(".csv"):
                # A table that somebody uploaded.
                continue
            key = found[1] if found else entry
            below = f"{folder}/{stem}" if folder else stem
            place = _Place(entry, key, stem[: found.start()].strip() if found else stem, below)
            if key in self._keys:
                continue
            self._places[entry] = self._keys[key] = place
        for place in self._keys.values():
            self._folders.setdefault(place.folder, place.key)
            above = place.entry.rpartition("/")[0]
            # Newer exports leave the id off the folder.
            self._folders.setdefault(f"{above}/{place.name}" if above else place.name, place.key)
        for place in self._keys.values():
            self._below.setdefault(self._above(place) or "", []).append(place.key)

    def _learn(self, entry: str) -> None:
        if found := _WORKSPACE.search(self._box.text(entry)):
            self.instance = found[1]

    def _above(self, place: _Place) -> str | None:
        folder = place.entry.rpartition("/")[0]
        while folder:
            found = self._folders.get(folder)
            if found and found != place.key:
                return found
            folder = folder.rpartition("/")[0]
        return None

    def _number(self, place: _Place) -> float:
        """Where the page above first names it: that is the order people see."""
        above = self._keys.get(self._above(place) or "")
        if above is None or above.entry.lower().endswith(".csv"):
            return 0.0
        if above.key not in self._named:
            text = self._box.text(above.entry)
            found: dict[str, int] = {}
            for one in _ANY_ID.finditer(text):
                found.setdefault(one[1], len(found))
            self._named[above.key] = found
        return float(self._named[above.key].get(place.key, 1_000_000))

    # What the texts ask

    def _entry_at(self, href: str, near: str) -> str | None:
        """The entry that a relative address names; Notion encodes some names twice."""
        written = href.partition("?")[0]
        folder = near.rpartition("/")[0]
        for path in (written.partition("#")[0], written):
            for once in (unquote(path), unquote(unquote(path)), path):
                name = unicodedata.normalize("NFC", normpath(f"{folder}/{once}" if folder else once))
                if self._box.holds(name):
                    return name
        return None

    def page_at(self, href: str, near: str) -> str | None:
        entry = self._entry_at(href, near)
        if entry in self._places:
            return self._places[entry].key
        # The name in the address may be cut differently from that of the file: the id is the same.
        found = _ID.search(_stem(unquote(href.partition("#")[0].partition("?")[0])).removesuffix("_all"))
        return self.key_of(found[1]) if found else None

    def file_at(self, href: str, near: str) -> str | None:
        entry = self._entry_at(href, near)
        if entry is None or entry in self._places or entry in self._all_rows.values():
            return None
        return entry

    def key_of(self, id: str) -> str | None:
        return id if id in self._keys else None

    def heading(self, key: str, anchor: str) -> str:
        place = self._keys[key]
        if place.entry.endswith(".html") and self._box.size(place.entry) < 5_000_000:
            return (
                rewriting.heading_words(rewriting.parse_html(self._box.text(place.entry)), anchor) or anchor
            )
        return anchor

    def open_file(self, name: str) -> IO[bytes] | None:
        return self._box.stream(name) if self._box.holds(name) and name not in self._places else None

    # Giving pages

    def pages(self) -> Iterable[SourcePage]:
        for place in self._keys.values():
            yield self._page(place)

    def _page(self, place: _Place) -> SourcePage:
        where = self._box.where(place.entry)
        attached: tuple[str, ...] = ()
        if place.entry.lower().endswith(".csv"):
            written = Written(place.name, "")
            written.html, attached = self._table(place, where)
        else:
            written = self._read(place, self.losses, where)
        said = {name.casefold(): value for name, value in written.properties}
        return SourcePage(
            key=place.key,
            title=written.title,
            html=written.html,
            parent=self._above(place),
            order=(self._number(place), written.title.casefold()),
            created_at=moment_in_words(_of(said, _MADE)),
            edited_at=moment_in_words(_of(said, _EDITED)),
            by=_who(_of(said, _MADE_BY)),
            edited_by=_who(_of(said, _EDITED_BY)),
            topics=_topics(written.properties),
            attached=attached,
            where=where,
        )

    def _read(self, place: _Place, losses: Losses, where: str) -> Written:
        rewriter = NotionRewriter(self, place.key, place.entry, losses, where)
        read = read_html_page if place.entry.lower().endswith(".html") else read_markdown_page
        return read(self._box.text(place.entry), place.name, rewriter)

    def _title(self, key: str) -> str:
        if key not in self._titles:
            place = self._keys[key]
            is_table = place.entry.lower().endswith(".csv")
            self._titles[key] = place.name if is_table else self._read(place, Losses(), "").title
        return self._titles[key]

    def _table(self, place: _Place, where: str) -> tuple[str, tuple[str, ...]]:
        """A database: all its rows, each leading to its page when it has one."""
        entry = self._all_rows.get(place.key, place.entry)
        pages: dict[str, list[str]] = {}
        for key in self._below.get(place.key, ()):
            pages.setdefault(self._title(key).casefold(), []).append(key)
        usual = csv.field_size_limit(LARGEST_CELL)
        rows: list[str] = []
        more = 0
        try:
            for number, row in enumerate(csv.reader(io.StringIO(self._box.text(entry).replace("\0", "")))):
                if number > MOST_ROWS:
                    more += 1
                    continue
                cells = [escape(one, quote=False).replace("\n", "<br>") for one in row[:100]]
                if number == 0:
                    rows.append(f"<tr>{''.join(f'<th>{one}</th>' for one in cells)}</tr>")
                    continue
                # The page of a row goes by its first column.
                if row and (keys := pages.get(row[0].strip().casefold())):
                    cells[0] = rewriting.anchor(page_href(keys[0]), cells[0])
                    keys.pop(0)
                rows.append(f"<tr>{''.join(f'<td>{one}</td>' for one in cells)}</tr>")
        except csv.Error as error:
            raise BadInput(f"{self._box.where(entry)}: it is not a table ({error}).") from error
        finally:
            # The limit is one for the whole process: other readers of tables rely on theirs.
            csv.field_size_limit(usual)
        if more:
            why = "the table has too many rows; the whole file is attached"
            self.losses.left_out.extend([("rows", where, why)] * more)
        html = f"<table><tbody>{''.join(rows)}</tbody></table>" if rows else ""
        return html, (entry,) if more and entry not in self._places else ()


def _of(said: dict[str, str], names: set[str]) -> str:
    return next((value for name, value in said.items() if name in names and value), "")


def _who(name: str) -> Person | None:
    """Somebody whom Notion gives by name alone."""
    name = " ".join(name.partition(",")[0].split())[:120]
    return Person(f"name:{name}", name) if name else None


def _topics(properties: Properties) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name, value in properties:
        if name.casefold() in _TOPICS:
            found.update(dict.fromkeys(one.strip() for one in value.split(",") if one.strip()))
    return tuple(found)
