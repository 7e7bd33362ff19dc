"""The lead of an article: the first paragraph of its words.

So search, history, exports, programs and whoever else reads entries have it without knowing of blogs. In the form it is
a field of its own; here the two are put together and taken apart.
"""

from __future__ import annotations

import html
import re
from math import ceil
from typing import NamedTuple

from torvet.base import text
from torvet.base.text.characters import clean_line

LONGEST = 400
WORDS_A_MINUTE = 220
_FIRST = re.compile(r"\s*<p>(.*?)</p>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"\w+")


class Parted(NamedTuple):
    """An article's words in two: the lead as plain text and as HTML, and the rest as HTML."""

    lead: str
    lead_html: str
    body: str


def one_line(lead: str) -> str:
    """As it is kept: without breaks, not longer than fits."""
    return clean_line(lead)[:LONGEST]


def together(lead: str, body: str) -> str:
    """The words of an entry, HTML: the lead as their first paragraph."""
    return f"<p>{html.escape(lead, quote=False)}</p>{body}" if lead else body


def apart(words: str, *, has_lead: bool) -> Parted:
    """The words of an entry in two. With `has_lead` the first paragraph is the lead, when it is short enough."""
    first = _FIRST.match(words) if has_lead else None
    if first is None:
        return Parted("", "", words)
    plain = " ".join(html.unescape(_TAG.sub("", first[1])).split())
    if not plain or len(plain) > LONGEST:
        return Parted("", "", words)
    return Parted(plain, first[1], words[first.end() :])


def minutes_to_read(plain: str) -> int:
    """Whole minutes, one at least."""
    return max(1, ceil(len(_WORD.findall(plain)) / WORDS_A_MINUTE))


def plain_of(body: str) -> str:
    """The plain text of cleaned HTML."""
    return text.read_html(body).plain if body else ""
