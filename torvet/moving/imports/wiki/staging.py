"""Pages of an old wiki in a file of their own while they wait: years of versions need not fit into memory."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from datetime import datetime
from typing import Any

from torvet.moving.imports.wiki.shapes import Person, SourceComment, SourcePage, Version


class Spool:
    """Pages put down one after the other, each found again by the place that `put` gives."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  # closed below, with the import

    def close(self) -> None:
        self._file.close()

    def put(self, page: SourcePage) -> int:
        place = self._file.seek(0, 2)
        self._file.write(json.dumps(asdict(page), default=_written).encode("utf-8", "surrogatepass") + b"\n")
        return place

    def get(self, place: int) -> SourcePage:
        self._file.seek(place)
        found = json.loads(self._file.readline())
        for name in ("created_at", "edited_at"):
            found[name] = _time(found[name])
        for name in ("by", "edited_by"):
            found[name] = _person(found[name])
        found["versions"] = [Version(**_made(one)) for one in found["versions"]]
        found["comments"] = [SourceComment(**_made(one)) for one in found["comments"]]
        for name in ("order", "topics", "attached"):
            found[name] = tuple(found[name])
        return SourcePage(**found)


def _written(thing: Any) -> str:
    if isinstance(thing, datetime):
        return thing.isoformat()
    raise TypeError(f"{type(thing)} is no part of a page")


def _made(one: dict[str, Any]) -> dict[str, Any]:
    return one | {"at": _time(one["at"]), "by": _person(one["by"])}


def _time(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _person(found: dict[str, str] | None) -> Person | None:
    return Person(**found) if found else None
