"""Which pages of an export of Confluence are given, and where they stand: drafts, trash and closed pages are not."""

from __future__ import annotations

from torvet.moving.imports.wiki.confluence_entities import Entities
from torvet.moving.imports.wiki.shapes import Losses
from torvet.moving.imports.wiki.spool import Facts, Spool
from torvet.moving.imports.wiki.times import moment

LAST = 1e12
NOT_SHOWN = {
    "draft": "it is a draft",
    "deleted": "it lies in the trash",
    "trashed": "it lies in the trash",
    "archived": "it was archived over there",
}


class Tree:
    """`_pages` are those that are given, by key and without their bodies."""

    def __init__(self, export: Entities, spool: Spool, losses: Losses, *, with_restricted: bool) -> None:
        self.losses = losses
        self.instance = ""
        self._export = export
        self._spool = spool
        self._with_restricted = with_restricted
        self._pages: dict[str, Facts] = {}
        self._titles: dict[tuple[str, str], str] = {}
        self._below: dict[str, list[str]] = {}
        self._blogs: dict[str, str] = {}

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
            return NOT_SHOWN.get(facts["status"], f"it is {facts['status'][:40]} over there")
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

    def _order(self, key: str) -> tuple[float, str]:
        facts = self._pages[key]
        if facts["is_blog"]:
            at = moment(facts["at"])
            return (-at.timestamp() if at else 0.0), facts["title"].casefold()
        placed = facts["position"].isdecimal() and len(facts["position"]) < 12
        return (float(facts["position"]) if placed else LAST), facts["title"].casefold()


def _slim(facts: Facts) -> Facts:
    return {name: facts[name] for name in ("title", "space", "parent", "position", "status", "is_blog", "at")}
