"""Whatever is sent: a plain message, and never an error of ours."""

from __future__ import annotations

import base64
import itertools
import json
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from tests.api.asking import API, PROBLEM, Program, answer, says, write
from tests.cast import Cast
from torvet.entries.models import Attachment, Entry

WRONG: list[Any] = [
    None, True, 0, -1, 1, 2**63, 2**64, 10**400, 1.5, float("inf"), float("nan"), "", " ", "\x00", "a\x00b", "\ud800",
    "\u202e", "x" * 250_000, [], [[]], {}, {"$ne": 1}, ["\x00"], [None], "1; DROP TABLE entries_entry", "🦀" * 50,
]  # fmt: skip
NUMBERS = (
    "0",
    "-1",
    "1",
    str(2**63 - 1),
    str(2**63),
    "9" * 400,
    "9" * 5000,
    "1e5",
    "1.0",
    "%00",
    "abc",
    "%F0%9F%A6%80",
    "",
)
WORDS = (
    "",
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%FF",
    "%F0%9F%A6%80",
    "x" * 3000,
    "%25",
    "_",
    "'",
    '"',
    "\\",
    "%0A",
    "..%2f",
)


def bears(answered: Any) -> None:
    """No error of ours, and every error is a problem."""
    assert answered.status_code < 500, answered.content
    if answered.status_code >= 400:
        assert answered.headers["Content-Type"] == PROBLEM
        assert answered.json()["status"] == answered.status_code


def test_fields_are_named_in_plain_words(cast: Cast) -> None:
    program = Program(cast.bo)
    path = f"/spaces/{cast.open.pk}/entries"
    for body, field, message in (
        ({"body": "x", "colour": "red"}, "colour", "There is no such field."),
        ({"body": 7}, "body", "This must be text."),
        ({"body": "x", "title": "t" * 201}, "title", "At most 200 characters fit."),
        ({"body": "x", "format": "rtf"}, "format", "Choose one of: 'markdown' or 'html'"),
        ({"body": "x", "attachments": "k"}, "attachments", "This must be a list."),
        ({"body": "x", "attachments": ["k"] * 21}, "attachments", "At most 20 fit here."),
        ({"body": "x" * 200_001}, "body", "At most 200000 characters fit."),
    ):
        [error] = says(program.post(path, body), 422)["errors"]
        assert error == {"in": "body", "field": field, "message": message}
    for query, field, message in (
        ("limit=0", "limit", "This must be 1 or more."),
        ("limit=101", "limit", "This must be 100 or less."),
        ("limit=many", "limit", "This must be a whole number."),
        ("after=nonsense", "after", "This place in the list is not known. Start again without it."),
        ("color=red", "color", "There is no such field."),
        ("order=best", "order", "Choose one of: 'newest' or 'active'"),
    ):
        [error] = says(program.get(f"{path}?{query}"), 422)["errors"]
        assert error == {"in": "query", "field": field, "message": message}
    assert not Entry.objects.exists()


def test_messages_are_in_the_language_of_the_member(cast: Cast) -> None:
    cast.bo.language = "da"
    cast.bo.save()
    answered = Program(cast.bo).get("/spaces?limit=0")
    assert answered.headers["Content-Language"] == "da"
    says(answered, 422)


def test_an_empty_entry_and_one_that_is_too_long_are_refused_in_words(cast: Cast) -> None:
    program = Program(cast.bo)
    path = f"/spaces/{cast.open.pk}/entries"
    assert "Write something" in says(program.post(path, {}), 422)["detail"]
    assert "40000" in says(program.post(path, {"body": "word " * 8200}), 422)["detail"]
    assert not Entry.objects.exists()


def test_what_is_no_json_is_said_to_be_none(cast: Cast) -> None:
    program = Program(cast.bo)
    path = f"/spaces/{cast.open.pk}/entries"
    deep = b'{"body":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    for body in (
        b"{",
        b"\xff\xfe\x00",
        b"",
        b"nul",
        deep,
        b'{"body": 1' + b"0" * 5000 + b"}",
        b"\xed\xa0\x80",
    ):
        answered = program.post(path, body)
        bears(answered)
        assert answered.status_code in {400, 422}
    for body in (b"null", b"[]", b'"text"', b"7", b"true"):
        says(program.post(path, body), 422)
    says(program.post(path, b'{"body": "x"}', Content_Type="text/plain"), 415)
    says(program.post(path, b"body=x", Content_Type="application/x-www-form-urlencoded"), 415)
    says(program.post(path, b"--x", Content_Type="multipart/form-data; boundary=x"), 415)
    says(program.post("/files", {"file": "x"}), 415)
    bears(program.post("/files", b"--x", Content_Type="multipart/form-data; boundary=x"))
    bears(program.post("/files", b"--x", Content_Type="multipart/form-data"))
    assert not Entry.objects.exists() and not Attachment.objects.exists()


def test_a_body_larger_than_is_read_is_refused(cast: Cast) -> None:
    large = json.dumps({"body": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE}).encode()
    for key in ({}, {"Idempotency_Key": "k"}):
        says(Program(cast.bo).post(f"/spaces/{cast.open.pk}/entries", large, **key), 413)


@pytest.mark.parametrize("field", ["body", "title", "format", "attachments", "version", "answer"])
def test_every_field_bears_every_wrong_value(cast: Cast, field: str) -> None:
    entry = write(cast.bo, cast.open)
    program = Program(cast.bo)
    for wrong in WRONG:
        sent = json.dumps({"body": "x", field: wrong} if field != "body" else {"body": wrong}).encode()
        bears(program.post(f"/spaces/{cast.open.pk}/entries", sent))
        bears(program.post(f"/entries/{entry.pk}/comments", sent))
        bears(program.ask("PATCH", f"/entries/{entry.pk}", json.dumps({"version": 1, field: wrong}).encode()))
        bears(program.post(f"/spaces/{cast.closed.pk}/membership", json.dumps({field: wrong}).encode()))
    for stored in Entry.objects.all():
        assert "\x00" not in stored.title + stored.text + stored.body


def test_unknown_keys_of_any_shape_are_refused(cast: Cast) -> None:
    program = Program(cast.bo)
    for key in (
        "\x00",
        "\ud800",
        "x" * 5000,
        "",
        "__class__",
        "body.x",
        "id",
        "author",
        "author_id",
        "space",
    ):
        sent = json.dumps({"body": "x", key: 1}).encode()
        answered = program.post(f"/spaces/{cast.open.pk}/entries", sent)
        bears(answered)
        assert answered.status_code == 422, key
    assert not Entry.objects.exists()


def test_every_address_bears_every_number(cast: Cast) -> None:
    program = Program(cast.bo)
    for number in NUMBERS:
        for path in ("/spaces/{}", "/spaces/{}/entries", "/spaces/{}/memberships", "/entries/{}", "/members/{}",
                     "/entries/{}/comments", "/members/{}/entries"):  # fmt: skip
            bears(program.get(path.format(number)))
        for method, path in (("POST", "/spaces/{}/entries"), ("PATCH", "/entries/{}"), ("DELETE", "/entries/{}"),
                             ("PUT", "/entries/{}/bookmark"), ("PUT", "/entries/{}/reactions/👍"),
                             ("DELETE", "/spaces/{}/membership"), ("POST", "/entries/{}/comments")):  # fmt: skip
            if number != "1":
                body = {"body": "x"} if method == "POST" else None
                answered = program.ask(method, path.format(number), body)
                bears(answered)
                assert answered.status_code in {404, 405, 415, 422}, (method, path, number)


def test_every_parameter_bears_every_word(cast: Cast) -> None:
    entry = write(cast.bo, cast.open, "About #cranes")
    program = Program(cast.bo)
    lists = ("/feed", "/spaces", "/members", "/topics", "/units", "/bookmarks", f"/spaces/{cast.open.pk}/entries",
             f"/spaces/{cast.open.pk}/memberships", f"/entries/{entry.pk}/comments")  # fmt: skip
    names = ("after", "limit", "q", "order", "view", "unit", "site", "joined")
    for path, name, word in itertools.product(lists, names, (*WORDS, *NUMBERS)):
        bears(program.get(f"{path}?{name}={word}"))
    for word in WORDS:
        bears(program.get(f"/topics/{word}"))
        bears(program.get(f"/files/{word}"))
        bears(program.ask("PUT", f"/entries/{entry.pk}/reactions/{word}"))
        bears(program.ask("DELETE", f"/entries/{entry.pk}/reactions/{word}"))


def test_cursors_that_are_not_ours_are_refused(cast: Cast) -> None:
    program = Program(cast.bo)
    values: list[Any] = [
        [], ["x", 1], [1, 1], ["2026-01-01", 1], ["0001-01-01T00:00:00+14:00", 1], ["9999-12-31T23:59:59-14:00", 1],
        ["a\x00", 1], ["\ud800", 1], ["a", 2**70], [None, None], {"a": 1}, "x", 5, [["a"], 1], ["a", True], ["a", 1.5],
    ]  # fmt: skip
    for path in ("/feed", "/feed?view=company", "/spaces", "/members", "/topics", "/units", "/bookmarks",
                 f"/spaces/{cast.open.pk}/entries", f"/spaces/{cast.open.pk}/memberships"):  # fmt: skip
        for value in values:
            cursor = base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
            answered = program.get(f"{path}{'&' if '?' in path else '?'}after={quote(cursor)}")
            bears(answered)
        says(program.get(f"{path}{'&' if '?' in path else '?'}after={'A' * 401}"), 422)


def test_wrong_methods_are_named_with_the_right_ones(cast: Cast) -> None:
    answered = Program(cast.bo).ask("PUT", f"/spaces/{cast.open.pk}/entries", {})
    says(answered, 405)
    assert answered.headers["Allow"] == "GET, POST"
    says(Program(cast.bo).ask("OPTIONS", "/me"), 405)
    assert Program(cast.bo).ask("HEAD", "/me").status_code == 405


def test_addresses_that_are_none_answer_with_a_problem(cast: Cast) -> None:
    for program in (Program(cast.bo), Program(None)):
        for path in ("/nothing", "/docs", "/spaces/x", "/entries/-1", "/api/v2/me", "/spaces/1/entries/"):
            says(program.get(path), 404)


def test_uploads_are_limited_and_refused_in_words(cast: Cast) -> None:
    program = Program(cast.bo)

    def upload(**form: Any) -> Any:
        return program.client.post(f"{API}/files", form, headers=program.headers)

    [error] = says(upload(), 422)["errors"]
    assert (error["field"], error["message"]) == ("file", "This is missing.")
    assert "empty" in says(upload(file=SimpleUploadedFile("a.txt", b"")), 422)["detail"]
    [error] = says(upload(file=SimpleUploadedFile("a.txt", b"x"), alt="x" * 301), 422)["errors"]
    assert error["field"] == "alt"
    [error] = says(upload(file=SimpleUploadedFile("a.txt", b"x"), space="1"), 422)["errors"]
    assert (error["in"], error["field"]) == ("form", "space")
    with override_settings(UPLOAD_BYTES=10):
        says(upload(file=SimpleUploadedFile("a.txt", b"x" * 11)), 422)
    for name in ("../../etc/passwd", "a\x00.txt", "x" * 500 + ".txt", "\u202etxt.exe", "con"):
        bears(upload(file=SimpleUploadedFile(name, b"x")))
    for kept in Attachment.objects.all():
        assert "/" not in kept.name and "\x00" not in kept.name and len(kept.name) <= 160


def test_too_many_requests_are_told_when_to_come_back(cast: Cast) -> None:
    program = Program(cast.bo)
    first = program.post(f"/spaces/{cast.open.pk}/entries", {"body": "1"})
    limit, left = int(first.headers["RateLimit-Limit"]), int(first.headers["RateLimit-Remaining"])
    assert left == limit - 1 and int(first.headers["RateLimit-Reset"]) <= 60
    for _more in range(left):
        program.ask("PUT", "/entries/999999/bookmark")
    refused = program.ask("PUT", "/entries/999999/bookmark")
    says(refused, 429)
    assert 0 < int(refused.headers["Retry-After"]) <= 60


def test_javascript_links_and_direction_marks_do_no_harm(cast: Cast) -> None:
    made = Program(cast.bo).post(
        f"/spaces/{cast.open.pk}/entries",
        {"body": "[press](javascript:alert(1)) <a href='javascript:x'>y</a> \u202eevil", "title": "a\u202eb\x00c"},
    ).json()  # fmt: skip
    assert "<a" not in made["html"] and "\u202e" not in made["text"]
    assert made["title"] == "abc"
    assert Client().get("/api/v1/openapi.json").status_code == 200


def test_a_thread_that_is_answered_while_it_is_removed_stays_whole(cast: Cast) -> None:
    entry = write(cast.anna, cast.open)
    comment = answer(cast.bo, entry)
    assert Program(cast.anna).ask("DELETE", f"/entries/{entry.pk}").status_code == 204
    program = Program(cast.bo)
    says(program.post(f"/entries/{entry.pk}/comments", {"body": "x"}), 404)
    bears(program.post(f"/entries/{comment.pk}/comments", {"body": "x"}))
    assert program.found(f"/entries/{entry.pk}")["removed_at"]
