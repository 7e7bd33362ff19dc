"""What is said of a sentence: its mood, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Mood(StrEnum):
    GLAD = "glad"
    NEITHER = "neither"
    CRITICAL = "critical"


@dataclass(frozen=True)
class Judged:
    """A mood with its reason: the words that decided, or the examples that come nearest."""

    mood: Mood
    why: tuple[str, ...]


class Provider(Protocol):
    """Judges sentences. Knows nothing of who said them."""

    key: str

    def judge(self, text: str, language: str) -> Judged: ...
