"""Slack's own marks in a text (`*bold*`, `<@U123>`, `:tada:`) to HTML that `torvet.base.text.read_html` takes.

In this order: code is set apart, then `<…>` tokens, then emphasis; the three escaped signs are entities in HTML too.
"""

from __future__ import annotations

import re
from html import escape as escape_html
from typing import Protocol

from torvet.base.text.characters import strip_forbidden
from torvet.moving.emoji import with_signs
from torvet.moving.imports.slack.shapes import unescape, without_tokens


class Names(Protocol):
    """Who and what a text may name. Each gives HTML."""

    def person(self, id: str, label: str) -> str: ...

    def room(self, id: str, label: str) -> str: ...


_FENCE = re.compile(r"```(.*?)```", re.DOTALL)
_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
# Only what Slack writes as a token: `<ikke>` in somebody's code is text.
_TOKEN = re.compile(r"<([@#!][^<>|\n]*|[A-Za-z][A-Za-z0-9+.-]*:[^<>|\n]*|//[^<>|\n]*)(?:\|([^<>]*))?>")
_STRAY_AND = re.compile(r"&(?!(?:amp|lt|gt);)")
_EMPHASIS = tuple(
    (re.compile(rf"(?<![\w{sign}]){sign}(?=[^\s{sign}])([^\n]*?[^\s{sign}]){sign}(?![\w{sign}])"), tag)
    for sign, tag in ((r"\*", "strong"), ("_", "em"), ("~", "s"))
)
_HELD = re.compile("\x01([0-9]+)\x02")
_BULLET = re.compile(r"\s*[•◦▪▫‣]\s*(.*)")
_PLAIN = re.compile(r"[^<>&`*_~:•◦▪▫‣\n\x01\x02]*")


def to_html(said: str, names: Names) -> str:
    """The whole text of a message as HTML."""
    # Among what is dropped are the two signs that hold places below.
    said = strip_forbidden(said)
    if _PLAIN.fullmatch(said):
        return f"<p>{said}</p>" if said.strip() else ""
    said = without_tokens(said)
    parts = _FENCE.split(said)
    html = [_blocks(part, names) if place % 2 == 0 else _fence(part) for place, part in enumerate(parts)]
    return "".join(html)


def line_to_html(said: str, names: Names) -> str:
    """A text that stands within a line: the words of a bot's card."""
    return _inline(strip_forbidden(without_tokens(said)), names).replace("\n", "<br>")


def _fence(code: str) -> str:
    code = code.strip("\n")
    return f"<pre><code>{_bare(code)}</code></pre>" if code.strip() else ""


def _bare(code: str) -> str:
    """Text of code: tokens that Slack put in become what was typed, nothing else changes."""
    typed = _TOKEN.sub(lambda match: match[2] or match[1], code)
    return escape_html(unescape(typed), quote=False)


def _blocks(said: str, names: Names) -> str:
    html: list[str] = []
    lines: list[str] = []
    kind = "p"

    def close() -> None:
        if lines:
            html.append(_block(kind, lines, names))
            lines.clear()

    rest_is_quoted = False
    for line in said.split("\n"):
        bullet = _BULLET.fullmatch(line)
        if line.startswith("&gt;&gt;&gt;"):
            rest_is_quoted, line = True, line[12:]
        quoted = rest_is_quoted or line.startswith("&gt;")
        found = "blockquote" if quoted else "ul" if bullet else "p"
        if found != kind or (found == "p" and not line.strip()):
            close()
        kind = found
        if quoted:
            lines.append(line.removeprefix("&gt;").removeprefix(" "))
        elif bullet:
            lines.append(bullet[1])
        elif line.strip():
            lines.append(line)
    close()
    return "".join(html)


def _block(kind: str, lines: list[str], names: Names) -> str:
    if kind == "ul":
        return "<ul>" + "".join(f"<li><p>{_inline(line, names)}</p></li>" for line in lines) + "</ul>"
    paragraphs = re.split(r"\n\s*\n", _inline("\n".join(lines), names).strip("\n"))
    inside = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs).replace("\n", "<br>")
    return f"<blockquote>{inside}</blockquote>" if kind == "blockquote" else inside


def _inline(said: str, names: Names) -> str:
    held: list[str] = []

    def hold(html: str) -> str:
        held.append(html)
        return f"\x01{len(held) - 1}\x02"

    said = _CODE.sub(lambda match: hold(f"<code>{_bare(match[1])}</code>"), said)
    said = _TOKEN.sub(lambda match: hold(_token(match[1], match[2] or "", names)), said)
    said = _STRAY_AND.sub("&amp;", said).replace("<", "&lt;").replace(">", "&gt;")
    said = with_signs(said)
    for pattern, tag in _EMPHASIS:
        said = pattern.sub(rf"<{tag}>\1</{tag}>", said)
    while "\x01" in said:
        said = _HELD.sub(lambda match: held[int(match[1])], said)
    return said


def _token(what: str, label: str, names: Names) -> str:
    if what.startswith("@"):
        return names.person(what[1:], unescape(label))
    if what.startswith("#"):
        return names.room(what[1:], unescape(label))
    if what.startswith("!"):
        return _special(what[1:], label)
    return address(unescape(what), with_signs(unescape(label)))


def _special(what: str, label: str) -> str:
    command, *arguments = what.split("^")
    shown = unescape(label)
    if command in {"here", "channel", "everyone"}:
        return f"@{command}"
    if command == "subteam":
        return escape_html(f"@{shown.lstrip('@')}" if shown else "@…", quote=False)
    if command == "date":
        return escape_html(shown or (arguments or [""])[0], quote=False)
    return escape_html(shown or command, quote=False)


def address(href: str, label: str) -> str:
    """A link. Where it may not lead (javascript:, data:) the reader of our text keeps the words alone."""
    href = without_tokens(href)
    shown = label or href.removeprefix("mailto:").removeprefix("tel:")
    return f'<a href="{escape_html(href)}">{escape_html(shown, quote=False)}</a>'
