"""What a typed title and text speak of: their words in every form, and how much it tells that a text has them. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from torvet.search.asking import part_of
from torvet.search.words import forms, meaningful, split

LONGEST_TITLE = 300  # characters that are read
LONGEST_TEXT = 2000
MOST_IN_TITLE = 16  # different words
MOST_IN_TEXT = 24
SHARE_OF_TEXT = 0.3  # what a word of the text counts beside one of the title
SHARE_OF_LONGER = 0.5  # what a compound counts beside the word itself
# Below so many texts a word is simply rare. A few texts more or less, of which a reader may know nothing, then change
# nothing in the order that they are shown.
RARE = 16
WORTH = 10  # steps in one doubling

_IN_TITLE = 4.0  # a word in a title counts as if it stood so often in the text
_ENOUGH = 1.2  # the oftener a word stands in a text, the less once more says
_LENGTH = 0.4  # how much longer texts must have it oftener
_USUAL_LENGTH = 150  # stems of a text


@dataclass(frozen=True)
class Notion:
    """One word that was typed: everything it may be kept as, and `longer` ones of which it is a part."""

    forms: tuple[str, ...]
    share: float = 1.0
    longer: tuple[str, ...] = ()
    worth: int = 0

    @property
    def part(self) -> str:
        """What is looked for inside compounds; empty for words too short for it."""
        return part_of(self.forms)

    def longer_among(self, words: Sequence[str]) -> tuple[str, ...]:
        """Those that begin or end with it. What stands in the middle of a word is mostly chance."""
        part = self.part
        found = (word for word in words if word.startswith(part) or word.endswith(part))
        return tuple(word for word in found if word not in self.forms)


def notions(title: str, text: str) -> list[Notion]:
    """The words of both that mean something, those of the title first, each once."""
    in_title = meaningful(dict.fromkeys(split(title[:LONGEST_TITLE])))[:MOST_IN_TITLE]
    found = {forms(word): Notion(forms(word)) for word in in_title}
    known = {form for those in found for form in those}
    for word in meaningful(dict.fromkeys(split(text[:LONGEST_TEXT])))[: MOST_IN_TEXT * 4]:
        those = forms(word)
        if len(found) < len(in_title) + MOST_IN_TEXT and known.isdisjoint(those):
            found.setdefault(those, Notion(those, SHARE_OF_TEXT))
    return list(found.values())


def worth_of(share: float, stands_in: int, number: int) -> int:
    """The rarer a word the more it tells; in whole doublings, see RARE."""
    doublings = round(math.log2(max(number, 1) / max(stands_in, RARE)))
    return max(1, round(WORTH * share * max(doublings, 0.5)))


def fit(said: Sequence[Notion], title: Sequence[str], words: Sequence[str]) -> float:
    """How well a text fits, of its stems: BM25 with a heavier title."""
    in_title, in_text = Counter(title), Counter(words)
    length = 1 - _LENGTH + _LENGTH * (len(title) + len(words)) / _USUAL_LENGTH
    total = 0.0
    for notion in said:
        often = _often(notion.forms, in_title, in_text)
        if notion.longer:
            often += SHARE_OF_LONGER * _often(notion.longer, in_title, in_text)
        if often:
            total += notion.worth * often / (often + _ENOUGH * length)
    return total


def shared(said: Sequence[Notion], title: Sequence[str], words: Sequence[str]) -> float:
    """The shares of the words that stand in a text, however rare they are."""
    there = {*title, *words}
    return sum(notion.share for notion in said if not there.isdisjoint((*notion.forms, *notion.longer)))


def _often(any_of: Sequence[str], in_title: Counter[str], in_text: Counter[str]) -> float:
    return sum(_IN_TITLE * in_title[word] + in_text[word] for word in any_of)
