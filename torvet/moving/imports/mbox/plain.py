"""A plain text mail as HTML: paragraphs, quotes as quotes, the quoted rest folded, the signature gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from torvet.base.text.characters import strip_forbidden

DEEPEST = 6  # quotes in quotes that are shown as such
LONG = 58  # characters from which on a line was broken by the mail program, not by its writer
# Some programs put the initials of who said it in front of the mark.
_QUOTED = re.compile(r"^[ \t]?(?:[A-Z]{2,4})?>")
_UNDERSCORES = re.compile(r"^_{20,}$")
_SIGNATURE = re.compile(r"^-- ?$")
_WROTE = re.compile(
    r"(?:wrote|writes|skrev|skrevet|schreef|schrieb|a écrit|kirjoitti)\b.{0,80}:\s*$"
    r"|^(?:On|Den|Op|Am|På)\b.{10,200}:\s*$",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"(?:On|Den|Op|Am|På)\b")
_FORWARDED = re.compile(
    r"^\s*-{2,}\s*(?:Original Message|Oprindelig meddelelse|Opprinnelig melding|Ursprungligt meddelande|"
    r"Oorspronkelijk bericht|Ursprüngliche Nachricht)\s*-{2,}\s*$",
    re.IGNORECASE,
)
# Lines of C that begin with # would else be taken for topics.
_SHAPED = re.compile(
    r"^(?: {2,}|\t)(?!--? ?\w)\S|^(?:diff --git |@@ -|\+\+\+ |--- \S|index [0-9a-f]{5,})"
    r"|^#(?:include|define|undef|pragma|if|ifdef|ifndef|else|elif|endif)\b"
)
_ITEM = re.compile(r"^\s*(?:[-*•+]|\d{1,3}[.)]|\[\w{1,3}\])\s")


def unflowed(text: str, *, deletes_space: bool) -> str:
    """Lines of `format=flowed` (RFC 3676) joined to the paragraphs that they are."""
    lines: list[str] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        said = line[depth:]
        said = said.removeprefix(" ")
        is_fixed = said == "-- " or not said.endswith(" ")
        if open_depth == depth and said != "-- ":
            before = lines.pop()
            joined = (before[:-1] if deletes_space else before) + said
        else:
            joined = f"{'>' * depth} {said}" if depth else said
        lines.append(joined)
        open_depth = None if is_fixed else depth
    return "\n".join(lines)


def to_html(text: str) -> str:
    """Loose HTML of a mail's text. What is only quoted again at its end stands in a quotation of its own, folded."""
    lines = strip_forbidden(text.replace("\r\n", "\n").replace("\r", "\n")).expandtabs(8).split("\n")
    own, rest = _tail(_without_signature(lines))
    html = "".join(_blocks(own))
    if rest:
        inside = "".join(_blocks(_unquoted(rest)))
        html += f'<blockquote data-quoted="rest">{inside}</blockquote>' if inside else ""
    return html


def _without_signature(lines: list[str]) -> list[str]:
    """Up to the line that begins a signature, or the foot that a list puts under each mail."""
    for place, line in enumerate(lines):
        if _SIGNATURE.match(line):
            return [*lines[:place], *_behind_signature(lines[place + 1 :])]
        behind = lines[place + 1 : place + 4]
        if _UNDERSCORES.match(line) and any("list" in one.casefold() or "http" in one for one in behind):
            return lines[:place]
    return lines


def _behind_signature(lines: list[str]) -> list[str]:
    """What is quoted below a signature: many programs write above what they answer."""
    for place, line in enumerate(lines):
        if _QUOTED.match(line) or _FORWARDED.match(line) or _WROTE.search(line):
            # The line that says who wrote it may be broken in two.
            is_broken = place > 0 and _WROTE.search(line) and _BEGINS.match(lines[place - 1])
            start = place - 1 if is_broken else place
            return ["", *lines[start:]]
    return []


def _tail(lines: list[str]) -> tuple[list[str], list[str]]:
    """What the writer said, and what is only quoted behind it. A mail that is nothing but a quotation is not parted."""
    end = len(lines)
    for place, line in enumerate(lines):
        if _FORWARDED.match(line) and place and any(one.strip() for one in lines[:place]):
            return _trimmed(lines[:place]), lines[place + 1 :]
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    while start and (_QUOTED.match(lines[start - 1]) or not lines[start - 1].strip()):
        start -= 1
    if start == end or not any(_QUOTED.match(line) for line in lines[start:end]):
        return _trimmed(lines[:end]), []
    own = _trimmed(lines[:start])
    # The line that says who wrote it goes with it; it may be broken in two.
    number = 2 if len(own) > 1 and _BEGINS.match(own[-2]) else 1
    if own and _WROTE.search(" ".join(own[-number:])):
        intro, before = " ".join(own[-number:]), _trimmed(own[:-number])
        return (before, [intro, "", *lines[start:end]]) if before else (_trimmed(lines[:end]), [])
    return (own, lines[start:end]) if own else (_trimmed(lines[:end]), [])


def _trimmed(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return lines[:end]


def _unquoted(lines: list[str]) -> list[str]:
    """One mark of quoting less, for what stands in a quotation already."""
    return [re.sub(r"^[ \t]?(?:[A-Z]{2,4})?> ?", "", line, count=1) for line in lines]


def _blocks(lines: list[str], depth: int = 0) -> Iterator[str]:
    """HTML of lines: quotations by their marks, paragraphs by empty lines."""
    waiting: list[str] = []
    quoted: list[str] = []
    for line in [*lines, None]:
        is_quote = line is not None and bool(_QUOTED.match(line)) and depth < DEEPEST
        if quoted and not is_quote:
            inside = "".join(_blocks(_unquoted(quoted), depth + 1))
            yield f"<blockquote>{inside}</blockquote>" if inside else ""
            quoted = []
        if is_quote and line is not None:
            if waiting:
                yield _paragraph(waiting)
                waiting = []
            quoted.append(line)
        elif line is None or not line.strip():
            if waiting:
                yield _paragraph(waiting)
                waiting = []
        else:
            waiting.append(line)


def _is_shaped(line: str) -> bool:
    """Whether its spaces mean something: it is indented, has columns, or belongs to a patch."""
    # Columns are looked for as text: as an expression, a line of a megabyte would take an hour.
    return bool(_SHAPED.match(line)) or (line[:1].strip() != "" and "  | " in line)


def _paragraph(lines: list[str]) -> str:
    shaped = sum(1 for line in lines if _is_shaped(line))
    if shaped and shaped * 2 >= len(lines):
        return f"<pre><code>{escape(chr(10).join(lines), quote=False)}</code></pre>"
    said: list[str] = []
    for place, line in enumerate(lines):
        before = lines[place - 1] if place else ""
        # Mail programs break lines at 72 signs; on a phone that reads like a ladder.
        goes_on = (
            bool(said) and len(before) >= LONG and not _ITEM.match(line) and not line.startswith((" ", "\t"))
        )
        joint = " " if goes_on else "<br>" if said else ""
        said.append(f"{joint}{escape(line.strip(), quote=False)}")
    return f"<p>{''.join(said)}</p>"
