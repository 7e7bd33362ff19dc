"""What a long import tells on the way, on standard error."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

EVERY = 200  # steps between two updates of a bar


class Progress:
    """Called with a stage, how far it is, and of how many (None while nobody knows). Draws only on a terminal."""

    def __init__(self, *, is_shown: bool) -> None:
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            disable=not is_shown,
            transient=True,
        )
        self._tasks: dict[str, int] = {}

    @classmethod
    def silent(cls) -> Self:
        return cls(is_shown=False)

    @classmethod
    def on_terminal(cls) -> Self:
        return cls(is_shown=sys.stderr.isatty())

    def __call__(self, stage: str, done: int, total: int | None = None) -> None:
        if self._bar.disable or (done % EVERY and done != total):
            return
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(stage, total=total)
        self._bar.update(self._tasks[stage], completed=done, total=total)  # type: ignore[arg-type]

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._bar.stop()
