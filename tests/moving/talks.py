"""Makes exports of conversations for tests: whole by default, wrong on demand. All people and words are invented."""

from __future__ import annotations

import json
import zipfile
from html import escape
from pathlib import Path
from typing import Any

from torvet.entries.models import Entry
from torvet.moving.models import Origin
from torvet.moving.report import Report
from torvet.moving.running import run_import
from torvet.people.viewer import Viewer

Row = dict[str, Any]
MORNING = 1_709_280_000_000  # of 1 March 2024, in milliseconds


def bring(kind: str, path: Path, *, by: Viewer, **wishes: Any) -> Report:
    """Import a file and check its figures."""
    report = run_import(kind, path, by=by, **wishes)
    report.check()
    return report


def line(report: Report, name: str) -> tuple[int, int, int, int, int]:
    """Found, imported, updated, unchanged, skipped."""
    numbers = report.counts().get(name)
    return tuple(numbers.values()) if numbers else (0, 0, 0, 0, 0)  # type: ignore[return-value]


def entry_of(key: str) -> Entry:
    """What became of a message, by its key over there."""
    return Entry.objects.get(pk=Origin.objects.get(type="entry", source_id=key).local_id)


def zipped(path: Path, files: dict[str, Any]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in files.items():
            archive.writestr(name, inside if isinstance(inside, (bytes, str)) else json.dumps(inside))
    return path


# Stack Exchange


def row(id: int, **fields: Any) -> Row:
    """A row of Posts.xml: a question, unless it has a ParentId."""
    kind = "2" if "ParentId" in fields else "1"
    title = {} if kind == "2" else {"Title": f"Question {id}", "Tags": "<lunch><kitchen>"}
    return (
        {
            "Id": id,
            "PostTypeId": kind,
            "CreationDate": f"2024-03-01T08:{id % 60:02}:00.000",
            "Score": "0",
            "Body": f"<p>Words of {id}</p>",
            "OwnerUserId": 10 + id,
        }
        | title
        | fields
    )


def xml(rows: list[Row], root: str = "posts") -> bytes:
    lines = [
        "<row "
        + " ".join(f'{name}="{escape(str(value))}"' for name, value in one.items() if value is not None)
        + "/>"
        for one in rows
    ]
    head = f'\ufeff<?xml version="1.0" encoding="utf-8"?>\n<{root}>'
    return "\n".join([head, *lines, f"</{root}>"]).encode()


def dump(folder: Path, posts: list[Row], name: str = "dump.zip", **others: Any) -> Path:
    """A dump of cooking.example.com; `Users=[…]` and the like are further files, of rows or of bytes."""
    files: dict[str, Any] = {"cooking.example.com/Posts.xml": xml(posts)}
    for file, rows in others.items():
        files[f"cooking.example.com/{file}.xml"] = (
            rows if isinstance(rows, bytes) else xml(rows, file.lower())
        )
    return zipped(folder / name, files)


# Discourse


def post(number: int, by: str = "mette", **fields: Any) -> Row:
    return {
        "id": 100 + number,
        "post_number": number,
        "username": by,
        "name": by.title(),
        "user_id": sum(map(ord, by)),
        "created_at": f"2024-03-01T08:{number:02}:00.000Z",
        "cooked": f"<p>Post {number}</p>",
        "post_type": 1,
        "version": 1,
        "actions_summary": [],
    } | fields


def topic(id: int, *posts: Row, **fields: Any) -> Row:
    listed = [one | {"id": id * 1000 + one["post_number"]} for one in posts or (post(1),)]
    lacking = fields.pop("lacking", [])
    return {
        "id": id,
        "title": f"Topic {id}",
        "created_at": "2024-03-01T08:00:00.000Z",
        "last_posted_at": "2024-03-02T08:00:00.000Z",
        "category_id": 1,
        "tags": ["lunch"],
        "archetype": "regular",
        "visible": True,
        "closed": False,
        "post_stream": {"posts": listed, "stream": [one["id"] for one in listed] + lacking},
    } | fields


CATEGORIES = {
    "categories": [
        {"id": 1, "name": "Kitchen", "description": "<p>All about it</p>"},
        {"id": 2, "name": "Board", "read_restricted": True},
        {"id": 3, "name": "Ovens", "parent_category_id": 1},
    ]
}


def forum(folder: Path, *topics: Row, name: str = "forum.zip", **others: Any) -> Path:
    """A folder of topics; `others` are further files, with `__` for a slash and `_0` for a dot."""
    files: dict[str, Any] = {"site.json": CATEGORIES}
    files |= {f"t/{one['id']}.json": one for one in topics}
    files |= {file.replace("__", "/").replace("_0", "."): inside for file, inside in others.items()}
    return zipped(folder / name, files)


# Mattermost


def user(username: str, *channels: str, **fields: Any) -> Row:
    teams = [{"name": "firm", "channels": [{"name": one, "roles": "channel_user"} for one in channels]}]
    return {"type": "user", "user": {
        "username": username, "email": f"{username}@nordhavn.example", "first_name": username.title(),
        "roles": "system_user", "teams": teams,
    } | fields}  # fmt: skip


def channel(name: str, **fields: Any) -> Row:
    return {
        "type": "channel",
        "channel": {"team": "firm", "name": name, "display_name": name.title(), "type": "O"} | fields,
    }


def said(message: str = "Hej", at: int = 0, by: str = "anna", **fields: Any) -> Row:
    """A post, `at` seconds after the morning."""
    return {"type": "post", "post": {"team": "firm", "channel": "lunch", "user": by, "message": message,
                                     "create_at": MORNING + at * 1000} | fields}  # fmt: skip


def reply(message: str = "Ja", at: int = 1, by: str = "bo", **fields: Any) -> Row:
    return {"user": by, "message": message, "create_at": MORNING + at * 1000} | fields


TEAM = {"type": "team", "team": {"name": "firm", "display_name": "Firm", "type": "I"}}


def server(
    folder: Path, *lines: Row | str, name: str = "server.zip", files: dict[str, bytes] | None = None
) -> Path:
    """An export with Anna and Bo in one channel, and these lines behind them."""
    head: list[Row | str] = [
        {"type": "version", "version": 1}, TEAM, channel("lunch"), user("anna", "lunch"), user("bo", "lunch")
    ]  # fmt: skip
    written = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in [*head, *lines])
    return zipped(folder / name, {"import.jsonl": written + "\n"} | (files or {}))


# Mail


def mail(
    id: str = "", subject: str = "Lunch", text: str = "Hej", *, by: str = "Anna <anna@nordhavn.example>",
    at: str = "Fri, 1 Mar 2024 09:00:00 +0100", **headers: str,
) -> str:  # fmt: skip
    """One message; `headers` are further ones, with `_` for a hyphen."""
    lines = [f"From: {by}", "To: drift@lists.example.org", f"Subject: {subject}", f"Date: {at}"]
    lines += [f"Message-ID: <{id}>"] if id else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\n".join(lines) + f"\n\n{text}\n"


def box(folder: Path, *mails: str | bytes, name: str = "drift.mbox") -> Path:
    path = folder / name
    raw = [one.encode() if isinstance(one, str) else one for one in mails]
    path.write_bytes(b"\n".join(b"From x@y Fri Mar  1 08:00:00 2024\n" + one for one in raw))
    return path
