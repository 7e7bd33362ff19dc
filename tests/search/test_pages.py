"""The page of results: for people with and without script, and for whatever stands in the address."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, signed_in
from tests.search.finding import answer, index_all, write
from tests.search.test_hostile import HOSTILE
from torvet.search.actions import complete

pytestmark = pytest.mark.django_db
CANARY = "cnryhiddenq"


@pytest.fixture
def town(cast: Cast) -> Cast:
    for n in range(23):
        write(cast.anna, cast.open, f"crane number {n} <b>bold</b>", title=f"Crane {n}", language="en")
    answer(cast.bo, write(cast.leader, cast.open, "The harbour #dock"), "A crane & a boat")
    write(cast.bo, cast.secret, f"{CANARY} crane", title=CANARY)
    index_all()
    complete()
    return cast


def page(who: Client, address: str, **headers: str) -> str:
    response = who.get(address, headers=headers)
    assert response.status_code == 200, address
    return response.content.decode()


def test_results_stand_on_a_whole_page_with_words_marked(town: Cast) -> None:
    html = page(signed_in(town.bo), "/search/?q=crane")
    assert "<!doctype html>" in html
    assert "<mark>crane</mark> number 22 &lt;b&gt;bold" in html
    assert "<mark>Crane</mark> 22" in html
    assert 'value="crane"' in html
    assert "25 found" in html
    assert "Comment on" in html


def test_the_outsider_sees_no_trace_of_what_is_secret(town: Cast) -> None:
    who = signed_in(town.outsider)
    for address in (
        "/search/?q=crane", "/search/?q=crane&order=best", f"/search/?q={CANARY}", f"/search/?q=crane&space={town.secret.pk}",
        "/search/?q=in:%22Project+Heron%22+crane", "/search/?q=heron&kind=space", f"/search/?q=crane&person={town.bo.pk}",
    ):  # fmt: skip
        html = (
            page(who, address)
            .replace(f'value="{CANARY}"', "")
            .replace(f"Search: {CANARY}", "")
            .replace(f"q={CANARY}", "")
        )
        assert CANARY not in html, address
        assert f"/spaces/{town.secret.pk}/" not in html, address
    assert "24 found" in page(who, "/search/?q=crane")


def test_the_next_part_continues_the_list(town: Cast) -> None:
    who = signed_in(town.bo)
    html = page(who, "/search/?q=crane")
    start = html.index("/search/?q=crane&amp;after=")
    address = html[start : html.index('"', start)].replace("&amp;", "&")
    part = page(who, address, HX_Request="true")
    assert "<!doctype" not in part
    assert part.count('class="hit"') == 5
    whole = page(who, address)  # without script the link leads to a page
    assert "<!doctype html>" in whole
    assert who.get("/search/?q=crane&after=nonsense").status_code == 404


def test_while_somebody_types_only_what_was_found_comes_back(town: Cast) -> None:
    part = page(signed_in(town.bo), "/search/?q=cran", HX_Request="true")
    assert part.lstrip().startswith('<div id="found"')
    assert "<mark>crane</mark>" in part


def test_kinds_orders_and_filters_are_links_that_keep_the_question(town: Cast) -> None:
    html = page(signed_in(town.bo), f"/search/?q=crane&space={town.open.pk}&order=best")
    assert f"/search/?q=crane&amp;kind=comment&amp;space={town.open.pk}&amp;order=best" in html
    assert "In Town square" in html
    assert 'href="/search/?q=crane&amp;order=best"' in html  # the filter taken away
    assert "Newest first" in html
    assert f'/search/?q=crane&amp;space={town.open.pk}"' in html


def test_each_kind_has_its_own_list(town: Cast) -> None:
    who = signed_in(town.bo)
    assert "<mark>Anna</mark> Åberg" in page(who, "/search/?q=anna&kind=person")
    assert "<mark>Town</mark> square" in page(who, "/search/?q=town&kind=space")
    assert "#<mark>dock</mark>" in page(who, "/search/?q=dock&kind=topic")
    assert "A <mark>crane</mark> &amp; a boat" in page(who, "/search/?q=crane&kind=comment")


def test_empty_pages_say_what_to_do(town: Cast) -> None:
    who = signed_in(town.bo)
    assert "What are you looking for?" in page(who, "/search/")
    assert "Try fewer or other words" in page(who, "/search/?q=zeppelin")
    assert "Look everywhere" in page(who, "/search/?q=zeppelin&kind=post")
    assert "Nobody and nothing here is called" in page(who, "/search/?q=from:nobody.there+crane")


def test_whatever_stands_in_the_address_is_answered(town: Cast) -> None:
    who = signed_in(town.bo)
    for q in HOSTILE:
        if "\ud800" not in q:
            page(who, f"/search/?q={quote(q)}")
    for rest in (
        "kind=nothing",
        "order=x",
        "space=x",
        "space=-1",
        "space=" + "9" * 40,
        "person=%00",
        "kind=",
        "after=",
    ):
        page(who, f"/search/?q=crane&{rest}")
    assert who.get("/search/?q=%ff%fe").status_code in {200, 400}
    assert who.post("/search/", {"q": "crane"}).status_code == 405


def test_a_visitor_is_asked_to_sign_in(town: Cast) -> None:
    assert Client().get("/search/?q=crane").status_code == 302


def test_the_page_costs_few_statements(town: Cast) -> None:
    who = signed_in(town.bo)
    page(who, "/search/?q=crane")
    with CaptureQueriesContext(connection) as captured:
        page(who, "/search/?q=crane")
    assert len(captured) <= 12, [query["sql"][:90] for query in captured]
