"""The one interface to the index, and the right one for this database.

A backend keeps words and ids, never text that is shown. What a viewer may see is part of its query, before any limit
or count: `Scope.visible` is a queryset of things that they may see.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from django.db import connection
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from torvet.search.asking import Clause

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
    version: int = 0
    parts: frozenset[str] = frozenset()  # long words, in which others may stand


@dataclass(frozen=True)
class Scope:
    """Where to look: these kinds, among the things of `visible`, narrowed by filters."""

    kinds: frozenset[str]
    visible: QuerySet[Any]
    space_ids: tuple[int, ...] = ()
    author_ids: tuple[int, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """A hit: where it stands, and what it is."""

    place: int
    kind: str
    pk: int


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

    def longer_words(self, parts: Iterable[str], limit: int) -> dict[str, list[str]]:
        """For each part, words of the index that contain it."""

    def clear(self) -> None:
        """Forget everything."""


@cache
def _backend(vendor: str) -> Index:
    backend: Index = import_string(BACKENDS[vendor])()
    return backend


def index() -> Index:
    """The index of this database."""
    return _backend(connection.vendor)
