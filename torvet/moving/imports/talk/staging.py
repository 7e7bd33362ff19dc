"""What was said, between the export and our tables, in a database file of its own that is thrown away.

All of it is read and checked before anything of ours is touched, in whatever order it lies there, and memory does not
grow with it: answers come before what they answer, or without it.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from django.conf import settings

from torvet.moving.imports.talk.rows import (
    COLUMNS,
    Staged,
    Where,
    digest_of_said,
    facts_of,
    micros_of,
    staged_of,
)
from torvet.moving.imports.talk.shapes import Said
from torvet.moving.imports.talk.tree import Tree
from torvet.moving.report import Outcome

BATCH = 500
_SCHEMA = """
CREATE TABLE said (
    key TEXT PRIMARY KEY, number INTEGER NOT NULL, micros INTEGER NOT NULL, author TEXT NOT NULL, subject TEXT NOT NULL,
    answers INTEGER NOT NULL, opens INTEGER NOT NULL, gone INTEGER NOT NULL, marked INTEGER NOT NULL,
    digest TEXT NOT NULL, facts TEXT NOT NULL,
    parent TEXT NOT NULL DEFAULT '', root TEXT NOT NULL DEFAULT '', depth INTEGER NOT NULL DEFAULT -1,
    above INTEGER NOT NULL DEFAULT 0, top INTEGER NOT NULL DEFAULT 0,
    outcome TEXT NOT NULL DEFAULT '', local INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE answer (key TEXT NOT NULL, rank INTEGER NOT NULL, parent TEXT NOT NULL, PRIMARY KEY (key, rank))
    WITHOUT ROWID;
"""


class Staging:
    def __init__(self) -> None:
        # In the data folder, which nobody else reads; a folder for passing files may lie in memory.
        self._folder = tempfile.TemporaryDirectory(prefix="import-", dir=settings.DATA)
        self._db = sqlite3.connect(Path(self._folder.name) / "staging.db", isolation_level=None)
        self._db.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-16000; PRAGMA temp_store=FILE;"
            + _SCHEMA
        )
        self._number = 0
        self.tree = Tree(self._db)

    def __enter__(self) -> Self:
        self._db.execute("BEGIN")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._db.close()
        self._folder.cleanup()

    # Filling

    def add(self, said: Said) -> bool:
        """Keep a message. False when one of this key is there already; the first counts."""
        self._number += 1
        row = (said.key, self._number, micros_of(said.at), said.author, said.subject,
               bool(said.answers) or said.is_reply,
               bool(said.opens_as), said.is_gone, bool(said.is_pinned or said.accepted), digest_of_said(said),
               facts_of(said))  # fmt: skip
        added = self._db.execute(
            "INSERT OR IGNORE INTO said (key, number, micros, author, subject, answers, opens, gone, marked, digest,"
            " facts) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            row,
        ).rowcount
        if added:
            self._db.executemany(
                "INSERT OR IGNORE INTO answer (key, rank, parent) VALUES (?,?,?)",
                [(said.key, rank, key) for rank, key in enumerate(said.answers) if key != said.key],
            )
        return bool(added)

    def index(self) -> None:
        """Once everything has its place."""
        self._db.execute("CREATE INDEX said_root ON said (root)")

    # Reading

    def in_order(
        self, outcomes: Sequence[str] = ("",), *, only_openers: bool = False, only_marked: bool = False
    ) -> Iterator[list[Staged]]:
        """Everything with one of these outcomes, openers first, by time, in batches.

        `only_marked`: what is pinned, and questions with an accepted answer.
        """
        marks = ",".join("?" * len(outcomes))
        narrow = (" AND depth = 0" if only_openers else "") + (" AND marked" if only_marked else "")
        last: tuple[int, int, int] = (-2, -(1 << 62), 0)
        while True:
            rows = self._db.execute(
                f"SELECT {COLUMNS} FROM said WHERE outcome IN ({marks}) AND (depth, micros, number) > (?,?,?){narrow}"  # noqa: S608
                " ORDER BY depth, micros, number LIMIT ?",
                (*outcomes, *last, BATCH),
            ).fetchall()
            if not rows:
                return
            last = (rows[-1][5], rows[-1][10], rows[-1][0])
            yield [staged_of(row) for row in rows]

    def settle(self, some: Iterable[tuple[Staged, Outcome, int]]) -> None:
        """Remember outcomes, and ids of entries that are here already."""
        self._db.executemany(
            "UPDATE said SET outcome = ?, local = ? WHERE key = ?",
            [(outcome, local, staged.said.key) for staged, outcome, local in some],
        )

    def number_new(self, ids: Sequence[int]) -> None:
        """Give new messages these ids, in order of time: lists break ties by id."""
        keys = self._db.execute(
            "SELECT key FROM said WHERE outcome = ? ORDER BY micros, depth, number", (Outcome.IMPORTED,)
        ).fetchall()
        self._db.executemany(
            "UPDATE said SET local = ? WHERE key = ?",
            [(id, key) for id, (key,) in zip(ids, keys, strict=True)],
        )

    def count(self, outcome: Outcome) -> int:
        return int(self._db.execute("SELECT count(*) FROM said WHERE outcome = ?", (outcome,)).fetchone()[0])

    def places(self, keys: Iterable[str]) -> dict[str, Where]:
        found: dict[str, Where] = {}
        wanted = [key for key in dict.fromkeys(keys) if key]
        for start in range(0, len(wanted), BATCH):
            some = wanted[start : start + BATCH]
            rows = self._db.execute(
                f"SELECT key, outcome, local, root, top FROM said WHERE key IN ({','.join('?' * len(some))})",  # noqa: S608
                some,
            )
            found.update({key: Where(*row) for key, *row in rows})
        return found

    def new_answers(self, keys: Sequence[str]) -> dict[str, tuple[int, int]]:
        """Opener -> how many new answers it gets, and the time of the last."""
        marks = ",".join("?" * len(keys))
        rows = self._db.execute(
            f"SELECT root, count(*), max(micros) FROM said WHERE root IN ({marks}) AND depth > 0 AND outcome = ?"  # noqa: S608
            " GROUP BY root",
            (*keys, Outcome.IMPORTED),
        )
        return {root: (number, last) for root, number, last in rows}

    def authors(self) -> set[str]:
        """Everybody who said something that may be brought over."""
        return {row[0] for row in self._db.execute("SELECT DISTINCT author FROM said WHERE NOT gone")}
