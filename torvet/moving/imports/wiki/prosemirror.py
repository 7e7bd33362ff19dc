"""Outline's documents (ProseMirror JSON) to loose HTML."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from torvet.moving.imports.wiki import rewriting
from torvet.moving.imports.wiki.shapes import Losses, file_href, page_href

Json = dict[str, Any]
MOST_DEEP = 100
_MARKS = {
    "strong": "strong", "bold": "strong", "em": "em", "italic": "em", "strikethrough": "s", "strike": "s",
    "code_inline": "code", "code": "code",
}  # fmt: skip
_CALLOUTS = {
    "info": "note",
    "success": "tip",
    "tip": "tip",
    "warning": "warning",
    "danger": "danger",
    "error": "danger",
}
_PLAIN = {
    "paragraph": "p",
    "blockquote": "blockquote",
    "bullet_list": "ul",
    "list_item": "li",
    "table_row": "tr",
    "tr": "tr",
}
_DOC = re.compile(r"/doc/[^/?#]*?([A-Za-z0-9]{10,15})(?:[/?#]|$)")


class Collection(Protocol):
    """What a text asks about the export."""

    def key_of(self, id: str) -> str | None:
        """A document by id or by the short id in its address."""

    def title_of(self, key: str) -> str: ...

    def file(self, id: str) -> str | None: ...

    def heading(self, key: str, anchor: str) -> str: ...


class Document:
    def __init__(self, collection: Collection, key: str, losses: Losses, where: str) -> None:
        self.collection = collection
        self.key = key
        self.losses = losses
        self.where = where
        self._shift = 0

    def html(self, doc: Any) -> str:
        if not isinstance(doc, dict):
            return ""
        self._shift = int(
            any(_said(one, "level") == 1 for one in _inside(doc) if one.get("type") == "heading")
        )
        return self._all(doc, 0)

    def _all(self, node: Json, depth: int) -> str:
        if depth > MOST_DEEP:
            self._lose(rewriting.TOO_DEEP)
            return escape(plain_words(node), quote=False)
        return "".join(self._node(one, depth + 1) for one in _inside(node))

    def _lose(self, why: str, line: str = "parts") -> None:
        self.losses.left_out.append((line, self.where, why))

    def _node(self, node: Json, depth: int) -> str:
        kind = str(node.get("type"))
        if kind == "text":
            return self._text(node)
        if leaf := _LEAVES.get(kind):
            return leaf(self, node)
        inside = self._all(node, depth)
        if kind in _PLAIN:
            return f"<{_PLAIN[kind]}>{inside}</{_PLAIN[kind]}>"
        match kind:
            case "heading":
                level = _said(node, "level")
                shown = min(4, max(2, (level if isinstance(level, int) else 2) + self._shift))
                return f"<h{shown}>{inside}</h{shown}>"
            case "ordered_list":
                start = _said(node, "order")
                number = f' start="{start}"' if isinstance(start, int) and start > 1 else ""
                return f"<ol{number}>{inside}</ol>"
            case "checkbox_list":
                return rewriting.task_list(inside)
            case "checkbox_item":
                return rewriting.task(_said(node, "checked") is True, inside)
            case "container_notice" | "notice":
                return rewriting.callout(_CALLOUTS.get(_word(node, "style"), "note"), inside)
            case "container_toggle" | "toggle" | "toggle_block":
                return f"<div>{inside}</div>"
            case "toggle_title" | "toggle_heading":
                return f"<p><strong>{inside}</strong></p>"
            case "table":
                return f"<table><tbody>{inside}</tbody></table>"
            case "th" | "td" | "table_header" | "table_cell":
                name = "th" if kind in ("th", "table_header") else "td"
                spans = "".join(
                    f' {span}="{found}"'
                    for span in ("colspan", "rowspan")
                    if isinstance(found := _said(node, span), int) and 1 < found <= 100
                )
                return f"<{name}{spans}>{inside}</{name}>"
            case "doc":
                return inside
        if inside:
            self._lose(f"a part of the kind {kind[:40]} is shown by its words")
            return f"<div>{inside}</div>"
        self._lose(f"a part of the kind {kind[:40]} has no words")
        return ""

    # Leaves

    def _text(self, node: Json) -> str:
        text = node.get("text")
        html = escape(text, quote=False) if isinstance(text, str) else ""
        marks = node.get("marks")
        for mark in reversed(marks) if isinstance(marks, list) else ():
            if not isinstance(mark, dict):
                continue
            if mark.get("type") == "link":
                html = self._link(_word(mark, "href"), html)
            elif tag := _MARKS.get(str(mark.get("type"))):
                html = f"<{tag}>{html}</{tag}>"
        return html

    def _link(self, href: str, html: str) -> str:
        if href.startswith("#"):
            heading = self.collection.heading(self.key, href[1:])
            return rewriting.anchor(page_href(self.key, heading), html)
        if name := self._file_of(href):
            return rewriting.anchor(file_href(name), html)
        if found := _DOC.search(href):
            return self._to_page(found[1], href, html)
        if rewriting.is_outside(href):
            return rewriting.anchor(href, html)
        if href.startswith("/"):
            self.losses.links_found += 1
            self.losses.broken.append((self.where, href[:200]))
        return html

    def _to_page(self, id: str, href: str, html: str) -> str:
        key = self.collection.key_of(id)
        if key is None and rewriting.is_outside(href):
            # A document of another wiki of the sort.
            return rewriting.anchor(href, html)
        self.losses.links_found += 1
        if key is None:
            self.losses.broken.append((self.where, href[:200]))
            return html
        self.losses.links_resolved += 1
        section = href.partition("#")[2]
        return rewriting.anchor(
            page_href(key, self.collection.heading(key, section) if section else ""), html
        )

    def _file_of(self, href: str) -> str | None:
        """The file at an address, "" when it is one that the export does not hold, None when it is no file's."""
        if "/api/attachments.redirect" not in href:
            return None
        try:
            id = parse_qs(urlsplit(href).query, max_num_fields=10).get("id", [""])[0]
        except ValueError:
            id = ""
        return self.collection.file(id) or ""

    def _image(self, node: Json) -> str:
        src, alt = _word(node, "src"), _word(node, "alt") or _word(node, "title")
        name = self._file_of(src)
        if name is None and rewriting.is_outside(src):
            return rewriting.picture(src, alt)
        if not name:
            self._lose(f"{src[:200] or 'a picture'} is not in the export", "files")
            return f"<em>{escape(alt, quote=False)}</em>" if alt else ""
        return rewriting.picture(file_href(name), alt) + (
            f"<p><em>{escape(alt, quote=False)}</em></p>" if alt else ""
        )

    def _attachment(self, node: Json) -> str:
        title = _word(node, "title") or "file"
        href = _word(node, "href")
        name = self._file_of(href)
        shown = escape(title, quote=False)
        if name:
            return f"<p>{rewriting.anchor(file_href(name), shown)}</p>"
        if name is None and rewriting.is_outside(href):
            return f"<p>{rewriting.anchor(href, shown)}</p>"
        self._lose(f"{title[:200]} is not in the export", "files")
        return f"<p>{shown}</p>"

    def _mention(self, node: Json) -> str:
        kind, label, id = _word(node, "type"), _word(node, "label"), _word(node, "modelId")
        if kind == "document":
            return self._to_page(
                id,
                "",
                escape(label or self.collection.title_of(self.collection.key_of(id) or ""), quote=False),
            )
        if kind in ("user", ""):
            return rewriting.mention(id, label)
        href = _word(node, "href")
        return (
            rewriting.anchor(href, escape(label or href, quote=False))
            if rewriting.is_outside(href)
            else escape(label, quote=False)
        )

    def _code(self, node: Json) -> str:
        return rewriting.code_block(plain_words(node), _word(node, "language"))

    def _embed(self, node: Json) -> str:
        href = _word(node, "href") or _word(node, "src")
        if not rewriting.is_outside(href):
            name = self._file_of(href)
            title = _word(node, "title") or "video"
            if name:
                return f"<p>{rewriting.anchor(file_href(name), escape(title, quote=False))}</p>"
            self._lose(f"{title[:200]} is not in the export", "files")
            return f"<p>{escape(title, quote=False)}</p>"
        return f"<p>{rewriting.anchor(href, escape(href, quote=False))}</p>"

    def _math(self, node: Json) -> str:
        words = plain_words(node)
        return (
            f"<code>{escape(words, quote=False)}</code>"
            if node.get("type") == "math_inline"
            else rewriting.code_block(words, "latex")
        )

    def _emoji(self, node: Json) -> str:
        name = _word(node, "data-name") or _word(node, "name")
        return escape(_word(node, "emoji") or (f":{name}:" if name else ""), quote=False)


_LEAVES: dict[str, Callable[[Document, Json], str]] = {
    "image": Document._image, "attachment": Document._attachment, "mention": Document._mention,
    "code_block": Document._code, "code_fence": Document._code, "embed": Document._embed, "video": Document._embed,
    "math_inline": Document._math, "math_block": Document._math, "emoji": Document._emoji,
    "br": lambda document, node: "<br>", "hard_break": lambda document, node: "<br>",
    "hr": lambda document, node: "<hr>", "horizontal_rule": lambda document, node: "<hr>",
}  # fmt: skip


def _inside(node: Json) -> list[Json]:
    found = node.get("content")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _said(node: Json, name: str) -> Any:
    attributes = node.get("attrs")
    return attributes.get(name) if isinstance(attributes, dict) else None


def _word(node: Json, name: str) -> str:
    found = _said(node, name)
    return found if isinstance(found, str) else ""


def plain_words(node: Json) -> str:
    """All text in a node, however deep it lies."""
    found: list[str] = []
    waiting = [node]
    while waiting:
        one = waiting.pop()
        text = one.get("text")
        if one.get("type") in ("br", "hard_break"):
            found.append("\n")
        elif isinstance(text, str):
            found.append(text)
        waiting.extend(reversed(_inside(one)))
    return "".join(found)


def headings_of(doc: Any) -> list[str]:
    """The headings of a document in words."""
    if not isinstance(doc, dict):
        return []
    return [plain_words(one) for one in _inside(doc) if one.get("type") == "heading"]
