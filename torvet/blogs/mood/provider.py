"""Which provider judges here: the one of the extra `semantic` when it is installed, else the word list."""

from __future__ import annotations

from functools import lru_cache

from torvet.blogs.mood import nearest
from torvet.blogs.mood.nearest import NearestExamples
from torvet.blogs.mood.said import Provider
from torvet.blogs.mood.word_list import WordList


@lru_cache(maxsize=1)
def provider() -> Provider:
    """Made once in each process; the model of `semantic` is loaded when it is first asked."""
    return NearestExamples() if nearest.is_installed() else WordList()
