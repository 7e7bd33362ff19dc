"""Programs that ask the API: each with a token of a member of the cast."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.cast import house
from torvet.entries import actions
from torvet.entries.models import Entry
from torvet.people import actions as people
from torvet.people.models import Member
from torvet.people.viewer import SCOPES
from torvet.spaces.models import Space

API = "/api/v1"
PROBLEM = "application/problem+json"


class Program:
    """Asks as a member, by a personal token; without a member, as nobody."""

    def __init__(self, member: Member | None, scopes: frozenset[str] = SCOPES) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers: dict[str, str] = {}
        if member is not None:
            _token, key = people.make_token(by=house(member), name="A program", scopes=scopes)
            self.headers = {"Authorization": f"Bearer {key}"}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """`body` is sent as JSON, or as it is when it is bytes; header names with _ for -."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        more: dict[str, Any] = {}
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            more = {"data": data, "content_type": sent.pop("Content-Type", "application/json")}
        return self.client.generic(
            method, path if path.startswith("/api") else API + path, headers={**self.headers, **sent}, **more
        )

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.ask("POST", path, body, **headers)

    def found(self, path: str) -> Any:
        """The JSON of a GET that must succeed."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.content)
        return answer.json()

    def every(self, path: str, limit: int = 2) -> list[dict[str, Any]]:
        """All things of a list, page by page."""
        things: list[dict[str, Any]] = []
        after, pages = "", 0
        while pages < 200:
            joint = "&" if "?" in path else "?"
            page = self.found(f"{path}{joint}limit={limit}" + (f"&after={after}" if after else ""))
            assert set(page) == {"items", "next"}
            assert len(page["items"]) <= limit
            things += page["items"]
            pages += 1
            if page["next"] is None:
                return things
            after = page["next"]
        raise AssertionError("the list does not end")


def says(answer: HttpResponse, status: int) -> Any:
    """A problem with this status, and its JSON."""
    assert answer.status_code == status, (answer.status_code, answer.content[:400])
    assert answer.headers["Content-Type"] == PROBLEM
    body = answer.json()
    assert body["status"] == status and body["type"] == "about:blank" and body["title"] and body["detail"]
    return body


def write(member: Member, space: Space, text: str = "Something said", **more: Any) -> Entry:
    return actions.publish_post(by=house(member), space=space, body=text, **more)


def answer(member: Member, on: Entry, text: str = "An answer") -> Entry:
    return actions.add_comment(by=house(member), on=on, body=text)
