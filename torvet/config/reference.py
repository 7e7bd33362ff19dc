"""The API described: as an OpenAPI 3.1 document for programs, and as a page for people."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from torvet.base.api import LONGEST_KEY, PROBLEMS
from torvet.base.policies import public
from torvet.base.problems import PROBLEM_TYPE
from torvet.config.api import api

PREFIX = "/api/v1/"
UNSAFE = frozenset({"post", "put", "patch", "delete"})
HEADERS = {
    "RateLimit-Limit": ("integer", "Requests that are allowed in the present minute"),
    "RateLimit-Remaining": ("integer", "How many of them are left"),
    "RateLimit-Reset": ("integer", "Seconds until they are counted anew"),
    "Retry-After": ("integer", "Seconds to wait"),
    "Location": ("string", "Where the new thing is"),
}
# Told once on the page; the document tells them of each operation.
COMMON = (400, 401, 403, 404, 405, 413, 415, 422, 429)
KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A key of your own making: the same call is done once and answers the same for 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[ -~]+$"},
}


@cache
def document() -> Mapping[str, Any]:
    """The OpenAPI 3.1 document, the same in every installation."""
    drawn: dict[str, Any] = copy.deepcopy(dict(api.get_openapi_schema(path_prefix=PREFIX)))
    drawn.pop("servers")
    drawn["components"] |= {
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer", "description": "A personal token"},
            "session": {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
        },
        "headers": {
            name: {"description": description, "schema": {"type": kind}}
            for name, (kind, description) in HEADERS.items()
        },
    }
    for methods in drawn["paths"].values():
        for method, operation in methods.items():
            _complete(method, operation)
    return drawn


def _complete(method: str, operation: dict[str, Any]) -> None:
    """What ninja does not know of an operation: scopes, headers, the media type of errors."""
    scopes = ["read", "write"] if method in UNSAFE else ["read"]
    operation["security"] = [{"token": scopes}, {"session": []}]
    if method in UNSAFE:
        operation["parameters"].append(KEY_PARAMETER)
    answers = {str(status): answer for status, answer in operation["responses"].items()}
    for status, answer in answers.items():
        names = ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"]
        if status == "429":
            names = ["Retry-After"]
        if status == "201" and operation["operationId"] in {"post", "comment"}:
            names.append("Location")
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
        if int(status) >= 400:
            answer["description"] = PROBLEMS[int(status)]
            answer["content"] = {PROBLEM_TYPE: answer["content"]["application/json"]}
    operation["responses"] = dict(sorted(answers.items()))


@public
def file(request: HttpRequest) -> JsonResponse:
    """The document itself. It tells of Torvet, not of the company, so anybody may read it."""
    return JsonResponse({**document(), "servers": [{"url": settings.TORVET_URL}]})


# --- the page -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A parameter or a field: its name, its kind in words, and what it means."""

    name: str
    kind: str
    meaning: str = ""
    is_needed: bool = False


@dataclass(frozen=True)
class Operation:
    """One thing a program can ask."""

    key: str
    method: str
    path: str
    summary: str
    description: str
    scopes: str
    parameters: list[Line]
    body: list[Line]
    body_kind: str
    answers: list[Line]


@dataclass(frozen=True)
class Shape:
    """One named thing in answers."""

    name: str
    description: str
    fields: list[Line]


@dataclass
class Chapter:
    name: str
    operations: list[Operation] = field(default_factory=list)


@public
def page(request: HttpRequest) -> HttpResponse:
    """The document, readable."""
    common = [Line(str(status), "Problem", _plain(PROBLEMS[status])) for status in COMMON]
    shown = {"chapters": chapters(), "shapes": list(shapes()), "parts": paragraphs(), "common": common}
    return render(request, "api.html", shown)


def paragraphs() -> list[tuple[str, list[tuple[bool, str]]]]:
    """The introduction as (heading, [(is code, words)]): its Markdown knows `**` and backticks only."""
    found = []
    for paragraph in document()["info"]["description"].strip().split("\n\n"):
        heading, words = "", paragraph
        if paragraph.startswith("**"):
            heading, _stars, words = paragraph[2:].partition("**")
        pieces = [(number % 2 == 1, piece) for number, piece in enumerate(words.split("`"))]
        found.append((heading.rstrip("."), pieces))
    return found


def chapters() -> list[Chapter]:
    found: dict[str, Chapter] = {}
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            name = operation["tags"][-1]
            found.setdefault(name, Chapter(name)).operations.append(_operation(path, method, operation))
    return list(found.values())


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> Operation:
    kind, body = "", []
    for media, sent in operation.get("requestBody", {}).get("content", {}).items():
        kind, body = media, list(_fields(_resolved(sent["schema"])))
    return Operation(
        key=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=_plain(operation.get("description", "")),
        scopes=", ".join(operation["security"][0]["token"]),
        parameters=[
            Line(
                asked["name"],
                kind_of(asked["schema"]),
                _plain(asked.get("description", "")),
                asked["required"],
            )
            for asked in operation["parameters"]
        ],
        body=body,
        body_kind=kind,
        answers=[
            Line(status, _answered(answer), _plain(answer["description"]))
            for status, answer in operation["responses"].items()
            if int(status) < 400 or int(status) not in COMMON
        ],
    )


def _plain(words: str) -> str:
    return words.replace("`", "")


def _answered(answer: Mapping[str, Any]) -> str:
    for sent in answer.get("content", {}).values():
        return kind_of(sent["schema"])
    return ""


def shapes() -> Iterator[Shape]:
    for name, schema in sorted(document()["components"]["schemas"].items()):
        yield Shape(name, _plain(schema.get("description", "")), list(_fields(schema)))


def _fields(schema: Mapping[str, Any]) -> Iterator[Line]:
    needed = schema.get("required", [])
    for name, inner in schema.get("properties", {}).items():
        yield Line(name, kind_of(inner), _plain(inner.get("description", "")), name in needed)


def _resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    for choice in (schema, *schema.get("anyOf", ()), *schema.get("allOf", ())):
        if "$ref" in choice:
            inner: Mapping[str, Any] = document()["components"]["schemas"][choice["$ref"].rpartition("/")[2]]
            return inner
    return schema


def kind_of(schema: Mapping[str, Any]) -> str:
    """A schema in a few words: `text, up to 200`, `list of File`, `whole number or null`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    choices = schema.get("anyOf") or schema.get("allOf")
    if choices:
        return " or ".join(kind_of(choice) for choice in choices)
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    kind = schema.get("type")
    if kind == "array":
        return f"list of {kind_of(schema['items'])}"
    if kind == "object":
        inner = schema.get("additionalProperties")
        return f"map to {kind_of(inner)}" if isinstance(inner, Mapping) else "object"
    if kind == "string":
        most = f", up to {schema['maxLength']:,}" if "maxLength" in schema else ""
        return {"date-time": "time", "binary": "file"}.get(schema.get("format", ""), "text") + most
    limits = f", {schema['minimum']} to {schema['maximum']:,}" if schema.get("maximum", 2**60) < 2**60 else ""
    return {"integer": "whole number", "boolean": "true or false", "null": "null"}.get(
        str(kind), "anything"
    ) + limits
