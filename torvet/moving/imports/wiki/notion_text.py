"""The texts of Notion: its Markdown and its HTML to loose HTML, with the properties that stand above them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from typing import Any, Protocol
from urllib.parse import unquote

from torvet.moving.imports.wiki import rewriting
from torvet.moving.imports.wiki.loose_markdown import MarkdownRewriter, parse_markdown
from torvet.moving.imports.wiki.shapes import Losses, file_href, page_href
from torvet.moving.xml_reading import local

_PROPERTY = re.compile(r"([^:\n]{1,60}):(?: (.*))?")
_ID = re.compile(r"([0-9a-f]{32})(?:[?#]|$)")
_ICON_OF = {
    "💡": "tip", "✅": "tip", "👍": "tip", "🎉": "tip", "⚠": "warning", "🚧": "warning", "❗": "warning",
    "❕": "warning", "‼": "danger", "🚨": "danger", "⛔": "danger", "🛑": "danger", "🔥": "danger", "☠": "danger",
    "❌": "danger",
}  # fmt: skip
_SIGN = re.compile(r"[\u2139\u203c\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]\ufe0f?")
Properties = list[tuple[str, str]]


class Workspace(Protocol):
    """What a text asks about the export. `near` is the entry that the text stands in."""

    def page_at(self, href: str, near: str) -> str | None: ...

    def file_at(self, href: str, near: str) -> str | None: ...

    def key_of(self, id: str) -> str | None: ...

    def heading(self, key: str, anchor: str) -> str: ...


@dataclass(slots=True)
class Written:
    """A page as it was read."""

    title: str
    html: str
    properties: Properties = field(default_factory=list)


class NotionRewriter(MarkdownRewriter):
    def __init__(self, workspace: Workspace, key: str, near: str, losses: Losses, where: str) -> None:
        super().__init__(losses, where)
        self.workspace = workspace
        self.key = key
        self.near = near

    # Links and files

    def link(self, element: Any, inside: str) -> str:
        href = (element.get("href") or "").strip()
        if href.startswith("#"):
            return rewriting.anchor(
                page_href(self.key, self.workspace.heading(self.key, unquote(href[1:]))), inside
            )
        if rewriting.is_outside(href):
            id = _ID.search(href.replace("-", "")) if "notion.s" in href[:60] else None
            key = self.workspace.key_of(id[1]) if id else None
            return self._to_page(key, href, inside) if key else rewriting.anchor(href, inside)
        if not href or ":" in href.partition("/")[0]:
            return inside
        if name := self.workspace.file_at(href, self.near):
            return rewriting.anchor(file_href(name), inside)
        key = self.workspace.page_at(href, self.near)
        path = href.partition("#")[0].partition("?")[0].lower()
        if key is None and not path.endswith((".md", ".html", ".csv")):
            self.lose("files", f"{unquote(href)[:200]} is not in the export")
            return inside
        return self._to_page(key, href, inside)

    def _to_page(self, key: str | None, href: str, inside: str) -> str:
        self.losses.links_found += 1
        if key is None:
            self.losses.broken.append((self.where, unquote(href)[:200]))
            return inside
        self.losses.links_resolved += 1
        section = unquote(href.partition("#")[2])
        return rewriting.anchor(
            page_href(key, self.workspace.heading(key, section) if section else ""), inside
        )

    def picture(self, element: Any) -> str:
        src = (element.get("src") or "").strip()
        if "icon" in (element.get("class") or "").split():
            return ""
        if not rewriting.is_outside(src) and (name := self.workspace.file_at(src, self.near)):
            alt = element.get("alt") or unquote(src).rpartition("/")[2]
            return rewriting.picture(file_href(name), alt)
        return super().picture(element)

    # What Notion means by its elements

    def own(self, element: Any, name: str) -> str | None:
        classes = (element.get("class") or "").split()
        match name:
            case "aside":
                return self._callout(self.inside(element))
            case "figure" if "callout" in classes:
                icon = next(
                    (
                        rewriting.words_of(one)
                        for one in element.iter("span")
                        if "icon" in (one.get("class") or "")
                    ),
                    "",
                )
                inside = "".join(self.inside(one) for one in list(element)[-1:])
                return rewriting.callout(_kind(icon), inside)
            case "figure" if "equation" in classes:
                return rewriting.code_block(_equation(element), "latex")
            case "figure":
                return self._figure(element)
            case "span" if "katex" in classes or "notion-text-equation-token" in classes:
                return f"<code>{escape(_equation(element), quote=False)}</code>"
            case "span" if "user" in classes:
                words = rewriting.words_of(element).removeprefix("@")
                return rewriting.mention(f"name:{words}", words)
            case "nav":
                # The list of headings, which every page here has by itself.
                return ""
            case "ul" if "to-do-list" in classes:
                return rewriting.task_list("".join(self._to_do(one) for one in element if local(one) == "li"))
            case "ul" if "toggle" in classes:
                return "".join(f"<div>{self.inside(one)}</div>" for one in element)
            case "time":
                return escape(rewriting.words_of(element).removeprefix("@"), quote=False)
            case "mark":
                return self.inside(element)
        return super().own(element, name)

    def _callout(self, inside: str) -> str:
        bare = inside.strip().removeprefix("<p>").lstrip()
        if sign := _SIGN.match(bare):
            start = "<p>" if inside.strip().startswith("<p>") else ""
            return rewriting.callout(_kind(sign[0]), start + bare[sign.end() :].lstrip())
        return rewriting.callout("note", inside)

    def _to_do(self, point: Any) -> str:
        boxes = [one for one in point if "checkbox" in (one.get("class") or "")]
        is_done = any("checkbox-on" in (one.get("class") or "") for one in boxes)
        return rewriting.task(is_done, self.inside(point).strip())

    def _figure(self, element: Any) -> str:
        caption = "".join(self.inside(one) for one in element if local(one) == "figcaption")
        below = f"<p><em>{caption}</em></p>" if caption.strip() else ""
        bookmark = next((one for one in element.iter("a") if "bookmark" in (one.get("class") or "")), None)
        if bookmark is not None:
            return self._bookmark(bookmark) + below
        shown = next(element.iter("img"), None)
        if shown is not None and "image" in (element.get("class") or ""):
            return self.picture(shown) + below
        inside = "".join(self.element(one) for one in element if local(one) != "figcaption")
        return f"<p>{inside}</p>{below}"

    def _bookmark(self, element: Any) -> str:
        said = {
            (one.get("class") or ""): rewriting.words_of(one)
            for one in element.iter("div")
            if one.get("class")
        }
        href = element.get("href") or ""
        title = said.get("bookmark-title") or href
        described = said.get("bookmark-description", "")
        link = (
            rewriting.anchor(href, escape(title, quote=False))
            if rewriting.is_outside(href)
            else escape(title)
        )
        return f"<p>{link}</p>" + (f"<p>{escape(described, quote=False)}</p>" if described else "")


def _kind(icon: str) -> str:
    return _ICON_OF.get(icon.strip().rstrip("\ufe0f"), "note")


def _equation(element: Any) -> str:
    for one in element.iter():
        if local(one) == "annotation":
            return "".join(one.itertext()).strip()
    return rewriting.words_of(element)


def properties_table(properties: Properties) -> str:
    rows = "".join(
        f"<tr><th>{escape(name, quote=False)}</th><td>{value}</td></tr>"
        for name, value in properties
        if value
    )
    return f"<table><tbody>{rows}</tbody></table>" if rows else ""


def read_markdown_page(text: str, name: str, rewriter: NotionRewriter) -> Written:
    """A page of the Markdown export: `# Title`, lines of `Key: value`, then the text."""
    lines = text.replace("\r\n", "\n").split("\n")
    title = name
    while lines and not lines[0].strip():
        lines.pop(0)
    if lines and lines[0].startswith("# "):
        title = lines.pop(0)[2:].strip() or name
    while lines and not lines[0].strip():
        lines.pop(0)
    above: list[str] = []
    for line in lines:
        if not line.strip():
            break
        above.append(line)
    found = [_PROPERTY.fullmatch(line) for line in above]
    properties: Properties = []
    if (
        above
        and all(found)
        and not any(line.startswith(("-", "*", "#", ">", "|", "`", "<")) for line in above)
    ):
        properties = [(one[1].strip(), (one[2] or "").strip()) for one in found if one]
        lines = lines[len(above) :]
    html = rewriter.html_of(rewriting.body_of(parse_markdown("\n".join(lines))))
    shown = [(key, _within(rewriter, value)) for key, value in properties]
    return Written(title, properties_table(shown) + html, properties)


def _within(rewriter: NotionRewriter, value: str) -> str:
    """A value of a property, which may name a page: `Title (../x%20id.md)` or a link."""
    if "](" in value:
        html = rewriter.html_of(rewriting.body_of(parse_markdown(value))).strip()
        return html.removeprefix("<p>").removesuffix("</p>")
    return escape(value, quote=False)


def read_html_page(text: str, name: str, rewriter: NotionRewriter) -> Written:
    """A page of the HTML export."""
    root = rewriting.parse_html(text)
    header = next(root.iter("header"), None)
    heading = next((one for one in root.iter("h1") if "page-title" in (one.get("class") or "")), None)
    title = (rewriting.words_of(heading) if heading is not None else "") or name
    properties: Properties = []
    table = next((one for one in root.iter("table") if "properties" in (one.get("class") or "")), None)
    shown: Properties = []
    for row in table.iter("tr") if table is not None else ():
        cells = [one for one in row if local(one) in ("th", "td")]
        if len(cells) == 2:
            key = rewriting.words_of(cells[0])
            properties.append((key, rewriting.words_of(cells[1])))
            shown.append((key, rewriter.inside(cells[1])))
    body = next((one for one in root.iter("div") if "page-body" in (one.get("class") or "")), None)
    described = ""
    for one in header.iter("p") if header is not None else ():
        if "page-description" in (one.get("class") or "") and rewriting.words_of(one):
            described += f"<p>{rewriter.inside(one)}</p>"
    _join_lists(root)
    html = rewriter.html_of(body if body is not None else rewriting.body_of(root))
    return Written(title, described + properties_table(shown) + html, properties)


def _join_lists(root: Any) -> None:
    """Notion writes a list for each point. Neighbours of one kind are one list."""
    for first in list(root.iter("ul", "ol")):
        if first.getparent() is None:
            continue
        while (second := first.getnext()) is not None and not (first.tail or "").strip():
            start = second.get("start", "")
            follows = first.tag == "ul" or start in ("", str(_count(first.get("start")) + len(first)))
            if second.tag != first.tag or second.get("class") != first.get("class") or not follows:
                break
            first.extend(list(second))
            second.getparent().remove(second)


def _count(written: str | None) -> int:
    return int(written) if written and written.isdecimal() and len(written) < 7 else 1
