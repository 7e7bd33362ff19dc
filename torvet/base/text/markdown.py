"""Markdown, or plain text typed by a person, to a `Text`."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from torvet.base.text.characters import strip_forbidden
from torvet.base.text.reading import read_markup
from torvet.base.text.shape import MAX_SOURCE, Resolve, Text, TextTooLong

_MENTION = re.compile(r"@\[((?:[^\[\]\\\n]|\\.){1,200})\]\((member|unit)-([1-9][0-9]{0,17})\)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
SIGN_OF_CALLOUT = {"note": "NOTE", "tip": "TIP", "warning": "WARNING", "danger": "CAUTION"}
_CALLOUT_OF_SIGN = {sign: sort for sort, sign in SIGN_OF_CALLOUT.items()} | {
    "IMPORTANT": "warning",
    "DANGER": "danger",
}
CALLOUT = re.compile(rf"\[!({'|'.join(_CALLOUT_OF_SIGN)})\][ \t]*(?:\n|$)", re.IGNORECASE)
_TICK = re.compile(r"\[([ xX])\](?:\s|$)")


def read_markdown(source: str, *, resolve: Resolve | None = None, most: int = MAX_SOURCE) -> Text:
    """Read Markdown: CommonMark with tables, ~~strike~~ and task lists; a newline is a line break, HTML is text.

    Left out because people type them without meaning them: headings by underlining, code by indenting.
    `@handle` and `@[Name](member-12)` are mentions. Raises TextTooLong beyond `most` characters.
    """
    if len(source) > most:
        raise TextTooLong(most)
    return read_markup(untame(_MARKDOWN.render(tame(strip_forbidden(source)))), resolve)


def _mention(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("@[", state.pos) or not (match := _MENTION.match(state.src, state.pos)):
        return False
    if not silent:
        token = state.push("html_inline", "", 0)
        label = escapeHtml(_ESCAPED.sub(r"\1", match[1]))
        token.content = (
            f'<span data-type="mention" data-id="{match[2]}-{match[3]}" data-label="{label}">@{label}</span>'
        )
    state.pos = match.end()
    return True


def _tasks(state: StateCore) -> None:
    """Turn lists in which every item begins with a tick box into the editor's task lists."""
    tokens = state.tokens
    lists: list[tuple[Token, list[tuple[Token, Token | None]]]] = []
    for place, token in enumerate(tokens):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append((token, []))
        elif token.type == "list_item_open":
            first = (
                tokens[place + 2]
                if place + 2 < len(tokens) and tokens[place + 1].type == "paragraph_open"
                else None
            )
            lists[-1][1].append((token, first))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            opening, items = lists.pop()
            if token.type == "bullet_list_close" and all(
                first and _TICK.match(first.content) for _, first in items
            ):
                opening.attrSet("data-type", "taskList")
                for item, first in items:
                    _tick(item, first)


def _tick(item: Token, first: Token | None) -> None:
    assert first and first.children
    item.attrSet("data-type", "taskItem")
    item.attrSet("data-checked", "false" if first.content[1] == " " else "true")
    text = first.children[0]
    text.content = text.content[3:].lstrip()


def _callouts(state: StateCore) -> None:
    """Turn quotes that begin with [!NOTE] into callouts."""
    tokens = state.tokens
    waiting: list[Token | None] = []
    for place, token in enumerate(tokens):
        if token.type == "blockquote_open":
            inline = tokens[place + 2] if place + 2 < len(tokens) else None
            found = (
                CALLOUT.match(inline.content)
                if inline and tokens[place + 1].type == "paragraph_open"
                else None
            )
            waiting.append(token if found else None)
            if found and inline and inline.children:
                token.tag = "aside"
                token.attrSet("data-callout", _CALLOUT_OF_SIGN[found[1].upper()])
                del inline.children[: 2 if len(inline.children) > 1 else 1]
        elif token.type == "blockquote_close" and waiting.pop():
            token.tag = "aside"


def _make() -> MarkdownIt:
    # maxNesting only guards against what `tame` lets through: beyond it the parser drops text without a word.
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False, "maxNesting": 100})
    parser.enable(["table", "strikethrough"]).disable(["lheading", "code"])
    # Addresses stay as they were typed, Danish letters and all; the builder decides which may stand.
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.inline.ruler.before("link", "mention", _mention)
    parser.core.ruler.push("tasks", _tasks)
    parser.core.ruler.push("callouts", _callouts)
    return parser


_MARKDOWN = _make()

MOST_BRACKETS = 8
MOST_SIGNS = 10
MOST_INDENT = 40
# Stand-ins while the parser works; people cannot type them, `strip_forbidden` takes them out.
_BRACKET, _NOTHING = "\ufdd0", "\ufdd1"
_SIGN = re.compile(r"[ \t]*(?:>|[-*+](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$))")
_PARAGRAPHS = re.compile(r"\n[ \t>]*\n")


def tame(source: str) -> str:
    """Cap what nests before the parser sees it: 20,000 opening brackets cost it most of a second.

    `untame` gives back in the rendered text what was hidden, so that nobody sees a difference.
    """
    if "[" in source:
        source = "".join(_fewer_brackets(part) for part in _paragraphs(source))
    return "\n".join(map(_shallow, source.split("\n")))


def untame(html: str) -> str:
    """Undo the stand-ins of `tame`."""
    return html.replace(_BRACKET, "[").replace(_NOTHING, "")


def _paragraphs(source: str) -> Iterator[str]:
    start = 0
    for match in _PARAGRAPHS.finditer(source):
        yield source[start : match.end()]
        start = match.end()
    yield source[start:]


def _fewer_brackets(paragraph: str) -> str:
    """Hide brackets nested too deep, and those never closed when there are many: neither can become a link."""
    if paragraph.count("[") <= MOST_BRACKETS:
        return paragraph
    waiting: list[int] = []
    pairs: dict[int, int] = {}
    for match in re.finditer(r"[\[\]]", paragraph):
        if match.group() == "[":
            waiting.append(match.start())
        elif waiting:
            pairs[waiting.pop()] = match.start()
    hidden = waiting if len(waiting) > MOST_BRACKETS else []
    ends: list[int] = []
    for start in sorted(pairs):
        while ends and ends[-1] < start:
            ends.pop()
        if len(ends) >= MOST_BRACKETS:
            hidden.append(start)
        ends.append(pairs[start])
    if not hidden:
        return paragraph
    letters = list(paragraph)
    for place in hidden:
        letters[place] = _BRACKET
    return "".join(letters)


def _shallow(line: str) -> str:
    """Stop a line from opening more quotes and lists than MOST_SIGNS, or standing deeper than MOST_INDENT."""
    place = 0
    for _ in range(MOST_SIGNS):
        match = _SIGN.match(line, place)
        if not match:
            break
        place = match.end()
    else:
        return f"{line[:place]}{_NOTHING}{line[place:]}" if _SIGN.match(line, place) else line
    if line[:1] in " \t":
        start = len(line) - len(line.lstrip(" \t"))
        if start and len(line[:start].expandtabs(4)) > MOST_INDENT and start < len(line):
            return f"{line[: min(start, MOST_INDENT // 4)]}{_NOTHING}{line[min(start, MOST_INDENT // 4) :]}"
    return line
