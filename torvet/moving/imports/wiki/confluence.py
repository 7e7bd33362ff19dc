"""Confluence: the XML export of a space, or of several, from 3.x to the cloud."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Self

from torvet.moving.imports.wiki import rewriting
from torvet.moving.imports.wiki.boxes import Box, names_of
from torvet.moving.imports.wiki.confluence_entities import Entities
from torvet.moving.imports.wiki.shapes import Losses, Person, SourceComment, SourcePage, Version
from torvet.moving.imports.wiki.spool import Facts, Spool
from torvet.moving.imports.wiki.storage_macros import Body
from torvet.moving.imports.wiki.times import moment
from torvet.moving.imports.wiki.wiki_markup import WikiMarkup
from torvet.moving.report import BadInput

ENTITIES = "entities.xml"
MOST_VERSIONS = 500
MOST_VERSION_TEXT = 20_000_000
LAST = 1e12
_HEADING = re.compile(r"<h[1-6][^<>]*+>(.*?)</h[1-6]>", re.DOTALL)
_OLD_HEADING = re.compile(r"^h[1-6]\. *(.*)$", re.MULTILINE)
_NOT_SHOWN = {
    "draft": "it is a draft",
    "deleted": "it lies in the trash",
    "trashed": "it lies in the trash",
    "archived": "it was archived over there",
}


def opens(path: Path) -> bool:
    """A zip or folder with `entities.xml`."""
    return ENTITIES in names_of(path)


class Confluence:
    name = "confluence"

    def __init__(self, box: Box, *, with_restricted: bool) -> None:
        self.losses = Losses()
        self.instance = ""
        self._box = box
        self._with_restricted = with_restricted
        self._spool = Spool()
        self._pages: dict[str, Facts] = {}  # those that are given, without their bodies
        self._titles: dict[tuple[str, str], str] = {}
        self._below: dict[str, list[str]] = {}
        self._blogs: dict[str, str] = {}
        self._headings: dict[str, list[str]] = {}
        self._places = set(box.names())
        try:
            self._export = Entities(self._spool, self.losses, box.where(ENTITIES))
            with box.stream(ENTITIES) as source:
                if not self._export.read(source):
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

    # Which pages, and where they stand

    def _choose(self) -> None:
        spaces = self._export.spaces
        if len(spaces) == 1:
            self.instance = next(iter(spaces.values()))["key"][:100]
        all_pages = {key: _slim(facts) for key, facts in self._spool.all("page")}
        closed = self._closed(all_pages)
        for key, facts in all_pages.items():
            if why := self._why_not(key, facts, is_closed=key in closed):
                self._leave_out(key, why)
            else:
                self._pages[key] = facts
        for key, facts in self._pages.items():
            facts["above"] = self._above(key, all_pages)
        self._count_strays(all_pages)
        self._cut_circles()
        for key, facts in self._pages.items():
            space = spaces.get(facts["space"], {}).get("key", "").lower()
            self._titles.setdefault((space, facts["title"].lower()), key)
            self._titles.setdefault(("", facts["title"].lower()), key)
            if facts["above"]:
                self._below.setdefault(facts["above"], []).append(key)

    def _count_strays(self, all_pages: dict[str, Facts]) -> None:
        for line, kind in (("versions", "version"), ("comments", "comment"), ("files", "file")):
            for id, on in self._spool.owners(kind):
                if on not in all_pages:
                    why = "it does not belong to a page of the export"
                    self.losses.left_out.append((line, f"{self._export.where}, {kind} {id}", why))

    def _leave_out(self, key: str, why: str) -> None:
        self.losses.left_out.append(("pages", self._where(key), why))
        for line, kind in (("versions", "version"), ("comments", "comment"), ("files", "file")):
            for id, _ in self._spool.all(kind, key):
                self.losses.left_out.append((line, f"{self._where(key)}, {kind} {id}", why))

    def _where(self, key: str) -> str:
        return f"{self._export.where}, page {key}"

    def _closed(self, all_pages: dict[str, Facts]) -> set[str]:
        """Pages that not everybody may read: who may not read a page may not read those below it either."""
        known: dict[str, bool] = dict.fromkeys(self._export.restricted, True)
        for key in all_pages:
            path, up = [], key
            while up and up not in known:
                # False for now, which also ends a circle.
                known[up] = False
                path.append(up)
                up = all_pages[up]["parent"] if up in all_pages else ""
            if known.get(up, False):
                known.update(dict.fromkeys(path, True))
        return {key for key, is_closed in known.items() if is_closed}

    def _why_not(self, key: str, facts: Facts, *, is_closed: bool) -> str:
        if facts["status"] != "current":
            return _NOT_SHOWN.get(facts["status"], f"it is {facts['status'][:40]} over there")
        if not facts["title"]:
            return "it has no title"
        if self._with_restricted:
            return ""
        if is_closed:
            return "not everybody may read it over there"
        space = self._export.spaces.get(facts["space"], {})
        if len(self._export.spaces) > 1:
            if space.get("is_personal"):
                return "its space is somebody's own"
            if facts["space"] not in self._export.seen_by_many and self._export.seen_by_many:
                return "its space is open to named people only"
        return ""

    def _above(self, key: str, all_pages: dict[str, Facts]) -> str:
        facts = all_pages[key]
        home = self._export.spaces.get(facts["space"], {}).get("home", "")
        home = home if home in self._pages and home != key else ""
        if facts["is_blog"]:
            return self._blogs.setdefault(facts["space"], f"blog-{facts['space']}")
        up, seen = facts["parent"], {key}
        while up and up not in seen and len(seen) < 100:
            if up in self._pages:
                return up
            seen.add(up)
            up = all_pages[up]["parent"] if up in all_pages else ""
        is_home = key == self._export.spaces.get(facts["space"], {}).get("home", "")
        return "" if is_home else home

    def _cut_circles(self) -> None:
        ends: set[str] = set()
        for key in self._pages:
            path: dict[str, None] = {}
            up = key
            while up in self._pages and up not in ends and up not in path:
                path[up] = None
                up = self._pages[up]["above"]
            if up in path:
                self._pages[up]["above"] = ""
                self.losses.left_out.append(("places", self._where(up), "it stood below itself"))
            ends.update(path)

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

    def _order(self, key: str) -> tuple[float, str]:
        facts = self._pages[key]
        if facts["is_blog"]:
            at = moment(facts["at"])
            return (-at.timestamp() if at else 0.0), facts["title"].casefold()
        placed = facts["position"].isdecimal() and len(facts["position"]) < 12
        return (float(facts["position"]) if placed else LAST), facts["title"].casefold()

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
                why = _NOT_SHOWN.get(facts["status"], "it was not shown over there")
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


def _slim(facts: Facts) -> Facts:
    return {name: facts[name] for name in ("title", "space", "parent", "position", "status", "is_blog", "at")}


def _bare(words: str) -> str:
    return "".join(words.split()).casefold()
