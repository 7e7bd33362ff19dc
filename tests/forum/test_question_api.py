"""Questions and answers for programs: the same rules, the same sentences."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, house, signed_in
from tests.forum.making import allow_anonymous, answer, ask
from torvet.entries import actions as entries
from torvet.forum import actions


def send(client: Client, method: str, address: str, **sent: Any) -> Any:
    return getattr(client, method)(f"/api/v1{address}", sent or None, content_type="application/json")


def test_asking_answering_voting_accepting_and_confirming(cast: Cast) -> None:
    asker, bo, anna = signed_in(cast.outsider), signed_in(cast.bo), signed_in(cast.anna)
    made = send(asker, "post", f"/spaces/{cast.open.pk}/questions", title="How long?", topics="crane")
    assert made.status_code == 201
    pk = made.json()["entry"]["id"]
    assert made.headers["Location"].endswith(f"/api/v1/questions/{pk}")
    assert made.json()["entry"]["topics"] == ["crane"]
    assert made.json()["may"] == {"answer": True, "accept": True, "confirm": False}
    given = send(bo, "post", f"/questions/{pk}/answers", body="Two **hours**").json()
    assert (given["votes"], given["is_accepted"]) == (0, False)
    number = given["entry"]["id"]
    assert send(anna, "put", f"/answers/{number}/vote").json()["votes"] == 1
    own = send(bo, "put", f"/answers/{number}/vote")
    assert own.status_code == 422 and "your own answer" in own.json()["detail"]
    assert send(anna, "delete", f"/answers/{number}/vote").status_code == 204
    assert send(bo, "put", f"/questions/{pk}/acceptance/{number}").status_code == 403
    assert send(asker, "put", f"/questions/{pk}/acceptance/{number}").json()["accepted_id"] == number
    confirmed = send(anna, "put", f"/questions/{pk}/confirmation/{number}").json()
    assert (confirmed["confirmed_id"], confirmed["confirmed_by"]["name"]) == (number, "Anna Åberg")
    listed = send(bo, "get", f"/questions/{pk}/answers").json()["items"]
    assert [(one["is_accepted"], one["is_confirmed"]) for one in listed] == [(True, True)]
    assert [one["entry"]["id"] for one in send(bo, "get", "/questions?state=solved").json()["items"]] == [pk]
    assert send(bo, "get", "/questions?state=open").json()["items"] == []
    assert send(asker, "delete", f"/questions/{pk}/acceptance").status_code == 204
    assert send(anna, "delete", f"/questions/{pk}/confirmation").status_code == 204
    assert send(asker, "get", f"/questions/{pk}").json()["solved_at"] is None


def test_an_answer_that_is_gone_settles_nothing(cast: Cast) -> None:
    found = ask(cast.open, cast.outsider)
    made = answer(found, cast.bo)
    actions.accept_answer(by=house(cast.outsider), question=found, answer=made)
    entries.remove_entry(by=house(cast.bo), entry=made)
    client = signed_in(cast.outsider)
    shown = send(client, "get", f"/questions/{found.pk}").json()
    assert (shown["solved_at"], shown["accepted_id"], shown["answered_at"]) == (None, None, None)
    assert send(client, "put", f"/questions/{found.pk}/acceptance/{made.pk}").status_code == 404


def test_what_one_may_not_read_is_not_there(cast: Cast) -> None:
    found = ask(cast.closed, cast.anna)
    made = answer(found, cast.bo)
    client = signed_in(cast.outsider)
    for method, address in (
        ("get", f"/questions/{found.pk}"), ("get", f"/questions/{found.pk}/answers"), ("put", f"/answers/{made.pk}/vote"),
        ("put", f"/questions/{found.pk}/acceptance/{made.pk}"), ("get", f"/spaces/{cast.closed.pk}/threads"),
    ):  # fmt: skip
        assert send(client, method, address).status_code == 404, address
    assert send(client, "get", "/questions").json()["items"] == []


@pytest.mark.parametrize(
    "sent",
    [{"title": " "}, {"title": "x" * 300}, {"body": "No title"}, {"title": "Where?", "sub_forum_id": 99}],
)
def test_a_question_without_a_line_or_in_no_part_is_refused(cast: Cast, sent: dict[str, str]) -> None:
    made = send(signed_in(cast.bo), "post", f"/spaces/{cast.open.pk}/questions", **sent)
    assert made.status_code == 422


def test_fora_and_threads_are_listed(cast: Cast) -> None:
    allow_anonymous(cast.open)
    allow_anonymous(cast.secret)
    found = ask(cast.open, cast.outsider)
    client = signed_in(cast.bo)
    assert [one["space"]["name"] for one in send(client, "get", "/fora").json()["items"]] == [
        "Project Heron", "Town square",
    ]  # fmt: skip
    assert [
        one["allows_anonymous"] for one in send(signed_in(cast.outsider), "get", "/fora").json()["items"]
    ] == [True]
    listed = send(client, "get", f"/spaces/{cast.open.pk}/threads").json()["items"]
    assert [one["entry"]["id"] for one in listed] == [found.pk]


def test_lists_cost_the_same_however_long(cast: Cast) -> None:
    client = signed_in(cast.bo)

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as counted:
            assert client.get(f"/api/v1{address}").status_code == 200
        return len(counted)

    first = ask(cast.open, cast.outsider)
    actions.accept_answer(by=house(cast.outsider), question=first, answer=answer(first, cast.anna))
    few = [cost("/questions"), cost(f"/questions/{first.pk}/answers")]
    for number in range(6):
        found = ask(cast.open, cast.outsider, f"Number {number}?")
        actions.accept_answer(by=house(cast.outsider), question=found, answer=answer(found, cast.anna))
        answer(first, cast.bo, f"Number {number}.")
    assert [cost("/questions"), cost(f"/questions/{first.pk}/answers")] == few
