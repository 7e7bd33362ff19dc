"""Passages of a page: found again by their words and what stands around them, and marked where they stand.

A passage is a text quote selector as in the W3C's annotations. Pure: cleaned HTML in, HTML out.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape, unescape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from torvet.base.text.blocks import TOKEN

LONGEST_QUOTE = 500  # characters
CONTEXT = 80  # characters kept before and after
SURE = 12  # characters from which a quote that stands once needs no context to be known again
ENOUGH = 8  # characters of context that must agree where there is doubt
MOST_PLACES = 300
_INLINE = {"a", "strong", "em", "s", "code", "br"}
_HEADING = re.compile(r"h[1-4]")
_ENTITY = re.compile(r"(&#?\w+;)")
_HEADINGS = re.compile(r'<h([1-4]) id="([^"]+)">(.*?)</h\1>', re.S)
_SIGN = re.compile(r'<a class="remark-sign.*?</a>')
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Passage:
    """Words of a page, on one line: what is quoted, what stands before and after, and the heading above."""

    quote: str
    before: str = ""
    after: str = ""
    heading: str = ""


@dataclass(frozen=True)
class Marked:
    """A passage to be marked: `number` is the comment's id, `label` says in words what stands there."""

    number: int
    passage: Passage
    label: str


@dataclass
class Flat:
    """The words of a text in one row, with where each piece stands in its HTML.

    `pieces` are (place in text, place in HTML, length in text, length in HTML), rising.
    """

    html: str
    text: str = ""
    pieces: list[tuple[int, int, int, int]] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)

    def heading_at(self, place: int) -> str:
        """The words of the heading that a place stands under, or in; "" before the first."""
        number = bisect_right(self.headings, place, key=lambda pair: pair[0])
        return self.headings[number - 1][1] if number else ""


def flatten(html: str) -> Flat:
    """Blocks are parted by line breaks, so that their words do not run together."""
    flat = Flat(html)
    parts: list[str] = []
    length = 0
    heading: tuple[int, int] | None = (
        None  # where the words of the open one begin, in the text and among the parts
    )
    for found in TOKEN.finditer(html):
        closing, tag, _attributes, words = found.groups()
        if words:
            at = found.start()
            for part in _ENTITY.split(words) if "&" in words else [words]:
                if part:
                    plain = unescape(part) if part[0] == "&" else part
                    flat.pieces.append((length, at, len(plain), len(part)))
                    parts.append(plain)
                    length += len(plain)
                    at += len(part)
        elif tag == "br" or tag not in _INLINE:
            if _HEADING.fullmatch(tag):
                if closing and heading:
                    flat.headings.append((heading[0], " ".join("".join(parts[heading[1] :]).split())))
                heading = None if closing else (length + 1, len(parts) + 1)
            parts.append("\n")
            length += 1
    flat.text = "".join(parts)
    return flat


def find(flat: Flat, passage: Passage, *, is_sure: bool = False) -> tuple[int, int] | None:
    """Where a passage stands now, or None when it does not, or when nobody could say which of several it is.

    `is_sure`: somebody has just pointed at it, so the likeliest place is the one.
    """
    words = passage.quote.split()
    if not words:
        return None
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    places = []
    for match in pattern.finditer(flat.text):
        places.append((_agreement(flat, passage, *match.span()), -match.start(), match.end()))
        if len(places) == MOST_PLACES:
            break
    if not places:
        return None
    agreement, start, end = max(places)
    has_context = bool(passage.before or passage.after)
    is_doubtful = len(places) > 1 or len(passage.quote) < SURE
    if is_doubtful and has_context and not is_sure and agreement < ENOUGH:
        return None
    return -start, end


def _agreement(flat: Flat, passage: Passage, start: int, end: int) -> int:
    """How many characters around a place are as they were; the same heading counts as a little."""
    before = " ".join(flat.text[max(0, start - 2 * CONTEXT) : start].split())
    after = " ".join(flat.text[end : end + 2 * CONTEXT].split())
    agreement = _alike(before[::-1], passage.before[::-1]) + _alike(after, passage.after)
    return agreement + (4 if passage.heading and flat.heading_at(start) == passage.heading else 0)


def _alike(one: str, other: str) -> int:
    number = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        number += 1
    return number


def with_marks(html: str, wanted: Sequence[Marked]) -> tuple[SafeString, set[int]]:
    """Cleaned HTML (with anchors) in which the passages are marked, and the numbers of those that were found."""
    flat = flatten(html)
    places = [(place, one) for one in wanted if (place := find(flat, one.passage))]
    if not places:
        return mark_safe(html), set()  # noqa: S308  # cleaned by base.text
    marker = _Marker(flat, sorted(places, key=lambda pair: (pair[0], pair[1].number)))
    return mark_safe(marker.written()), {one.number for _place, one in places}  # noqa: S308  # numbers and escaped labels


@dataclass
class _Marker:
    flat: Flat
    places: list[tuple[tuple[int, int], Marked]]  # rising
    near: list[tuple[tuple[int, int], Marked]] = field(default_factory=list)  # begun and not ended, or next
    waiting: list[Marked] = field(default_factory=list)  # ended in a link, which cannot hold another
    begun: set[int] = field(default_factory=set)
    taken: int = 0
    is_in_link: bool = False

    def __post_init__(self) -> None:
        self.numbers = {one.number: place for place, (_span, one) in enumerate(self.places, 1)}

    def written(self) -> str:
        html, out, at = self.flat.html, list[str](), 0
        for begin, place, length, source in self.flat.pieces:
            out += [
                self.tags(html[at:place]),
                self.piece(begin, begin + length, html[place : place + source]),
            ]
            at = place + source
        return "".join([*out, self.tags(html[at:])])

    def tags(self, html: str) -> str:
        """What stands between two texts; signs that waited for the end of a link follow it."""
        if "<a " in html or "</a>" in html:
            self.is_in_link = html.rfind("<a ") > html.rfind("</a>")
            if self.waiting and "</a>" in html:
                before, end, after = html.partition("</a>")
                waited, self.waiting = self.waiting, []
                return f"{before}{end}{self.signs(waited)}{after}"
        return html

    def piece(self, begin: int, end: int, words: str) -> str:
        """A piece of text with the parts of it that are in passages marked."""
        while self.taken < len(self.places) and self.places[self.taken][0][0] < end:
            self.near.append(self.places[self.taken])
            self.taken += 1
        self.near = [(span, one) for span, one in self.near if span[1] > begin]
        if not self.near:
            return words
        cuts = {begin, end}
        if len(words) == end - begin:  # an entity stays whole
            cuts |= {cut for span, _one in self.near for cut in span if begin < cut < end}
        ordered = sorted(cuts)
        out = []
        for start, stop in itertools.pairwise(ordered):
            here = [one for span, one in self.near if span[0] < stop and span[1] > start]
            out.append(self.mark(words[start - begin : stop - begin] if len(cuts) > 2 else words, here))
            ended = [one for span, one in self.near if start < span[1] <= stop]
            if self.is_in_link:
                self.waiting += ended
            else:
                out.append(self.signs(ended))
        return "".join(out)

    def mark(self, words: str, here: list[Marked]) -> str:
        if not here or not words.strip():
            return words
        first = next((one for one in here if one.number not in self.begun), None)
        self.begun |= {one.number for one in here}
        anchor = f' id="r{first.number}"' if first else ""
        return f'<mark class="remark"{anchor}>{words}</mark>'

    def signs(self, ended: Sequence[Marked]) -> str:
        return "".join(
            f'<a class="remark-sign not-words" href="/e/{one.number}/">{self.numbers[one.number]}'
            f'<span class="vh"> {escape(one.label)}</span></a>'
            for one in ended
        )


def with_section_links(html: str, page_url: str) -> SafeString:
    """HTML with anchors, each heading followed by a way to comment on its part: works without pointing at words."""

    def linked(found: re.Match[str]) -> str:
        words = " ".join(unescape(_TAG.sub("", _SIGN.sub("", found[3]))).split())
        link = f"{page_url}remarks/new/?section={escape(found[2])}"
        return (
            f'{found[0]}<p class="section-acts not-words"><a href="{link}">'
            f'{escape(gettext("Comment on this part"))}<span class="vh"> {escape(words)}</span></a></p>'
        )

    return mark_safe(_HEADINGS.sub(linked, html))  # noqa: S308  # as it was, with escaped words of ours
