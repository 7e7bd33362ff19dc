"""Mood by words: those of a list, turned round by a "not" before them. Always there, and easy to see through."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import snowballstemmer

from torvet.blogs.mood.said import Judged, Mood

FOLDER = Path(__file__).parent / "words"
STEMMERS = {"da": "danish", "nb": "norwegian", "sv": "swedish", "nl": "dutch", "en": "english"}
ALSO = {"no": "nb", "nn": "nb"}
FALLBACK = "en"
REACH = 3  # words after a "not" that it turns round
_PIECE = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|[.,;:!?]|[^\w\s]")
_STOPS = frozenset(".,;:!?")
_SIGNS = {
    **dict.fromkeys("😀😃😄😁😊🙂😍🥰❤🎉👏💪👍🙌🤩💚💙🥳🌟", 1),
    **dict.fromkeys("😡😠😞😢😭😤👎😩😫🤬😒🙄😟😔💔😱", -1),
}


class Words(NamedTuple):
    """The list of one language, by stem; a stem that would be both is neither."""

    weight: dict[str, int]
    turning: frozenset[str]


class WordList:
    """Counts glad and critical words; the sign of the sum is the mood."""

    key = "words"

    def judge(self, text: str, language: str) -> Judged:
        language = ALSO.get(language, language)
        language = language if language in STEMMERS else FALLBACK
        words = words_of(language)
        stem = snowballstemmer.stemmer(STEMMERS[language]).stemWord
        total, turned_for = 0, 0
        why: list[str] = []
        before = ""
        for piece in _PIECE.findall(text.replace("’", "'")):
            low = piece.casefold()
            if piece in _STOPS:
                turned_for = 0
                continue
            weight = _SIGNS.get(piece, 0) or words.weight.get(stem(low), 0)
            if low in words.turning:
                # "Nobody" and "nothing" weigh by themselves only where they turn nothing round.
                turned_for, before = REACH + 1, piece
            elif weight:
                turned = turned_for > 0
                total += -weight if turned else weight
                why.append(f"{before} … {piece}" if turned else piece)
                turned_for = 1 if turned else turned_for
            turned_for = max(turned_for - 1, 0)
        mood = Mood.GLAD if total > 0 else Mood.CRITICAL if total < 0 else Mood.NEITHER
        return Judged(mood, tuple(dict.fromkeys(why)))


@lru_cache(maxsize=8)
def words_of(language: str) -> Words:
    """The list of a language, read once."""
    stem = snowballstemmer.stemmer(STEMMERS[language]).stemWord
    weights: dict[str, set[int]] = {}
    turning: set[str] = set()
    for line in (FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        sign, _space, rest = line.partition(" ")
        if sign == "!":
            turning.update(rest.split())
        elif sign in ("+", "-"):
            for word in rest.split():
                weights.setdefault(stem(word), set()).add(1 if sign == "+" else -1)
    return Words(
        {word: next(iter(found)) for word, found in weights.items() if len(found) == 1}, frozenset(turning)
    )
