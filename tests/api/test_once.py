"""A call that carries an Idempotency-Key is done once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from tests.api.asking import Program, answer, says, write
from tests.cast import Cast, house, make_cast
from torvet.activity.models import Activity
from torvet.base.actions import remove_old_answers
from torvet.base.models import KeptAnswer
from torvet.config.schedule import SCHEDULE
from torvet.entries.models import Attachment, Entry
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces import actions as spaces
from torvet.spaces.models import Membership

KEY = {"Idempotency_Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


def test_the_same_call_with_the_same_key_is_done_once_and_answers_the_same(cast: Cast) -> None:
    program = Program(cast.bo)
    path = f"/spaces/{cast.open.pk}/entries"
    first = program.post(path, {"body": "Once"}, **KEY)
    again = program.post(path, {"body": "Once"}, **KEY)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert "Idempotency-Replayed" not in first.headers and again.headers["Idempotency-Replayed"] == "true"
    assert Entry.objects.count() == 1
    assert Activity.objects.filter(verb="posted").count() == 1


def test_another_body_under_the_same_key_is_refused(cast: Cast) -> None:
    program = Program(cast.bo)
    path = f"/spaces/{cast.open.pk}/entries"
    program.post(path, {"body": "Once"}, **KEY)
    problem = says(program.post(path, {"body": "Other"}, **KEY), 422)
    assert problem["errors"][0]["field"] == "Idempotency-Key"
    assert Entry.objects.count() == 1


def test_a_key_belongs_to_one_member_one_address_and_one_method(cast: Cast) -> None:
    bo, anna = Program(cast.bo), Program(cast.anna)
    for program in (bo, anna):
        for space in (cast.open, cast.closed):
            assert program.post(f"/spaces/{space.pk}/entries", {"body": "Mine"}, **KEY).status_code == 201
    assert Entry.objects.count() == 4
    mine = Entry.objects.filter(author=cast.bo).first()
    assert bo.ask("PUT", f"/entries/{mine.pk}/bookmark", **KEY).status_code == 204
    assert bo.ask("DELETE", f"/entries/{mine.pk}/bookmark", **KEY).status_code == 204


def test_every_unsafe_call_keeps_its_answer(cast: Cast) -> None:
    entry = write(cast.bo, cast.open)
    comment = answer(cast.bo, entry)
    program = Program(cast.bo)
    for method, path, body in (
        ("PATCH", f"/entries/{entry.pk}", {"version": 1, "body": "Two"}),
        ("PUT", f"/entries/{entry.pk}/reactions/👍", None),
        ("DELETE", f"/entries/{entry.pk}/reactions/👍", None),
        ("PUT", f"/entries/{entry.pk}/bookmark", None),
        ("DELETE", f"/entries/{entry.pk}/bookmark", None),
        ("DELETE", f"/entries/{comment.pk}", None),
        ("DELETE", f"/spaces/{cast.open.pk}/membership", None),
        ("POST", f"/spaces/{cast.open.pk}/membership", None),
    ):
        first, again = (program.ask(method, path, body, **KEY) for _twice in range(2))
        assert first.status_code < 300, (path, first.content)
        assert (again.status_code, again.content) == (first.status_code, first.content), path
        assert again.headers["Idempotency-Replayed"] == "true"
    entry.refresh_from_db()
    assert entry.version == 2 and Membership.objects.filter(member=cast.bo, space=cast.open).count() == 1


def test_a_refusal_is_kept_too(cast: Cast) -> None:
    program = Program(cast.outsider)
    path = f"/spaces/{cast.closed.pk}/entries"
    says(program.post(path, {"body": "Let me"}, **KEY), 403)
    spaces.ask_to_join(by=house(cast.outsider), space=cast.closed, answer="Please")
    again = program.post(path, {"body": "Let me"}, **KEY)
    assert says(again, 403) and again.headers["Idempotency-Replayed"] == "true"
    assert not Entry.objects.exists()


def test_an_upload_is_kept_once(cast: Cast) -> None:
    program = Program(cast.bo)
    headers = {**program.headers, "Idempotency-Key": "k"}

    def upload(text: bytes) -> int:
        file = SimpleUploadedFile("a.txt", text)
        return program.client.post("/api/v1/files", {"file": file}, headers=headers).status_code

    assert [upload(b"one"), upload(b"one"), upload(b"two")] == [201, 201, 422]
    assert Attachment.objects.count() == 1


def test_a_kept_answer_is_not_shown_to_whoever_lost_the_right_to_see_it(cast: Cast) -> None:
    program = Program(cast.bo)
    path = f"/spaces/{cast.secret.pk}/entries"
    spaces.change_standing(
        by=house(cast.bo),
        membership=Membership.objects.get(space=cast.secret, member=cast.anna),
        standing="owner",
    )
    assert program.post(path, {"body": "Heron"}, **KEY).status_code == 201
    inside = Membership.objects.select_related("space", "member").get(space=cast.secret, member=cast.bo)
    spaces.remove_member(by=Viewer.of(Member.objects.get(pk=cast.anna.pk)), membership=inside)
    problem = program.post(path, {"body": "Heron"}, **KEY)
    assert says(problem, 404) and b"Heron" not in problem.content
    assert Entry.objects.count() == 1


def test_a_call_that_fails_on_our_side_may_be_tried_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from torvet.entries.actions import publish

    program = Program(cast.bo)
    path = f"/spaces/{cast.open.pk}/entries"

    def breaks(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(publish, "record", breaks)
        says(program.post(path, {"body": "Once"}, **KEY), 500)
    assert not Entry.objects.exists() and not KeptAnswer.objects.exists()
    assert program.post(path, {"body": "Once"}, **KEY).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 129, "naïve", "tab\there"])
def test_a_key_that_is_none_is_refused(cast: Cast, key: str) -> None:
    problem = Program(cast.bo).post(f"/spaces/{cast.open.pk}/entries", {"body": "x"}, Idempotency_Key=key)
    assert says(problem, 422)["errors"][0]["in"] == "header"
    assert not Entry.objects.exists()


def test_answers_are_forgotten_after_a_day_and_cleared_away_by_the_schedule(cast: Cast) -> None:
    program = Program(cast.bo)
    path = f"/spaces/{cast.open.pk}/entries"
    program.post(path, {"body": "Once"}, **KEY)
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=23, minutes=59))
    assert remove_old_answers() == 0
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=24, minutes=1))
    assert program.post(path, {"body": "Another"}, **KEY).status_code == 201
    assert Entry.objects.count() == 2
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=24, minutes=1))
    assert any(timed.work is remove_old_answers for timed in SCHEDULE)
    assert remove_old_answers() == 1 and not KeptAnswer.objects.exists()


def test_neither_the_key_nor_the_token_is_kept(cast: Cast) -> None:
    program = Program(cast.bo)
    program.ask("DELETE", f"/spaces/{cast.open.pk}/membership", Idempotency_Key="my-own-key")
    kept = repr(KeptAnswer.objects.values().get())
    assert "my-own-key" not in kept and program.headers["Authorization"][7:] not in kept


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one_write() -> None:
    cast = make_cast()
    programs = [Program(cast.bo) for _two in range(4)]
    ready, answers = threading.Barrier(len(programs)), []

    def ask(program: Program) -> None:
        try:
            ready.wait(timeout=20)
            answers.append(program.post(f"/spaces/{cast.open.pk}/entries", {"body": "Once"}, **KEY))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(program,)) for program in programs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert [got.status_code for got in answers] == [201] * 4, [got.content for got in answers]
    assert len({got.json()["id"] for got in answers}) == 1
    assert Entry.objects.count() == 1
    assert sum("Idempotency-Replayed" in got.headers for got in answers) == 3
