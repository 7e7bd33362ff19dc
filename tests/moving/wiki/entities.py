"""Makes exports of Confluence for tests."""

from __future__ import annotations

from html import escape
from pathlib import Path

from tests.moving.wiki.reading import zipped

SPACE = ("Space", "1", {"name": "Drift", "key": "DR", "homePage": ("Page", "10"), "spaceType": "global"})
Thing = tuple[str, str, dict[str, object]]


def one(kind: str, id: str, said: dict[str, object], *, key: str = "id") -> str:
    """An object as Confluence writes it; a pair is a reference to another."""
    lines = [f'<id name="{key}">{id}</id>']
    for name, value in said.items():
        if isinstance(value, tuple):
            lines.append(
                f'<property name="{name}" class="{value[0]}"><id name="id">{value[1]}</id></property>'
            )
        else:
            lines.append(f'<property name="{name}">{escape(str(value))}</property>')
    return f'<object class="{kind}" package="com.atlassian">{"".join(lines)}</object>'


def page(id: int, title: str, body: str = "", *, kind: str = "Page", sort: str = "2", **said: object) -> str:
    facts: dict[str, object] = {
        "title": title, "space": ("Space", "1"), "contentStatus": "current", "version": 1,
        "creationDate": "2024-01-01 08:00:00.123", "lastModificationDate": "2024-02-01 08:00:00.000",
    }  # fmt: skip
    return one(kind, str(id), {name: value for name, value in (facts | said).items() if value != ""}) + text(
        id, body, sort=sort, kind=kind
    )


def text(id: int, body: str, *, sort: str = "2", kind: str = "Page") -> str:
    return one("BodyContent", f"{id}9", {"body": body, "content": (kind, str(id)), "bodyType": sort})


def below(id: int) -> tuple[str, str]:
    return ("Page", str(id))


HOME = page(10, "Drift Home", "<p>Hej</p>")


def entities(*things: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><hibernate-generic>{one(*SPACE)}{"".join(things)}</hibernate-generic>'


def export(folder: Path, *things: str, files: dict[str, str | bytes] | None = None, xml: str = "") -> Path:
    inside: dict[str, str | bytes] = {"entities.xml": xml or entities(*things)}
    return zipped(folder / "space.zip", inside | (files or {}))
