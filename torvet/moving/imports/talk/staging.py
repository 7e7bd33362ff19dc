"""What was said, between the export and our tables, in a database file of its own that is thrown away.

All of it is read and checked before anything of ours is touched, in whatever order it lies there, and memory does not
grow with it: answers come before what they answer, or without it.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from django.conf import settings

from torvet.moving.imports.talk.shapes import Credit, Said
from torvet.moving.imports.wiki.authors import short
from torvet.moving.origins import digest_of
from torvet.moving.report import Outcome

BATCH = 500
MILLION = 1_000_000
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
_FACTS = tuple(field.name for field in fields(Said))
_COLUMNS = "key, number, micros, author, digest, facts, parent, root, depth, above, top, outcome, local, gone"


@dataclass(frozen=True, slots=True)
class Staged:
    """A message with its place: `parent` and `root` are keys in the same export, `above` and `top` ids of entries that
    an earlier import brought. One that neither opens a thread nor has a place has `depth` -1."""

    said: Said
    number: int
    digest: str
    parent: str
    root: str
    depth: int
    above: int
    top: int
    outcome: str
    local: int

    @property
    def is_answer(self) -> bool:
        return self.depth > 0

    @property
    def kind(self) -> str:
        return self.said.answers_as if self.is_answer else self.said.opens_as

    @property
    def source_id(self) -> str:
        return short(self.said.key)


@dataclass(frozen=True, slots=True)
class Where:
    """What became of something staged: `local` is the id of its entry, 0 while it has none."""

    outcome: str
    local: int
    root: str
    top: int

    @property
    def is_here(self) -> bool:
        """It is an entry here, or will be one when everything is written."""
        return bool(self.local) or self.outcome == Outcome.IMPORTED


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
        facts = {name: getattr(said, name) for name in _FACTS}
        facts["credit"] = asdict(said.credit) if said.credit else None
        # What UTF-8 cannot carry (halves of surrogate pairs) comes apart in the import, not in the database.
        written = json.dumps(facts, default=datetime.isoformat, ensure_ascii=True, separators=(",", ":"))
        row = (said.key, self._number, micros_of(said.at), said.author, said.subject,
               bool(said.answers) or said.is_reply,
               bool(said.opens_as), said.is_gone, bool(said.is_pinned or said.accepted), digest_of_said(said),
               written)  # fmt: skip
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

    def digest(self, key: str) -> str:
        """The digest of a message that was kept, "" when there is none."""
        row = self._db.execute("SELECT digest FROM said WHERE key = ?", (key,)).fetchone()
        return row[0] if row else ""

    # What answers what

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

    def grow(self) -> None:
        """Give everything below what has a place its place, level by level."""
        depth = 0
        deepest = self._db.execute("SELECT max(depth) FROM said").fetchone()[0] or 0
        while True:
            changed = self._db.execute(
                "UPDATE said SET depth = ? + 1,"
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

    def index(self) -> None:
        self._db.execute("CREATE INDEX said_in_order ON said (depth, micros, number)")
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
                f"SELECT {_COLUMNS} FROM said WHERE outcome IN ({marks}) AND (depth, micros, number) > (?,?,?){narrow}"  # noqa: S608
                " ORDER BY depth, micros, number LIMIT ?",
                (*outcomes, *last, BATCH),
            ).fetchall()
            if not rows:
                return
            last = (rows[-1][8], rows[-1][2], rows[-1][1])
            yield [_staged(row) for row in rows]

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


def _staged(row: tuple[Any, ...]) -> Staged:
    _key, number, _micros, _author, digest, facts, parent, root, depth, above, top, outcome, local, _gone = (
        row
    )
    return Staged(said_of(json.loads(facts)), number, digest, parent, root, depth, above, top, outcome, local)


def said_of(facts: dict[str, Any]) -> Said:
    for name in ("at", "edited_at", "closed_at", "accepted_at"):
        facts[name] = datetime.fromisoformat(facts[name]) if facts[name] else None
    for name in ("lines", "answers", "topics", "files"):
        facts[name] = tuple(facts[name])
    facts["reactions"] = tuple((who, emoji) for who, emoji in facts["reactions"])
    facts["credit"] = Credit(**facts["credit"]) if facts["credit"] else None
    return Said(**facts)


def micros_of(at: datetime) -> int:
    """Never through a float, which has too few digits."""
    past = at - datetime(1970, 1, 1, tzinfo=UTC)
    return (past.days * 86_400 + past.seconds) * MILLION + past.microseconds


def digest_of_said(said: Said) -> str:
    """Two digests in one: of the words, which a change makes a new version of, and of what is counted or settled."""
    credit = asdict(said.credit) if said.credit else None
    words = digest_of(
        said.title, said.html, said.author, sorted(said.topics), said.files, credit, said.is_gone
    )
    facts = digest_of(
        said.opens_as, said.answers_as, said.score, said.accepted, sorted(said.reactions), said.part,
        said.closed_at.isoformat() if said.closed_at else "", said.is_pinned,
    )  # fmt: skip
    return words[:16] + facts[:16]


def words_of(digest: str) -> str:
    """That of the two which a change of words changes."""
    return digest[:16]
