"""Stored HTML back to Markdown, for the box that people without JavaScript write in.

Written for our schema alone, so that a text comes back as it was: html-to-markdown, tried first, loses ticks, escapes
nothing by default and turns lists into spaced ones.
"""

import re
from dataclasses import dataclass, field

from torvet.base.text.blocks import ATTRIBUTE, TOKEN
from torvet.base.text.characters import unescape
from torvet.base.text.inline import Piece, write_line
from torvet.base.text.markdown import CALLOUT, SIGN_OF_CALLOUT

_BREAKING = re.compile(r"^(?:[#>]|[-+*](?=\s|$)|[-*_|:](?=[-*_|: ]*$)|~~~)")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_LINES = {"p", "h2", "h3", "h4"}


@dataclass(slots=True)
class _Node:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list["_Node | str"] = field(default_factory=list)

    def nodes(self, *tags: str) -> list["_Node"]:
        return [node for node in self.inside if isinstance(node, _Node) and (not tags or node.tag in tags)]


def to_markdown(html: str) -> str:
    """Markdown of HTML that `read_html` or `read_markdown` gave: mentions as `@[Name](member-12)`, topics as `#word`.

    Reading it again gives the same text, but for what Markdown cannot say: empty paragraphs, breaks in headings and
    cells, joined cells, and tables without a heading row, whose first row becomes one.
    """
    return "\n".join(_blocks(_tree(html).nodes())).strip("\n")


def _tree(html: str) -> _Node:
    root = _Node("root")
    open_nodes = [root]
    for closing, tag, attributes, text in TOKEN.findall(html):
        if text:
            open_nodes[-1].inside.append(unescape(text))
        elif closing:
            if len(open_nodes) > 1:
                open_nodes.pop()
        else:
            node = _Node(tag, {name: unescape(value) for name, value in ATTRIBUTE.findall(attributes)})
            open_nodes[-1].inside.append(node)
            if tag not in ("br", "hr", "img"):
                open_nodes.append(node)
    return root


def _blocks(nodes: list[_Node], *, tight: bool = False) -> list[str]:
    lines: list[str] = []
    before = ""
    turn = False
    for node in nodes:
        # Two lists in a row would run together if they had the same sign.
        turn = node.tag == before and not turn
        written = _block(node, turn)
        if not written:
            continue
        # A list may follow its item's line at once only when it starts with 1 and with words.
        if lines and not (tight and re.match(r"(?:[-*]|1[.)]) \S", written[0]) and node.tag in ("ul", "ol")):
            lines.append("")
        lines.extend(written)
        before = node.tag
    return lines


def _block(node: _Node, turn: bool) -> list[str]:
    match node.tag:
        case "p":
            return _paragraph(node)
        case "h2" | "h3" | "h4":
            text = re.sub(r"(#+)$", r"\\\1", write_line(_pieces(node, " ")))
            return [f"{'#' * int(node.tag[1])} {text}"] if text else []
        case "ul" | "ol":
            return _list(node, turn)
        case "blockquote":
            lines = _blocks(node.nodes())
            if lines and CALLOUT.match(lines[0]):
                lines[0] = "\\" + lines[0]
            return _quoted(lines)
        case "aside":
            return _callout(node)
        case "pre":
            return _code(node)
        case "hr":
            return ["---"]
        case "table":
            return _table(node)
        case "img":
            return [_picture(node)]
    return _blocks(node.nodes())


def _quoted(lines: list[str]) -> list[str]:
    return [f"> {line}".rstrip() for line in lines]


def _callout(node: _Node) -> list[str]:
    """As GitHub writes them. What is no paragraph stands apart from the first line, or it would be read as its text."""
    inside = _blocks(node.nodes())
    apart = [""] if node.nodes() and node.nodes()[0].tag != "p" else []
    sign = SIGN_OF_CALLOUT.get(node.attributes.get("data-callout", ""), "NOTE")
    return _quoted([f"[!{sign}]", *apart, *inside])


def _picture(node: _Node) -> str:
    alt = re.sub(r"([\\\[\]*_`~&<])", r"\\\1", node.attributes.get("alt", ""))
    src = node.attributes.get("src", "")
    return f"![{alt}](<{src}>)" if re.search(r"[()]", src) else f"![{alt}]({src})"


def _paragraph(node: _Node) -> list[str]:
    return [_safe_start(line) for line in write_line(_pieces(node, "\n")).split("\n") if line.strip()]


def _safe_start(line: str) -> str:
    """A line that must not become a heading, a quote, a list item, a rule or part of a table."""
    if line.startswith("#") and not re.match(r"#{1,6}(?:\s|$)", line):
        return line
    if _BREAKING.match(line):
        return "\\" + line
    return _NUMBERED.sub(r"\1\\\2", line)


def _list(node: _Node, turn: bool) -> list[str]:
    lines: list[str] = []
    number = int(node.attributes.get("start", 1))
    tasks = node.attributes.get("data-type") == "taskList"
    for item in node.nodes("li"):
        sign = f"{number}{')' if turn else '.'} " if node.tag == "ol" else ("* " if turn else "- ")
        number += 1
        inside = _blocks(item.nodes(), tight=True) or [""]
        if tasks:
            if not any(node.tag == "p" for node in item.nodes()[:1]):
                # Behind a tick box only words are read.
                inside.insert(0, "")
            inside[0] = f"[{'x' if item.attributes.get('data-checked') == 'true' else ' '}] {inside[0]}"
        elif re.match(r"\[[ xX]\](?:\s|$)", inside[0]):
            inside[0] = "\\" + inside[0]
        lines.append((sign + inside[0]).rstrip())
        lines.extend((" " * len(sign) + line).rstrip() for line in inside[1:])
    return lines


def _code(node: _Node) -> list[str]:
    code = node.nodes("code")
    language = code[0].attributes.get("class", "").removeprefix("language-") if code else ""
    text = "".join(part for part in (code[0] if code else node).inside if isinstance(part, str))
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence + language, *text.split("\n"), fence]


def _table(node: _Node) -> list[str]:
    rows = [row for part in node.nodes("thead", "tbody") for row in part.nodes("tr")]
    written = [[_cell(cell) for cell in row.nodes("th", "td")] for row in rows]
    width = max((len(row) for row in written), default=0)
    if not width:
        return []
    lines = [f"| {' | '.join([*row, *[''] * (width - len(row))])} |" for row in written]
    return [lines[0], "|" + " --- |" * width, *lines[1:]]


def _cell(node: _Node) -> str:
    texts = [
        _picture(line) if line.tag == "img" else write_line(_pieces(line, " ")) for line in _lines_in(node)
    ]
    return " ".join(text for text in texts if text).replace("|", "\\|")


def _lines_in(node: _Node) -> list[_Node]:
    found: list[_Node] = []
    for inner in node.nodes():
        found.extend([inner] if inner.tag in _LINES | {"pre", "img"} else _lines_in(inner))
    return found


def _pieces(node: _Node, line_break: str, marks: tuple[str, ...] = (), href: str = "") -> list[Piece]:
    pieces: list[Piece] = []
    for part in node.inside:
        if isinstance(part, str):
            pieces.append(Piece(re.sub(r"\s+", " ", part) if node.tag == "pre" else part, marks, href))
        elif part.tag == "br":
            pieces.append(Piece(line_break, (), "", plain=False))
        elif part.tag == "a" and part.attributes.get("class") == "mention":
            name = "".join(inner for inner in part.inside if isinstance(inner, str)).removeprefix("@")
            name = re.sub(r"([\\\[\]])", r"\\\1", name)
            token = f"@[{name}]({part.attributes.get('data-mention', '')})"
            pieces.append(Piece(token, marks, href, plain=False))
        elif part.tag == "a" and part.attributes.get("class") == "topic":
            pieces.extend(_pieces(part, line_break, marks, href))
        elif part.tag == "a":
            pieces.extend(_pieces(part, line_break, marks, part.attributes.get("href", "")))
        elif part.tag in ("strong", "em", "s", "code"):
            pieces.extend(_pieces(part, line_break, (*marks, part.tag), href))
        else:
            pieces.extend(_pieces(part, line_break, marks, href))
    return pieces
