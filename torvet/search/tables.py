"""What both backends share: the table of documents, and the statement that finds places under the reading rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection, transaction

from torvet.search.asking import Clause, Term
from torvet.search.found import ENTRY_KINDS
from torvet.search.index import BEST, Candidate, Clue, Place, Scope, Source
from torvet.search.places import FIRST_ENTRY, place_of, range_of

SHORTEST_BEGINNING = 4  # letters, among entries

DOCUMENT = """
INSERT INTO search_document (id, kind, thing_id, space_id, author_id, thread_id, version)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
WORD = "INSERT INTO search_word (word) VALUES (%s) ON CONFLICT DO NOTHING"
TOPIC = """d.thread_id IN (SELECT t.entry_id FROM entries_entrytopic t JOIN entries_topic n ON n.id = t.topic_id
  WHERE n.name = %s)"""

# The reading rule is asked from the best one down, until there are enough.
CLUES = """
SELECT d.thread_id, {stems} FROM ({ranked}) ranked CROSS JOIN search_document d CROSS JOIN search_words w
WHERE d.id = ranked.place AND w.{key} = ranked.place AND d.thread_id <> %s AND {rule} {order} LIMIT {limit}
"""


class Tables:
    """A backend's common part. A backend says how words are kept, matched and weighed."""

    def put(self, sources: Sequence[Source]) -> None:
        if not sources:
            return
        with transaction.atomic(), connection.cursor() as cursor:
            for kind in {source.kind for source in sources}:
                self._drop(cursor, [kind], [source.pk for source in sources if source.kind == kind])
            rows = self._placed(cursor, sources)
            cursor.executemany(
                DOCUMENT,
                [(place, s.kind, s.pk, s.space_id, s.author_id, s.thread_id, s.version) for place, s in rows],
            )
            for table in {table_of({source.kind}) for source in sources}:
                self.keep_words(cursor, table, [row for row in rows if table_of({row[1].kind}) == table])
            # In one order, so that two writers never wait for each other in a circle.
            parts = sorted({word for source in sources for word in source.parts})
            cursor.executemany(WORD, [(word,) for word in parts])

    def _placed(self, cursor: Any, sources: Sequence[Source]) -> list[tuple[int, Source]]:
        """Each with its place; when another stands there already, the next free one."""
        wanted = {place_of(source.kind, source.pk, source.at): source for source in sources}
        if len(wanted) == len(sources):
            marks = ",".join(["%s"] * len(wanted))
            cursor.execute(f"SELECT id FROM search_document WHERE id IN ({marks})", list(wanted))  # noqa: S608
            if not cursor.fetchall():
                return list(wanted.items())
        rows: dict[int, Source] = {}
        for source in sources:
            place = place_of(source.kind, source.pk, source.at)
            while place in rows or self._is_taken(cursor, place):
                place += 1
            rows[place] = source
        return list(rows.items())

    def _is_taken(self, cursor: Any, place: int) -> bool:
        cursor.execute("SELECT 1 FROM search_document WHERE id = %s", [place])
        return cursor.fetchone() is not None

    def drop(self, kinds: Collection[str], ids: Collection[int]) -> None:
        if kinds and ids:
            with transaction.atomic(), connection.cursor() as cursor:
                self._drop(cursor, list(kinds), list(ids))

    def _drop(self, cursor: Any, kinds: list[str], ids: list[int]) -> None:
        where = f"kind IN ({_marks(kinds)}) AND thing_id IN ({_marks(ids)})"
        cursor.execute(f"SELECT id FROM search_document WHERE {where}", [*kinds, *ids])  # noqa: S608
        places = [row[0] for row in cursor.fetchall()]
        if places:
            for table in {table_of({kind}) for kind in kinds}:
                self.drop_words(cursor, table, places)
            cursor.execute(f"DELETE FROM search_document WHERE id IN ({_marks(places)})", places)  # noqa: S608

    def find(
        self, clauses: Sequence[Clause], scope: Scope, *, order: str, limit: int, before: int | None = None
    ) -> list[Place]:
        first, last = range_of(scope.kinds)
        # The sign keeps SQLite from walking through everybody's entries where the threads of a topic are few.
        # Numbers of ours stand in the statement itself: PostgreSQL plans well only for those it knows.
        between = f"BETWEEN {first:d} AND {last if before is None else before - 1:d}"
        source, where = "search_document d", [f"{'+d.id' if scope.topics else 'd.id'} {between}"]
        values: list[Any] = []
        match = self.match(clauses, scope)
        table = table_of(scope.kinds)
        if clauses:
            source, where = self.hits(table, match, between)
            values = [match]
        self._narrow(scope, where, values, has_words=bool(clauses))
        rank = self.RANK.format(words=table) if clauses and order == BEST else "0"
        statement = (
            f"SELECT d.id, d.kind, d.thing_id, {rank} AS weight FROM {source} WHERE {' AND '.join(where)} "  # noqa: S608
            f"ORDER BY {self.NEWEST if clauses else 'd.id'} DESC LIMIT {limit:d}"
        )
        if order == BEST and clauses:
            # Weighed are only those that are left: the inner part is done by then.
            statement = f"SELECT id, kind, thing_id FROM ({statement}) newest ORDER BY {self.WEIGHT}, id DESC"  # noqa: S608
        statement, given = self.settled(statement, values, match)
        with connection.cursor() as cursor:
            cursor.execute(statement, given)
            return [Place(*row[:3]) for row in cursor.fetchall()]

    def _narrow(self, scope: Scope, where: list[str], values: list[Any], *, has_words: bool) -> None:
        """Filters, and last the reading rule itself, asked for each hit. With words, marks have narrowed already."""
        if len(scope.kinds) == 1:
            where.append("d.kind = %s")
            values += scope.kinds
        if not has_words:
            for column, ids in (("space_id", scope.space_ids), ("author_id", scope.author_ids)):
                if ids:
                    where.append(f"d.{column} IN ({_marks(ids)})")
                    values += ids
        for topic in scope.topics:
            where.append(TOPIC)
            values.append(topic)
        where.append(scope.rule.sql)
        values += scope.rule.values

    def find_by_clues(
        self, clues: Sequence[Clue], scope: Scope, *, words: frozenset[str], without_thread: int, limit: int
    ) -> list[Candidate]:
        if not clues:
            return []
        ranked, values = self.ranked(clues, scope)
        statement = CLUES.format(
            ranked=ranked, stems=self.STEMS, key=self.PLACE, rule=scope.rule.sql, order=self.RANKED_ORDER,
            limit=int(limit),
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(statement, [*values, without_thread, *scope.rule.values])
            return [Candidate(thread, *self.times_of(kept, words)) for thread, *kept in cursor.fetchall()]

    def number_of_entries(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM search_document WHERE id >= %s", [FIRST_ENTRY])
            return int(cursor.fetchone()[0])

    def sample(self, slices: int, size: int) -> list[tuple[set[str], set[str]]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT MIN(id), MAX(id) FROM search_document WHERE id >= %s", [FIRST_ENTRY])
            first, last = cursor.fetchone()
            if first is None:
                return []
            rows: dict[int, Sequence[Any]] = {}
            for part in range(slices):
                cursor.execute(
                    f"SELECT {self.PLACE}, {self.STEMS.replace('w.', '')} FROM search_words WHERE {self.PLACE} >= %s "  # noqa: S608
                    f"ORDER BY {self.PLACE} LIMIT {size:d}",
                    [first + (last - first) * part // slices],
                )
                rows.update((row[0], row[1:]) for row in cursor.fetchall())
        return [self.stems_of(row) for row in rows.values()]

    def longer_words(self, parts: Iterable[str], limit: int) -> dict[str, list[str]]:
        asked = list(parts)
        found: dict[str, list[str]] = {part: [] for part in asked}
        if not asked:
            return found
        # Of each part its number in the list: two may have the same words.
        one = self.LONGER.format(limit=int(limit))
        each = " UNION ALL ".join(
            f"SELECT {place:d}, word FROM ({one}) part{place:d}"  # noqa: S608  # ours
            for place in range(len(asked))
        )
        with connection.cursor() as cursor:
            cursor.execute(each, [self.part_match(part) for part in asked])
            for place, word in cursor.fetchall():
                found[asked[place]].append(word)
        return found

    # What a backend brings along.
    WORDS: str  # its table {words} joined to search_document d
    MATCHES: str  # the condition on it, with one value: match(clauses, scope)
    RANK: str  # what is needed to weigh a hit
    WEIGHT: str  # of that, as `weight`: the smaller, the better
    NEWEST: str  # the column that already sorts by place
    LONGER: str  # a statement that finds long words, the shortest first, with one value: part_match(part)
    PLACE: str  # what the place is called in the table of words
    STEMS: str  # the columns of it, called w, which stems_of and times_of read
    RANKED_ORDER: str  # of what `ranked` finds, where the joins do not keep it

    def hits(self, table: str, match: str, between: str) -> tuple[str, list[str]]:
        """What to read hits from, and the conditions on it. They take one value, the match."""
        return self.WORDS.format(words=table), [self.MATCHES.format(words=table), f"{self.NEWEST} {between}"]

    def settled(self, statement: str, values: list[Any], match: str) -> tuple[str, list[Any]]:
        """The statement and its values as this database likes them best."""
        return statement, values

    def ranked(self, clues: Sequence[Clue], scope: Scope) -> tuple[str, list[Any]]:
        """A statement for `place` and `weight` of all texts that have a clue, the best first, and its values."""
        raise NotImplementedError

    def number_with(self, any_of: Sequence[Sequence[str]], most: int) -> list[int]:
        raise NotImplementedError

    def stems_of(self, row: Sequence[Any]) -> tuple[set[str], set[str]]:
        """Those in the title, and those in the text."""
        raise NotImplementedError

    def times_of(self, row: Sequence[Any], words: frozenset[str]) -> tuple[int, dict[str, tuple[int, int]]]:
        """How many stems there are, and how often each of the words, in the title and in the text."""
        raise NotImplementedError

    def match(self, clauses: Sequence[Clause], scope: Scope) -> str:
        raise NotImplementedError

    def keep_words(self, cursor: Any, table: str, rows: Sequence[tuple[int, Source]]) -> None:
        raise NotImplementedError

    def drop_words(self, cursor: Any, table: str, places: list[int]) -> None:
        raise NotImplementedError

    def part_match(self, part: str) -> str:
        raise NotImplementedError


def table_of(kinds: Collection[str]) -> str:
    """Words of entries and of names stand apart: a name is found without passing what everybody wrote."""
    return "search_words" if ENTRY_KINDS.issuperset(kinds) else "search_names"


def goes_on(term: Term, scope: Scope) -> bool:
    """Whether the last word may be the beginning of a longer one. Short beginnings stand in too many texts."""
    return term.begins and (scope.kinds.isdisjoint(ENTRY_KINDS) or len(term.words[-1]) >= SHORTEST_BEGINNING)


def _marks(values: Collection[Any]) -> str:
    return ",".join(["%s"] * len(values))
