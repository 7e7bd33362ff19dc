"""The index on SQLite: FTS5 in the same file. Hits come newest first by themselves, for that is how FTS5 keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction

from torvet.search.asking import Clause, Term
from torvet.search.index import Clue, Scope, Source
from torvet.search.tables import Tables, goes_on

WIDEST = 400  # longer words looked at for one part, before the shortest are taken
MERGED_AT_ONCE = 500  # pages: writers wait no longer than for these


class Fts5Index(Tables):
    # CROSS JOIN keeps the order: first the words, then the document of each hit.
    WORDS = "{words} f CROSS JOIN search_document d ON d.id = f.rowid"
    MATCHES = "f.{words} MATCH %s"  # the hidden column that is called as the table
    RANK = "bm25(f.{words}, 4.0, 1.0, 0.0)"
    WEIGHT = "weight"
    NEWEST = "f.rowid"
    LONGER = (
        f"SELECT word FROM (SELECT word FROM search_part WHERE search_part MATCH %s LIMIT {WIDEST}) "  # noqa: S608  # ours
        "ORDER BY length(word), word LIMIT {limit}"
    )
    PLACE = "rowid"
    STEMS = "w.title, w.words"
    RANKED_ORDER = ""

    def match(self, clauses: Sequence[Clause], scope: Scope) -> str:
        """FTS5's own language. Words are letters and digits only, and quoted: nothing typed can be syntax."""
        found = " AND ".join(
            "(" + " OR ".join(_term(term, scope) for term in clause.terms) + ")" for clause in clauses
        )
        columns = "title" if scope.only_titles else "title words"
        return f"{{{columns}}} : ({found}){_marks(scope)}"

    def ranked(self, clues: Sequence[Clue], scope: Scope) -> tuple[str, list[Any]]:
        each = " UNION ALL ".join(
            f"SELECT rowid AS place, {clue.worth:d} AS worth FROM search_words WHERE search_words MATCH %s"  # noqa: S608
            for clue in clues
        )
        # A limit keeps SQLite from mixing it with what stands around it; the joins then follow its order.
        ranked = (
            f"SELECT place, SUM(worth) AS weight FROM ({each}) GROUP BY place "  # noqa: S608
            "ORDER BY weight DESC, place DESC LIMIT -1"
        )
        return ranked, [_clue(clue) + _marks(scope) for clue in clues]

    def number_with(self, any_of: Sequence[Sequence[str]], most: int) -> list[int]:
        if not any_of:
            return []
        one = (
            f"(SELECT COUNT(*) FROM (SELECT 1 FROM search_words WHERE search_words MATCH %s LIMIT {most:d}))"  # noqa: S608
        )
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join([one] * len(any_of))}", [_any_said(words) for words in any_of])
            return list(cursor.fetchone())

    def stems_of(self, row: Sequence[Any]) -> tuple[set[str], set[str]]:
        title, text = row
        return set(title.split()), set(text.split())

    def times_of(self, row: Sequence[Any], words: frozenset[str]) -> tuple[int, dict[str, tuple[int, int]]]:
        title, text = (kept.split() for kept in row)
        found = words.intersection(title).union(words.intersection(text))
        return len(title) + len(text), {word: (title.count(word), text.count(word)) for word in found}

    def keep_words(self, cursor: Any, table: str, rows: Sequence[tuple[int, Source]]) -> None:
        cursor.executemany(
            f"INSERT OR REPLACE INTO {table} (rowid, title, words, marks) VALUES (%s, %s, %s, %s)",  # noqa: S608
            [(place, source.title, source.words, " ".join(source.marks)) for place, source in rows],
        )

    def drop_words(self, cursor: Any, table: str, places: list[int]) -> None:
        cursor.executemany(f"DELETE FROM {table} WHERE rowid = %s", [(place,) for place in places])  # noqa: S608

    def part_match(self, part: str) -> str:
        return f'"{part}"'

    def clear(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for table in ("search_words", "search_names", "search_part", "search_document", "search_word"):
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608  # the names above

    def tidy(self) -> None:
        for table in ("search_words", "search_names", "search_part"):
            pages = -MERGED_AT_ONCE  # below zero: begin a merge of everything; above: go on with it
            while self._merge(table, pages):
                pages = MERGED_AT_ONCE

    def _merge(self, table: str, pages: int) -> bool:
        """One step; False when there was nothing left to do."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT total_changes()")
            before = cursor.fetchone()[0]
            cursor.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', %s)", [pages])  # noqa: S608
            cursor.execute("SELECT total_changes()")
            return cursor.fetchone()[0] - before >= 2


def _any(words: Iterable[str]) -> str:
    return " OR ".join(f'"{word}"' for word in words)


def _any_said(words: Sequence[str]) -> str:
    return f"{{title words}} : ({_any(words)})"


def _clue(clue: Clue) -> str:
    return f"marks : ({_any(f't{word}' for word in clue.words)})" if clue.in_title else _any_said(clue.words)


def _marks(scope: Scope) -> str:
    return "".join(f" AND marks : ({_any(any_of)})" for any_of in scope.marks)


def _term(term: Term, scope: Scope) -> str:
    said = '"' + " ".join(term.words) + '"'
    return f"{said} *" if goes_on(term, scope) else said
