"""MDX: Markdown with a program in it. Its imports go, its parts give their words, its tags become plain HTML."""

from __future__ import annotations

import re
from html import escape

from torvet.moving.imports.wiki.markdown_signs import (
    CALLOUTS,
    fenced,
    outside_code,
    outside_ticks,
    without_ticks,
)

HTML_TAGS = frozenset(
    "a abbr address article aside audio b bdi bdo big blockquote br button canvas caption center cite code col colgroup"
    " dd del details dfn div dl dt em embed fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 header hr i"
    " iframe img input ins kbd label legend li link main map mark meta nav noscript object ol optgroup option p param"
    " picture pre progress q rp rt ruby s samp script section select small source span strike strong style sub summary"
    " sup svg path g table tbody td template textarea tfoot th thead time title tr tt u ul var video wbr".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote center dd details div dl dt fieldset figcaption figure footer form header li main"
    " nav ol p section summary table tbody td tfoot th thead tr ul".split()
)
_VOID = frozenset({"br", "hr", "img", "wbr", "col", "input", "source", "meta", "link"})
_PROGRAM = re.compile(
    r"^(?:import(?=\s)(?:(?:[^'\"\n;]|\n(?!\n)){0,2000}?from)?\s*(?:'[^'\n]+'|\"[^\"\n]+\")[ \t]*(?:;[ \t]*)?)+$"
    r"|^export\s+(?:const|let|var|function|default|async|type|interface|\{|\*)[^\n]*(?:\n(?!\n)[^\n]*)*",
    re.M,
)
_IMPORTED = re.compile(r"(?:^|;[ \t]*)import\s+([A-Z]\w*)\s+from\s*(['\"])([^'\"\n]+\.mdx?)\2", re.M)
_CODE_BLOCK = re.compile(r"^(`{3,}|~{3,})mdx-code-block[ \t]*\n(.*?)^\1[ \t]*$", re.M | re.S)
_LESS = "\ufdd2"  # `strip_forbidden` takes it out of what people wrote
# `<https://…>` is a link, and no tag.
_TAG = re.compile(r"<(/?)(?![A-Za-z][\w+.-]{1,31}:/)([A-Za-z][\w.:-]*)(?=[\s/>{])|<(/?)>")
_ATTRIBUTE = re.compile(
    r"\s*(?:\{\.\.\.[^{}]*\}|([A-Za-z_][\w:.-]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|(\{)|([^\s\"'<>{]+)))?)"
)
_HEADS = ("title", "heading", "headingText", "label", "name", "summary")
_WORDS = ("description", "text")
_LEADS = ("href", "to", "link", "url")
_KEPT = ("href", "src", "alt", "id", "name", "colspan", "rowspan", "start")
_SETTINGS = frozenset(
    (
        "class className style variant type id key role color colour size icon level align layout theme target rel lang"
        " language groupId queryString default defaultValue attribution alt src"
    ).split()
)
_LOOKS = re.compile(
    r"icon|figure|image|illustration|class|style|theme|variant|size|colou?r|src$|(?-i:Id|Type)$", re.I
)
# A part that is given something, `<Card title="…">` or `<Icon />`; a name in capitals is old HTML.
_MDX = re.compile(
    r"^import\s.+\sfrom\s+['\"]"
    r"|<[A-Z]\w{0,60}[a-z]\w{0,60}(?:\s+\w+=[\"'{][^<>]*>|\s*/>)"
    r"|<[a-z]\w*\s[^<>]*=\{",
    re.M,
)
_INDENTED = re.compile(r"^(?: {4}|\t).*$", re.M)
LONGEST_TAG = 20_000
MOST_UNENDED = 100  # tags of that length that never end; a text with more of them has none
_TAG_END = re.compile(r"\s*(/?)>")


def is_mdx(name: str, source: str) -> bool:
    """Some sites read every .md as MDX, and know parts that no page imports."""
    return name.casefold().endswith(".mdx") or any(
        _MDX.search(_INDENTED.sub("", without_ticks(part))) for is_code, part in fenced(source) if not is_code
    )


def without_program(source: str) -> str:
    """MDX as Markdown with plain HTML."""
    source = _CODE_BLOCK.sub(lambda match: match[2], source)
    pages: dict[str, str] = {}

    def change(part: str) -> str:
        pages.update({match[1]: match[3] for match in _IMPORTED.finditer(part)})
        return outside_ticks(_PROGRAM.sub("", part), lambda said: _Tags(said, pages).written())

    return outside_code(source, change)


def with_their_signs(html: str) -> str:
    """Undo the stand-in of `unknown_tags_as_text`."""
    return html.replace(_LESS, "&lt;")


def unknown_tags_as_text(source: str) -> str:
    """`<name>` that is no HTML is something a person wrote, such as a stand-in for a name: it stays readable.

    Its `<` waits as a sign that nobody can type until the text is parsed: in indented code `&lt;` would be shown.
    """

    def one(match: re.Match[str]) -> str:
        known = match[2].casefold() in HTML_TAGS if match[2] else False
        return match[0] if known else _LESS + match[0][1:]

    return outside_code(source, lambda part: outside_ticks(part, lambda said: _TAG.sub(one, said)))


def _texts_in(written: str) -> str:
    """What a program gives when it is a text, or a list of texts; "" for all else."""
    if said := re.fullmatch(r"\s*[\"'`]([^\"'`$]*)[\"'`]\s*", written):
        return said[1]
    if not re.fullmatch(r"\s*\[\s*(?:(?:'[^'\n]*'|\"[^\"\n]*\")\s*(?:,\s*|(?=\])))*\]\s*", written):
        return ""
    return ", ".join(one or other for one, other in re.findall(r"'([^'\n]*)'|\"([^\"\n]*)\"", written))


class _Tags:
    """The tags of one stretch of text outside code."""

    def __init__(self, source: str, pages: dict[str, str]) -> None:
        self._source = source
        self._pages = pages
        self._unended = 0
        self._written: list[str] = []
        self._waiting: list[tuple[str, str]] = []  # parts still open, and what closes them

    def written(self) -> str:
        done = 0
        while match := _TAG.search(self._source, done):
            self._written.append(self._source[done : match.start()])
            name = match[2] or ""
            end, fields, is_whole = self._attributes(match.end()) if name else (match.end(), {}, False)
            if not end:
                self._written.append("&lt;")
                done = match.start() + 1
                continue
            self._written.append(
                self._tag(name, fields, closes=bool(match[1] or match[3]), is_whole=is_whole)
            )
            done = end
        return "".join([*self._written, self._source[done:]])

    def _attributes(self, place: int) -> tuple[int, dict[str, str], bool]:
        """Where the tag ends (0: it does not), its texts, and whether it closes itself."""
        fields: dict[str, str] = {}
        last = min(len(self._source), place + LONGEST_TAG)
        while place < last and self._unended < MOST_UNENDED:
            rest = _TAG_END.match(self._source, place)
            if rest:
                return rest.end(), fields, bool(rest[1])
            match = _ATTRIBUTE.match(self._source, place, last)
            if not match or match.end() == place:
                return 0, {}, False
            place = match.end()
            if match[4]:
                begin, place = place, self._past_braces(place, last)
                fields[match[1]] = _texts_in(self._source[begin : place - 1])
            elif match[1]:
                fields[match[1]] = match[2] or match[3] or match[5] or ""
        self._unended += 1
        return 0, {}, False

    def _past_braces(self, place: int, last: int) -> int:
        depth = 1
        while depth and place < last:
            depth += {"{": 1, "}": -1}.get(self._source[place], 0)
            place += 1
        return place

    def _tag(self, name: str, fields: dict[str, str], *, closes: bool, is_whole: bool) -> str:
        if not name:
            return ""
        if name[:1].isupper() or "." in name:
            return self._part(name, fields, closes=closes, is_whole=is_whole)
        name = name.casefold()
        if name not in HTML_TAGS:
            return f"&lt;{'/' if closes else ''}{name}&gt;"
        kept = "".join(f' {key}="{escape(fields[key])}"' for key in _KEPT if fields.get(key))
        # Paragraphs within a paragraph are none: Markdown makes its own inside.
        shown = "div" if name == "p" else name
        tag = f"</{shown}>" if closes else f"<{shown}{kept}>"
        if is_whole and name not in _VOID:
            tag += f"</{shown}>"
        return f"\n\n{tag}\n\n" if name in _BLOCKS and not self._in_a_line() else tag

    def _in_a_line(self) -> bool:
        """Within a row of a Markdown table a line may not end."""
        so_far = "".join(self._written[-4:]).rpartition("\n")[2]
        return so_far.lstrip().startswith("|")

    def _part(self, name: str, fields: dict[str, str], *, closes: bool, is_whole: bool) -> str:
        """A component: what it is called, where it leads, and the words inside it."""
        if closes:
            while self._waiting:
                opened, end = self._waiting.pop()
                if opened == name:
                    return end
            return ""
        leads = next((fields[key] for key in _LEADS if fields.get(key)), "")
        said = next((fields[key] for key in _HEADS if fields.get(key)), "")
        words = next((fields[key] for key in _WORDS if fields.get(key)), "")
        if not said and leads:
            said, words = words, ""
        said = said or ("" if words else self._label(fields))
        if name in self._pages:
            return f'\n\n<a href="{escape(self._pages[name])}">{escape(name)}</a>\n\n'
        if name in ("Image", "Img") and fields.get("src"):
            return f'<img src="{escape(fields["src"])}" alt="{escape(fields.get("alt", ""))}">'
        if leads and ("link" in name.casefold() or name == "A") and not is_whole:
            self._waiting.append((name, "</a>"))
            return f'<a href="{escape(leads)}">'
        begin, end = self._around(name, fields)
        if said:
            shown = f'<a href="{escape(leads)}">{escape(said)}</a>' if leads else escape(said)
            begin += f"\n\n<strong>{shown}</strong>\n\n"
        elif leads:
            begin += f'\n\n<a href="{escape(leads)}">{escape(leads)}</a>\n\n'
        if words:
            begin += f"\n\n{escape(words)}\n\n"
        if fields.get("attribution"):
            end = f"\n\n{escape(fields['attribution'])}{end}"
        if is_whole:
            return begin + end if said or words or leads or fields.get("attribution") else ""
        self._waiting.append((name, end))
        return begin

    @staticmethod
    def _label(fields: dict[str, str]) -> str:
        """The first short text that is no setting: `<Item dep="Oslo">` is about Oslo."""
        texts = (
            text
            for key, text in fields.items()
            if key not in _SETTINGS and not key.startswith(("data-", "on")) and not _LOOKS.search(key)
        )
        labels = (text for text in texts if re.fullmatch(r"[^\W\d_][^\n/#{}<>]{0,79}", text))
        # A word in small letters is for the program: `all`, `wifiHigh`.
        return next((text for text in labels if text[0].isupper() or " " in text), "")

    @staticmethod
    def _around(name: str, fields: dict[str, str]) -> tuple[str, str]:
        lowered = name.casefold()
        if lowered in ("blockquote", "quote"):
            return "\n\n<blockquote>\n\n", "\n\n</blockquote>\n\n"
        if lowered in ("alert", "admonition", "callout", "aside", "note", "tip", "warning"):
            kind = (fields.get("type") or fields.get("variant") or lowered).casefold()
            return f'\n\n<aside data-callout="{CALLOUTS.get(kind, "note")}">\n\n', "\n\n</aside>\n\n"
        return "\n\n<div>\n\n", "\n\n</div>\n\n"
