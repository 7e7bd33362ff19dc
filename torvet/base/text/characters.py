"""Which characters may stand in a text, and how they are written in HTML."""

import re
import sys
import unicodedata
from functools import cache

# NUL, C0 and C1 controls without tab and newline; surrogates, which no encoder takes; byte order mark and
# interlinear marks; non-characters; and the bidi overrides and isolates that make a name or a link read backwards.
# U+200E and U+200F, ZWJ and ZWNJ stay: right-to-left text and emoji need them.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
    "\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_LINE_END = re.compile("\r\n?|[\u2028\u2029\x85]")
MOST_MARKS = 30
"""Combining marks kept on one letter: the stream-safe limit of Unicode, and what keeps normalising linear."""


def strip_forbidden(text: str) -> str:
    """Drop what must not stand in any text; line ends become newlines. Safe on serialised markup."""
    if text.isascii() and text.isprintable():
        return text
    return _FORBIDDEN.sub("", _LINE_END.sub("\n", text))


@cache
def _too_many_marks() -> re.Pattern[str]:
    marks: list[str] = []
    start = None
    for point in range(0x300, sys.maxunicode + 2):
        # No combining marks between the last plane-1 scripts and plane 14, and none after it.
        if point == 0x1F000:
            break
        if unicodedata.combining(chr(point)):
            start = point if start is None else start
        elif start is not None:
            marks.append(f"{chr(start)}-{chr(point - 1)}")
            start = None
    return re.compile(f"([{''.join(marks)}]{{{MOST_MARKS}}})[{''.join(marks)}]+")


def normalise(text: str) -> str:
    """NFC, with at most MOST_MARKS combining marks in a row, and no slash overlay left by itself.

    Never on markup: `>` and U+0338 compose into one character, which would tear a tag open. For the same reason none
    is left over: it could come to stand behind a tag, and somebody may yet normalise what we store.
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _too_many_marks().sub(r"\1", text)).replace("\u0338", "")


def clean_line(text: str) -> str:
    """One line of clean text: a label, a name, an alternative text."""
    return normalise(" ".join(strip_forbidden(text).split()))


def escape(text: str) -> str:
    """As html5ever writes text, so that a second cleaning finds nothing to change."""
    return text.replace("&", "&amp;").replace("\xa0", "&nbsp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_attribute(text: str) -> str:
    """As html5ever writes attribute values."""
    return escape(text).replace('"', "&quot;")


def unescape(text: str) -> str:
    """Undo `escape` and `escape_attribute`; serialised HTML holds no other entities."""
    if "&" not in text:
        return text
    text = text.replace("&nbsp;", "\xa0").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
    return text.replace("&amp;", "&")
