"""How often words stand in texts: of every word in all of a small company, from a sample in a large one.

Counting a word that stands in every third text costs more than all the rest of finding what is similar. Frequent words
are therefore told from a sample that the process keeps for a while; rare ones are counted.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from torvet.search.index import index

SLICES, SIZE = 20, 400  # as many entries out of each of so many times
SEEN = 8  # times in the sample: from here on a word is frequent, and the sample says how much
KEPT_FOR = 900.0  # seconds
KEPT_FOR_FEW = 20.0  # a company that has just begun grows by the minute


@dataclass(frozen=True)
class Usage:
    """`number` entries are in the index, `sampled` of them were read; nothing was when all words can be counted."""

    number: int
    sampled: int = 0
    words: Mapping[str, int] = field(default_factory=dict)
    titles: Mapping[str, int] = field(default_factory=dict)

    def in_texts(self, forms: Sequence[str]) -> int:
        """About how many texts have one of these; 0 when they are rare enough to be counted."""
        return self._estimated(self.words, forms)

    def in_titles(self, forms: Sequence[str]) -> int:
        """About how many titles have one of these; 0 when they are rare there."""
        return self._estimated(self.titles, forms)

    @property
    def few(self) -> int:
        """No word has more texts than this without being seen often in the sample."""
        return SEEN * self.number // self.sampled if self.sampled else self.number

    def _estimated(self, seen: Mapping[str, int], forms: Sequence[str]) -> int:
        found = sum(seen.get(form, 0) for form in forms)
        return found * self.number // self.sampled if found >= SEEN else 0


_kept: tuple[float, Usage] | None = None


def usage() -> Usage:
    """Kept in this process; what is a quarter of an hour old is as good as new."""
    global _kept
    now = time.monotonic()
    if _kept is not None:
        age = now - _kept[0]
        if age < (KEPT_FOR if _kept[1].sampled else KEPT_FOR_FEW):
            return _kept[1]
    found = _read()
    _kept = (now, found)
    return found


def forget() -> None:
    """Read it anew the next time somebody asks."""
    global _kept
    _kept = None


def _read() -> Usage:
    number = index().number_of_entries()
    if number <= SLICES * SIZE:
        return Usage(number)
    sample = index().sample(SLICES, SIZE)
    words: Counter[str] = Counter()
    titles: Counter[str] = Counter()
    for title, text in sample:
        words.update(title | text)
        titles.update(title)
    return Usage(number, max(len(sample), 1), _often(words), _often(titles))


def _often(counts: Counter[str]) -> dict[str, int]:
    """Without the many words that were seen once or twice: several forms of one word count together."""
    return {word: count for word, count in counts.items() if count > 2}
