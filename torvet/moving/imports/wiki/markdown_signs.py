"""The signs that site builders put into Markdown, written as plain Markdown and HTML before it is parsed.

Admonitions (`!!! note`, `:::tip[Title]`, `> [!NOTE]`), Jekyll's Liquid, Hugo's shortcodes, kramdown's attributes,
[[wikilinks]] and addresses with spaces. Nothing of it is touched inside code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape

from torvet.moving.emoji import with_signs

CALLOUTS = {
    **dict.fromkeys(("note", "info", "abstract", "summary", "seealso", "question", "example", "quote"), "note"),
    **dict.fromkeys(("important", "faq", "todo", "details", "secondary", "neutral"), "note"),
    **dict.fromkeys(("tip", "hint", "success", "check", "done", "ok"), "tip"),
    **dict.fromkeys(("warning", "attention", "warn"), "warning"),
    **dict.fromkeys(("danger", "error", "bug", "failure", "fail", "missing", "caution"), "danger"),
}  # fmt: skip
_FENCE = re.compile(r"^[ \t]*(?:>[ \t]?)*(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+)?(`{3,}|~{3,})(.*)$")
_CODE = re.compile(r"(`+)(?!`)[^`](?:.*?[^`])?\1(?!`)", re.S)
_COLONS = re.compile(r"^([ \t]*):{3,}[ \t]*([A-Za-z]+)[ \t]*(?:\[(.*)\]|\{(.*)\}|(.*))[ \t]*$")
_COLONS_END = re.compile(r"^([ \t]*):{3,}[ \t]*$")
_BANGS = re.compile(r'^([ \t]*)(?:!!!|\?\?\?\+?)[ \t]+([A-Za-z]+)[^"\n]*?(?:"(.*)")?[ \t]*$')
_ALERT = re.compile(r"^([ \t]*)>[ \t]?\[!([A-Za-z]+)\][+-]?[ \t]*(.*)$")
_TITLED = re.compile(r"([ \t]*)((?:`{3,}|~{3,})[ \t]*[\w+#.-]*)[^\n]*?[ \t]title=\"([^\"`\n]+)\"[^\n]*\n")
_MARKS = re.compile(
    r"^[ \t]*(?://|#|--|<!--|/\*|\{/\*)[ \t]*highlight-(?:start|end|next-line)[ \t]*(?:-->|\*/\}?)?[ \t]*\n",
    re.M,
)
_QUOTED = re.compile(r"^[ \t]*>[ \t]?(.*)$")


def outside_code(source: str, change: Callable[[str], str]) -> str:
    """`source` with everything between its fenced blocks changed."""
    return "".join(part if is_code else change(part) for is_code, part in fenced(source))


def fenced(source: str) -> Iterator[tuple[bool, str]]:
    """The source in parts, each with whether it is a fenced block of code."""
    part: list[str] = []
    fence = ""
    for line in source.splitlines(keepends=True):
        match = _FENCE.match(line.rstrip("\n"))
        if not fence and match and not (match[1][0] == "`" and "`" in match[2]):
            yield False, "".join(part)
            part, fence = [line], match[1]
        elif fence:
            part.append(line)
            if match and match[1].startswith(fence) and not match[2].strip():
                yield True, "".join(part)
                part, fence = [], ""
        else:
            part.append(line)
    yield bool(fence), "".join(part)


def outside_ticks(source: str, change: Callable[[str], str]) -> str:
    """As `outside_code`, for code within a line."""
    parts, done = [], 0
    for match in _CODE.finditer(source):
        # Ticks never reach over the end of a paragraph.
        if "\n\n" in match[0]:
            continue
        parts += [change(source[done : match.start()]), match[0]]
        done = match.end()
    return "".join([*parts, change(source[done:])])


def without_ticks(source: str) -> str:
    """The text with the code in its lines gone."""
    return _CODE.sub(lambda match: match[0] if "\n\n" in match[0] else "", source)


def code_signs(source: str) -> str:
    """What Docusaurus and MkDocs say of a block of code: the name of the file stands above it, marks for colours go."""
    return "".join(_MARKS.sub("", _titled(part)) if is_code else part for is_code, part in fenced(source))


def _titled(block: str) -> str:
    match = _TITLED.match(block)
    return f"\n{match[1]}`{match[3]}`\n\n{match[1]}{match[2]}\n{block[match.end() :]}" if match else block


def callouts(source: str) -> str:
    """Admonitions of every kind as `<aside data-callout>` around Markdown."""
    return "\n".join(_called(_lines(source)))


def _lines(source: str) -> list[str]:
    """Lines, with each fenced block kept as one, so that nothing is found in it."""
    found: list[str] = []
    for is_code, part in fenced(source):
        if not part:
            continue
        found += [part.rstrip("\n")] if is_code else part.removesuffix("\n").split("\n")
    return found


def _called(lines: list[str], depth: int = 0) -> Iterator[str]:
    place, waiting = 0, 0
    last_end = max((number for number, line in enumerate(lines) if _COLONS_END.match(line)), default=-1)
    while place < len(lines):
        line = lines[place]
        place += 1
        if "\n" in line or depth > 8:
            yield line
        elif (match := _COLONS.match(line)) and match[2].casefold() in CALLOUTS:
            titled = re.search(r'title="([^"]*)"', match[4] or "")
            waiting += 1
            yield from _begin(match[1], match[2], match[3] or (titled[1] if titled else "") or match[5] or "")
        elif (
            match
            and match[2][0].isupper()
            and not line.strip(": \t").removeprefix(match[2])
            and place <= last_end
        ):
            # A kind the site made itself is called by its name.
            waiting += 1
            yield from _begin(match[1], "note", match[2])
        elif waiting and (match := _COLONS_END.match(line)):
            waiting -= 1
            yield from ("", f"{match[1]}</aside>", "")
        elif match := _BANGS.match(line):
            inside, place = _indented(lines, place, len(match[1].expandtabs(4)))
            yield from _begin(match[1], match[2], match[3] or "")
            yield from (match[1] + text if text else "" for text in _called(inside, depth + 1))
            yield from ("", f"{match[1]}</aside>", "")
        elif (match := _ALERT.match(line)) and match[2].casefold() in CALLOUTS:
            inside = []
            while place < len(lines) and (quoted := _QUOTED.match(lines[place])) and "\n" not in lines[place]:
                inside.append(quoted[1])
                place += 1
            yield from _begin(match[1], match[2], match[3])
            yield from (match[1] + text if text else "" for text in _called(inside, depth + 1))
            yield from ("", f"{match[1]}</aside>", "")
        else:
            yield line
    for _ in range(waiting):
        yield from ("", "</aside>", "")


def _begin(indent: str, kind: str, title: str) -> list[str]:
    title = title.strip().strip("*").strip()
    said = [f"{indent}**{title}**", ""] if title else []
    return ["", f'{indent}<aside data-callout="{CALLOUTS.get(kind.casefold(), "note")}">', "", *said]


def _indented(lines: list[str], place: int, indent: int) -> tuple[list[str], int]:
    inside: list[str] = []
    while place < len(lines):
        line = lines[place]
        wide = line.expandtabs(4)
        if line.strip() and len(wide) - len(wide.lstrip()) < indent + 4:
            break
        inside.append(
            "\n".join(one.expandtabs(4)[indent + 4 :] for one in line.split("\n")) if line.strip() else ""
        )
        place += 1
    while inside and not inside[-1].strip():
        inside.pop()
    return inside, place


_LIQUID_NOTHING = re.compile(
    r"\{\{-?\s*(?:site|page)\.(?:baseurl|url|base_url)\s*(?:\|[^{}]*)?-?\}\}|\{%-?\s*(?:end)?raw\s*-?%\}"
)
_COMMENT = re.compile(r"\{%-?\s*comment\s*-?%\}")
_COMMENT_END = re.compile(r"\{%-?\s*endcomment\s*-?%\}")
_LIQUID_LINK = re.compile(r"\{%-?\s*(link|post_url)\s+([^%{}\n]+?)\s*-?%\}")
_LIQUID_URL = re.compile(r"\{\{-?\s*['\"]([^'\"{}\n]+)['\"]\s*\|\s*(?:relative_url|absolute_url)\s*-?\}\}")
_REF = re.compile(r"\{\{[<%]\s*(?:rel)?ref\s+(?:path=)?[\"']?([^\"'<>%{}]+?)[\"']?\s*[%>]\}\}")
_FIGURE = re.compile(r"\{\{<\s*(?:figure|img)\s+([^<>{}]*?)/?>\}\}")
_NOTICE = re.compile(
    r"\{\{[<%]\s*(?:notice|hint|alert|callout|admonition)\s*([^<>%{}]*?)[%>]\}\}"
    r"(.*?)\{\{[<%]\s*/\s*(?:notice|hint|alert|callout|admonition)\s*[%>]\}\}",
    re.S,
)  # fmt: skip
_KRAMDOWN = re.compile(r"\{:(?::[a-z]+[^{}\n]*/?|/[a-z]*|[ .#][^{}\n]*)\}|^[*-] TOC\n\{:toc\}|\{:toc\}", re.M)
_HEADING_ID = re.compile(r"^(#{1,6} .*?)[ \t]*\{#([\w-]+)\}[ \t]*$", re.M)
_EXCERPT = re.compile(r"<!--\s*(?:more|truncate)\s*-->|\{/\*.*?\*/\}", re.S)
_SPACED = re.compile(
    r"(\]\()[ \t]*([^()<>\n\"']*[^()<>\n\"'\s][ ][^()<>\n\"']*?)((?:[ \t]+\"[^\"\n]*\")?[ \t]*\))"
)
_ALONE = re.compile(r" {0,3}(?:<(?:br|img)\b[^<>]*>[ \t]*)+")
_ALT_SIZE = re.compile(r"(!\[[^\[\]\n]{0,500}?)\|\d{1,5}(?:x\d{1,5})?(?=\]\()")
_WIKILINK = re.compile(r"(!?)\[\[([^\[\]|\n]{1,300}?)(?:\\?\|([^\[\]\n]{1,300}))?\]\](?!\()")


def liquid(source: str) -> str:
    """Jekyll's tags as far as they say where something is; they work in code too, so nothing is spared."""
    source = _LIQUID_NOTHING.sub("", _without_comments(source))
    source = _LIQUID_LINK.sub(
        lambda match: ("/_posts/" if match[1] == "post_url" else "/") + match[2].strip().lstrip("/"), source
    )
    return _LIQUID_URL.sub(lambda match: match[1], source)


def _without_comments(source: str) -> str:
    kept, done = [], 0
    while (begin := _COMMENT.search(source, done)) and (end := _COMMENT_END.search(source, begin.end())):
        kept.append(source[done : begin.start()])
        done = end.end()
    return "".join([*kept, source[done:]])


def shortcodes(source: str) -> str:
    """Hugo's."""
    source = _REF.sub(lambda match: match[1].strip(), source)
    source = _FIGURE.sub(_figure, source)
    return _NOTICE.sub(
        lambda match: "\n".join(["", *_begin("", *_notice(match[1])), match[2].strip(), "", "</aside>", ""]),
        source,
    )


def _notice(written: str) -> tuple[str, str]:
    quoted = re.findall(r'"([^"]*)"', written)
    words = re.sub(r'[\w-]+=|"[^"]*"', " ", written).split()
    kind = next((word for word in [*words, *quoted] if word.casefold() in CALLOUTS), "note")
    return kind, next((text for text in quoted if text != kind), "")


def _figure(match: re.Match[str]) -> str:
    fields = dict(re.findall(r'([a-z]+)="([^"]*)"', match[1]))
    said = fields.get("alt") or fields.get("caption") or fields.get("title") or ""
    return f'<img src="{escape(fields.get("src", ""))}" alt="{escape(said)}">'


def lone_tags(source: str) -> str:
    """A line of nothing but `<br>` or a picture ends there, as with kramdown: the words below it are Markdown."""
    written: list[str] = []
    is_alone, before = False, ""
    for line in source.split("\n"):
        if is_alone and line[:1] not in ("", " ", "\t", "<"):
            written.append("")
        is_alone = bool(_ALONE.fullmatch(line)) and (is_alone or not before.strip() or before.startswith("#"))
        written.append(line)
        before = line
    return "\n".join(written)


def small_signs(source: str, *, wikilinks: bool) -> str:
    """Attributes of kramdown, sizes of pictures, `:tada:`, named headings, addresses with spaces, [[wikilinks]]."""
    source = _KRAMDOWN.sub("", _EXCERPT.sub("", source))
    source = with_signs(_ALT_SIZE.sub(r"\1", source))
    source = _HEADING_ID.sub(r'\1 <a id="\2"></a>', source)
    source = _SPACED.sub(lambda match: f"{match[1]}<{match[2].strip()}>{match[3]}", source)
    return _WIKILINK.sub(_wikilink, source) if wikilinks else source


def _wikilink(match: re.Match[str]) -> str:
    target, said = match[2].strip(), (match[3] or "").strip()
    if match[1]:
        said = "" if re.fullmatch(r"\d+(?:x\d+)?", said) else said
        return f'<img src="wiki://{escape(target)}" alt="{escape(said)}">'
    return f'<a href="wiki://{escape(target)}">{escape(said or target.partition("#")[0] or target)}</a>'
