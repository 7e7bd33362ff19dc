"""MediaWiki: the XML of Special:Export or dumpBackup.php, with the pictures when they lie beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, Self
from urllib.parse import unquote, urlsplit

from torvet.moving.imports.wiki.boxes import Box, is_zip, names_of, refused_plainly
from torvet.moving.imports.wiki.shapes import Losses, Person, SourcePage, Version
from torvet.moving.imports.wiki.spool import Facts, Spool
from torvet.moving.imports.wiki.times import moment
from torvet.moving.imports.wiki.titles import (
    FILE,
    INTERFACE,
    MEMBER,
    MODULE,
    TALK,
    TEMPLATE,
    Names,
    Title,
    tidy,
)
from torvet.moving.imports.wiki.wikitext import Wikitext
from torvet.moving.report import BadInput
from torvet.moving.xml_reading import elements, local

MOST_VERSIONS = 500
"""Earlier versions of one page that are kept: the newest."""
MOST_VERSION_TEXT = 20_000_000
_PASSED_OVER = re.compile(r"(?:^|/)(?:thumb|archive|deleted|temp|lockdir|math|timeline)/")
_REDIRECT = re.compile(r"\s*#[^\W\d_]{4,40}\s*:?\s*\[\[([^\]|\n]{1,400})")
_KINDS = {
    MEMBER: "it is somebody's own page; links to it name them",
    MEMBER + 1: "it is talk on somebody's own page",
    FILE: "it describes a file; the file is carried where a page shows it",
    FILE + 1: "it is talk about a file",
    INTERFACE: "it is a message of the old wiki itself",
    INTERFACE + 1: "it is talk about a message of the old wiki",
    TEMPLATE: "it is a template; simple ones are written out where pages use them",
    TEMPLATE + 1: "it is talk about a template",
    MODULE: "it is a program",
    MODULE + 1: "it is talk about a program",
}


def opens(path: Path) -> bool:
    """An XML file of MediaWiki, or a zip or folder with one at its top."""
    if path.is_dir() or is_zip(path):
        names = [name for name in names_of(path) if "/" not in name and name.lower().endswith(".xml")]
        if not names or "entities.xml" in names:
            return False
        box = Box.open(path)
        try:
            return any(_is_dump(box.stream(name)) for name in names)
        finally:
            box.close()
    return path.is_file() and _is_dump(path.open("rb"))


def _is_dump(source: IO[bytes]) -> bool:
    with refused_plainly(), source:
        return b"<mediawiki" in source.read(4096).replace(b"\0", b"")


class MediaWiki:
    name = "mediawiki"

    def __init__(self, box: Box | None, dump: Path | str, files: Box | None, called: str) -> None:
        self.losses = Losses()
        self.instance = ""
        self.names = Names()
        self.site = ""
        self._box = box
        self._dump = dump
        self._file_box = files
        self._called = called
        self._main = ""
        self._count = 0
        self._waiting: list[Facts] = []
        self._spool = Spool()
        self._keys: dict[tuple[int, str], str] = {}
        self._redirects: dict[tuple[int, str], str] = {}
        self._files: dict[str, str] = {}
        try:
            self._find_files()
            self._read()
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(cls, path: Path) -> Self:
        """A dump, or a zip or folder that holds one. Files are looked for there, or in `images` beside the dump."""
        if path.is_dir() or is_zip(path):
            box = Box.open(path)
            dumps = [name for name in box.names() if "/" not in name and name.lower().endswith(".xml")]
            if len(dumps) == 1:
                return cls(box, dumps[0], box, f"{box.name}, {dumps[0]}")
            box.close()
            raise BadInput(f"{path.name}: there must be one XML file in it, and there are {len(dumps)}.")
        beside = [path.with_name(name) for name in ("images", "images.zip", f"{path.stem}.zip", path.stem)]
        found = next((one for one in beside if one != path and (one.is_dir() or is_zip(one))), None)
        return cls(None, path, Box.open(found) if found else None, path.name)

    def close(self) -> None:
        self._spool.close()
        for box in (self._box, self._file_box):
            if box:
                box.close()

    def open_file(self, name: str) -> IO[bytes] | None:
        if self._file_box is None or name not in self._files.values():
            return None
        return self._file_box.stream(name)

    # Reading the dump

    def _find_files(self) -> None:
        if self._file_box is None:
            return
        for name in self._file_box.names():
            if not name.endswith(".xml") and not _PASSED_OVER.search(name):
                self._files.setdefault(tidy(name.rpartition("/")[2]).casefold(), name)
        for link in self._file_box.links:
            self.losses.left_out.append(("files", link, "it is a link to somewhere else"))

    def _source(self) -> IO[bytes]:
        if isinstance(self._dump, Path):
            try:
                return self._dump.open("rb")
            except OSError as error:
                raise BadInput(f"{self._called}: it cannot be opened.") from error
        assert self._box
        return self._box.stream(self._dump)

    def _read(self) -> None:
        is_dump = False
        with self._source() as source:
            for element in elements(source, ("siteinfo", "page", "mediawiki", "revision"), self._called):
                match local(element):
                    case "mediawiki":
                        is_dump = True
                    case "siteinfo":
                        self._learn(element)
                    case "revision":
                        self._keep_revision(element)
                        continue
                    case "page":
                        self._keep_page(element)
        if not is_dump:
            raise BadInput(f"{self._called} is not an export of MediaWiki.")

    def _learn(self, info: Any) -> None:
        said = {local(part): (part.text or "").strip() for part in info}
        self.site = said.get("sitename", "")
        base = urlsplit(said.get("base", ""))
        self.instance = (base.hostname or said.get("dbname") or self.site)[:100]
        self._main = unquote(base.path.rpartition("/")[2])
        self.names.is_first_letter = said.get("case", "first-letter") != "case-sensitive"
        root = info.getparent()
        if root is not None:
            self.names.language = root.get("{http://www.w3.org/XML/1998/namespace}lang") or "en"
        for space in info.iter("{*}namespace"):
            key = space.get("key", "")
            if key.lstrip("-").isdecimal():
                self.names.learn(int(key), space.text or "", space.get("case", ""))

    def _keep_revision(self, element: Any) -> None:
        """Put a revision aside at once: a page may have ten thousand. Whose it is shows when the page ends."""
        facts: Facts = {"at": "", "by": "", "model": "wikitext", "is_gone": True}
        for part in element:
            match local(part):
                case "timestamp":
                    facts["at"] = (part.text or "").strip()
                case "model":
                    facts["model"] = (part.text or "").strip()
                case "contributor":
                    # An address in place of a name is nobody's account.
                    named = next((one.text for one in part if local(one) == "username"), "")
                    facts["by"] = tidy(named or "")[:120]
                case "text":
                    empty = part.text is None and part.get("bytes", "0") != "0"
                    facts["is_gone"] = part.get("deleted") is not None or empty
                    facts["words"] = f"revision {self._count}"
                    self._spool.say(facts["words"], part.text or "")
        self._count += 1
        self._waiting.append(facts)

    def _keep_page(self, element: Any) -> None:
        revisions, self._waiting = self._waiting, []
        said = {local(part): part for part in element}
        written = tidy(said["title"].text or "") if "title" in said else ""
        key = (said["id"].text or "").strip()[:40] if "id" in said else ""
        where = f"{self._called}, page {key or written[:80]}"
        title = self.names.read(written.replace("#", "＃"))
        number = (said["ns"].text or "").strip() if "ns" in said else ""
        if number.lstrip("-").isdecimal() and int(number) != title.space:
            # The dump does not say what the name space is called: its number counts.
            title = Title(int(number), title.words)
        if not title.words or not revisions:
            self.losses.left_out.append(("pages", where, "it has no title or no text"))
            return
        revisions.sort(key=lambda facts: facts["at"])
        last = revisions[-1]
        target = said["redirect"].get("title") if "redirect" in said else ""
        if not target and (found := _REDIRECT.match(self._spool.said(last.get("words", ""))[:600])):
            target = found[1]
        if target:
            self._redirects[title.space, title.words] = target
            self.losses.left_out.append(("pages", where, "it is a redirect; links to it lead where it led"))
            return
        if title.space == TEMPLATE:
            self._spool.say(f"template {title.words}", self._spool.said(last.get("words", "")))
        if why := _KINDS.get(title.space) or self._why_not(last):
            self.losses.left_out.append(("pages", where, why))
            return
        facts = {"space": title.space, "words": title.words, "revisions": revisions, "where": where}
        key = key or f"{title.space}:{title.words}"
        if not self._spool.add("page", key, facts):
            self.losses.left_out.append(("pages", where, "the same page stands in the export twice"))
            return
        self._keys.setdefault((title.space, title.words), key)

    @staticmethod
    def _why_not(last: Facts) -> str:
        if last["model"] not in ("wikitext", "", "text"):
            return "it holds a program or figures, not text"
        return "its text was deleted over there" if last["is_gone"] else ""

    # What the texts ask

    def key_of(self, title: Title) -> tuple[str, str] | None:
        section = ""
        for _ in range(10):
            place = (title.space, title.words)
            if place in self._keys:
                return self._keys[place], section
            if place not in self._redirects:
                return None
            title = self.names.read(self._redirects[place])
            section = section or title.section
        return None

    def file_of(self, name: str) -> str | None:
        return self._files.get(tidy(name).casefold())

    def template(self, name: str) -> str | None:
        title: tuple[int, str] = (TEMPLATE, name)
        for _ in range(5):
            if title not in self._redirects:
                break
            found = self.names.read(self._redirects[title])
            title = (found.space, found.words)
        return self._spool.said(f"template {title[1]}") or None

    # Giving pages

    def pages(self) -> Iterable[SourcePage]:
        for key, facts in self._spool.all("page"):
            yield self._page(key, facts)

    def _page(self, key: str, facts: Facts) -> SourcePage:
        title = Title(facts["space"], facts["words"])
        last = facts["revisions"][-1]
        text = Wikitext(self, title, key, self.losses, facts["where"])
        html = text.html(self._spool.said(last.get("words", "")))
        parent, shown = self._place(title)
        is_main = self.names.read(self._main).words == title.words and title.space == 0
        return SourcePage(
            key=key,
            title=shown,
            html=html,
            parent=parent,
            order=(-1.0 if is_main else float(title.space), shown.casefold()),
            created_at=moment(facts["revisions"][0]["at"]),
            edited_at=moment(last["at"]),
            by=self._person(facts["revisions"][0]),
            edited_by=self._person(last),
            versions=list(self._versions(key, title, shown, facts)),
            topics=tuple(text.topics),
            where=facts["where"],
        )

    def _place(self, title: Title) -> tuple[str | None, str]:
        """The page above, and what remains of the title below it. Talk stands under what it is about."""
        if title.space % 2 == TALK and (found := self._keys.get((title.space - 1, title.words))):
            return found, self.names.full(title)
        parts = title.words.split("/")
        for cut in range(len(parts) - 1, 0, -1):
            above = Title(title.space, "/".join(parts[:cut]).strip())
            rest = "/".join(parts[cut:]).strip()
            if rest and (found := self._keys.get((above.space, above.words))):
                return found, rest
        return None, self.names.full(title)

    def _versions(self, key: str, title: Title, shown: str, facts: Facts) -> Iterator[Version]:
        earlier = [one for one in facts["revisions"][:-1] if not one["is_gone"]]
        gone = len(facts["revisions"]) - 1 - len(earlier)
        room = MOST_VERSION_TEXT
        kept: list[Facts] = []
        for one in reversed(earlier):
            room -= self._spool.length(one["words"])
            if len(kept) >= MOST_VERSIONS or room < 0:
                break
            kept.append(one)
        for number, why in (
            (gone, "its text was deleted over there"),
            (len(earlier) - len(kept), "the page has too many; the newest are kept"),
        ):
            self.losses.left_out.extend([("versions", facts["where"], why)] * number)
        for one in reversed(kept):
            # What an old version linked to and lost is nobody's concern today.
            text = Wikitext(self, title, key, Losses(), facts["where"])
            html = text.html(self._spool.said(one["words"]))
            yield Version(shown, html, moment(one["at"]), self._person(one))

    @staticmethod
    def _person(revision: Facts) -> Person | None:
        return Person(revision["by"], revision["by"]) if revision["by"] else None
