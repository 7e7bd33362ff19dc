"""The index on SQLite: FTS5 in the same file. Hits come newest first by themselves, for that is how FTS5 keeps them."""

from __future__ import annotations

from collections.abc import Sequence
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
    ONE_CLUE = "search_words MATCH %s"
    NUMBER = "SELECT COUNT(*) FROM (SELECT 1 FROM search_words WHERE search_words MATCH %s LIMIT {most})"
    # A limit keeps SQLite from mixing it with what stands around it; the joins then follow its order.
    RANKED = "({} LIMIT -1)"
    RANKED_ORDER = ""

    def match(self, clauses: Sequence[Clause], scope: Scope) -> str:
        """FTS5's own language. Words are letters and digits only, and quoted: nothing typed can be syntax."""
        found = " AND ".join(
            "(" + " OR ".join(_term(term, scope) for term in clause.terms) + ")" for clause in clauses
        )
        columns = "title" if scope.only_titles else "title words"
        marks = "".join(f" AND marks : ({' OR '.join(any_of)})" for any_of in scope.marks)
        return f"{{{columns}}} : ({found}){marks}"

    def clue_match(self, clue: Clue, scope: Scope) -> str:
        marks = "".join(f" AND marks : ({_any(any_of)})" for any_of in scope.marks)
        if clue.in_title:
            return f"marks : ({_any([f't{word}' for word in clue.words])}){marks}"
        return f"{self.any_match(clue.words)}{marks}"

    def any_match(self, words: Sequence[str]) -> str:
        return f"{{title words}} : ({_any(words)})"

    def stems_of(self, row: Sequence[Any]) -> tuple[list[str], list[str]]:
        title, words = row
        return title.split(), words.split()

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


def _any(words: Sequence[str]) -> str:
    return " OR ".join(f'"{word}"' for word in words)


def _term(term: Term, scope: Scope) -> str:
    said = '"' + " ".join(term.words) + '"'
    return f"{said} *" if goes_on(term, scope) else said
