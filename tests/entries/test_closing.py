"""Closing the comments of a thread: never without a reason, and the reason is there for everybody."""

from __future__ import annotations

import pytest

from tests.cast import Cast, house, signed_in
from torvet.base.rules import Forbidden, Refused
from torvet.entries import actions
from torvet.entries.models import Entry

WHY = "We decide this on Thursday, and tell you here."


@pytest.fixture
def thread(cast: Cast) -> Entry:
    return actions.publish_post(by=house(cast.bo), space=cast.open, body="Shall we move the yard?")


def closed(thread: Entry, by: Cast) -> Entry:
    actions.close_comments(by=house(by.bo), entry=thread, why=WHY)
    return Entry.objects.select_related("space", "author", "root").get(pk=thread.pk)


def test_comments_are_not_closed_without_a_reason(cast: Cast, thread: Entry) -> None:
    with pytest.raises(Refused, match="Say why"):
        actions.close_comments(by=house(cast.bo), entry=thread, why="  ")
    assert actions.add_comment(by=house(cast.outsider), on=thread, body="Still open").root_id == thread.pk


def test_nobody_comments_on_a_closed_thread_nor_answers_in_it(cast: Cast, thread: Entry) -> None:
    said = actions.add_comment(by=house(cast.anna), on=thread, body="Yes")
    shut = closed(thread, cast)
    for entry in (shut, Entry.objects.get(pk=said.pk)):
        with pytest.raises(Forbidden):
            actions.add_comment(by=house(cast.bo), on=entry, body="One more thing")
    assert actions.react(by=house(cast.anna), entry=shut, emoji="👍").reactions == {"👍": 1}


def test_the_reason_and_who_closed_stand_where_the_box_would_be(cast: Cast, thread: Entry) -> None:
    closed(thread, cast)
    page = signed_in(cast.outsider).get(f"/e/{thread.pk}/").content.decode()
    assert WHY in page and cast.bo.name in page
    assert 'name="body"' not in page
    assert "Open them again" not in page
    assert "Open them again" in signed_in(cast.bo).get(f"/e/{thread.pk}/").content.decode()


def test_what_was_typed_stays_when_the_reason_is_missing(cast: Cast, thread: Entry) -> None:
    answer = signed_in(cast.bo).post(f"/e/{thread.pk}/closing/", {"why": " "})
    assert answer.status_code == 422 and "Say why" in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("bo", True),
        ("anna", True),
        ("leader", True),
        ("community_manager", False),
        ("administrator", False),
        ("outsider", False),
    ],
)
def test_the_author_and_those_who_run_the_space_close(cast: Cast, thread: Entry, who: str, may: bool) -> None:
    client = signed_in(cast.people[who])
    answer = client.post(f"/e/{thread.pk}/closing/", {"why": WHY})
    assert answer.status_code == (302 if may else 404)
    thread.refresh_from_db()
    assert (thread.closed_at is not None) is may


def test_opened_again_everybody_comments_again(cast: Cast, thread: Entry) -> None:
    closed(thread, cast)
    assert signed_in(cast.outsider).post(f"/e/{thread.pk}/closing/delete/").status_code == 404
    assert signed_in(cast.bo).post(f"/e/{thread.pk}/closing/delete/").status_code == 302
    fresh = Entry.objects.select_related("space", "author").get(pk=thread.pk)
    assert actions.add_comment(by=house(cast.outsider), on=fresh, body="Thank you").root_id == thread.pk
    assert fresh.closed_why == ""
