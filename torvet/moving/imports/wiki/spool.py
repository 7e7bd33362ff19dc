"""What a large export holds, in a database file of its own that is thrown away: memory does not grow with the export.

References in exports go forwards and backwards, so everything is read once and asked for afterwards.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

_SCHEMA = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-16000; PRAGMA temp_store=FILE;
CREATE TABLE thing (
    place INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, of TEXT NOT NULL, facts TEXT NOT NULL,
    UNIQUE (kind, key)
);
CREATE INDEX thing_of ON thing (kind, of, place);
CREATE TABLE words (key TEXT PRIMARY KEY, said TEXT NOT NULL);
"""
Facts = dict[str, Any]


class Spool:
    """Things by kind and key, each belonging to another (`of`, "" for none), and long texts by key."""

    def __init__(self) -> None:
        # In the data folder, which nobody else reads; a folder for passing files may lie in memory.
        self._folder = tempfile.TemporaryDirectory(prefix="import-", dir=settings.DATA)
        self._db = sqlite3.connect(Path(self._folder.name) / "wiki.db", isolation_level=None)
        self._db.executescript(_SCHEMA)
        self._db.execute("BEGIN")

    def close(self) -> None:
        self._db.close()
        self._folder.cleanup()

    def add(self, kind: str, key: str, facts: Facts, of: str = "") -> bool:
        """Keep a thing. False when one of that key is there already; the first counts."""
        row = (kind, key, of, json.dumps(facts, ensure_ascii=True, separators=(",", ":")))
        return (
            self._db.execute(
                "INSERT OR IGNORE INTO thing (kind, key, of, facts) VALUES (?,?,?,?)", row
            ).rowcount
            > 0
        )

    def say(self, key: str, said: str) -> None:
        """Keep a long text."""
        # What UTF-8 cannot carry, SQLite refuses.
        said = said.encode("utf-8", "replace").decode("utf-8")
        self._db.execute("INSERT OR REPLACE INTO words VALUES (?,?)", (key, said))

    def said(self, key: str) -> str:
        """A long text, "" when there is none."""
        row = self._db.execute("SELECT said FROM words WHERE key = ?", (key,)).fetchone()
        return row[0] if row else ""

    def length(self, key: str) -> int:
        row = self._db.execute("SELECT length(said) FROM words WHERE key = ?", (key,)).fetchone()
        return row[0] if row else 0

    def one(self, kind: str, key: str) -> Facts | None:
        row = self._db.execute("SELECT facts FROM thing WHERE kind = ? AND key = ?", (kind, key)).fetchone()
        return json.loads(row[0]) if row else None

    def all(self, kind: str, of: str | None = None) -> Iterator[tuple[str, Facts]]:
        """Key and facts in the order they were added: of one kind, or those of it that belong to one thing."""
        last = 0
        narrow, values = ("", ()) if of is None else (" AND of = ?", (of,))
        while True:
            rows = self._db.execute(
                f"SELECT place, key, facts FROM thing WHERE kind = ?{narrow} AND place > ? ORDER BY place LIMIT 500",  # noqa: S608
                (kind, *values, last),
            ).fetchall()
            if not rows:
                return
            for place, key, facts in rows:
                last = place
                yield key, json.loads(facts)

    def owners(self, kind: str) -> Iterator[tuple[str, str]]:
        """Key of every thing of a kind, and of what it belongs to."""
        yield from self._db.execute(
            "SELECT key, of FROM thing WHERE kind = ? ORDER BY place", (kind,)
        ).fetchall()
