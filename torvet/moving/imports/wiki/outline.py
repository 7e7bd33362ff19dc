"""Outline: the JSON export, one file for each collection."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any, Self

from torvet.base.json_lists import NotJson, parse
from torvet.moving.imports.wiki.boxes import MOST_TEXT, Box, names_of
from torvet.moving.imports.wiki.loose_markdown import MarkdownRewriter, parse_markdown
from torvet.moving.imports.wiki.prosemirror import Document, headings_of
from torvet.moving.imports.wiki.rewriting import body_of
from torvet.moving.imports.wiki.shapes import Losses, Person, SourcePage
from torvet.moving.imports.wiki.spool import Facts, Spool
from torvet.moving.imports.wiki.times import moment
from torvet.moving.report import BadInput

METADATA = "metadata.json"
_MAX_JSON = 8 * MOST_TEXT
_SLUG = re.compile(r"[^\w]+")


def opens(path: Path) -> bool:
    """A zip or folder with `metadata.json` and a file of JSON for each collection."""
    names = names_of(path)
    if METADATA not in names:
        return False
    box = Box.open(path)
    try:
        found = box.read(METADATA, 1_000_000)
    except BadInput:
        return False
    finally:
        box.close()
    return b"exportVersion" in found


class Outline:
    name = "outline"

    def __init__(self, box: Box, *, with_restricted: bool) -> None:
        self._with_restricted = with_restricted
        self.losses = Losses()
        self.instance = ""
        self._box = box
        self._spool = Spool()
        self._keys: dict[str, str] = {}  # short id or id -> id
        self._titles: dict[str, str] = {}
        self._files: dict[str, tuple[str, str]] = {}  # id -> entry, name
        self._parents: dict[str, str] = {}
        self._order: dict[str, int] = {}
        self._collections: list[tuple[str, str, str, Any]] = []
        try:
            files = [
                name for name in sorted(box.names()) if _is_collection(name) and self._is_open(name, box)
            ]
            for name in files:
                self._keep(name)
            if not any(map(_is_collection, box.names())):
                raise BadInput(f"{box.name}: there is no collection in it.")
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(cls, path: Path, *, with_restricted: bool = False) -> Self:
        """An export. Of several collections those open to named people only are left out unless asked for."""
        return cls(Box.open(path), with_restricted=with_restricted)

    def close(self) -> None:
        self._spool.close()
        self._box.close()

    def _parsed(self, name: str) -> Any:
        try:
            return parse(self._box.read(name, _MAX_JSON))
        except NotJson as error:
            raise BadInput(f"{self._box.where(name)}: it is not JSON as expected ({error}).") from error

    def _is_open(self, name: str, box: Box) -> bool:
        if self._with_restricted or sum(map(_is_collection, box.names())) == 1:
            return True
        said = self._parsed(name)
        if _part(said, "collection").get("permission", "read") is not None:
            return True
        why = "its collection is open to named people only"
        documents = _part(said, "documents")
        self.losses.left_out.extend(
            ("pages", f"{box.where(name)}, document {key[:60]}", why) for key in documents
        )
        return False

    def _keep(self, name: str) -> None:
        where = self._box.where(name)
        said = self._parsed(name)
        collection, documents = _part(said, "collection"), _part(said, "documents")
        if not collection and not documents:
            raise BadInput(f"{where} is not a collection of Outline.")
        id = _word(collection, "id") or name
        title = _word(collection, "name") or name.removesuffix(".json")
        self._collections.append((f"collection-{id}", title, where, collection))
        self._number(collection.get("documentStructure"))
        for key, one in documents.items():
            if isinstance(one, dict):
                self._keep_document(key, one, f"collection-{id}", where)
        for key, one in _part(said, "attachments").items():
            if isinstance(one, dict) and self._box.holds(unicodedata.normalize("NFC", _word(one, "key"))):
                entry = unicodedata.normalize("NFC", _word(one, "key"))
                shown = _word(one, "name").replace("/", "_") or entry.rpartition("/")[2]
                self._files[key] = (entry, f"{key}/{shown}")

    def _number(self, structure: Any) -> None:
        """The order that people gave the documents."""
        waiting = list(reversed(structure)) if isinstance(structure, list) else []
        while waiting:
            one = waiting.pop()
            if isinstance(one, dict):
                self._order.setdefault(_word(one, "id"), len(self._order))
                below = one.get("children")
                waiting.extend(reversed(below) if isinstance(below, list) else ())

    def _keep_document(self, key: str, one: Facts, collection: str, where: str) -> None:
        at = f"{where}, document {key[:60]}"
        self._parents[key] = _word(one, "parentDocumentId")
        why = ""
        if one.get("template"):
            why = "it is a template"
        elif not one.get("publishedAt"):
            why = "it is a draft"
        elif one.get("deletedAt"):
            why = "it lies in the trash"
        elif one.get("archivedAt"):
            why = "it was archived over there"
        if why:
            self.losses.left_out.append(("pages", at, why))
            return
        self._spool.add("page", key, one | {"collection": collection, "where": at})
        self._keys[key] = key
        if short := _word(one, "urlId"):
            self._keys.setdefault(short, key)
        self._titles[key] = _title(one)

    # What the texts ask

    def key_of(self, id: str) -> str | None:
        return self._keys.get(id)

    def title_of(self, key: str) -> str:
        return self._titles.get(key, "")

    def file(self, id: str) -> str | None:
        return self._files[id][1] if id in self._files else None

    def heading(self, key: str, anchor: str) -> str:
        facts = self._spool.one("page", key) or {}
        wanted = anchor.removeprefix("h-").casefold()
        for words in headings_of(facts.get("data")):
            if _SLUG.sub("-", words.strip().casefold()).strip("-") == wanted:
                return words
        return anchor

    def open_file(self, name: str) -> IO[bytes] | None:
        entry, known = self._files.get(name.partition("/")[0], ("", ""))
        return self._box.stream(entry) if entry and known == name else None

    # Giving pages

    def pages(self) -> Iterable[SourcePage]:
        # One collection is the space itself; several become the pages at its top.
        several = sum(map(_is_collection, self._box.names())) > 1
        for place, (key, title, where, said) in enumerate(self._collections):
            described = self._described(key, said, where)
            if several or described:
                yield SourcePage(
                    key=key, title=title, html=described, order=(float(place), title), where=where
                )
        tops = {
            key
            for key, title, where, said in self._collections
            if several or said.get("description") or said.get("data")
        }
        for key, facts in self._spool.all("page"):
            yield self._page(key, facts, tops)

    def _described(self, key: str, said: Any, where: str) -> str:
        if isinstance(said.get("data"), dict):
            return Document(self, key, self.losses, where).html(said["data"])
        return self._markdown(_word(said, "description"), where)

    def _markdown(self, text: str, where: str) -> str:
        if not text.strip():
            return ""
        return MarkdownRewriter(self.losses, where).html_of(body_of(parse_markdown(text)))

    def _page(self, key: str, facts: Facts, tops: set[str]) -> SourcePage:
        where = facts["where"]
        data = facts.get("data")
        html = (
            Document(self, key, self.losses, where).html(data)
            if isinstance(data, dict)
            else self._markdown(_word(facts, "text"), where)
        )
        above = self._above(key)
        top = facts["collection"] if facts["collection"] in tops else None
        title = self._titles[key]
        return SourcePage(
            key=key,
            title=title,
            html=html,
            parent=above or top,
            order=(float(self._order.get(key, 1e6)), title.casefold()),
            created_at=moment(_word(facts, "createdAt")),
            edited_at=moment(_word(facts, "updatedAt")),
            by=_who(facts, "createdBy"),
            edited_by=_who(facts, "updatedBy"),
            where=where,
        )

    def _above(self, key: str) -> str | None:
        """The nearest page above that is given; drafts and templates are stepped over. Nothing stands below itself."""
        up, seen = self._parents.get(key, ""), {key}
        found: str | None = None
        while up and up not in seen:
            seen.add(up)
            if found is None and up in self._titles:
                found = up
            up = self._parents.get(up, "")
        return found if up != key else None


def _is_collection(name: str) -> bool:
    return "/" not in name and name.endswith(".json") and name != METADATA


def _who(facts: Facts, name: str) -> Person | None:
    id = _word(facts, f"{name}Id")
    return Person(id, _word(facts, f"{name}Name") or id, _word(facts, f"{name}Email")) if id else None


def _title(facts: Facts) -> str:
    return " ".join(_word(facts, "title").split()) or "Untitled"


def _part(said: Any, name: str) -> Facts:
    found = said.get(name) if isinstance(said, dict) else None
    return found if isinstance(found, dict) else {}


def _word(said: Any, name: str) -> str:
    found = said.get(name) if isinstance(said, dict) else None
    return found if isinstance(found, str) else ""
