"""Markdown with HTML in it, as wikis export it, to a tree; and the reading of that tree."""

from __future__ import annotations

import re
from typing import Any

from markdown_it import MarkdownIt

from torvet.base.text.markdown import tame, untame
from torvet.moving.imports.wiki import rewriting
from torvet.moving.xml_reading import local

_TICK = re.compile(r"\s*\[([ xX])\](?:\s+|$)")


def _make() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "breaks": False, "linkify": False, "maxNesting": 100})
    parser.enable(["table", "strikethrough"]).disable(["lheading", "code"])
    # Addresses are looked at when they are read, in the letters they were written in.
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


_MARKDOWN = _make()


def parse_markdown(source: str) -> Any:
    """The tree of a Markdown text."""
    return rewriting.parse_html(untame(_MARKDOWN.render(tame(source.replace("\r\n", "\n")))))


class MarkdownRewriter(rewriting.Rewriter):
    """HTML that came out of Markdown: lists of `[ ]` and `[x]` are tasks."""

    def own(self, element: Any, name: str) -> str | None:
        if name == "ul":
            points = [child for child in element if local(child) == "li"]
            if points and all(_TICK.match(_start(point)) for point in points):
                return rewriting.task_list("".join(map(self._ticked, points)))
        return None

    def _ticked(self, point: Any) -> str:
        found = _TICK.match(_start(point))
        place = point if (point.text or "").strip() else point[0]
        place.text = _TICK.sub("", place.text or "", count=1)
        return rewriting.task(found is not None and found[1] != " ", self.inside(point))


def _start(point: Any) -> str:
    if (point.text or "").strip() or not len(point):
        return point.text or ""
    return (point[0].text or "") if local(point[0]) in ("p", "label") else ""
