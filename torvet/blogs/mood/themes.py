"""What comments speak of: topics that people use in the town, found again by their word in any of its forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import snowballstemmer

from torvet.blogs.mood.word_list import ALSO, FALLBACK, STEMMERS

_WORD = re.compile(r"[^\W_]+")
SHORTEST = 3  # letters


def themes_in(text: str, language: str, labels: Mapping[str, str]) -> set[str]:
    """The labels of those topics (name, label) whose word stands in a text."""
    language = ALSO.get(language, language)
    stem = snowballstemmer.stemmer(STEMMERS.get(language, STEMMERS[FALLBACK])).stemWord
    words = {word for word in _WORD.findall(text.casefold()) if len(word) >= SHORTEST}
    said = words | {stem(word) for word in words}
    return {label for name, label in labels.items() if name in said or stem(name) in said}


def named(topics: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Topics as `themes_in` wants them; without those too short to be told from other words."""
    return {name: label for name, label in topics if len(name) >= SHORTEST and not name.isdigit()}
