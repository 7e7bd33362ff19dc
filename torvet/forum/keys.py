"""The key of a question that nobody has asked: six short words that mean nothing, shown once to whoever asks.

Only a digest is kept. With the words the asker can later accept an answer or add to the question; with the digest
nobody can do anything, and nothing in either tells who they are.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from hmac import compare_digest

WORDS = 6  # of 65 x 65 possible ones: 72 bits
_SYLLABLES = [first + second for first in "bdfgklmnprstv" for second in "aeiou"]
_NOT_BEGUN = ("neg", "nig")
# Read as a word by somebody, and not a nice one.
_LEFT_OUT = frozenset(
    {"kaka", "kuku", "pipi", "pupu", "popo", "fuka", "fuku", "tisu", "tita", "titi", "tite"}
)
_SHAPE = re.compile(r"[a-z]{4}(?: [a-z]{4}){5}")


def new_key() -> str:
    """Six words, from the system's own chance."""
    words: list[str] = []
    while len(words) < WORDS:
        word = secrets.choice(_SYLLABLES) + secrets.choice(_SYLLABLES)
        if word not in _LEFT_OUT and not word.startswith(_NOT_BEGUN):
            words.append(word)
    return " ".join(words)


def as_kept(typed: str) -> str:
    """The words as they were shown, however they were typed: capitals, dashes, commas and breaks do not matter."""
    return " ".join(re.findall(r"[a-z]+", typed[:200].casefold()))


def is_key(typed: str) -> bool:
    """Whether this can be a key at all: one that people choose themselves could be guessed."""
    return _SHAPE.fullmatch(as_kept(typed)) is not None


def digest_of(key: str) -> str:
    return hashlib.sha256(as_kept(key).encode()).hexdigest()


def fits(key: str, digest: str) -> bool:
    """Whether this is the key; takes as long for a wrong one as for the right one."""
    return compare_digest(digest_of(key), digest) and bool(digest)
