"""The index is derived: made anew it is the same, and doing it twice changes nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.search.finding import answer, find, ids, index_all, write
from torvet.activity import outbox, verbs
from torvet.activity.models import Activity
from torvet.entries.models import Entry
from torvet.search import actions
from torvet.search.index import Clue, Scope
from torvet.search.index import index as by_database
from torvet.search.models import Document, Word
from torvet.search.places import FIRST_ENTRY, LAST, place_of, range_of
from torvet.search.readers import index
from torvet.search.reading import Rule
from torvet.search.words import fold, forms, names, stem, stems

pytestmark = pytest.mark.django_db


def contents() -> list[tuple]:
    key = "rowid, title, words" if connection.vendor == "sqlite" else "id, CAST(words AS text)"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key} FROM search_words UNION ALL SELECT {key} FROM search_names ORDER BY 1")
        words = cursor.fetchall()
    return [*Document.objects.order_by("id").values_list(), *words]


@pytest.fixture
def town(cast: Cast) -> Cast:
    # Tests that commit are cleared model by model, which leaves the words of SQLite's index behind.
    actions.rebuild()
    thread = write(cast.anna, cast.open, "Sygefraværspolitikken #lunch", title="Fravær", language="da")
    answer(cast.bo, thread, "Tak")
    write(cast.bo, cast.secret, "Project papers", language="en")
    index_all()
    actions.complete()
    return cast


def test_indexing_twice_changes_nothing(town: Cast) -> None:
    before = contents()
    for activity in Activity.objects.order_by("id"):
        index(activity)
    assert contents() == before
    assert actions.complete() == actions.Kept()
    assert contents() == before
    assert {document.kind for document in Document.objects.all()} == {
        "post",
        "comment",
        "person",
        "space",
        "topic",
    }


def test_made_anew_it_is_the_same(town: Cast) -> None:
    before, words = contents(), set(Word.objects.values_list("word", flat=True))
    kept = actions.rebuild()
    assert contents() == before
    assert set(Word.objects.values_list("word", flat=True)) == words
    assert kept.entries == 3


def test_what_was_missed_is_found_and_what_is_gone_is_dropped(town: Cast) -> None:
    entry = Entry.objects.get(text__startswith="Project")
    Document.objects.filter(thing_id=entry.pk, kind="post").delete()
    thread = Entry.objects.get(title="Fravær")
    Entry.objects.filter(pk=thread.pk).update(text="Zeppelin", version=2)  # an import writes past the actions
    Entry.objects.filter(root=thread).update(removed_at=thread.published_at)
    kept = actions.complete()
    assert (kept.entries, kept.dropped) == (2, 1)
    assert ids(find(town.bo, "zeppelin")) == [thread.pk]
    assert ids(find(town.bo, "papers")) == [entry.pk]


def test_the_command_says_what_it_did(town: Cast) -> None:
    out, err = StringIO(), StringIO()
    call_command("reindex", "--anew", "--json", stdout=out, stderr=err)
    assert json.loads(out.getvalue())["entries"] == 3
    call_command("reindex", stdout=out, stderr=err)
    assert "Indexed 0 entries" in out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_an_import_is_indexed_after_the_worker_has_heard_of_it(cast: Cast) -> None:
    outbox.drain()
    entry = write(cast.anna, cast.open, "Imported zeppelin", language="en")
    Activity.objects.filter(fanned_out_at=None).delete()
    assert ids(find(cast.bo, "zeppelin")) == []
    Activity.objects.create(verb=verbs.IMPORTED, by=cast.administrator, details={"kind": "slack"})
    outbox.drain()
    assert ids(find(cast.bo, "zeppelin")) == [entry.pk]


def test_a_search_costs_the_same_however_much_it_finds(cast: Cast) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert find(cast.bo, "crane").hits
        return len(captured)

    write(cast.anna, cast.open, "crane number #crane", language="en")
    index_all()
    actions.complete()
    few = cost()
    for n in range(12):
        answer(cast.bo, write(cast.anna, cast.open, f"crane number {n} #crane{n}", language="en"), "crane")
    index_all()
    assert cost() == few <= 12


@pytest.mark.only_postgres
def test_rare_and_frequent_words_are_looked_for_in_two_ways_that_find_the_same(
    town: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from torvet.search import tsvector

    for number in range(30):
        write(town.bo, town.secret if number % 3 else town.open, f"crane number {number} o'clock 100%")
    index_all()

    def all_found() -> list[list[int]]:
        return [
            ids(find(who, asked, **options))
            for who in (town.anna, town.bo, town.outsider)
            for asked in ("crane", "crane number", '"crane number"', "o'clock", "100%")
            for options in ({}, {"order": "best"}, {"space": town.open.pk}, {"size": 5})
        ]

    monkeypatch.setattr(tsvector, "FEW", 1_000_000)
    rare = all_found()
    monkeypatch.setattr(tsvector, "FEW", -1)
    assert all_found() == rare
    assert max(map(len, rare)) == 20


def test_clues_are_looked_up_in_the_index_of_words_without_reading_all_texts(town: Cast) -> None:
    """On PostgreSQL in the small one without posts, of which the condition must be that of the statement."""
    scope = Scope(kinds=frozenset({"post"}), rule=Rule("1 = 1", ()), opened_as=("question",))
    ranked, values = by_database().ranked([Clue(("tak",), 10), Clue(("fravær",), 5, in_title=True)], scope)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {ranked}", values)
            looked_up = "search_words VIRTUAL TABLE INDEX"
        else:
            cursor.execute("SET LOCAL enable_seqscan = off")  # which is quicker for so few
            cursor.execute(f"EXPLAIN {ranked}", values)
            looked_up = "search_threads_gin"
        assert any(looked_up in str(line) for line in cursor.fetchall())


def test_places_sort_by_time_and_keep_kinds_apart() -> None:
    early, late = datetime(2011, 3, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
    assert place_of("post", 900_000_000, early) < place_of("comment", 1, early + timedelta(seconds=1))
    thousandth = timedelta(milliseconds=1)
    assert place_of("post", 9, early + thousandth) < place_of("post", 1, early + 2 * thousandth)
    # Also in the first thousandth of a second, which is no whole second.
    assert place_of("post", 1000, early + thousandth / 2) < place_of("post", 1, early + 2 * thousandth)
    assert (
        FIRST_ENTRY
        <= place_of("post", 1, datetime(1969, 1, 1, tzinfo=UTC))
        < place_of("post", 1, late)
        <= LAST
    )
    for kind in ("person", "space", "topic"):
        first, last = range_of(frozenset({kind}))
        assert first <= place_of(kind, 1) < place_of(kind, 2**38 - 1) <= last < FIRST_ENTRY


def test_letters_are_folded_as_people_type_them() -> None:
    assert fold("århus") == fold("aarhus") == "århus"
    assert fold("bjørn") == fold("björn") == fold("bjoern") == "bjørn"
    assert fold("kjær") == fold("kjaer") == "kjær"
    assert fold("café") == "cafe"
    assert fold("får") != fold("far")
    assert fold("før") != fold("for")
    assert names("Jørgen") == "jørgen jorgen"
    assert stems("Møderne, møderne!", "da") == "mød mød"
    assert stem("running", "") == "running"
    assert "run" in forms("running")
