"""Makes Slack exports for tests: whole by default, wrong on demand."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from torvet.moving.report import Report
from torvet.moving.running import run_import
from torvet.people.viewer import Viewer

SAMPLES = Path(__file__).resolve().parents[1] / "data"
MODERN = SAMPLES / "slack-modern.zip"
PEOPLE = SAMPLES / "people.csv"
DAY = "2024-03-01.json"
FIRST = 1709280000  # the morning of that day


def person(id: str, name: str = "", **fields: Any) -> dict[str, Any]:
    """A line of users.json. `email` goes into the profile."""
    profile = {"display_name": name or id, "email": fields.pop("email", f"{id.lower()}@nordhavn.example")}
    return {
        "id": id,
        "team_id": "T1",
        "name": id.lower(),
        "profile": profile | fields.pop("profile", {}),
    } | fields


def room(id: str, name: str, members: tuple[str, ...] = ("U1", "U2"), **fields: Any) -> dict[str, Any]:
    """A line of channels.json or groups.json."""
    return {
        "id": id,
        "name": name,
        "created": FIRST - 1000,
        "creator": "U1",
        "members": list(members),
    } | fields


def message(text: str = "Hej", at: int = 0, by: str = "U1", **fields: Any) -> dict[str, Any]:
    """A message `at` seconds after the first."""
    return {"type": "message", "user": by, "text": text, "ts": stamp(at)} | fields


def stamp(at: int) -> str:
    return f"{FIRST + at}.000100"


def answer(to: int, text: str = "Ja", at: int = 1, **fields: Any) -> dict[str, Any]:
    return message(text, at, thread_ts=stamp(to), **fields)


class Export:
    """The files of an export by name; `write` zips them."""

    def __init__(self, *messages: dict[str, Any]) -> None:
        self.files: dict[str, Any] = {
            "users.json": [person("U1", "Anna"), person("U2", "Bo")],
            "channels.json": [room("C1", "general")],
            f"general/{DAY}": list(messages),
        }

    def write(self, path: Path) -> Path:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, inside in self.files.items():
                archive.writestr(name, inside if isinstance(inside, (bytes, str)) else json.dumps(inside))
        return path


def bring(export: Export | Path, folder: Path, *, by: Viewer, **options: Any) -> Report:
    """Import an export and check its figures."""
    path = export if isinstance(export, Path) else export.write(folder / "export.zip")
    report = run_import("slack", path, by=by, **options)
    report.check()
    return report
