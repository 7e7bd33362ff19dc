"""Keyset paging: a page starts after the last thing of the one before, so nothing shifts while people read."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

Thing = TypeVar("Thing")
Row = TypeVar("Row", bound=Model)
LONGEST_CURSOR = 400
LARGEST_ID = 2**63 - 1


class BadCursor(ValueError):
    """A cursor that this town did not write."""


@dataclass(frozen=True)
class Page(Generic[Thing]):
    """A part of a list; `next` is the cursor of the following part, None at the end."""

    things: list[Thing]
    next: str | None


class Cursor:
    """Opaque text for a place in a sorted list: times, days, whole numbers and words."""

    @staticmethod
    def write(values: Sequence[Any]) -> str:
        plain = [value.isoformat() if isinstance(value, date) else value for value in values]
        return (
            base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")
        )

    @staticmethod
    def read(text: str, kinds: Sequence[type]) -> list[Any]:
        """The values of a cursor, each of the expected kind. Raises BadCursor for anything else."""
        try:
            if len(text) > LONGEST_CURSOR:
                raise BadCursor
            padded = text + "=" * (-len(text) % 4)
            values = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
            if not isinstance(values, list) or len(values) != len(kinds):
                raise BadCursor
            return [_checked(value, kind) for value, kind in zip(values, kinds, strict=True)]
        except (ValueError, TypeError, binascii.Error, RecursionError) as error:
            raise BadCursor from error


def _checked(value: Any, kind: type) -> Any:
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        # At the ends of the calendar, changing the time zone would overflow.
        if moment.tzinfo is None or not 1 < moment.year < 9999:
            raise BadCursor
        return moment
    if kind is date:
        return date.fromisoformat(value)
    if type(value) is not kind:
        raise BadCursor
    if isinstance(value, int) and not -LARGEST_ID <= value <= LARGEST_ID:
        raise BadCursor
    if isinstance(value, str) and any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in value):
        raise BadCursor  # no database takes these
    return value


def paginate(rows: QuerySet[Row], *, order: Sequence[str], after: str | None, size: int = 20) -> Page[Row]:
    """One page of a queryset sorted by `order` (e.g. `("-published_at", "-id")`), in one statement.

    The fields must together be unique and never empty. Raises BadCursor.
    """
    names = [field.lstrip("-") for field in order]
    if after:
        kinds = [_kind_of(rows.model, name) for name in names]
        ways = ["lt" if field.startswith("-") else "gt" for field in order]
        rows = rows.filter(_beyond(names, Cursor.read(after, kinds), ways))
    found = list(rows.order_by(*order)[: size + 1])
    if len(found) <= size:
        return Page(found, None)
    last = found[size - 1]
    return Page(found[:size], Cursor.write([_value(last, name) for name in names]))


def _beyond(names: Sequence[str], values: Sequence[Any], ways: Sequence[str]) -> Q:
    condition = Q()
    for position, name in enumerate(names):
        equal = Q(**dict(zip(names[:position], values[:position], strict=True)))
        condition |= equal & Q(**{f"{name}__{ways[position]}": values[position]})
    # Says nothing new, but to the database: without a plain bound on the first field it walks the index from its top.
    return Q(**{f"{names[0]}__{ways[0]}e": values[0]}) & condition


def _value(row: Model, name: str) -> Any:
    value: Any = row
    for part in name.split("__"):
        value = getattr(value, part)
    return value


def _kind_of(model: type[Model], name: str) -> type:
    field: Any = None
    for part in name.split("__"):
        field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        model = field.related_model or model
    kinds = {
        "DateTimeField": datetime,
        "DateField": date,
        "CharField": str,
        "TextField": str,
        "EmailField": str,
    }
    return kinds.get(field.get_internal_type(), int)
