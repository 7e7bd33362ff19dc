"""Questions that were asked before: never their own, never in a circle, never past those who may read."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, house, signed_in, viewer_of
from tests.forum.making import answer, ask, seen
from torvet.base.rules import Forbidden, Refused
from torvet.forum import actions
from torvet.forum.models import Thread


def test_a_question_is_never_its_own_duplicate(cast: Cast) -> None:
    found = ask(cast.open, cast.outsider)
    with pytest.raises(Refused, match="itself"):
        actions.mark_same(by=house(cast.outsider), question=found, other=found)


def test_never_in_a_circle_and_always_to_the_end(cast: Cast) -> None:
    one, two, three = (ask(cast.open, cast.anna, f"Question {number}") for number in range(3))
    by = house(cast.anna)
    actions.mark_same(by=by, question=one, other=two)
    with pytest.raises(Refused, match="already points to this one"):
        actions.mark_same(by=by, question=two, other=seen(one.pk, by))
    actions.mark_same(by=by, question=seen(two.pk, by), other=three)
    ends = dict(Thread.objects.values_list("pk", "same_as"))
    assert ends == {one.pk: three.pk, two.pk: three.pk, three.pk: None}
    four = ask(cast.open, cast.anna, "Question 4")
    assert actions.mark_same(by=by, question=four, other=seen(one.pk, by)).same_as_id == three.pk


def test_what_was_merged_at_that_moment_is_said_in_a_sentence(cast: Cast) -> None:
    """As two do who look at what stood before. The entries are held before what is kept beside them, as by merging:
    the other way round the two would block each other."""
    one, two, three = (ask(cast.open, cast.anna, f"Question {number}") for number in range(3))
    by, made = house(cast.anna), answer(two, cast.bo)
    with CaptureQueriesContext(connection) as asked:
        actions.mark_same(by=by, question=one, other=three)
    held = [row["sql"].split('FROM "')[1].split('"')[0] for row in asked if "FOR UPDATE" in row["sql"]]
    assert held == (["entries_entry", "forum_thread"] if connection.vendor == "postgresql" else [])
    actions.merge_into(by=by, source=two.entry, into=one.entry)
    for act in (
        lambda: actions.mark_same(by=by, question=two, other=three),
        lambda: actions.mark_same(by=by, question=three, other=two),
        lambda: actions.unmark_same(by=by, question=two),
        lambda: actions.take_back_acceptance(by=by, question=two),
        lambda: actions.accept_answer(by=by, question=two, answer=made),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert type(refused.value) is Refused


def test_both_pages_link_and_it_can_be_taken_back(cast: Cast) -> None:
    one, two = ask(cast.open, cast.outsider, "Asked again"), ask(cast.open, cast.bo, "Asked first")
    client = signed_in(cast.outsider)
    assert (
        client.post(f"/questions/{one.pk}/same/", {"question": f"http://x/questions/{two.pk}/"}).status_code
        == 302
    )
    page = client.get(f"/questions/{one.pk}/").content.decode()
    assert f'href="/questions/{two.pk}/">Asked first' in page and "Waits for an answer" not in page
    assert f'href="/questions/{one.pk}/">Asked again' in client.get(f"/questions/{two.pk}/").content.decode()
    assert client.post(f"/questions/{one.pk}/same/delete/").status_code == 302
    assert Thread.objects.get(pk=one.pk).same_as_id is None


def test_only_where_all_who_read_one_read_the_other(cast: Cast) -> None:
    inside, outside = ask(cast.closed, cast.anna, "Inside"), ask(cast.open, cast.anna, "Outside")
    with_guests = ask(cast.guests, cast.anna, "With guests")
    by = house(cast.anna)
    for question, other in ((outside, inside), (with_guests, outside), (with_guests, inside)):
        with pytest.raises(Refused, match="Not everybody"):
            actions.mark_same(by=by, question=question, other=other)
    assert actions.mark_same(by=by, question=inside, other=outside).same_as_id == outside.pk


def test_the_asker_and_those_who_run_the_space(cast: Cast) -> None:
    one, two = ask(cast.open, cast.outsider, "One"), ask(cast.open, cast.outsider, "Two")
    with pytest.raises(Forbidden):
        actions.mark_same(by=house(cast.bo), question=one, other=two)
    assert signed_in(cast.bo).get(f"/questions/{one.pk}/same/").status_code == 404
    actions.mark_same(by=house(cast.anna), question=one, other=two)
    with pytest.raises(Forbidden):
        actions.unmark_same(by=house(cast.bo), question=one)


@pytest.mark.parametrize("typed", ["", "nonsense", "/questions/999999/", "9" * 40, "{hidden}", "{own}"])
def test_what_is_no_question_is_said_in_a_sentence(cast: Cast, typed: str) -> None:
    one, hidden = ask(cast.open, cast.outsider, "One"), ask(cast.secret, cast.anna, "Hidden")
    typed = typed.format(hidden=hidden.pk, own=one.pk)
    sent = signed_in(cast.outsider).post(f"/questions/{one.pk}/same/", {"question": typed})
    assert sent.status_code == 422 and b"Hidden" not in sent.content
    assert seen(one.pk, viewer_of(cast.outsider)).same_as_id is None
