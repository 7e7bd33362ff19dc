"""Reading JSON of which nothing is sure: what is not of the shape that is asked for is empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]


def words_in(thing: Json, name: str) -> str:
    found = thing.get(name)
    return found if isinstance(found, str) else ""


def part_in(thing: Json, name: str) -> Json:
    found = thing.get(name)
    return found if isinstance(found, dict) else {}


def list_of(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []


def parts_of(found: Any) -> list[Json]:
    return [one for one in list_of(found) if isinstance(one, dict)]


def number_of(found: Any) -> int:
    is_number = isinstance(found, int) and not isinstance(found, bool)
    return found if is_number and 0 <= found < 1_000_000_000 else 0
