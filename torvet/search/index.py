"""The one interface to the index, and the right one for this database.

A backend keeps words and ids, never text that is shown. What a viewer may see is part of its query, before any limit
or count: `Scope.rule`, the condition that each hit must meet (see reading.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple, Protocol

from django.db import connection
from django.utils.module_loading import import_string

from torvet.search.asking import Clause
from torvet.search.reading import Rule

NEWEST, BEST = "newest", "best"
BACKENDS = {"sqlite": "torvet.search.fts5.Fts5Index", "postgresql": "torvet.search.tsvector.TsvectorIndex"}


@dataclass(frozen=True)
class Source:
    """What the index is given of one thing: `title` and `words` are stems already (see words.py)."""

    kind: str
    pk: int
    title: str
    words: str
    at: datetime | None = None
    space_id: int | None = None
    author_id: int | None = None
    thread_id: int | None = None
    opened_as: str = ""  # the kind of the entry that opened its thread
    version: int = 0
    parts: frozenset[str] = frozenset()  # long words, in which others may stand

    @property
    def marks(self) -> list[str]:
        """Where it stands, who wrote it, what its thread is, and the title once more, as words of the index."""
        if self.space_id is None:
            return []
        titled = [f"t{word}" for word in dict.fromkeys(self.title.split())]
        return [f"s{self.space_id}", f"a{self.author_id}", f"k{self.opened_as}", *titled]


@dataclass(frozen=True)
class Scope:
    """Where to look: these kinds, as far as `rule` lets the viewer see them, narrowed by filters.

    `kinds` are entries or names, not both: their words stand apart. `only_titles`: not by what is said about a thing.
    """

    kinds: frozenset[str]
    rule: Rule
    only_titles: bool = False
    space_ids: tuple[int, ...] = ()
    author_ids: tuple[int, ...] = ()
    topics: tuple[str, ...] = ()
    opened_as: tuple[str, ...] = ()

    @property
    def marks(self) -> list[list[str]]:
        """The filters as marks: one of each list must be there."""
        marks = [
            [f"s{pk}" for pk in self.space_ids],
            [f"a{pk}" for pk in self.author_ids],
            [f"k{key}" for key in self.opened_as],
        ]
        return [any_of for any_of in marks if any_of]


class Place(NamedTuple):
    """A hit: where it stands, and what it is."""

    place: int
    kind: str
    pk: int


@dataclass(frozen=True)
class Clue:
    """Words of which any will do, and what it is worth that a text has one of them. `in_title`: its title has."""

    words: tuple[str, ...]
    worth: int
    in_title: bool = False


class Candidate(NamedTuple):
    """A text that has some of the words: how many stems it has in all, and how often those that are asked for.

    `times` is for each that it has how often in the title and how often in the text.
    """

    thread_id: int
    length: int
    times: dict[str, tuple[int, int]]


class Index(Protocol):
    """What search asks of a backend."""

    def put(self, sources: Sequence[Source]) -> None:
        """Keep these things as they are now. Doing it twice changes nothing."""

    def drop(self, kinds: Collection[str], ids: Collection[int]) -> None:
        """Forget these things; ones that are not there are no error."""

    def find(
        self, clauses: Sequence[Clause], scope: Scope, *, order: str, limit: int, before: int | None = None
    ) -> list[Place]:
        """At most `limit` hits. `newest`: the newest, before a place. `best`: the best of the newest `limit`."""

    def find_by_clues(
        self, clues: Sequence[Clue], scope: Scope, *, words: frozenset[str], without_thread: int, limit: int
    ) -> list[Candidate]:
        """At most `limit` entries, those first whose clues are worth most together, with their times of `words`."""

    def number_with(self, any_of: Sequence[Sequence[str]], most: int) -> list[int]:
        """In how many texts of entries one of these words stands, for each set of words; counted about to `most`."""

    def number_of_entries(self) -> int:
        """How many entries the index has."""

    def sample(self, slices: int, size: int) -> list[tuple[set[str], set[str]]]:
        """Stems of titles and texts of entries out of all times: `slices` times `size` of them, or all there are."""

    def longer_words(self, parts: Iterable[str], limit: int) -> dict[str, list[str]]:
        """For each part, words of the index that contain it."""

    def tidy(self) -> None:
        """After many changes: put the index into its quickest form, in small steps."""

    def clear(self) -> None:
        """Forget everything."""


@cache
def _backend(vendor: str) -> Index:
    backend: Index = import_string(BACKENDS[vendor])()
    return backend


def index() -> Index:
    """The index of this database."""
    return _backend(connection.vendor)
