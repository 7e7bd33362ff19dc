"""Messages between the archive and our tables, in a database file of their own that is thrown away.

The whole export is read and checked before anything of ours is touched, in whatever order its day files lie, and
memory does not grow with it: threads span days, and answers come before or without what they answer.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from django.conf import settings

from torvet.moving.imports.slack.shapes import Json, micros_of, part
from torvet.moving.report import Outcome

SAID, EVENT, GONE, STUB = "said", "event", "gone", "stub"
BATCH = 1_000
_SCHEMA = """
CREATE TABLE message (
    room INTEGER NOT NULL, ts TEXT NOT NULL, micros INTEGER NOT NULL, thread TEXT NOT NULL, kind TEXT NOT NULL,
    author TEXT NOT NULL, digest TEXT NOT NULL, day TEXT NOT NULL, said TEXT NOT NULL, outcome TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (room, ts)
) WITHOUT ROWID;
CREATE TABLE thread (
    room INTEGER NOT NULL, ts TEXT NOT NULL, answers INTEGER NOT NULL, last INTEGER NOT NULL,
    local INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (room, ts)
) WITHOUT ROWID;
CREATE TABLE stranger (id TEXT PRIMARY KEY, name TEXT NOT NULL, is_bot INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Staged:
    """One message, read and checked. `thread` is the ts of its thread's opener, "" when it is none's answer."""

    room: int
    ts: str
    micros: int
    thread: str
    kind: str
    author: str
    digest: str
    day: str
    said: Json
    outcome: str = ""

    @property
    def is_answer(self) -> bool:
        return bool(self.thread) and self.thread != self.ts


_IN_ORDER = (
    "SELECT room, ts, micros, thread, kind, author, digest, day, said, outcome FROM message"
    " WHERE outcome IN (*) AND (micros, room, ts) > (?, ?, ?) ORDER BY micros, room, ts LIMIT ?"
)


def _staged(row: tuple[Any, ...]) -> Staged:
    room, ts, micros, thread, kind, author, digest, day, said, outcome = row
    return Staged(room, ts, micros, thread, kind, author, digest, day, json.loads(said), outcome)


def _edited(said: Json) -> int:
    return micros_of(part(said, "edited").get("ts")) or 0


class Staging:
    def __init__(self) -> None:
        # In the data folder, which nobody else reads; a folder for passing files may lie in memory.
        self.folder = tempfile.TemporaryDirectory(prefix="import-", dir=settings.DATA)
        self.files = Path(self.folder.name)
        self._db = sqlite3.connect(self.files / "staging.db", isolation_level=None)
        self._db.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-16000; PRAGMA temp_store=FILE;"
            + _SCHEMA
        )

    def __enter__(self) -> Self:
        self._db.execute("BEGIN")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._db.close()
        self.folder.cleanup()

    # Filling

    def add(self, one: Staged) -> bool:
        """Keep a message. False when it was there before: a merged export tells it twice, and the later edit counts."""
        row = (one.room, one.ts, one.micros, one.thread, one.kind, one.author, one.digest, one.day,
               json.dumps(one.said, ensure_ascii=True, separators=(",", ":")))  # fmt: skip
        statement = "INSERT OR {} INTO message (room, ts, micros, thread, kind, author, digest, day, said)"
        statement += " VALUES (?,?,?,?,?,?,?,?,?)"
        if self._db.execute(statement.format("IGNORE"), row).rowcount:
            return True
        kept = self._db.execute(
            "SELECT said FROM message WHERE room = ? AND ts = ?", (one.room, one.ts)
        ).fetchone()
        if _edited(one.said) > _edited(json.loads(kept[0])):
            self._db.execute(statement.format("REPLACE"), row)
        return False

    def note_stranger(self, id: str, name: str, is_bot: bool) -> None:
        """An author whom the export's list of people does not hold; the first name told is kept."""
        self._db.execute("INSERT OR IGNORE INTO stranger VALUES (?,?,?)", (id, name, is_bot))

    def strangers(self) -> list[tuple[str, str, bool]]:
        rows = self._db.execute("SELECT id, name, is_bot FROM stranger ORDER BY id")
        return [(id, name, bool(is_bot)) for id, name, is_bot in rows]

    # Putting threads together

    def promote_answered_events(self) -> None:
        """A message that was to be left out, but that somebody answered, is kept: it holds the thread together."""
        self._db.execute(
            "UPDATE message SET kind = ? WHERE kind = ? AND EXISTS"
            " (SELECT 1 FROM message a WHERE a.room = message.room AND a.thread = message.ts AND a.ts <> a.thread"
            " AND a.kind = ?)",
            (SAID, EVENT, SAID),
        )

    def threads_without_opener(self) -> Iterator[tuple[int, str]]:
        """Room and ts of openers that answers name and the export does not hold."""
        yield from self._db.execute(
            "SELECT DISTINCT a.room, a.thread FROM message a WHERE a.thread <> '' AND a.kind = ? AND NOT EXISTS"
            " (SELECT 1 FROM message o WHERE o.room = a.room AND o.ts = a.thread)",
            (SAID,),
        ).fetchall()

    def count_threads(self) -> None:
        """How many answers each thread has, and the time of the last."""
        self._db.execute(
            "INSERT INTO thread (room, ts, answers, last) SELECT room, thread, count(*), max(micros) FROM message"
            " WHERE thread <> '' AND thread <> ts AND kind = ? GROUP BY room, thread",
            (SAID,),
        )

    # Reading

    def in_order(self, outcomes: Iterable[str] = ("",)) -> Iterator[list[Staged]]:
        """All messages with one of these outcomes by time, in batches."""
        wanted = list(outcomes)
        marks = ",".join("?" * len(wanted))
        last: tuple[int, int, str] = (-1, -1, "")
        while True:
            rows = self._db.execute(_IN_ORDER.replace("*", marks), (*wanted, *last, BATCH)).fetchall()
            if not rows:
                return
            yield [_staged(row) for row in rows]
            last = (rows[-1][2], rows[-1][0], rows[-1][1])

    def index_by_time(self) -> None:
        self._db.execute("CREATE INDEX message_by_time ON message (micros, room, ts)")

    def settle(self, some: Iterable[Staged], outcome: Outcome) -> None:
        self._db.executemany(
            "UPDATE message SET outcome = ? WHERE room = ? AND ts = ?",
            [(outcome, one.room, one.ts) for one in some],
        )

    def thread(self, room: int, ts: str) -> tuple[int, int, int]:
        """Answers, time of the last, and our id of the opener (0 while there is none)."""
        row = self._db.execute(
            "SELECT answers, last, local FROM thread WHERE room = ? AND ts = ?", (room, ts)
        ).fetchone()
        return row or (0, 0, 0)

    def kind_of(self, room: int, ts: str) -> tuple[str, bool] | None:
        """A message's kind and whether it is an answer; None when the export does not hold it."""
        row = self._db.execute(
            "SELECT kind, thread FROM message WHERE room = ? AND ts = ?", (room, ts)
        ).fetchone()
        return (row[0], bool(row[1]) and row[1] != ts) if row else None

    def set_local(self, openers: Iterable[tuple[int, int, str]]) -> None:
        """Remember our ids: (id, room, ts) of openers."""
        self._db.executemany("UPDATE thread SET local = ? WHERE room = ? AND ts = ?", openers)

    def day_outcomes(self) -> Iterator[tuple[str, set[str]]]:
        """Every day file and what became of its messages."""
        rows = self._db.execute(
            "SELECT day, group_concat(DISTINCT outcome) FROM message WHERE kind <> ? GROUP BY day", (STUB,)
        )
        for day, found in rows:
            yield day, set(found.split(","))

    def thread_outcomes(self) -> dict[str, int]:
        """What became of the openers of threads."""
        return dict(
            self._db.execute(
                "SELECT m.outcome, count(*) FROM thread t JOIN message m ON m.room = t.room AND m.ts = t.ts"
                " WHERE m.kind IN (?, ?) GROUP BY m.outcome",
                (SAID, GONE),
            )
        )
