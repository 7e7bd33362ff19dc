"""What an import found and what became of it, counted so that the figures must agree."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MOST_LISTED = 1_000
"""Skipped things listed one by one; all of them are counted."""


class Outcome(StrEnum):
    IMPORTED = "imported"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"


class BadInput(Exception):
    """The file cannot be imported. `reason` is a plain sentence that names the file, and the entry in it if any."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CountsDisagree(Exception):
    """Something was found and then lost, or counted twice: a fault of ours. Nothing may be written."""


@dataclass
class Report:
    """Counts by line ("members", "entries", …).

    What is found is counted where it is read and what becomes of it where that is decided, so that `check` notices
    what fell between the two.
    """

    kind: str
    file: str
    is_dry_run: bool = False
    seconds: float = 0.0
    found: dict[str, int] = field(default_factory=dict)
    outcomes: dict[str, dict[Outcome, int]] = field(default_factory=dict)
    skipped: list[dict[str, str]] = field(default_factory=list)
    reasons: Counter[tuple[str, str]] = field(
        default_factory=Counter
    )  # (line, why) -> how many, of all skipped

    def line(self, *names: str) -> None:
        """Show these lines also when nothing of the sort is found."""
        for name in names:
            self.found.setdefault(name, 0)
            self.outcomes.setdefault(name, dict.fromkeys(Outcome, 0))

    def find(self, line: str, number: int = 1) -> None:
        self.line(line)
        self.found[line] += number

    def settle(self, line: str, outcome: Outcome, number: int = 1) -> None:
        self.line(line)
        self.outcomes[line][outcome] += number

    def skip(self, line: str, where: str, why: str, number: int = 1) -> None:
        """Leave something out, with the reason. `where` is a line or an entry of the file, never somebody's words."""
        if not number:
            return
        self.settle(line, Outcome.SKIPPED, number)
        self.reasons[line, why] += number
        if len(self.skipped) < MOST_LISTED:
            self.skipped.append({"what": line, "where": where, "why": why})

    def check(self) -> None:
        """Raises CountsDisagree when found is not imported + updated + unchanged + skipped on every line."""
        for line, found in self.found.items():
            settled = sum(self.outcomes[line].values())
            if found != settled:
                raise CountsDisagree(f"{line}: {found} found, {settled} accounted for")

    def counts(self) -> dict[str, dict[str, int]]:
        return {
            line: {"found": found} | {outcome.value: self.outcomes[line][outcome] for outcome in Outcome}
            for line, found in self.found.items()
        }

    def as_json(self) -> dict[str, Any]:
        """The agreed shape. Raises CountsDisagree rather than give figures that do not add up."""
        self.check()
        return {
            "kind": self.kind,
            "file": self.file,
            "dry_run": self.is_dry_run,
            "seconds": round(self.seconds, 2),
            "counts": self.counts(),
            "skipped": self.skipped,
        }
