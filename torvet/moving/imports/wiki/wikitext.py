"""Wikitext to loose HTML: headings, lists, tables, notes, links, pictures; what is unknown stays visible as code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape, unescape
from typing import Any, Protocol

import mwparserfromhell
from mwparserfromhell import nodes as n

from torvet.moving.imports.wiki import rewriting
from torvet.moving.imports.wiki.shapes import Losses, file_href, page_href
from torvet.moving.imports.wiki.templates import Templates
from torvet.moving.imports.wiki.titles import CATEGORY, FILE, MAIN, MEMBER, Names, Title, tidy
from torvet.moving.imports.wiki.wikitext_lines import Lines

MOST_OPEN = 45
"""Brackets, tags and tables open at once. Beyond it the parser takes the square of the length and more."""
TOO_OPEN = "its markup is never closed; the page is shown as it was typed"
UNKNOWN = "a template that is not simple is shown as it was typed"
_BRACKETS = re.compile(
    r"(\[\[)|(\]\])|(\{\|)|(\|\})|(<!--)|(-->)|<(/?)([a-zA-Z][a-zA-Z0-9]*+)([^<>]*+)(>?)|(\[(?=[a-z]+:))|(\])"
)
_SWITCH = re.compile(r"__[A-ZÆØÅÄÖ]{3,40}__")
_HELD = re.compile("\x01([0-9]+)\x02")
_SIZE = re.compile(r"(?:\d{0,5}x)?\d{1,5} ?px|upright(?:=[\d.]*)?|(?:page|side|lang|class)=.*", re.IGNORECASE)
_OPTIONS = {
    "thumb", "thumbnail", "frame", "framed", "frameless", "border", "left", "right", "center", "centre", "none",
    "baseline", "middle", "sub", "super", "top", "text-top", "bottom", "text-bottom", "upright",
    "miniatyr", "mini", "miniature", "ramme", "ramar", "ram", "rammeløs", "venstre", "højre", "høyre", "vänster",
    "höger", "links", "rechts", "gecentreerd", "midt", "midte", "sentrer", "ingen", "geen", "ingenting", "omkader",
}  # fmt: skip
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


class Wiki(Protocol):
    """What a text asks about the wiki it stands in."""

    names: Names
    site: str

    def key_of(self, title: Title) -> tuple[str, str] | None:
        """Key and section of a page, through redirects."""

    def file_of(self, name: str) -> str | None: ...

    def template(self, name: str) -> str | None: ...


class Wikitext:
    """One text of one page. `topics` are the categories found."""

    def __init__(self, wiki: Wiki, page: Title, key: str, losses: Losses, where: str) -> None:
        self.wiki = wiki
        self.page = page
        self.key = key
        self.losses = losses
        self.where = where
        self.topics: dict[str, None] = {}
        self._templates = Templates(wiki.template, wiki.names, page, wiki.site)
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

    def _lose(self, line: str, why: str) -> None:
        self.losses.left_out.append((line, self.where, why))

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
        for line in str(node.contents or "").split("\n"):
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
        html = escape(_SWITCH.sub("", text), quote=False)
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

    def _outside(self, node: Any) -> str:
        url = self._templates.raw(unescape(str(node.url))).strip()
        words = self._inline(node.title).strip() if node.title is not None else ""
        href = f"https:{url}" if url.startswith("//") else url
        if not rewriting.is_outside(href):
            return words or escape(url, quote=False)
        return rewriting.anchor(href, words or escape(url, quote=False))

    def _link(self, node: Any) -> str:
        written = self._templates.raw(str(node.title))
        words = self._inline(node.text).strip() if node.text is not None else ""
        bare = tidy(written)
        shown = words or escape(unescape(bare).removeprefix(":"), quote=False)
        if outside := self.wiki.names.elsewhere(bare):
            return rewriting.anchor(outside, words or escape(bare.rpartition(":")[2], quote=False))
        title = self._whole(bare)
        if title.space == CATEGORY and not bare.startswith(":"):
            self.topics[title.words] = None
            return ""
        if title.space in (FILE, -2):
            return self._file_link(title, words)
        if title.space == MEMBER and "/" not in title.words and title.words:
            return rewriting.mention(title.words, unescape(re.sub(r"<[^<>]*>", "", words)) or title.words)
        if not title.words:
            return rewriting.anchor(page_href(self.key, title.section), shown.removeprefix("#") or shown)
        found = self.wiki.key_of(title)
        if found is None and title.space == MAIN and self.wiki.names.is_language(bare):
            return ""
        self.losses.links_found += 1
        if found is None:
            self.losses.broken.append((self.where, bare[:200]))
            return shown
        self.losses.links_resolved += 1
        if not words and bare.startswith("/"):
            shown = escape(bare.strip("/") if bare.endswith("/") else bare, quote=False)
        return rewriting.anchor(page_href(found[0], title.section or found[1]), shown)

    def _whole(self, bare: str) -> Title:
        """A link's page, also when it is named from where one stands (`/Sub`, `../`)."""
        if bare.startswith("/"):
            name, _, section = bare.strip("/").partition("#")
            return Title(self.page.space, f"{self.page.words}/{tidy(name)}", tidy(section))
        if bare.startswith("../") or bare == "..":
            base, rest = self.page.words, bare
            while rest.startswith(".."):
                base, rest = base.rpartition("/")[0], rest[2:].removeprefix("/")
            name, _, section = rest.strip("/").partition("#")
            return Title(self.page.space, f"{base}/{tidy(name)}" if name else base, tidy(section))
        return self.wiki.names.read(bare)

    # Files

    def _file_link(self, title: Title, words: str) -> str:
        name = self.wiki.file_of(title.words)
        shown = words or escape(title.words, quote=False)
        if name is None:
            self._missing(title.words)
            return shown
        return rewriting.anchor(file_href(name), shown)

    def _missing(self, name: str) -> None:
        self._lose("files", f"{name[:200]} is not beside the export")

    def _picture(self, node: Any) -> str | None:
        bare = tidy(str(node.title))
        if bare.startswith(":") or ":" not in bare:
            return None
        title = self.wiki.names.read(bare)
        if title.space != FILE:
            return None
        caption, alt, is_framed = "", "", False
        parts = _split(node.text.nodes) if node.text is not None else []
        for part in parts:
            text = "".join(map(str, part)).strip()
            low = text.casefold()
            if low.startswith("alt="):
                alt = unescape(text[4:])
            elif low in _OPTIONS or _SIZE.fullmatch(text) or low.startswith("link="):
                is_framed |= low in (
                    "thumb",
                    "thumbnail",
                    "frame",
                    "framed",
                    "miniatyr",
                    "mini",
                    "ramme",
                    "miniature",
                    "ram",
                    "omkader",
                )
            else:
                caption = "".join(map(self._inline_node, part)).strip()
        return self._shown_file(title.words, caption, alt, is_framed=is_framed)

    def _shown_file(self, words: str, caption: str, alt: str, *, is_framed: bool) -> str:
        name = self.wiki.file_of(words)
        plain = unescape(re.sub(r"<[^<>]*>", "", caption))
        if name is None:
            self._missing(words)
            named = escape(words, quote=False)
            return f"<em>{named}: {caption}</em>" if caption else f"<em>{named}</em>"
        shown = rewriting.picture(file_href(name), alt or plain or words)
        return shown + (f"<p><em>{caption}</em></p>" if caption and is_framed else "")


def _split(nodes: Iterable[Any]) -> list[list[Any]]:
    """The parts between the bars of a picture's link."""
    parts: list[list[Any]] = [[]]
    for node in nodes:
        if not isinstance(node, n.Text):
            parts[-1].append(node)
            continue
        first, *rest = str(node.value).split("|")
        parts[-1].append(n.Text(first))
        parts.extend([n.Text(one)] for one in rest)
    return parts


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
