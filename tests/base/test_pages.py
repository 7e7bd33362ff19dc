"""Paging by the last thing seen: everything once, in order, in one statement."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from torvet.base.pages import LARGEST_ID, BadCursor, Cursor, paginate
from torvet.entries.models import Topic

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def topics(db):
    # Three at each moment, so that the moment alone never says where a page begins.
    made = [
        Topic(name=f"n{n:03}", label=f"N{n}", created_at=START + timedelta(hours=n // 3)) for n in range(20)
    ]
    return Topic.objects.bulk_create(made)


@pytest.mark.parametrize(
    "order",
    [("-created_at", "-id"), ("created_at", "id"), ("-created_at", "name"), ("created_at", "-id"), ("name",)],
)
@pytest.mark.parametrize("size", [1, 2, 7, 19, 20, 21])
def test_pages_hold_everything_once_and_in_order(topics, order, size, django_assert_num_queries):
    found, after, asked = [], None, 0
    while asked == 0 or after:
        with django_assert_num_queries(1):
            page = paginate(Topic.objects.all(), order=order, after=after, size=size)
        assert len(page.things) <= size
        found, after, asked = [*found, *page.things], page.next, asked + 1
    assert found == list(Topic.objects.order_by(*order))
    assert asked == -(-20 // size)


def test_what_comes_in_meanwhile_shifts_nothing(topics):
    first = paginate(Topic.objects.all(), order=("-created_at", "-id"), after=None, size=5)
    Topic.objects.create(name="new", label="New", created_at=START + timedelta(days=1))
    Topic.objects.filter(pk=first.things[-1].pk).delete()
    second = paginate(Topic.objects.all(), order=("-created_at", "-id"), after=first.next, size=5)
    assert [topic.name for topic in second.things] == ["n014", "n013", "n012", "n011", "n010"]


def test_a_filtered_list_stays_filtered(topics):
    some = Topic.objects.filter(name__in=["n001", "n005", "n009"])
    page = paginate(some, order=("-created_at", "-id"), after=None, size=2)
    assert [topic.name for topic in page.things] == ["n009", "n005"]
    last = paginate(some, order=("-created_at", "-id"), after=page.next, size=2)
    assert [topic.name for topic in last.things] == ["n001"]
    assert last.next is None


def test_a_later_page_bounds_the_first_field_for_the_index(topics):
    page = paginate(Topic.objects.all(), order=("-created_at", "-id"), after=None, size=2)
    connection.force_debug_cursor = True
    connection.queries_log.clear()
    paginate(Topic.objects.all(), order=("-created_at", "-id"), after=page.next, size=2)
    connection.force_debug_cursor = False
    assert '"created_at" <= ' in connection.queries[-1]["sql"]


def coded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


TIME = START.isoformat()


@pytest.mark.parametrize(
    "bad",
    ["x", "!!!!", "æøå", "A" * 5000, coded(None), coded({}), coded([]), coded([TIME]), coded([TIME, 1, 2]), coded([1, 1]),
     coded([TIME, "1"]), coded([TIME, True]), coded([TIME, 1.5]), coded([TIME, LARGEST_ID + 1]), coded(["2026-11-21", 1]),
     coded(["0001-01-01T00:00:00+14:00", 1]), coded(["9999-12-31T23:59:59-12:00", 1]), coded([TIME + "' OR 1=1", 1]),
     coded([None, 1]), "W" * 300],
)  # fmt: skip
def test_a_cursor_that_we_did_not_write_is_refused(topics, bad):
    with pytest.raises(BadCursor):
        paginate(Topic.objects.all(), order=("-created_at", "-id"), after=bad, size=5)


@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=st.just(UTC)),
       st.integers(-LARGEST_ID, LARGEST_ID), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20))  # fmt: skip
def test_a_cursor_gives_back_what_was_written(moment, number, word):
    assert Cursor.read(Cursor.write([moment, number, word]), [datetime, int, str]) == [moment, number, word]


@given(st.text(max_size=60))
def test_no_text_makes_a_cursor_do_anything_but_refuse(text):
    try:
        Cursor.read(text, [datetime, int])
    except BadCursor:
        pass
