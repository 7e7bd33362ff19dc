"""Finding over the API: what the pages find, for whom the pages find it."""

from __future__ import annotations

import itertools

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.asking import Program, answer, says, write
from tests.api.test_input import NUMBERS, WORDS, bears
from tests.cast import Cast
from torvet.activity.outbox import drain
from torvet.search.actions import complete

HIT = {"kind", "id", "url", "title", "snippet", "at", "author", "written_by", "space", "abilities"}


def index_everything() -> None:
    """What the worker does, and what filling the index does for those who were there before."""
    while drain():
        pass
    complete()


def test_what_is_found_says_what_it_is_and_what_one_may_do_with_it(cast: Cast) -> None:
    entry = write(cast.anna, cast.open, "The gantry is broken", title="Crane 4")
    comment = answer(cast.bo, entry, "Which gantry?")
    index_everything()
    found = Program(cast.bo).found("/search?q=gantry")
    assert set(found) == {"items", "next", "number", "is_more", "people", "spaces", "topics"}
    assert {(hit["kind"], hit["id"]) for hit in found["items"]} == {
        ("post", entry.pk),
        ("comment", comment.pk),
    }
    for hit in found["items"]:
        assert set(hit) == HIT and hit["abilities"]["comment"] is True and "gantry" in hit["snippet"]
        assert hit["space"]["id"] == cast.open.pk
        assert hit["url"] == f"http://127.0.0.1:8000/e/{hit['id']}/"
    [person] = Program(cast.bo).found("/search?q=Dijkstra&kind=person")["items"]
    assert (person["id"], person["abilities"]) == (cast.bo.pk, {"edit": True, "follow": False})
    [space] = Program(cast.outsider).found("/search?q=board&kind=space")["items"]
    assert (space["id"], space["abilities"]["ask"], space["abilities"]["read"]) == (
        cast.closed.pk,
        True,
        False,
    )


def test_nobody_finds_what_they_may_not_read_nor_that_it_is_there(cast: Cast) -> None:
    write(cast.anna, cast.closed, "About the heronry and #heronries")
    write(cast.anna, cast.secret, "More about the heronry")
    index_everything()
    for member in (cast.outsider, cast.guest, cast.removed, cast.administrator, cast.community_manager):
        for query in (
            "q=heronry",
            "q=heron",
            "q=heronries",
            f"q=heronry&space={cast.secret.pk}",
            "q=in:Heron heronry",
        ):
            answered = Program(member).get(f"/search?{query}")
            found = answered.json()
            assert (found["items"], found["number"], found["spaces"], found["topics"]) == ([], 0, [], [])
            assert b"Project" not in answered.content
    assert Program(cast.bo).found("/search?q=heronry")["number"] == 2


def test_filters_narrow_and_pages_end(cast: Cast) -> None:
    for number in range(5):
        write(cast.anna if number % 2 else cast.bo, cast.open, f"Winch number {number}")
    write(cast.bo, cast.closed, "Winch of the board")
    index_everything()
    program = Program(cast.bo)
    assert program.found(f"/search?q=winch&space={cast.closed.pk}")["number"] == 1
    assert program.found(f"/search?q=winch&member={cast.anna.pk}")["number"] == 2
    seen: list[int] = []
    after = ""
    while True:
        page = program.found(f"/search?q=winch&limit=2{after}")
        seen += [hit["id"] for hit in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert len(seen) == len(set(seen)) == 6


def test_finding_more_costs_no_more_statements(cast: Cast) -> None:
    program = Program(cast.bo)
    counts = []
    for many in (2, 9):
        for number in range(many):
            write(cast.anna, cast.open, f"Pulley {number} @{cast.bo.handle} #pulleys")
        index_everything()
        program.found("/search?q=pulley")
        with CaptureQueriesContext(connection) as statements:
            program.found("/search?q=pulley&kind=post")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 14


def test_every_question_is_borne(cast: Cast) -> None:
    program = Program(cast.bo)
    [error] = says(program.get("/search"), 422)["errors"]
    assert (error["field"], error["message"]) == ("q", "This is missing.")
    for question in (
        *WORDS,
        '"',
        "from:",
        "in:",
        "#",
        "a* OR b",
        "NEAR(a b)",
        "-x",
        "^",
        ":",
        "(",
        "{col}:x",
        "' || 1",
        "\\",
    ):
        bears(program.get(f"/search?q={question}"))
    for name, value in itertools.product(
        ("kind", "space", "member", "order", "after", "limit"), (*WORDS, *NUMBERS)
    ):
        bears(program.get(f"/search?q=x&{name}={value}"))
