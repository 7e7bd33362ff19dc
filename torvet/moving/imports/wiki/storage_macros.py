"""What Confluence's macros become: callouts, code, headings in bold, links; the rest stays visible and is counted."""

from __future__ import annotations

from html import escape
from typing import Any

from torvet.moving.imports.wiki import rewriting
from torvet.moving.imports.wiki.shapes import file_href, page_href
from torvet.moving.imports.wiki.storage_format import StorageFormat, attribute
from torvet.moving.xml_reading import local

CALLOUTS = {
    "info": "note",
    "note": "warning",
    "tip": "tip",
    "success": "tip",
    "warning": "danger",
    "error": "danger",
    "panel": "note",
}
_BODY_ALONE = {
    "section", "column", "details", "excerpt", "toc-zone", "div", "span", "center", "align", "indent", "rotate",
    "auibuttongroup", "auitabs", "auitabspage", "ui-tabs", "deck", "bgcolor", "footnote", "multiexcerpt",
    "multiexcerpt-macro", "table-filter", "tablesorter", "table-plus", "layout", "legacy-content",
}  # fmt: skip
# What every page here has by itself: a list of its headings, its files, the pages below it.
_HAVE_ANYWAY = {
    "toc",
    "anchor",
    "attachments",
    "space-attachments",
    "pagetreesearch",
    "livesearch",
    "create-space-button",
    "create-from-template",
    "change-history",
    "listlabels",
}
_FILES = {"view-file", "viewfile", "viewpdf", "viewdoc", "viewxls", "viewppt", "multimedia", "viewpdf-macro"}
_TYPED = {
    "noformat",
    "latex",
    "mathblock",
    "mathinline",
    "html",
    "markdown",
    "plantuml",
    "mermaid",
    "code",
    "eazymath",
    "mermaid-macro",
}
_LANGUAGES = {
    "markdown": "markdown",
    "html": "html",
    "latex": "latex",
    "mathblock": "latex",
    "mathinline": "latex",
    "eazymath": "latex",
    "plantuml": "plantuml",
    "mermaid": "mermaid",
    "mermaid-macro": "mermaid",
}


class Body(StorageFormat):
    """A body with its macros."""

    def macro(self, element: Any) -> str:
        name = attribute(element, "name").lower()
        said = _parameters(element)
        rich = next((child for child in element if local(child) == "rich-text-body"), None)
        plain = next((child for child in element if local(child) == "plain-text-body"), None)
        inside = self.inside(rich) if rich is not None else ""
        typed = "".join(rewriting.text_with_breaks(plain)) if plain is not None else ""
        title = said.get("title", "")
        if name in CALLOUTS:
            return rewriting.callout(CALLOUTS[name], inside or escape(typed, quote=False), title)
        if name in _TYPED and (typed or not inside):
            return self._code(name, typed or said.get("", ""), said)
        if name in ("expand", "ui-expand"):
            return rewriting.bold_line(title) + f"<div>{inside}</div>"
        if name in _BODY_ALONE:
            return f"<div>{rewriting.bold_line(title)}{inside}</div>"
        if name in _HAVE_ANYWAY:
            return inside
        if name == "status":
            return f"<strong>{escape(title, quote=False)}</strong>" if title else ""
        if name in ("profile", "profile-picture"):
            return self._face(element, said)
        if name in ("children", "pagetree"):
            return self._children(element)
        if name in ("include", "excerpt-include", "include-page", "multiexcerpt-include"):
            return self._included(element, said)
        if name in _FILES:
            return self._file(element, said)
        if name in ("jira", "jiraissues") and said.get("key"):
            return f"<code>{escape(said['key'], quote=False)}</code>"
        if name in ("widget", "iframe") and rewriting.is_outside(said.get("url") or said.get("src", "")):
            href = said.get("url") or said["src"]
            return rewriting.anchor(href, escape(href, quote=False))
        return self._unknown(name, said, inside, typed, is_rich=rich is not None)

    def _code(self, name: str, typed: str, said: dict[str, str]) -> str:
        if name == "mathinline":
            return f"<code>{escape(typed, quote=False)}</code>"
        language = said.get("language") or said.get("" if name == "code" else "lang", "")
        shown = rewriting.code_block(typed.strip("\n"), language.strip() or _LANGUAGES.get(name, ""))
        return rewriting.bold_line(said.get("title", "")) + shown

    def _face(self, element: Any, said: dict[str, str]) -> str:
        for one in element.iter():
            if local(one) == "user":
                return self.named(one)
        found = self.space.person(said.get("user") or said.get("User", ""))
        return rewriting.mention(*found) if found else ""

    def _children(self, element: Any) -> str:
        """A list of the pages below, as it stood on the day of the export."""
        page = self.page
        for one in element.iter():
            if local(one) == "page" and attribute(one, "content-title"):
                found = self.space.page_by_title(
                    attribute(one, "content-title"), attribute(one, "space-key"), self.page
                )
                page = found or ""
        lines = [
            f"<li><p>{rewriting.anchor(page_href(key), escape(title, quote=False))}</p></li>"
            for key, title in self.space.children(page)
        ]
        return f"<ul>{''.join(lines)}</ul>" if lines else ""

    def _included(self, element: Any, said: dict[str, str]) -> str:
        self.lose("parts", "another page that was shown within the page is linked instead")
        target = next((one for one in element.iter() if local(one) in ("page", "blog-post")), None)
        if target is not None:
            title, space = attribute(target, "content-title"), attribute(target, "space-key")
        else:
            written = said.get("") or said.get("pageTitle") or said.get("page", "")
            space, colon, title = written.partition(":")
            title, space = (title, space) if colon else (written, "")
        return f"<p>{self.to_page(self.space.page_by_title(title, space, self.page), title, '', '')}</p>"

    def _file(self, element: Any, said: dict[str, str]) -> str:
        target = next((one for one in element.iter() if local(one) == "attachment"), None)
        name = said.get("name") or said.get("file", "")
        found = self.space.file(self.page, name)
        if target is not None:
            name, found = self.file_named(target)
        if found is None:
            self.lose("files", f"{name[:200]} is not in the export")
            return f"<em>{escape(name, quote=False)}</em>"
        return f"<p>{rewriting.anchor(file_href(found), escape(name, quote=False))}</p>"

    def _unknown(self, name: str, said: dict[str, str], inside: str, typed: str, *, is_rich: bool) -> str:
        shown = "|".join(f"{key}={value}" if key else value for key, value in said.items())
        sign = f"<code>{escape('{' + name + (':' + shown if shown else '') + '}', quote=False)}</code>"
        if is_rich:
            self.lose("parts", f"the macro {name[:60]}: its words are kept")
            return f"<div>{inside}</div>"
        self.lose("parts", f"the macro {name[:60]} is shown as it was typed")
        return f"<p>{sign}</p>{rewriting.code_block(typed)}" if typed else sign


def _parameters(element: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for child in element:
        if local(child) == "parameter":
            found[attribute(child, "name")] = rewriting.words_of(child) or next(
                (
                    attribute(one, "content-title") or attribute(one, "value") or attribute(one, "filename")
                    for one in child
                ),
                "",
            )
        elif local(child) == "default-parameter":
            found[""] = rewriting.words_of(child)
    return found
