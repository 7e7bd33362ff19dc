"""The OpenAPI document: valid, complete, and the one that other programs were built on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.http import HttpRequest
from django.test import Client
from ninja import Router

from tests.api.asking import Program
from tests.cast import Cast
from torvet.base.api import PROBLEMS, answers
from torvet.base.door import Api
from torvet.base.policies import Policy, policy_of, signed_in
from torvet.config.reference import document

SNAPSHOT = Path(__file__).with_name("openapi.json")
METHODS = {"get", "post", "put", "patch", "delete"}
AGREED = {
    ("get", "/me"), ("get", "/feed"), ("get", "/spaces"), ("get", "/spaces/{id}"), ("get", "/spaces/{id}/entries"),
    ("post", "/spaces/{id}/entries"), ("get", "/spaces/{id}/memberships"), ("post", "/spaces/{id}/membership"),
    ("delete", "/spaces/{id}/membership"), ("get", "/entries/{id}"), ("patch", "/entries/{id}"),
    ("delete", "/entries/{id}"), ("get", "/entries/{id}/comments"), ("post", "/entries/{id}/comments"),
    ("put", "/entries/{id}/reactions/{emoji}"), ("delete", "/entries/{id}/reactions/{emoji}"),
    ("put", "/entries/{id}/bookmark"), ("delete", "/entries/{id}/bookmark"), ("get", "/members"),
    ("get", "/members/{id}"), ("get", "/units"), ("get", "/topics"), ("get", "/topics/{name}"), ("post", "/files"),
    ("get", "/files/{key}"), ("get", "/search"), ("get", "/blogs"), ("get", "/blogs/{id}"),
    ("get", "/blogs/{id}/articles"), ("get", "/articles/{id}"), ("get", "/outcomes"),
}  # fmt: skip


def operations() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def every(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every object inside a document."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from every(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from every(inner)


def test_the_document_is_the_one_that_programs_were_built_on() -> None:
    """When this fails you have changed the API. If that is meant: `python -m tests.api.snapshot`, and say so in CHANGELOG.md."""
    assert json.loads(json.dumps(document())) == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_everything_agreed_is_there() -> None:
    there = {(method, path.removeprefix("/api/v1")) for method, path, _operation in operations()}
    assert there >= AGREED, AGREED - there


def test_the_document_is_valid_openapi_3_1() -> None:
    drawn = document()
    assert drawn["openapi"].startswith("3.1.")
    assert drawn["info"]["title"] and drawn["info"]["version"]
    schemes = drawn["components"]["securitySchemes"]
    for part in every(drawn):
        if "$ref" in part:
            assert set(part) == {"$ref"}
            where: Any = drawn
            for step in part["$ref"].removeprefix("#/").split("/"):
                where = where[step]
        if part.get("type") == "array":
            assert "items" in part
    seen = set()
    for method, path, operation in operations():
        assert method in METHODS and path.startswith("/api/v1/")
        assert operation["operationId"] not in seen
        seen.add(operation["operationId"])
        assert operation["summary"] and operation["responses"]
        names = [(asked["in"], asked["name"]) for asked in operation["parameters"]]
        assert len(set(names)) == len(names)
        in_path = {name for where, name in names if where == "path"}
        assert in_path == set(re.findall(r"{(\w+)}", path))
        for asked in operation["parameters"]:
            assert asked["in"] in {"path", "query", "header"} and isinstance(asked["schema"], dict)
            assert asked["in"] != "path" or asked["required"] is True
        assert ("requestBody" in operation) <= (method in {"post", "patch"})
        for status, answer in operation["responses"].items():
            assert re.fullmatch(r"[2-5]\d\d", status) and answer["description"]
            assert status != "204" or "content" not in answer
        for needed in operation["security"]:
            assert set(needed) <= set(schemes)


def test_every_operation_says_what_it_needs_and_how_it_may_fail() -> None:
    for method, path, operation in operations():
        where = f"{method} {path}"
        assert {"401", "403", "404", "422", "429"} <= set(operation["responses"]), where
        if "requestBody" in operation:
            assert {"400", "413", "415"} <= set(operation["responses"]), where
        scopes = ["read"] if method == "get" else ["read", "write"]
        assert operation["security"] == [{"token": scopes}, {"session": []}], where
        keys = [asked for asked in operation["parameters"] if asked["name"] == "Idempotency-Key"]
        assert len(keys) == (0 if method == "get" else 1), where
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert set(answer["content"]) == {"application/problem+json"}, where
                assert answer["description"] == PROBLEMS[int(status)]


def test_every_list_has_the_agreed_shape() -> None:
    schemas = document()["components"]["schemas"]
    lists = [schema for name, schema in schemas.items() if name.endswith("List")]
    assert len(lists) >= 5
    for schema in lists:
        assert list(schema["properties"])[:2] == ["items", "next"]
        assert {"type": "null"} in schema["properties"]["next"]["anyOf"]


def test_every_text_and_number_that_is_sent_has_a_limit() -> None:
    drawn = document()
    sent = [schema for name, schema in drawn["components"]["schemas"].items() if name in bodies(drawn)]
    assert sent
    parts = list(every(sent)) + [asked["schema"] for _m, _p, op in operations() for asked in op["parameters"]]
    for part in (inner for outer in parts for inner in every(outer)):
        if "enum" in part or "const" in part:
            continue
        if part.get("type") == "string" and part.get("format") != "binary":
            assert "maxLength" in part, part
        if part.get("type") == "integer":
            assert "minimum" in part and "maximum" in part, part
        if part.get("type") == "array":
            assert "maxItems" in part, part
    assert all(schema["additionalProperties"] is False for schema in sent)


def bodies(drawn: Mapping[str, Any]) -> set[str]:
    found = set()
    for _method, _path, operation in operations():
        for part in every(operation.get("requestBody", {})):
            if "$ref" in part:
                found.add(part["$ref"].rpartition("/")[2])
    return found


def test_programs_and_people_read_it_without_signing_in(cast: Cast) -> None:
    answered = Client().get("/api/v1/openapi.json")
    assert answered.status_code == 200 and answered.headers["Content-Type"] == "application/json"
    told = answered.json()
    assert told["servers"] == [{"url": "http://127.0.0.1:8000"}]
    assert told["paths"].keys() == document()["paths"].keys()
    assert cast.anna.name not in answered.content.decode()


def test_the_page_shows_every_operation_and_nothing_that_the_policy_forbids(cast: Cast) -> None:
    for client in (Client(), Program(cast.bo).client):
        answered = client.get("/api/v1/")
        assert answered.status_code == 200
        html = answered.content.decode()
        for method, path, operation in operations():
            assert f'id="{operation["operationId"]}"' in html and f"{method.upper()} {path}" in html
        assert not re.search(
            r'<script(?![^>]* (src=|type="application/json"))|<style|\sstyle=|\son\w+=|https://(?!127)', html
        )
        assert "unsafe" not in answered.headers["Content-Security-Policy"]


def test_an_operation_without_a_policy_stops_the_start() -> None:
    router = Router()

    @router.get("/forgotten", response=answers(None))
    def forgotten(request: HttpRequest) -> None: ...

    @router.get("/kept", response=answers(None))
    @signed_in
    def kept(request: HttpRequest) -> None: ...

    api = Api(still_sees=lambda *_known: True, urls_namespace="apart")
    api.add_router("", router)
    by_route = {str(pattern.pattern): policy_of(pattern.callback) for pattern in api.urls[0]}
    assert by_route == {"forgotten": None, "kept": Policy.SIGNED_IN}
    assert [error for error in run_checks() if error.id == "torvet.E001"] == []


@pytest.mark.django_db
def test_no_operation_is_exempt_from_csrf() -> None:
    from torvet.config.api import api

    for pattern in api.urls[0]:
        assert not getattr(pattern.callback, "csrf_exempt", False), pattern
