"""The texts of Confluence's HTML export: what its macros left behind, to loose HTML."""

from __future__ import annotations

import re
from html import escape
from typing import Any, Protocol
from urllib.parse import unquote

from torvet.moving.imports.wiki import rewriting
from torvet.moving.imports.wiki.shapes import Losses, file_href, page_href
from torvet.moving.xml_reading import local

_CALLOUTS = {"information": "note", "note": "warning", "tip": "tip", "warning": "danger"}
_KIND = re.compile(r"confluence-information-macro-(information|note|tip|warning)")
_BRUSH = re.compile(r"brush:\s*([A-Za-z0-9_+#.-]{1,30})")
_DROPPED = {
    "pageSection",
    "toc-macro",
    "plugin_attachments_container",
    "breadcrumb-section",
    "footer",
    "expand-control-icon",
    "aui-icon",
}


class Export(Protocol):
    """What a text asks about the export it stands in."""

    def page_at(self, href: str) -> str | None: ...

    def file_at(self, href: str) -> str | None: ...

    def heading(self, key: str, anchor: str) -> str: ...


class HtmlText(rewriting.Rewriter):
    def __init__(self, export: Export, key: str, losses: Losses, where: str) -> None:
        super().__init__(losses, where)
        self.export = export
        self.key = key

    def link(self, element: Any, inside: str) -> str:
        href = (element.get("href") or "").strip()
        if "confluence-userlink" in (element.get("class") or ""):
            return self._named(element)
        if href.startswith("#"):
            return rewriting.anchor(page_href(self.key, self.export.heading(self.key, href[1:])), inside)
        if rewriting.is_outside(href) or not href:
            return super().link(element, inside)
        if name := self.export.file_at(href):
            return rewriting.anchor(file_href(name), inside)
        if (
            not href.partition("#")[0].endswith((".html", ".htm"))
            and "/display/" not in href
            and "/pages/" not in href
        ):
            self.lose("files", f"{unquote(href)[:200]} is not in the export")
            return inside
        self.losses.links_found += 1
        key = self.export.page_at(href)
        if key is None:
            self.losses.broken.append((self.where, unquote(href)[:200]))
            return inside
        self.losses.links_resolved += 1
        section = unquote(href.partition("#")[2])
        return rewriting.anchor(page_href(key, self.export.heading(key, section) if section else ""), inside)

    def _named(self, element: Any) -> str:
        words = rewriting.words_of(element)
        return rewriting.mention(
            element.get("data-username") or element.get("data-account-id") or f"name:{words}", words
        )

    def picture(self, element: Any) -> str:
        if "emoticon" in (element.get("class") or ""):
            return escape(element.get("data-emoji-fallback") or element.get("alt") or "", quote=False)
        for src in (element.get("src") or "", element.get("data-image-src") or ""):
            if name := self.export.file_at(src):
                alt = (
                    element.get("alt")
                    or element.get("data-linked-resource-default-alias")
                    or name.rpartition("/")[2]
                )
                return rewriting.picture(file_href(name), alt)
        return super().picture(element)

    def own(self, element: Any, name: str) -> str | None:
        written = element.get("class") or ""
        classes = set(written.split())
        if classes & _DROPPED:
            return ""
        if name == "div":
            if found := _KIND.search(written):
                title = next(
                    (rewriting.words_of(one) for one in element if "title" in (one.get("class") or "")), ""
                )
                inside = "".join(
                    self.element(one) for one in element if "title" not in (one.get("class") or "")
                )
                return rewriting.callout(_CALLOUTS[found[1]], inside, title)
            if "code" in classes and "panel" in classes:
                return self._code_panel(element)
            if "panel" in classes or "panelMacro" in classes:
                title = next(
                    (rewriting.words_of(one) for one in element if "panelHeader" in (one.get("class") or "")),
                    "",
                )
                inside = "".join(
                    self.element(one) for one in element if "panelHeader" not in (one.get("class") or "")
                )
                return rewriting.callout("note", inside, title)
            if "expand-control" in classes:
                return rewriting.bold_line(rewriting.words_of(element))
        if name == "ul" and "inline-task-list" in classes:
            return rewriting.task_list(
                "".join(
                    rewriting.task("checked" in (one.get("class") or "").split(), self.inside(one))
                    for one in element
                    if local(one) == "li"
                )
            )
        if name == "span" and "status-macro" in classes:
            return f"<strong>{self.inside(element)}</strong>"
        if name == "pre":
            found = _BRUSH.search(element.get("data-syntaxhighlighter-params") or written)
            language = found[1] if found else ""
            return rewriting.code_block(
                "".join(rewriting.text_with_breaks(element)), "" if language == "plain" else language
            )
        return None

    def _code_panel(self, element: Any) -> str:
        title = next(
            (
                rewriting.words_of(one)
                for one in element.iter("div")
                if "codeHeader" in (one.get("class") or "")
            ),
            "",
        )
        code = next(element.iter("pre"), None)
        return rewriting.bold_line(title) + (self.element(code) if code is not None else self.inside(element))
