"""Confluence: the XML export of a space, or of several, from 3.x to the cloud."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Self

from torvet.moving.imports.wiki import rewriting
from torvet.moving.imports.wiki.boxes import Box, names_of
from torvet.moving.imports.wiki.confluence_entities import Entities
from torvet.moving.imports.wiki.confluence_tree import LAST, NOT_SHOWN, Tree
from torvet.moving.imports.wiki.shapes import Losses, Person, SourceComment, SourcePage, Version
from torvet.moving.imports.wiki.spool import Facts, Spool
from torvet.moving.imports.wiki.storage_macros import Body
from torvet.moving.imports.wiki.times import moment
from torvet.moving.imports.wiki.wiki_markup import WikiMarkup
from torvet.moving.report import BadInput

ENTITIES = "entities.xml"
MOST_VERSIONS = 500
MOST_VERSION_TEXT = 20_000_000
_HEADING = re.compile(r"<h[1-6][^<>]*+>(.{0,600}?)</h[1-6]>", re.DOTALL)
_OLD_HEADING = re.compile(r"^h[1-6]\. *(.*)$", re.MULTILINE)


def opens(path: Path) -> bool:
    """A zip or folder with `entities.xml`."""
    return ENTITIES in names_of(path)


class Confluence(Tree):
    name = "confluence"

    def __init__(self, box: Box, *, with_restricted: bool) -> None:
        self._box = box
        self._headings: dict[str, list[str]] = {}
        self._places = set(box.names())
        losses, spool = Losses(), Spool()
        export = Entities(spool, losses, box.where(ENTITIES))
        super().__init__(export, spool, losses, with_restricted=with_restricted)
        try:
            with box.stream(ENTITIES) as source:
                if not export.read(source):
                    raise BadInput(f"{box.where(ENTITIES)} is not an export of Confluence.")
            self._choose()
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(cls, path: Path, *, with_restricted: bool = False) -> Self:
        """An export. Pages that over there not everybody in the space may read are left out unless asked for."""
        box = Box.open(path)
        if not box.holds(ENTITIES):
            box.close()
            raise BadInput(f"{path.name} is not an export of Confluence: there is no {ENTITIES} in it.")
        return cls(box, with_restricted=with_restricted)

    def close(self) -> None:
        self._spool.close()
        self._box.close()

    # What the texts ask

    def page_by_title(self, title: str, space: str, on: str) -> str | None:
        if not title:
            return None
        if not space:
            mine = self._pages.get(on, {}).get("space", "")
            space = self._export.spaces.get(mine, {}).get("key", "")
        return self._titles.get((space.lower(), title.strip().lower()))

    def page_by_id(self, id: str, space: str = "") -> str | None:
        facts = self._pages.get(id)
        if facts is None:
            return None
        key = self._export.spaces.get(facts["space"], {}).get("key", "")
        return id if not space or key.lower() == space.lower() else None

    def title_of(self, key: str) -> str:
        return self._pages[key]["title"] if key in self._pages else ""

    def heading(self, key: str, anchor: str) -> str:
        if key not in self._headings:
            if len(self._headings) > 2000:
                self._headings.clear()
            body = self._spool.said(f"body {key}")
            found = _HEADING.findall(body[:1_000_000]) + _OLD_HEADING.findall(body[:1_000_000])
            self._headings[key] = [rewriting.words_of_markup(words)[:300] for words in found][:2000]
        wanted = _bare(anchor)
        title = _bare(self.title_of(key))
        for words in self._headings[key]:
            if _bare(words) in (wanted, wanted.removeprefix(f"{title}-")):
                return words
        return anchor

    def file(self, page: str, name: str) -> str | None:
        if page not in self._pages:
            return None
        low = name.strip().lower()
        for id, facts in self._spool.all("file", page):
            if facts["name"].lower() == low and facts["status"] == "current":
                return f"{page}/{id}/{facts['name']}" if self._place(page, id, facts) else None
        return None

    def person(self, key: str) -> tuple[str, str] | None:
        found = self._export.person(key)
        return (found.key, found.name) if found else None

    def children(self, page: str) -> list[tuple[str, str]]:
        below = sorted(self._below.get(page, ()), key=self._order)
        return [(key, self._pages[key]["title"]) for key in below]

    # Files

    def _place(self, page: str, id: str, facts: Facts) -> str:
        """The entry with the newest version of a file."""
        for version in (facts["version"], *range(facts["version"] - 1, max(0, facts["version"] - 200), -1)):
            entry = f"attachments/{page}/{id}/{version}"
            if entry in self._places:
                return entry
        return ""

    def open_file(self, name: str) -> IO[bytes] | None:
        page, _, rest = name.partition("/")
        id = rest.partition("/")[0]
        facts = self._spool.one("file", id)
        if facts is None or page not in self._pages or name != f"{page}/{id}/{facts['name']}":
            return None
        entry = self._place(page, id, facts)
        return self._box.stream(entry) if entry else None

    # Giving pages

    def pages(self) -> Iterable[SourcePage]:
        for space, key in self._blogs.items():
            home = self._export.spaces.get(space, {}).get("home", "")
            parent = home if home in self._pages else None
            yield SourcePage(
                key=key, title="Blog", html="", parent=parent, order=(LAST, "~blog"), where=self._export.where
            )
        for key in self._pages:
            yield self._page(key)

    def _page(self, key: str) -> SourcePage:
        facts = self._spool.one("page", key) or {}
        where = self._where(key)
        labels = (self._export.labels.get(one, "") for one in self._export.labelled.get(key, ()))
        return SourcePage(
            key=key,
            title=facts["title"],
            html=self._html(key, key, self.losses, where),
            parent=self._pages[key]["above"] or None,
            order=self._order(key),
            created_at=moment(facts["at"]),
            edited_at=moment(facts["edited_at"]),
            by=self._export.person(facts["by"]),
            edited_by=self._export.person(facts["edited_by"]),
            versions=self._versions(key, where),
            comments=self._comments(key, where),
            topics=tuple(dict.fromkeys(filter(None, labels))),
            attached=self._attached(key, where),
            where=where,
        )

    def _html(self, owner: str, page: str, losses: Losses, where: str) -> str:
        body = self._spool.said(f"body {owner}")
        sort = (self._spool.one("body", owner) or {}).get("sort", "2")
        if sort == "0":
            return WikiMarkup(self, page, losses, where).html(body)
        return Body(self, page, losses, where).html(body)

    def _attached(self, key: str, where: str) -> tuple[str, ...]:
        found = []
        for id, facts in self._spool.all("file", key):
            if facts["status"] != "current":
                self.losses.left_out.append(("files", where, "it lies in the trash"))
            elif self._place(key, id, facts):
                found.append(f"{key}/{id}/{facts['name']}")
            else:
                self.losses.left_out.append(("files", where, f"{facts['name'][:200]} is not in the export"))
        return tuple(found)

    def _versions(self, key: str, where: str) -> list[Version]:
        earlier = sorted(
            self._spool.all("version", key), key=lambda one: (one[1]["version"], one[1]["edited_at"])
        )
        kept: list[Version] = []
        room = MOST_VERSION_TEXT
        for id, facts in reversed(earlier):
            room -= self._spool.length(f"body {id}")
            if len(kept) >= MOST_VERSIONS or room < 0:
                why = "the page has too many; the newest are kept"
                self.losses.left_out.extend([("versions", where, why)] * (len(earlier) - len(kept)))
                break
            # What an old version linked to and lost is nobody's concern today.
            html = self._html(id, key, Losses(), where)
            by: Person | None = self._export.person(facts["edited_by"])
            kept.append(Version(facts["title"], html, moment(facts["edited_at"]), by))
        return kept[::-1]

    def _comments(self, key: str, where: str) -> list[SourceComment]:
        found = []
        for id, facts in self._spool.all("comment", key):
            if facts["status"] == "current":
                found.append((id, facts))
            else:
                why = NOT_SHOWN.get(facts["status"], "it was not shown over there")
                self.losses.left_out.append(("comments", f"{where}, comment {id}", why))
        known = {id for id, _ in found}
        comments: list[SourceComment] = []
        for id, facts in sorted(found, key=lambda one: (one[1]["at"], one[0])):
            html = self._html(id, key, Losses(), where)
            if passage := self._spool.said(f"selection {id}"):
                html = f"<blockquote><p>{rewriting.escape(passage, quote=False)}</p></blockquote>{html}"
            above = facts["parent"] if facts["parent"] in known else None
            comments.append(
                SourceComment(id, html, moment(facts["at"]), self._export.person(facts["by"]), above)
            )
        return comments


def _bare(words: str) -> str:
    return "".join(words.split()).casefold()
