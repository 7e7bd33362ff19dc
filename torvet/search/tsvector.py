"""The index on PostgreSQL: tsvector and GIN over the same stems that SQLite keeps, so that both find the same.

PostgreSQL's own stemmers know one language for a column; our texts come in five, and a question in none. The stems are
therefore made by words.py, and the vectors are written out, word by word, with their positions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from psycopg.sql import quote

from torvet.search.asking import Clause, Term
from torvet.search.index import Clue, Scope, Source
from torvet.search.tables import Tables, goes_on

ASKED = "CAST(%s AS tsquery)"
LAST_POSITION = 16_383  # PostgreSQL counts no further
# Word for word the condition of an index of the migration: most texts are posts and what is said to them.
NOT_OF_A_POST = "NOT (w.words @@ CAST('''/kpost''' AS tsquery))"
FEW = 5_000  # texts; with so many hits both ways take the same time
MOST_POSITIONS = 255  # of one word
_STEM = re.compile(r"'([^'/]+)':([\dA,]+)")  # as PostgreSQL writes a vector; marks begin with a stroke


class TsvectorIndex(Tables):
    WORDS = "{words} w JOIN search_document d ON d.id = w.id"
    MATCHES = f"w.words @@ {ASKED}"
    RANK = "w.words"
    WEIGHT = f"-ts_rank('{{0.1, 0.2, 0.25, 1.0}}', weight, {ASKED}, 1)"
    NEWEST = "w.id"
    # An index of trigrams makes this quick where the extension could be made; else it reads the list of words.
    LONGER = "SELECT word FROM search_word WHERE word LIKE %s ORDER BY length(word), word LIMIT {limit}"
    PLACE = "id"
    STEMS = "CAST(w.words AS text)"
    RANKED_ORDER = "ORDER BY ranked.weight DESC, ranked.place DESC"

    def hits(self, table: str, match: str, between: str) -> tuple[str, list[str]]:
        """Rare words are taken from their index; for frequent ones it is quicker to walk back in time to a full page.

        Left alone PostgreSQL walks through most of the table for rare ones: it takes the comparison of a text with two
        dozen words for as cheap as that of two numbers (115 ms instead of 3).
        """
        if table == "search_words" and self._number(table, match) > FEW:
            return super().hits(table, match, between)
        # OFFSET 0: this is done by itself, not mixed with what stands around it.
        found = (
            f"SELECT id, words FROM {table} WHERE words @@ {ASKED} AND id {between} ORDER BY id DESC OFFSET 0"  # noqa: S608
        )
        return f"({found}) w JOIN search_document d ON d.id = w.id", []

    def settled(self, statement: str, values: list[Any], match: str) -> tuple[str, list[Any]]:
        """With the words themselves in it: one plan that PostgreSQL keeps for all fits few of them (350 ms, not 1)."""
        return statement.replace(ASKED, _literal(match)), [value for value in values if value is not match]

    @staticmethod
    def _number(table: str, match: str) -> int:
        """In about how many texts they stand, from PostgreSQL's statistics."""
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN SELECT 1 FROM {table} WHERE words @@ {_literal(match)}", [])  # noqa: S608  # quoted
            found = re.search(r" rows=(\d+)", cursor.fetchone()[0])
            return int(found[1]) if found else FEW

    def match(self, clauses: Sequence[Clause], scope: Scope) -> str:
        """A tsquery. Words are letters and digits only, and quoted: nothing typed can be read as syntax."""
        found = ["(" + " | ".join(_term(term, scope) for term in clause.terms) + ")" for clause in clauses]
        found += ["(" + " | ".join(f"'/{mark}'" for mark in any_of) + ")" for any_of in scope.marks]
        return " & ".join(found)

    def ranked(self, clues: Sequence[Clue], scope: Scope) -> tuple[str, list[Any]]:
        """All clues are values, so that one plan serves any number of them: to plan them costs more than to find them.

        The marks are asked of each text that is found. As a part of the clue they would be looked up once for each.
        """
        where, values = "", [[_clue(clue) for clue in clues], [clue.worth for clue in clues]]
        if "post" not in scope.opened_as:
            where += f" AND {NOT_OF_A_POST}"
        for any_of in scope.marks:
            where += f" AND (w.words @@ {ASKED}) IS TRUE"  # so that it is no condition for an index
            values.append(_any(f"/{mark}" for mark in any_of))
        # OFFSET 0: this is done by itself, not mixed with what stands around it.
        return (
            f"SELECT w.id AS place, SUM(clue.worth) AS weight "  # noqa: S608  # ours
            f"FROM unnest(CAST(%s AS tsquery[]), CAST(%s AS integer[])) clue (asked, worth) CROSS JOIN search_words w "
            f"WHERE w.words @@ clue.asked{where} GROUP BY w.id ORDER BY weight DESC, place DESC OFFSET 0",
            values,
        )

    def number_with(self, any_of: Sequence[Sequence[str]], most: int) -> list[int]:
        if not any_of:
            return []
        found = f"SELECT 1 FROM search_words WHERE words @@ wanted.words LIMIT {most:d}"  # noqa: S608  # ours
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT (SELECT COUNT(*) FROM ({found}) found) "  # noqa: S608  # ours
                "FROM unnest(CAST(%s AS tsquery[])) WITH ORDINALITY wanted (words, place) ORDER BY place",
                [[_any(words) for words in any_of]],
            )
            return [number for (number,) in cursor.fetchall()]

    def stems_of(self, row: Sequence[Any]) -> tuple[set[str], set[str]]:
        counted = {word: _counted(positions) for word, positions in _STEM.findall(row[0])}
        return {word for word, (in_title, _) in counted.items() if in_title}, {
            word for word, (_, in_text) in counted.items() if in_text
        }

    def times_of(self, row: Sequence[Any], words: frozenset[str]) -> tuple[int, dict[str, tuple[int, int]]]:
        (vector,) = row
        positions = dict(_STEM.findall(vector))
        # Each word with a place has one colon, and a comma before each further place.
        length = vector.count(":") + vector.count(",")
        return length, {word: _counted(positions[word]) for word in words.intersection(positions)}

    def keep_words(self, cursor: Any, table: str, rows: Sequence[tuple[int, Source]]) -> None:
        cursor.executemany(
            f"INSERT INTO {table} (id, words) VALUES (%s, CAST(%s AS tsvector)) "  # noqa: S608  # a name of ours
            "ON CONFLICT (id) DO UPDATE SET words = excluded.words",
            [(place, _vector(source)) for place, source in rows],
        )

    def drop_words(self, cursor: Any, table: str, places: list[int]) -> None:
        cursor.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", [places])  # noqa: S608  # a name of ours

    def part_match(self, part: str) -> str:
        return f"%{part}%"

    def clear(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE search_words, search_names, search_document, search_word")

    def tidy(self) -> None:
        # How often a word stands in texts decides between walking back in time and the index of words.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE search_words, search_names, search_document, search_word")


def _any(words: Iterable[str]) -> str:
    return " | ".join(f"'{word}'" for word in words)


def _clue(clue: Clue) -> str:
    return _any(f"/t{word}" for word in clue.words) if clue.in_title else _any(clue.words)


def _counted(positions: str) -> tuple[int, int]:
    """How many of these places, as PostgreSQL writes them, are in the title and how many in the text."""
    in_title = positions.count("A")
    return in_title, positions.count(",") + 1 - in_title


def _literal(match: str) -> str:
    """The question as a value in a statement that has others."""
    return f"CAST({quote(match)} AS tsquery)".replace("%", "%%")


def _term(term: Term, scope: Scope) -> str:
    last = len(term.words) - 1
    said = []
    for at, word in enumerate(term.words):
        marks = ("*" if at == last and goes_on(term, scope) else "") + ("A" if scope.only_titles else "")
        said.append(f"'{word}':{marks}" if marks else f"'{word}'")
    return f"({' <-> '.join(said)})" if last else said[0]


def _vector(source: Source) -> str:
    positions: dict[str, list[str]] = {}
    at = 0
    for text, weight in ((source.title, "A"), (source.words, "")):
        for word in text.split():
            at += 1
            found = positions.setdefault(word, [])
            if at <= LAST_POSITION and len(found) < MOST_POSITIONS:
                found.append(f"{at}{weight}")
        at += 1  # no phrase reaches from the title into the text
    words = [f"'{word}':{','.join(found)}" if found else f"'{word}'" for word, found in positions.items()]
    # With a stroke, which no word has.
    return " ".join([*words, *(f"'/{mark}'" for mark in source.marks)])
