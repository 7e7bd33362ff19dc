"""Raw statements: times go in and come out as this database keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.utils.dateparse import parse_datetime


def lines(sql: str, values: Mapping[str, Any] | Sequence[Any]) -> list[Any]:
    """All lines of a statement, as the database gives them; for times in them see `moment`."""
    kept = connection.ops.adapt_datetimefield_value
    given: Any
    if isinstance(values, Mapping):
        given = {
            name: kept(value) if isinstance(value, datetime) else value for name, value in values.items()
        }
    else:
        given = [kept(value) if isinstance(value, datetime) else value for value in values]
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())


def moment(value: Any) -> datetime:
    """A time with its zone. SQLite gives text, or a time without a zone, as the statement has it."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    parsed = parse_datetime(value)
    if parsed is None:
        raise ValueError(f"not a time: {value!r}")
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
