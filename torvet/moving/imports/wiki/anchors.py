"""Which heading of a page an anchor of the old wiki means, and what that heading's anchor is here."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from urllib.parse import unquote

from torvet.base import text
from torvet.base.text.characters import clean_line
from torvet.wiki.contents import with_anchors

_HERE = re.compile(r'<h[1-4] id="(h-[^"]*)">(.*?)</h[1-4]>', re.S)
_THERE = re.compile(
    r"<h([1-6])((?:\s[^>]*)?)>(.*?)</h\1>|<[a-z]+\s[^>]*?\b(?:id|name)=[\"']([^\"']+)[\"']", re.S
)
_ID = re.compile(r"\b(?:id|name)=[\"']([^\"']+)[\"']")
_TAG = re.compile(r"<[^>]*>")


def headings_of(html: str, longest: int) -> dict[str, str]:
    """Every anchor by which the source may speak of a part of this page -> the anchor here.

    Known are ids written in the source, the names that code hosts and site builders make of headings, and, for what
    wikis make of them, the bare letters of the heading.
    """
    try:
        marked, _lines = with_anchors(text.read_html(html, most=longest).html)
    except text.TextTooLong:
        return {}
    here = [(anchor, _words(words)) for anchor, words in _HERE.findall(marked)]
    found: dict[str, str] = {}
    used: Counter[str] = Counter()
    for anchor, words in here:
        name = github_name(words)
        found.setdefault(anchor, anchor)
        found.setdefault(f"{name}-{used[name]}" if used[name] else name, anchor)
        found.setdefault(bare(words), anchor)
        used[name] += 1
    _note_ids(html, here, found)
    return found


def _note_ids(html: str, here: list[tuple[str, str]], found: dict[str, str]) -> None:
    """Ids that the source wrote itself: on a heading, in it, or before it."""
    place = 0
    waiting: list[str] = []
    for _level, on_heading, words, alone in _THERE.findall(html):
        if alone:
            waiting.append(alone)
            continue
        said = _words(words)
        ids = _ID.findall(on_heading) + _ID.findall(words)
        step = next((step for step in range(place, len(here)) if here[step][1] == said), None)
        if step is None:
            continue
        for id in [*waiting, *ids]:
            found.setdefault(unescape(id), here[step][0])
        place, waiting = step + 1, []


def _words(html: str) -> str:
    return clean_line(unescape(_TAG.sub("", html)))


def github_name(words: str) -> str:
    """The anchor that GitHub, and most site builders after it, give a heading."""
    return re.sub(r"[^\w\- ]", "", words.casefold().strip()).replace(" ", "-")


def bare(words: str) -> str:
    """Letters and digits alone: what is left the same by every wiki's way of writing an anchor."""
    return re.sub(r"[\W_]", "", words.casefold())


def find_anchor(headings: dict[str, str], wanted: str, title: str) -> str | None:
    """The anchor here; "" when the page's own title is meant, None when there is no such heading."""
    for name in (wanted, unquote(wanted), wanted.casefold(), bare(unquote(wanted))):
        if name in headings:
            return headings[name]
    if bare(wanted) in ("", "top", "start", bare(title)):
        return ""
    plain = bare(unquote(wanted))
    # Confluence puts the page's title in front.
    return headings.get(plain.removeprefix(bare(title))) if title else None
