"""Anything may be typed into the box."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.search.finding import find, ids, index_all, write
from torvet.search.asking import LONGEST_QUERY, MOST_WORDS, understand
from torvet.search.words import LONGEST_WORD

HOSTILE = [
    "", " ", '"', '""', '"""', "*", "**", "^", "-", "--", ":", "from:", "in:", 'in:"', 'from:""', "#", "##", "# #", "(", ")",
    "()", "{}", "AND", "OR", "NOT", "NEAR", "NEAR(a b)", "a NEAR/2 b", "title:", "words : x", "search_words:x", "rowid:1",
    "crane AND", "OR crane", "crane*", "^crane", '"crane', 'crane"', '"crane"*', "crane'; DROP TABLE search_document; --",
    "' OR 1=1", "%", "_", "%%", "\\", "\\'", "a'b", "&", "|", "!", "<->", ":*", "a:*", "!!a", "a & b | c", "\0", "cra\0ne",
    "\u202ecrane", "crane\u200b", "\ufeff", "😀", "👩‍👩‍👧", "ﷺ", "İ", "ß", "ŉ", "\ud800", "１２３", "Ⅷ", "x" * 10_000, "a " * 5000,
    '"' + "a " * 5000 + '"', "#" * 5000, "from:x " * 1000, "in:x " * 1000, "og i det", "the a of", "1", "0", "-1", "1e9",
    "\n\r\t", "<script>alert(1)</script>", "{{ 7*7 }}", "%s", "%(x)s", "{0}", "$1", "ǅ", "a" * 47 + "é" * 3, "日本語 検索",
]  # fmt: skip


@pytest.fixture
def town(cast: Cast) -> Cast:
    write(cast.anna, cast.open, "One crane in the harbour", language="en")
    index_all()
    return cast


@pytest.mark.django_db
def test_nothing_that_is_typed_is_an_error(town: Cast) -> None:
    for q in HOSTILE:
        for order in ("newest", "best"):
            for kind in (None, "person"):
                found = find(town.bo, q, order=order, kind=kind)
                assert found.number <= 1, q


@pytest.mark.django_db
def test_syntax_of_the_database_is_only_characters(town: Cast) -> None:
    entry = ids(find(town.bo, "crane"))
    for q in (
        "crane*",
        "^crane",
        '"crane',
        "crane)",
        "(crane",
        "crane:*",
        "crane' ",
        "cra\u00adne",
        "crane\0",
        "NOT crane",
    ):
        assert ids(find(town.bo, q)) == entry, q


@pytest.mark.parametrize("q", HOSTILE)
def test_a_question_stays_small(q: str) -> None:
    asked = understand(q)
    assert len(asked.clauses) <= 2 * MOST_WORDS
    for clause in asked.clauses:
        for term in clause.terms:
            assert term.words
            for word in term.words:
                assert word.isalnum(), word
                assert len(word) <= LONGEST_WORD + 3
    assert sum(len(part) for part in asked.raw) <= 3 * LONGEST_QUERY


@pytest.mark.django_db
def test_hostile_text_is_indexed_and_found(cast: Cast) -> None:
    for n, q in enumerate(HOSTILE):
        if q.strip("\0 \n\r\t") and "\ud800" not in q:
            write(cast.anna, cast.open, f"needle{n} {q[:3000]}".replace("\0", ""))
    index_all()
    assert find(cast.bo, "needle").number > 50
