"""What answers what, worked out in the file where everything is staged."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping

BATCH = 500


class Tree:
    """The threads of one export, over the tables of Staging."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def find_parents(self) -> None:
        self._db.execute(
            "UPDATE said SET parent = coalesce((SELECT a.parent FROM answer a JOIN said p ON p.key = a.parent"
            " WHERE a.key = said.key ORDER BY a.rank LIMIT 1), '') WHERE answers"
        )

    def lacking(self) -> Iterator[dict[str, list[str]]]:
        """Messages that answer something which the export does not hold: key -> what it may be, in batches."""
        last = ""
        while True:
            keys = [row[0] for row in self._db.execute(
                "SELECT key FROM said WHERE answers AND parent = '' AND key > ? ORDER BY key LIMIT ?", (last, BATCH)
            )]  # fmt: skip
            if not keys:
                return
            last = keys[-1]
            marks = ",".join("?" * len(keys))
            rows = self._db.execute(
                f"SELECT key, parent FROM answer WHERE key IN ({marks}) ORDER BY key, rank",  # noqa: S608
                keys,
            )
            found: dict[str, list[str]] = {key: [] for key in keys}
            for key, parent in rows:
                found[key].append(parent)
            yield found

    def put_below(self, places: Mapping[str, tuple[int, int]]) -> None:
        """Key -> (the entry it answers, the entry that opened that thread), both brought by an earlier import."""
        self._db.executemany(
            "UPDATE said SET above = ?, top = ?, depth = 1 WHERE key = ?",
            [(above, top, key) for key, (above, top) in places.items()],
        )

    def join_by_subject(self) -> int:
        """Put what has no place below the latest earlier thread of its subject. Gives how many."""
        joined: list[tuple[str, str]] = []
        opener = subject = ""
        for key, about, is_reply in self._db.execute(
            "SELECT key, subject, answers FROM said WHERE parent = '' AND top = 0 AND subject <> ''"
            " ORDER BY subject, micros, number"
        ):
            if about != subject or not is_reply:
                opener, subject = key, about
            else:
                joined.append((opener, key))
        self._db.executemany("UPDATE said SET parent = ? WHERE key = ?", joined)
        return len(joined)

    def without_opener(self) -> list[str]:
        """What says that it answers something, and opens its thread because that is not there."""
        return [row[0] for row in self._db.execute("SELECT key FROM said WHERE answers AND depth = 0")]

    def open_threads(self) -> None:
        """Who has no place and may open a thread does."""
        self._db.execute(
            "UPDATE said SET root = key, depth = 0 WHERE opens AND parent = '' AND top = 0 AND depth < 0"
        )
        self._db.execute("CREATE INDEX said_parent ON said (parent, depth)")
        self._db.execute("CREATE INDEX said_in_order ON said (depth, micros, number)")

    def grow(self) -> None:
        """Give everything below what has a place its place, level by level."""
        depth = 0
        deepest = self._db.execute("SELECT max(depth) FROM said").fetchone()[0] or 0
        while True:
            changed = self._db.execute(
                # By the index on what they answer: a chain of answers would otherwise read everything once a level.
                "UPDATE said INDEXED BY said_parent SET depth = ? + 1,"
                " root = (SELECT CASE WHEN p.top > 0 THEN '' ELSE p.root END FROM said p WHERE p.key = said.parent),"
                " top = (SELECT p.top FROM said p WHERE p.key = said.parent)"
                " WHERE depth < 0 AND parent IN (SELECT key FROM said WHERE depth = ?)",
                (depth, depth),
            ).rowcount
            depth += 1
            if not changed and depth > deepest:
                return

    def cut_circles(self) -> list[str]:
        """Open circles of answers (A answers B answers A) at their earliest message; the keys of those.

        One that may not open a thread is put below something else that it may answer.
        """
        rows = self._db.execute(
            "SELECT key, parent, opens FROM said WHERE depth < 0 AND parent <> '' ORDER BY micros, number"
        ).fetchall()
        above = {key: parent for key, parent, _opens in rows}
        opens = {key for key, _parent, may_open in rows if may_open}
        rank = {key: number for number, (key, _parent, _opens) in enumerate(rows)}
        cut = [min(circle, key=lambda key: (key not in opens, rank[key])) for circle in _circles(above)]
        for key in cut:
            other = self._db.execute(
                "SELECT a.parent FROM answer a JOIN said p ON p.key = a.parent WHERE a.key = ? AND p.depth >= 0"
                " ORDER BY a.rank LIMIT 1",
                (key,),
            ).fetchone()
            self._db.execute(
                "UPDATE said SET parent = ?, root = CASE WHEN ? AND opens THEN key ELSE '' END,"
                " depth = CASE WHEN ? AND opens THEN 0 ELSE -1 END WHERE key = ?",
                (other[0] if other else "", other is None, other is None, key),
            )
        return cut


def _circles(above: Mapping[str, str]) -> Iterator[list[str]]:
    """Every circle among these, once; `above` says of each what it stands below."""
    done: set[str] = set()
    for start in above:
        way: dict[str, int] = {}
        key = start
        while key in above and key not in done and key not in way:
            way[key] = len(way)
            key = above[key]
        if key in way:
            yield list(way)[way[key] :]
        done.update(way)
