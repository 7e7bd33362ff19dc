"""A text as the editor sees it: nodes and runs of marked text, read from stored HTML and written back to HTML.

Names and attributes are those of the editor's own schema (frontend/js/editor/extensions.js). What the editor demands
of its texts (an item begins with a paragraph, rows are equally long) is added here, in one place: were it left to the
browsers, two that open a page at once would both add it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from torvet.base.text.blocks import ATTRIBUTE, TOKEN
from torvet.base.text.characters import escape, escape_attribute, unescape

Attributes = tuple[tuple[str, Any], ...]
Mark = tuple[str, str]  # its name, and a link's address

DEEPEST = 40  # nodes within nodes; cleaning lays flat what lies deeper than twelve blocks
MARKS = {"strong": "bold", "em": "italic", "s": "strike", "code": "code"}
TAGS = {name: tag for tag, name in MARKS.items()}
RANK = {"link": 0, "bold": 1, "italic": 2, "strike": 3, "code": 4}
CALLOUTS = ("note", "tip", "warning", "danger")
INLINE = ("hardBreak", "mention")
_VOID = ("br", "hr", "img")
_WIDEST = 100  # columns


@dataclass(frozen=True, slots=True)
class Words:
    """Text in one piece: runs of (words, marks), marks in their own order."""

    runs: tuple[tuple[str, tuple[Mark, ...]], ...]

    @property
    def plain(self) -> str:
        return "".join(words for words, _marks in self.runs)


@dataclass(frozen=True, slots=True)
class Node:
    """An element of the editor's schema. Attributes are sorted by name; those that say nothing are left out."""

    name: str
    attributes: Attributes = ()
    inside: tuple[Node | Words, ...] = ()

    def get(self, name: str) -> Any:
        return dict(self.attributes).get(name)


Inside = tuple[Node | Words, ...]
EMPTY = Node("paragraph")


def made(name: str, inside: Iterable[Node | Words] = (), **attributes: Any) -> Node:
    kept = sorted((key, value) for key, value in attributes.items() if value is not None)
    return Node(name, tuple(kept), tuple(inside))


def words_of(runs: Iterable[tuple[str, Iterable[Mark]]]) -> Words:
    """Runs with their marks in order, neighbours that are marked alike joined, nothing empty."""
    found: list[tuple[str, tuple[Mark, ...]]] = []
    for words, marks in runs:
        ranked = tuple(sorted(set(marks), key=lambda mark: (RANK.get(mark[0], 9), mark)))
        if found and found[-1][1] == ranked:
            found[-1] = (found[-1][0] + words, ranked)
        elif words:
            found.append((words, ranked))
    return Words(tuple(found))


# --- From HTML --------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Part:
    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list[_Part | str] = field(default_factory=list)

    def tags(self, *names: str) -> list[_Part]:
        return [part for part in self.inside if isinstance(part, _Part) and (not names or part.name in names)]


def read(html: str) -> Inside:
    """Stored HTML as the editor holds it: at least one block, and a paragraph at the end to go on writing in."""
    blocks = list(_flow(_parsed(html).inside))
    if not blocks or blocks[-1].name != "paragraph":
        blocks.append(EMPTY)
    return tuple(blocks)


def _parsed(html: str) -> _Part:
    root = _Part("root")
    open_tags = [root]
    for closing, name, attributes, text in TOKEN.findall(html):
        if text:
            open_tags[-1].inside.append(unescape(text))
        elif closing:
            if len(open_tags) > 1:
                open_tags.pop()
        else:
            tag = _Part(name, {key: unescape(value) for key, value in ATTRIBUTE.findall(attributes)})
            open_tags[-1].inside.append(tag)
            if name not in _VOID:
                open_tags.append(tag)
    return root


def _flow(parts: Iterable[_Part | str]) -> Iterator[Node]:
    for part in parts:
        if isinstance(part, str):
            if part.strip():
                yield made("paragraph", _line([part]))
        else:
            yield from _block(part)


def _block(tag: _Part) -> Iterator[Node]:
    match tag.name:
        case "p":
            yield made("paragraph", _line(tag.inside))
        case "h2" | "h3" | "h4":
            yield made("heading", _line(tag.inside), level=int(tag.name[1]))
        case "ul" | "ol":
            yield _list(tag)
        case "blockquote":
            yield made("blockquote", _some(tag))
        case "aside":
            kind = tag.attributes.get("data-callout", "")
            yield made("callout", _some(tag), kind=kind if kind in CALLOUTS else CALLOUTS[0])
        case "pre":
            yield _code(tag)
        case "hr":
            yield made("horizontalRule")
        case "img":
            yield made("image", src=tag.attributes.get("src", ""), alt=tag.attributes.get("alt", ""))
        case "table":
            yield _table(tag)
        case _:
            yield from _flow(tag.inside)


def _some(tag: _Part) -> list[Node]:
    return list(_flow(tag.inside)) or [EMPTY]


def _list(tag: _Part) -> Node:
    is_tasks = tag.attributes.get("data-type") == "taskList"
    items = []
    for item in tag.tags("li"):
        inside = _some(item)
        if inside[0].name != "paragraph":
            inside.insert(0, EMPTY)
        if is_tasks:
            items.append(made("taskItem", inside, checked=item.attributes.get("data-checked") == "true"))
        else:
            items.append(made("listItem", inside))
    items = items or [
        made("taskItem" if is_tasks else "listItem", [EMPTY], checked=False if is_tasks else None)
    ]
    if tag.name == "ul":
        return made("taskList" if is_tasks else "bulletList", items)
    return made("orderedList", items, start=_number(tag, "start"))


def _number(tag: _Part, name: str) -> int:
    given = tag.attributes.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 1


def _code(tag: _Part) -> Node:
    code = tag.tags("code")
    language = code[0].attributes.get("class", "").removeprefix("language-") if code else ""
    text = "".join(_texts(code[0] if code else tag))
    return made("codeBlock", [words_of([(text, ())])] if text else [], language=language or None)


def _texts(tag: _Part) -> Iterator[str]:
    for part in tag.inside:
        if isinstance(part, str):
            yield part
        else:
            yield from _texts(part)


def _table(tag: _Part) -> Node:
    rows = []
    for part in tag.tags("thead", "tbody"):
        for row in part.tags("tr"):
            rows.append([
                made(
                    "tableHeader" if cell.name == "th" or part.name == "thead" else "tableCell",
                    _some(cell),
                    colspan=max(1, min(_number(cell, "colspan"), _WIDEST)),
                    rowspan=max(1, min(_number(cell, "rowspan"), _WIDEST)),
                )
                for cell in row.tags("th", "td")
            ])  # fmt: skip
    return made("table", _rectangle(rows or [[]]))


def _rectangle(rows: list[list[Node]]) -> list[Node]:
    """Rows of one length, and no cell that reaches below the last: what the editor's tables are."""
    taken: list[int] = [0] * len(rows)
    for place, row in enumerate(rows):
        for number, cell in enumerate(row):
            tall = min(cell.get("rowspan") or 1, len(rows) - place)
            row[number] = made(cell.name, cell.inside, colspan=cell.get("colspan"), rowspan=tall)
            for below in range(place, place + tall):
                taken[below] += cell.get("colspan") or 1
    width = max([1, *taken])
    found = []
    for row, length in zip(rows, taken, strict=True):
        is_head = bool(row) and all(cell.name == "tableHeader" for cell in row)
        blank = made("tableHeader" if is_head else "tableCell", [EMPTY], colspan=1, rowspan=1)
        found.append(made("tableRow", [*row, *[blank] * (width - length)]))
    return found


def _line(parts: Iterable[_Part | str]) -> Inside:
    """What stands in a line: text joined as far as it goes, breaks and mentions between."""
    found: list[Node | Words] = []
    runs: list[tuple[str, tuple[Mark, ...]]] = []
    for part, marks in _pieces(parts, ()):
        if isinstance(part, str):
            runs.append((part, marks))
            continue
        if runs:
            found.append(words_of(runs))
            runs = []
        found.append(part)
    if runs:
        found.append(words_of(runs))
    return tuple(part for part in found if not isinstance(part, Words) or part.runs)


def _pieces(
    parts: Iterable[_Part | str], marks: tuple[Mark, ...]
) -> Iterator[tuple[str | Node, tuple[Mark, ...]]]:
    for part in parts:
        if isinstance(part, str):
            yield part, marks
        elif part.name == "br":
            yield made("hardBreak"), marks
        elif part.name in MARKS:
            yield from _pieces(part.inside, (*marks, (MARKS[part.name], "")))
        elif part.name == "a" and part.attributes.get("class") == "mention":
            label = "".join(_texts(part)).removeprefix("@")
            yield (
                made(
                    "mention",
                    id=part.attributes.get("data-mention", ""),
                    label=label,
                    mentionSuggestionChar="@",
                ),
                marks,
            )
        elif part.name == "a" and part.attributes.get("class") != "topic" and part.attributes.get("href"):
            yield from _pieces(part.inside, (*marks, ("link", part.attributes["href"])))
        else:
            yield from _pieces(part.inside, marks)


# --- To HTML ----------------------------------------------------------------------------------------------------


def write(nodes: Sequence[Node | Words], depth: int = 0) -> str:
    """HTML to be cleaned: names that are not known leave their words, and nothing is believed."""
    if depth >= DEEPEST:
        return ""
    return "".join(_written(node, depth, _around(nodes, place)) for place, node in enumerate(nodes))


def _around(nodes: Sequence[Node | Words], place: int) -> tuple[Mark, ...]:
    """The marks that a break or a mention stands in: Yjs keeps none for it, so those that go on behind it."""
    if not isinstance(nodes[place], Node) or nodes[place].name not in INLINE:  # type: ignore[union-attr]
        return ()
    before = next(
        (
            part
            for part in reversed(nodes[max(0, place - 4) : place])
            if isinstance(part, Words) and part.runs
        ),
        None,
    )
    after = next(
        (part for part in nodes[place + 1 : place + 5] if isinstance(part, Words) and part.runs), None
    )
    if before is None or after is None:
        return ()
    return tuple(mark for mark in before.runs[-1][1] if mark in after.runs[0][1])


def _written(node: Node | Words, depth: int, around: tuple[Mark, ...] = ()) -> str:
    if isinstance(node, Words):
        return "".join(_marked(escape(words), marks) for words, marks in node.runs)
    inside = write(node.inside, depth + 1) if node.name != "table" else _rows(node, depth + 1)
    match node.name:
        case "paragraph":
            return f"<p>{inside}</p>"
        case "heading":
            level = min(max(_whole(node.get("level"), 2), 2), 4)
            return f"<h{level}>{inside}</h{level}>"
        case "bulletList":
            return f"<ul>{inside}</ul>"
        case "orderedList":
            start = _whole(node.get("start"), 1)
            return f'<ol start="{start}">{inside}</ol>' if start != 1 else f"<ol>{inside}</ol>"
        case "taskList":
            return f'<ul data-type="taskList">{inside}</ul>'
        case "listItem":
            return f"<li>{inside}</li>"
        case "taskItem":
            is_done = "true" if node.get("checked") is True else "false"
            return f'<li data-type="taskItem" data-checked="{is_done}">{inside}</li>'
        case "blockquote":
            return f"<blockquote>{inside}</blockquote>"
        case "callout":
            kind = node.get("kind") if node.get("kind") in CALLOUTS else CALLOUTS[0]
            return f'<aside data-callout="{kind}">{inside}</aside>'
        case "codeBlock":
            language = node.get("language")
            named = (
                f' class="language-{escape_attribute(language)}"'
                if isinstance(language, str) and language
                else ""
            )
            return f"<pre><code{named}>{escape(_plain(node))}</code></pre>"
        case "horizontalRule":
            return "<hr>"
        case "hardBreak":
            return _marked("<br>", around)
        case "image":
            return f'<img src="{_attribute(node, "src")}" alt="{_attribute(node, "alt")}">'
        case "mention":
            label = _attribute(node, "label")
            named = f'data-id="{_attribute(node, "id")}" data-label="{label}"'
            return _marked(f'<span data-type="mention" {named}>@{label}</span>', around)
        case "table":
            return f"<table>{inside}</table>"
        case "tableRow":
            return f"<tr>{inside}</tr>"
        case "tableCell" | "tableHeader":
            tag = "td" if node.name == "tableCell" else "th"
            spans = [(name, _whole(node.get(name), 1)) for name in ("colspan", "rowspan")]
            written = "".join(f' {name}="{count}"' for name, count in spans if 1 < count <= _WIDEST)
            return f"<{tag}{written}>{inside}</{tag}>"
    return inside


def _rows(table: Node, depth: int) -> str:
    """The rows that begin a table and hold nothing but headings are its head."""
    rows = [row for row in table.inside if isinstance(row, Node)]
    head = 0
    while (
        head < len(rows)
        and rows[head].inside
        and all(isinstance(cell, Node) and cell.name == "tableHeader" for cell in rows[head].inside)
    ):
        head += 1
    parts = (("thead", rows[:head]), ("tbody", rows[head:]))
    return "".join(f"<{tag}>{write(some, depth)}</{tag}>" for tag, some in parts if some)


def _marked(html: str, marks: tuple[Mark, ...]) -> str:
    for name, address in reversed(marks):
        if name == "link":
            html = f'<a href="{escape_attribute(address)}">{html}</a>'
        elif name in TAGS:
            html = f"<{TAGS[name]}>{html}</{TAGS[name]}>"
    return html


def _plain(node: Node) -> str:
    return "".join(part.plain if isinstance(part, Words) else _plain(part) for part in node.inside)


def _attribute(node: Node, name: str) -> str:
    value = node.get(name)
    return escape_attribute(value) if isinstance(value, str) else ""


def _whole(value: Any, usual: int) -> int:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return int(value) if is_number and 0 <= value < 10**9 else usual
