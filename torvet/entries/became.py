"""What became of things that people said, where a feature keeps that itself: ideas that were carried out.

The core does not know the features; they register here in their AppConfig.ready(). The page that lists outcomes asks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from torvet.entries import queries
from torvet.entries.models import Entry
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space


@dataclass(frozen=True)
class Became:
    """Something that was said, what was done about it in a word and in a sentence, by whom and when."""

    said: Entry
    word: str
    words: str
    by: Member
    at: datetime


Source = Callable[[Viewer, Space | None, int], list[Became]]
_sources: list[Source] = []


def tell_also(source: Source) -> None:
    """Ask this too: (viewer, space or all, how many); registering the same twice changes nothing."""
    if source not in _sources:
        _sources.append(source)


def lately(viewer: Viewer, space: Space | None = None, limit: int = 12) -> list[Became]:
    """The newest first, of what the viewer may read."""
    found = [became for source in _sources for became in source(viewer, space, limit)]
    found.sort(key=lambda became: became.at, reverse=True)
    rows = queries.visible(viewer).filter(pk__in=[became.said.pk for became in found[:limit]])
    seen = set(rows.values_list("pk", flat=True)) if found else set()
    return [became for became in found[:limit] if became.said.pk in seen]
