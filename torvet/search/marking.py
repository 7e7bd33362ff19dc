"""Showing where the words stand: a piece of plain text around them, escaped, with <mark>. Pure.

Works on the text as it is read, not on stems: a pattern of what was asked, in every way people spell its letters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from torvet.search.asking import SHORTEST_PART, Asked
from torvet.search.words import fold

WIDTH = 220  # characters of a snippet
BEFORE = 60  # of them before the first word that was found
LOOKED_AT = 20_000  # characters of a text
LONGEST_MARK = 60
_SPELLINGS = {"å": "(?:å|aa)", "æ": "(?:æ|ä|ae)", "ø": "(?:ø|ö|oe)", "e": "[eéèêë]", "u": "[uü]"}


@dataclass(frozen=True)
class Marker:
    """What is marked; made once for a search, used for each of its hits."""

    pattern: re.Pattern[str] | None

    @classmethod
    def of(cls, asked: Asked) -> Marker:
        words = {term.words[0] for clause in asked.clauses for term in clause.terms if len(term.words) == 1}
        words |= {fold(word) for word in asked.raw}
        if not words:
            return cls(None)
        long = sorted(
            (word for word in words if len(word) >= SHORTEST_PART), key=lambda word: (-len(word), word)
        )
        short = sorted(word for word in words if len(word) < SHORTEST_PART)
        ways = [_spelled(word) for word in long] + [
            rf"(?<!\w){_spelled(word)}(?=\w{{0,3}}(?!\w))" for word in short
        ]
        return cls(re.compile("|".join(ways), re.IGNORECASE))

    def snippet(self, text: str) -> tuple[str, SafeString]:
        """A piece of the text as (plain, HTML), from a little before the first mark."""
        text = text[:LOOKED_AT]
        first = self.pattern.search(text) if self.pattern else None
        start = _word_start(text, max(0, first.start() - BEFORE)) if first else 0
        end = _word_end(text, start + WIDTH)
        piece = " ".join(text[start:end].split())
        before, after = "…" if start else "", "…" if end < len(text) else ""
        piece = f"{before}{piece}{after}"
        return piece, self.marked(piece)

    def marked(self, text: str) -> SafeString:
        """The text as HTML with every mark."""
        html, at = "", 0
        for found in self.pattern.finditer(text) if self.pattern else ():
            start, end = _whole_word(text, found.start(), found.end(), at)
            if start >= at:
                html += f"{escape(text[at:start])}<mark>{escape(text[start:end])}</mark>"
                at = end
        return mark_safe(html + escape(text[at:]))  # noqa: S308  # every piece is escaped


def _whole_word(text: str, start: int, end: int, after: int) -> tuple[int, int]:
    while start > after and text[start - 1].isalnum() and end - start < LONGEST_MARK:
        start -= 1
    while end < len(text) and text[end].isalnum() and end - start < LONGEST_MARK:
        end += 1
    return start, end


def _spelled(word: str) -> str:
    return "".join(_SPELLINGS.get(letter) or re.escape(letter) for letter in word)


def _word_start(text: str, at: int) -> int:
    space = text.rfind(" ", max(0, at - 30), at) if at else -1
    return space + 1 if space >= 0 else at


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", max(0, at - 30), at)
    return space if space > 0 else at
