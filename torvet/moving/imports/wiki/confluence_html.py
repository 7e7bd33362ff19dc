"""Confluence: the HTML export of a space. It holds less than the XML: no history, no rights, no comments' threads."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from posixpath import normpath
from typing import IO, Any, Self
from urllib.parse import unquote

from torvet.moving.imports.wiki import rewriting
from torvet.moving.imports.wiki.boxes import Box, names_of
from torvet.moving.imports.wiki.confluence_html_text import HtmlText
from torvet.moving.imports.wiki.shapes import Losses, Person, SourcePage
from torvet.moving.imports.wiki.times import moment_in_words
from torvet.moving.report import BadInput
from torvet.moving.xml_reading import local

INDEX = "index.html"
_PAGE_ID = re.compile(r"(?:^|_)(\d{4,20})$")
_ON = re.compile(r"(?:\bon|\bden|\bam|\bop|\bpå|,)\s+([^,]{4,20}(?:, ?\d{4})?)\s*$")


@dataclass(slots=True)
class _Place:
    key: str
    title: str
    parent: str | None
    number: int


def opens(path: Path) -> bool:
    """A zip or folder with an `index.html` that Confluence wrote."""
    names = names_of(path)
    if INDEX not in names or "entities.xml" in names:
        return False
    box = Box.open(path)
    try:
        head = box.read(INDEX)
    except BadInput:
        return False
    finally:
        box.close()
    return b"Available Pages" in head or b'id="main-content"' in head or b"confluence" in head.lower()


class ConfluenceHtml:
    name = "confluence"

    def __init__(self, box: Box) -> None:
        self.losses = Losses()
        self.instance = ""
        self._box = box
        self._places: dict[str, _Place] = {}  # by entry
        self._shown: dict[str, str] = {}  # entry of a file -> its name as people gave it
        try:
            self._find_pages()
            if not self._places:
                raise BadInput(f"{box.name}: there is no page of Confluence in it.")
            for entry in self._places:
                self._learn_files(self._parsed(entry))
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(cls, path: Path) -> Self:
        return cls(Box.open(path))

    def close(self) -> None:
        self._box.close()

    # The tree

    def _parsed(self, entry: str) -> Any:
        return rewriting.parse_html(self._box.text(entry))

    def _find_pages(self) -> None:
        for entry in self._box.names():
            if "/" in entry or not entry.lower().endswith((".html", ".htm")) or entry == INDEX:
                continue
            stem = entry.rpartition(".")[0]
            found = _PAGE_ID.search(stem)
            self._places[entry] = _Place(found[1] if found else stem, "", None, 1_000_000)
        if self._box.holds(INDEX):
            root = self._parsed(INDEX)
            for row in root.iter("tr"):
                cells = [one for one in row if local(one) in ("th", "td")]
                if len(cells) == 2 and rewriting.words_of(cells[0]) == "Key":
                    self.instance = rewriting.words_of(cells[1])[:100]
            number = 0
            for link in root.iter("a"):
                place = self._places.get(self._entry(link.get("href") or "", INDEX) or "")
                if place is None or place.title:
                    continue
                place.title, place.number = rewriting.words_of(link), number
                place.parent = self._above(link, place)
                number += 1

    def _above(self, link: Any, place: _Place) -> str | None:
        """The page of the point that this point's list stands in."""
        point = next((up for up in link.iterancestors("li")), None)
        for up in point.iterancestors("li") if point is not None else ():
            for one in up.iter("a"):
                found = self._places.get(self._entry(one.get("href") or "", INDEX) or "")
                if found is not None:
                    return found.key if found is not place else None
        return None

    def _learn_files(self, root: Any) -> None:
        """The lists below the pages say what files are called; in the export they go by numbers."""
        for link in root.iter("a"):
            href = link.get("href") or ""
            if "attachments/" in href and (entry := self._entry(href, "")) and entry not in self._places:
                words = link.get("data-linked-resource-default-alias") or rewriting.words_of(link)
                if "." in words and "/" not in words:
                    self._shown.setdefault(entry, words[:200])
        for shown in root.iter("img"):
            entry = self._entry(shown.get("data-image-src") or shown.get("src") or "", "")
            words = shown.get("data-linked-resource-default-alias") or ""
            if entry and words and "/" not in words:
                self._shown.setdefault(entry, words[:200])

    def _entry(self, href: str, near: str) -> str | None:
        path = unquote(href.partition("#")[0].partition("?")[0])
        if not path or ":" in path.partition("/")[0]:
            return None
        folder = near.rpartition("/")[0]
        name = unicodedata.normalize("NFC", normpath(f"{folder}/{path}" if folder else path))
        return name if self._box.holds(name) else None

    # What the texts ask

    def page_at(self, href: str) -> str | None:
        place = self._places.get(self._entry(href, "") or "")
        return place.key if place else None

    def file_at(self, href: str) -> str | None:
        entry = self._entry(href, "")
        if entry is None or entry in self._places or entry == INDEX:
            return None
        return f"{entry}/{self._shown[entry]}" if entry in self._shown else entry

    def heading(self, key: str, anchor: str) -> str:
        entry = next((entry for entry, place in self._places.items() if place.key == key), "")
        return rewriting.heading_words(self._parsed(entry), anchor) or anchor if entry else anchor

    def open_file(self, name: str) -> IO[bytes] | None:
        entry = name if self._box.holds(name) else name.rpartition("/")[0]
        if not self._box.holds(entry) or entry in self._places or entry == INDEX:
            return None
        return self._box.stream(entry)

    # Giving pages

    def pages(self) -> Iterable[SourcePage]:
        for entry, place in self._places.items():
            yield self._page(entry, place)

    def _page(self, entry: str, place: _Place) -> SourcePage:
        root = self._parsed(entry)
        where = self._box.where(entry)
        body = _first(root, "main-content")
        if body is None:
            body = rewriting.body_of(root)
            self.losses.left_out.append(("parts", where, "its text is not marked; the whole file is taken"))
        html = HtmlText(self, place.key, self.losses, where).html_of(body)
        by, edited_by, at = _who_and_when(root)
        comments = sum("comment" in (one.get("class") or "").split() for one in root.iter("li", "td"))
        if comments:
            why = "the HTML export does not say who wrote them and when; the XML export does"
            self.losses.left_out.extend([("comments", where, why)] * comments)
        labels = (
            rewriting.words_of(one)
            for one in root.iter("a")
            if "label" in (one.get("rel") or one.get("class") or "")
        )
        return SourcePage(
            key=place.key,
            title=place.title or _title(root) or place.key,
            html=html,
            parent=place.parent,
            order=(float(place.number), place.title.casefold()),
            edited_at=at,
            by=by,
            edited_by=edited_by,
            topics=tuple(dict.fromkeys(filter(None, labels))),
            attached=tuple(self._attached(root)),
            where=where,
        )

    def _attached(self, root: Any) -> Iterable[str]:
        found: dict[str, None] = {}
        for section in root.iter("div"):
            if "pageSection" in (section.get("class") or ""):
                for link in section.iter("a"):
                    if (name := self.file_at(link.get("href") or "")) and "attachments/" in name:
                        found[name] = None
        return found


def _first(root: Any, id: str) -> Any:
    return next((one for one in root.iter() if one.get("id") == id), None)


def _title(root: Any) -> str:
    """`Space : Title`, as the head of each file has it."""
    found = next((one for one in root.iter("title")), None)
    words = rewriting.words_of(found) if found is not None else ""
    return words.partition(" : ")[2] or words


def _who_and_when(root: Any) -> tuple[Person | None, Person | None, Any]:
    """Who made and last changed the page: names alone."""
    line = next((one for one in root.iter() if "page-metadata" in (one.get("class") or "")), None)
    if line is None:
        return None, None, None
    people = {}
    for one in line.iter("span"):
        if (kind := one.get("class") or "") in ("author", "editor"):
            words = rewriting.words_of(one)[:120]
            people[kind] = Person(f"name:{words}", words) if words else None
    said = _ON.search(rewriting.words_of(line)[-60:])
    at = moment_in_words(said[1].strip()) if said else None
    return people.get("author"), people.get("editor") or people.get("author"), at
