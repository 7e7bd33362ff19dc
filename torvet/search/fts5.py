"""The index on SQLite: FTS5 in the same file. Hits come newest first by themselves, for that is how FTS5 keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from torvet.search.asking import Clause, Term
from torvet.search.index import Source
from torvet.search.tables import Tables

WIDEST = 400  # longer words looked at for one part, before the shortest are taken


class Fts5Index(Tables):
    # CROSS JOIN keeps the order: first the words, then the document of each hit.
    WORDS = "search_words f CROSS JOIN search_document d ON d.id = f.rowid"
    MATCHES = "f.search_words MATCH %s"
    RANK = "bm25(f.search_words, 4.0, 1.0)"
    NEWEST = "f.rowid"

    def match(self, clauses: Sequence[Clause]) -> str:
        """FTS5's own language. Words are letters and digits only, and quoted: nothing typed can be read as syntax."""
        return " AND ".join(
            "(" + " OR ".join(_term(term) for term in clause.terms) + ")" for clause in clauses
        )

    def keep_words(self, cursor: Any, rows: Sequence[tuple[int, Source]]) -> None:
        cursor.executemany(
            "INSERT OR REPLACE INTO search_words (rowid, title, words) VALUES (%s, %s, %s)",
            [(place, source.title, source.words) for place, source in rows],
        )

    def drop_words(self, cursor: Any, places: list[int]) -> None:
        cursor.executemany("DELETE FROM search_words WHERE rowid = %s", [(place,) for place in places])

    def words_with(self, cursor: Any, part: str, limit: int) -> list[str]:
        cursor.execute(
            "SELECT word FROM (SELECT word FROM search_part WHERE search_part MATCH %s LIMIT %s) "
            "ORDER BY length(word), word LIMIT %s",
            [f'"{part}"', WIDEST, limit],
        )
        return [row[0] for row in cursor.fetchall()]

    def clear(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for table in ("search_words", "search_part", "search_document", "search_word"):
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608  # the names above


def _term(term: Term) -> str:
    said = '"' + " ".join(term.words) + '"'
    return f"{said} *" if term.begins else said
