"""What a typed title and text speak of: their words in every form, and how much it tells that a text has them. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
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


class Weighing:
    """How well texts fit what was typed. Made once and asked of each text."""

    def __init__(self, said: Sequence[Notion]) -> None:
        self._said = said
        self._whole = sum(notion.worth for notion in said)
        # A word may be a form of one that was typed and a compound of another.
        self._counts_for: dict[str, list[tuple[int, float]]] = {}
        for place, notion in enumerate(said):
            for words, share in ((notion.forms, 1.0), (notion.longer, SHARE_OF_LONGER)):
                for word in words:
                    self._counts_for.setdefault(word, []).append((place, share))

    @property
    def words(self) -> frozenset[str]:
        """All that count for something."""
        return frozenset(self._counts_for)

    def of(self, length: int, times: Mapping[str, tuple[int, int]]) -> tuple[float, float]:
        """Of a text of so many words, with the times that each of `words` stands in its title and in its text.

        How well it fits, between 0 and 1: BM25 with a heavier title; and the shares of the words that it has, however
        rare they are.
        """
        often = [0.0] * len(self._said)
        for word, (in_title, in_text) in times.items():
            for place, share in self._counts_for[word]:
                often[place] += share * (_IN_TITLE * in_title + in_text)
        there = [(notion, found) for notion, found in zip(self._said, often, strict=True) if found]
        enough = _ENOUGH * (1 - _LENGTH + _LENGTH * length / _USUAL_LENGTH)
        weight = sum(notion.worth * found / (found + enough) for notion, found in there)
        return weight / self._whole, sum(notion.share for notion, _found in there)
