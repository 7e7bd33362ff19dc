"""Where the pages of a Markdown wiki stand, and what the addresses in them mean."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

ENDINGS = (".md", ".mdx", ".markdown")
INDEXES = ("index", "_index", "readme")
_ROOTS = ("docs", "content", "src", "pages", "wiki", "static", "public", "assets", "src/pages", "docs/assets")
_NUMBERED = re.compile(r"^\d{1,4}[-_. ]+(?=\D)")
_DATED = re.compile(r"(?:^|/)(\d{4})[-/](\d{2})[-/](\d{2})[-_](.+)$")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def without_ending(path: str) -> str:
    stem, end = posixpath.splitext(path)
    return stem if end.casefold() in (*ENDINGS, ".html", ".htm") else path


def is_page(name: str) -> bool:
    return name.casefold().endswith(ENDINGS)


def as_title(name: str) -> str:
    """A file's or folder's name, made readable: `02-get_started` is "Get started"."""
    bare = _NUMBERED.sub("", without_ending(name))
    dated = _DATED.search("/" + bare) or _DATED.search(bare)
    bare = dated[4] if dated else bare
    words = re.sub(r"[-_+]+| +", " ", unquote(bare)).strip()
    return (words[:1].upper() + words[1:]) or name


def day_in(path: str) -> tuple[int, int, int] | None:
    """The day that a blog puts into the name of a file."""
    match = _DATED.search(path)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


@dataclass(slots=True)
class Place:
    """A page before its words are read. `folder` is what it is the own page of, "" when of none."""

    key: str
    name: str  # its file, "" for a folder that has no page of its own
    title: str = ""
    parent: str | None = None
    order: tuple[float, str] = (0.0, "")
    folder: str | None = None
    front: dict[str, Any] = field(default_factory=dict)
    given_title: str = ""  # what the site's own list of pages calls it


def own_pages(names: Iterable[str]) -> dict[str, str]:
    """Folder -> the file that is its own page: index, else README, else a file of its name in it or beside it."""
    pages = [name for name in names if is_page(name)]
    folders = {parent for name in pages for parent in _above(name)}
    rank: dict[str, tuple[int, str]] = {}
    for name in pages:
        folder, _, file = name.rpartition("/")
        stem = without_ending(file).casefold()
        if stem in INDEXES:
            rank[folder] = min(rank.get(folder, (9, "")), (INDEXES.index(stem), name))
        elif folder and stem == folder.rpartition("/")[2].casefold():
            rank[folder] = min(rank.get(folder, (9, "")), (5, name))
        if without_ending(name) in folders:
            beside = without_ending(name)
            rank[beside] = min(rank.get(beside, (9, "")), (6, name))
    taken: set[str] = set()
    found: dict[str, str] = {}
    for folder, (_number, name) in sorted(rank.items()):
        if name not in taken:
            taken.add(name)
            found[folder] = name
    return found


def _above(name: str) -> list[str]:
    parts = name.split("/")[:-1]
    return ["/".join(parts[: number + 1]) for number in range(len(parts))]


class Addresses:
    """What an address in a page means: another page, a file, or nothing that is here."""

    def __init__(self, places: Iterable[Place], files: Iterable[str], site: str = "") -> None:
        self.site = site.rstrip("/")
        self._files = {nfc(name): name for name in files}
        self._folded = {name.casefold(): lies for name, lies in self._files.items()}
        self._pages: dict[str, str] = {}  # path without ending -> key
        self._loose: dict[str, str | None] = {}  # the same in lower case without numbers; None: more than one
        self._tails: dict[str, str | None] = {}
        self._titles: dict[str, str | None] = {}
        for place in places:
            for path in self._paths(place):
                self._pages.setdefault(path, place.key)
                self._note(self._loose, self._plain(path), place.key)
            self._note(self._titles, place.title.casefold(), place.key)
            self._note(self._titles, without_ending(place.name.rpartition("/")[2]).casefold(), place.key)
        self._top: set[str] = set()  # folders at the root
        self._second: dict[str, str | None] = {}  # what lies right below one of them
        for path, key in list(self._loose.items()):
            parts = path.split("/")
            if len(parts) > 1:
                self._top.add(parts[0])
            if len(parts) == 2 and key:
                self._note(self._second, parts[1], key)
            for number in range(1, min(len(parts), 5)):
                if key:
                    self._note(self._tails, "/".join(parts[number:]), key)

    @staticmethod
    def _note(known: dict[str, str | None], path: str, key: str) -> None:
        known[path] = key if known.get(path, key) == key else None

    def _paths(self, place: Place) -> Iterable[str]:
        """Every address the page answers to, from the root, without a slash at either end."""
        path = nfc(without_ending(place.name))
        if place.name:
            yield path
        if place.folder is not None:
            yield nfc(place.folder)
        if dated := _DATED.search(path):
            yield f"{path[: dated.start()]}/{dated[1]}/{dated[2]}/{dated[3]}/{dated[4]}".strip("/")
        for name in ("permalink", "slug", "url", "id", "redirect_from", "aliases"):
            given = place.front.get(name)
            for one in given if isinstance(given, list) else [given]:
                if isinstance(one, str) and one.strip("/"):
                    yield without_ending(nfc(one).strip("/"))
                    if not one.startswith("/") and name in ("slug", "id"):
                        yield posixpath.join(posixpath.dirname(path), nfc(one).strip("/"))

    @staticmethod
    def _plain(path: str) -> str:
        return "/".join(_NUMBERED.sub("", part) for part in path.casefold().split("/"))

    def find(self, address: str, here: Place) -> tuple[str, str, str] | None:
        """("page", key, anchor) or ("file", name, ""); None when nothing here is meant. ("outside", address, "")."""
        address = address.strip()
        if address.startswith("wiki://"):
            return self._named(address.removeprefix("wiki://"), here)
        if self.site and (address == self.site or address.startswith(self.site + "/")):
            address = address[len(self.site) :] or "/"
        if _SCHEME.match(address) or address.startswith("//"):
            return ("outside", address, "")
        path, _, anchor = address.partition("#")
        path, anchor = nfc(unquote(path.partition("?")[0])), nfc(unquote(anchor))
        if not path:
            return ("page", here.key, anchor)
        for candidate in self._candidates(path, here):
            if found := self._at(candidate):
                return (*found, anchor if found[0] == "page" else "")
        return self._by_tail(path, anchor) if path.startswith("/") else None

    def _candidates(self, path: str, here: Place) -> Iterable[str]:
        folder = posixpath.dirname(here.name) if here.name else (here.folder or "")
        if not path.startswith("/"):
            yield posixpath.normpath(posixpath.join(folder, path))
            # Sites show a page as a folder, and some writers count from there.
            yield posixpath.normpath(posixpath.join(nfc(without_ending(here.name)), path))
            yield posixpath.normpath(path)
        bare = posixpath.normpath(path.lstrip("/")) if path.strip("/") else "."
        for root in ("", *_ROOTS) if path.startswith("/") else ():
            yield posixpath.join(root, bare)

    def _at(self, path: str) -> tuple[str, str] | None:
        path = "" if path == "." else path.rstrip("/")
        if path.startswith("../"):
            return None
        if path in self._files and not is_page(path):
            return ("file", self._files[path])
        stem = without_ending(path)
        for found in (path, stem, *(posixpath.join(stem, index) for index in INDEXES)):
            if key := self._pages.get(found):
                return ("page", key)
        for found in (stem, *(posixpath.join(stem, index) for index in INDEXES)):
            if key := self._loose.get(self._plain(found)):
                return ("page", key)
        if path.casefold() in self._folded and not is_page(path):
            return ("file", self._folded[path.casefold()])
        return None

    def _by_tail(self, path: str, anchor: str) -> tuple[str, str, str] | None:
        """An address from the root of a site whose first folders are called otherwise here."""
        parts = self._plain(without_ending(path.strip("/"))).split("/")
        for number in range(len(parts) - 1 or 1):
            tail = "/".join(parts[number:])
            key = self._loose.get(tail) or (self._tails.get(tail) if "/" in tail else None)
            if key:
                return ("page", key, anchor)
        # `/handbook/leave` is docs/leave.md where the site calls its folder `handbook`.
        key = self._second.get(parts[1]) if len(parts) == 2 and parts[0] not in self._top else None
        return ("page", key, anchor) if key else None

    def _named(self, written: str, here: Place) -> tuple[str, str, str] | None:
        """[[Somewhere#Part]]: a path, a title or a file's name."""
        name, _, anchor = nfc(unquote(written)).partition("#")
        if not name:
            return ("page", here.key, anchor)
        found = self.find(name.strip().replace("?", "%3F"), here)
        if found and found[0] != "outside":
            return (found[0], found[1], anchor if found[0] == "page" else "")
        folded = name.strip().casefold()
        for known in (folded, folded.rpartition("/")[2], folded.replace(" ", "-"), folded.replace(" ", "_")):
            if key := self._titles.get(known):
                return ("page", key, anchor)
        ends = [lies for file, lies in self._folded.items() if file.rpartition("/")[2] == folded]
        return ("file", ends[0], "") if ends else None
