"""Wikitext to loose HTML: headings, lists, tables, notes, links, pictures; what is unknown stays visible as code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape, unescape
from typing import Any

import mwparserfromhell
from mwparserfromhell import nodes as n

from torvet.moving.imports.wiki import rewriting
from torvet.moving.imports.wiki.shapes import Losses
from torvet.moving.imports.wiki.templates import LEFT_OPEN
from torvet.moving.imports.wiki.titles import Title
from torvet.moving.imports.wiki.wikitext_lines import Lines
from torvet.moving.imports.wiki.wikitext_links import Links, Wiki

MOST_OPEN = 45
"""Brackets, tags and tables open at once. Beyond it the parser takes the square of the length and more."""
TOO_OPEN = "its markup is never closed; the page is shown as it was typed"
UNKNOWN = "a template that is not simple is shown as it was typed"
_BRACKETS = re.compile(
    r"(\[\[)|(\]\])|(\{\|)|(\|\})|(<!--)|(-->)|<(/?)([a-zA-Z][a-zA-Z0-9]*+)([^<>]*+)(>?)|(\[(?=[a-z]+:))|(\])"
)
_SWITCH = re.compile(r"__[A-ZÆØÅÄÖ]{3,40}__")
_HELD = re.compile("\x01([0-9]+)\x02")
_INLINE = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "cite": "em", "dfn": "em", "s": "s", "del": "s",
           "strike": "s", "code": "code", "tt": "code", "kbd": "code", "samp": "code", "var": "code"}  # fmt: skip
_TYPED = {
    "pre",
    "syntaxhighlight",
    "source",
    "nowiki",
    "math",
    "chem",
    "score",
    "timeline",
    "graph",
    "templatedata",
}
_FENCED = {"pre", "syntaxhighlight", "source", "math", "chem", "score", "timeline", "graph", "templatedata"}
_HOLDS_BLOCKS = {
    "div",
    "blockquote",
    "center",
    "section",
    "td",
    "th",
    "li",
    "dd",
    "dt",
    "includeonly",
    "noinclude",
}


class Wikitext(Links):
    """One text of one page."""

    def __init__(self, wiki: Wiki, page: Title, key: str, losses: Losses, where: str) -> None:
        super().__init__(wiki, page, key, losses, where)
        self._notes: list[str] = []
        self._named: dict[str, int] = {}
        self._shift = 0

    def html(self, text: str) -> str:
        text = text.replace("\r\n", "\n")
        expanded = self._templates.write_out(text)
        if _stays_open(expanded):
            return self._as_typed(text)
        try:
            code = mwparserfromhell.parse(expanded)
            self._shift = 1 if any(h.level == 1 for h in code.ifilter_headings(recursive=False)) else 0
            lines = Lines()
            self._into(lines, code.nodes)
            html = lines.finish()
            return html + self._notes_list()
        except RecursionError:
            return self._as_typed(text)

    def _as_typed(self, text: str) -> str:
        self._lose("parts", TOO_OPEN)
        return f"<pre><code>{escape(text, quote=False)}</code></pre>"

    # Blocks

    def _blocks(self, code: Any, *, is_cell: bool = False) -> str:
        lines = Lines(begins_anywhere=is_cell)
        self._into(lines, code.nodes)
        return lines.finish()

    def _into(self, lines: Lines, nodes: Iterable[Any]) -> None:
        for node in nodes:
            if isinstance(node, n.Text):
                self._text_into(lines, str(node.value))
            elif isinstance(node, n.Heading):
                lines.block(self._heading(node))
            elif isinstance(node, n.Tag):
                self._tag_into(lines, node)
            elif isinstance(node, n.Wikilink) and (shown := self._picture(node)) is not None:
                lines.block(shown) if shown.startswith("<img") else lines.add(shown)
            else:
                lines.add(self._inline_node(node))

    def _text_into(self, lines: Lines, text: str) -> None:
        first = True
        for line in text.split("\n"):
            if not first:
                lines.end_line()
            first = False
            lines.add(self._words(line))

    def _heading(self, node: Any) -> str:
        level = min(4, max(2, int(node.level) + self._shift))
        return f"<h{level}>{self._inline(node.title).strip()}</h{level}>"

    def _tag_into(self, lines: Lines, node: Any) -> None:
        name = str(node.tag).strip().lower()
        if node.wiki_markup and name in ("li", "dt", "dd") and not str(node.contents or ""):
            lines.sign(str(node.wiki_markup))
        elif name == "hr":
            lines.block("<hr>")
        elif name == "table":
            lines.block(self._table(node))
        elif name in _FENCED:
            lines.block(self._fenced(node, name))
        elif name == "gallery":
            lines.block(self._gallery(node))
        elif name in ("ul", "ol"):
            lines.block(f"<{name}>{self._only(node, {'li'})}</{name}>")
        elif name in _HOLDS_BLOCKS and node.contents is not None:
            inside = self._blocks(node.contents)
            around = "blockquote" if name == "blockquote" else "div"
            lines.block(f"<{around}>{inside}</{around}>")
        elif name == "references":
            self._more_notes(node)
            lines.block(self._notes_list())
        elif name == "poem":
            lines.block(f"<p>{self._inline(node.contents).strip().replace(chr(10), '<br>')}</p>")
        elif name == "p" and node.contents is not None:
            lines.block(self._blocks(node.contents) or "")
        elif name not in _INLINE and name != "ref" and "\n" in str(node.contents or ""):
            self._into(lines, node.contents.nodes)
        else:
            lines.add(self._tag(node, name))

    def _only(self, node: Any, names: set[str]) -> str:
        found = []
        for child in node.contents.nodes if node.contents is not None else ():
            if isinstance(child, n.Tag) and str(child.tag).strip().lower() in names:
                found.append(f"<li>{self._blocks(child.contents)}</li>")
            elif str(child).strip() and not isinstance(child, n.Comment):
                found.append(self._inline_node(child))
        return "".join(found)

    def _table(self, node: Any) -> str:
        caption, rows = "", []
        loose: list[str] = []
        for child in node.contents.nodes if node.contents is not None else ():
            name = str(child.tag).strip().lower() if isinstance(child, n.Tag) else ""
            if name == "tr":
                rows.append(f"<tr>{self._cells(child.contents.nodes)}</tr>" if child.contents else "")
            elif name in ("td", "th"):
                loose.append(self._cells([child]))
            elif name in ("thead", "tbody", "tfoot") and child.contents is not None:
                rows.extend(
                    f"<tr>{self._cells(row.contents.nodes)}</tr>"
                    for row in child.contents.ifilter_tags(recursive=False, matches=lambda t: str(t.tag) == "tr")
                    if row.contents is not None
                )  # fmt: skip
            elif name == "caption":
                caption = f"<p><strong>{self._inline(child.contents).strip()}</strong></p>"
            elif str(child).strip() and not isinstance(child, n.Comment):
                said = self._inline_node(child).strip()
                # "|+ caption" is not told apart by the parser.
                caption += f"<p><strong>{said.removeprefix('|+').strip()}</strong></p>" if said else ""
        if loose:
            rows.insert(0, f"<tr>{''.join(loose)}</tr>")
        inside = "".join(rows)
        return caption + (f"<table><tbody>{inside}</tbody></table>" if inside else "")

    def _cells(self, nodes: Iterable[Any]) -> str:
        html = []
        for node in nodes:
            name = str(node.tag).strip().lower() if isinstance(node, n.Tag) else ""
            if name in ("td", "th"):
                spans = "".join(
                    f' {key}="{found}"' for key in ("colspan", "rowspan") if (found := _number(node, key))
                )
                html.append(f"<{name}{spans}>{self._blocks(node.contents, is_cell=True)}</{name}>")
            elif str(node).strip() and not isinstance(node, n.Comment):
                html.append(f"<td>{self._inline_node(node)}</td>")
        return "".join(html)

    def _fenced(self, node: Any, name: str) -> str:
        typed = unescape(self._templates.raw(str(node.contents or ""))).strip("\n")
        if node.has("inline") or (name in ("math", "chem") and "\n" not in typed):
            return f"<code>{escape(typed.strip(), quote=False)}</code>"
        language = str(node.get("lang").value or "").strip() if node.has("lang") else ""
        return rewriting.code_block(typed, "latex" if name == "math" else language)

    def _gallery(self, node: Any) -> str:
        html = []
        for line in self._templates.raw(str(node.contents or "")).split("\n"):
            name, _, caption = line.partition("|")
            if name.strip():
                title = self.wiki.names.read(name if ":" in name else f"File:{name}")
                words = self._inline(mwparserfromhell.parse(caption.rpartition("|")[2])).strip()
                html.append(self._shown_file(title.words, words, "", is_framed=True))
        return "".join(html)

    # Notes

    def _note(self, node: Any) -> str:
        name = str(node.get("name").value or "").strip(" \"'") if node.has("name") else ""
        said = self._inline(node.contents).strip() if node.contents is not None else ""
        number = self._named.get(name, 0) if name else 0
        if not number:
            self._notes.append(said)
            number = len(self._notes)
            if name:
                self._named[name] = number
        elif said and not self._notes[number - 1]:
            self._notes[number - 1] = said
        return f"[{number}]"

    def _more_notes(self, node: Any) -> None:
        for inner in node.contents.ifilter_tags(recursive=False) if node.contents is not None else ():
            if str(inner.tag).strip().lower() == "ref":
                self._note(inner)

    def _notes_list(self) -> str:
        found, self._notes, self._named = self._notes, [], {}
        return f"<ol>{''.join(f'<li><p>{said}</p></li>' for said in found)}</ol>" if found else ""

    # Within a line

    def _inline(self, code: Any) -> str:
        return "".join(map(self._inline_node, code.nodes)) if code is not None else ""

    def _words(self, text: str) -> str:
        html = escape(_SWITCH.sub("", text), quote=False).replace(LEFT_OPEN, "{{")
        return _HELD.sub(self._held, html) if "\x01" in html else html

    def _held(self, found: re.Match[str]) -> str:
        self._lose("parts", UNKNOWN)
        return f"<code>{escape(self._templates.held[int(found[1])], quote=False)}</code>"

    def _inline_node(self, node: Any) -> str:
        if isinstance(node, n.Text):
            return self._words(str(node.value))
        if isinstance(node, n.Comment):
            return ""
        if isinstance(node, n.HTMLEntity):
            return escape(unescape(str(node)), quote=False)
        if isinstance(node, n.Tag):
            return self._tag(node, str(node.tag).strip().lower())
        if isinstance(node, n.Wikilink):
            shown = self._picture(node)
            return shown if shown is not None else self._link(node)
        if isinstance(node, n.ExternalLink):
            return self._outside(node)
        return self._words(str(node))

    def _tag(self, node: Any, name: str) -> str:
        # A note, a table or a gallery reads its own inside: read twice, its links would count twice.
        own = name in _TYPED or name in ("ref", "table", "gallery") or node.contents is None
        inside = "" if own else self._inline(node.contents)
        if name in _INLINE:
            return f"<{_INLINE[name]}>{inside}</{_INLINE[name]}>" if inside else ""
        if name == "nowiki":
            return escape(unescape(self._templates.raw(str(node.contents or ""))), quote=False)
        if name in _FENCED:
            return self._fenced(node, name)
        if name == "ref":
            return self._note(node)
        if name == "references":
            return ""
        if name == "br":
            return "<br>"
        if name in ("sup", "sub"):
            return rewriting.raised(inside) if name == "sup" else rewriting.lowered(inside)
        if name == "table":
            return self._table(node)
        if name == "gallery":
            return self._gallery(node)
        if node.wiki_markup and node.contents is None:
            return escape(str(node.wiki_markup), quote=False)
        return inside


def _number(node: Any, name: str) -> str:
    found = str(node.get(name).value or "").strip(" \"'") if node.has(name) else ""
    return found if found.isdecimal() and len(found) < 4 else ""


def _stays_open(text: str) -> bool:
    """Whether more is opened than closed, or nests deeper, than the parser can take in time."""
    deep = [0, 0, 0, 0]
    waiting: dict[str, int] = {}
    for found in _BRACKETS.finditer(text):
        for kind, (start, end) in enumerate(((1, 2), (3, 4), (5, 6), (11, 12))):
            if found[start]:
                deep[kind] += 1
            elif found[end] and deep[kind]:
                deep[kind] -= 1
        if name := (found[8] or "").lower():
            if not found[10]:
                waiting["<"] = waiting.get("<", 0) + 1
            elif found[7]:
                waiting[name] = max(0, waiting.get(name, 0) - 1)
            elif not found[9].endswith("/") and name not in ("br", "hr", "li", "td", "tr", "th", "p", "wbr"):
                waiting[name] = waiting.get(name, 0) + 1
        if max(deep) > MOST_OPEN or sum(waiting.values()) > MOST_OPEN:
            return True
    return False
