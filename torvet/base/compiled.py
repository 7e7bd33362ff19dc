"""A queryset compiled once and asked often.

Building and compiling a queryset takes Django milliseconds, more than most of our statements run. What is asked on
every page is therefore compiled once for a stand-in, whose number nobody has, and asked with the real number and the
present time put in. Whatever else differs between those who ask must be part of the key that the caller keeps it under.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

STAND_IN = 2**62 + 20_101  # the number to build the queryset for


class _Gap:
    """A value that is put in each time."""


_NUMBER, _NOW = _Gap(), _Gap()


@dataclass(frozen=True)
class Compiled:
    """SQL of this database, and its values with gaps."""

    sql: str
    gaps: tuple[Any, ...]

    @classmethod
    def of(cls, rows: QuerySet[Any]) -> Compiled:
        """Compile a queryset that was built for STAND_IN; every time in it must be the present one."""
        sql, values = rows.query.sql_with_params()
        return cls(sql, tuple(_gap(value) for value in values))

    def values(self, number: int) -> tuple[Any, ...]:
        """The values, with this number and the present time put in."""
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        return tuple(number if value is _NUMBER else now if value is _NOW else value for value in self.gaps)


def _gap(value: Any) -> Any:
    if type(value) is int and value == STAND_IN:
        return _NUMBER
    is_time = isinstance(value, datetime) or (isinstance(value, str) and _is_time(value))
    return _NOW if is_time else value


def _is_time(text: str) -> bool:
    try:
        return parse_datetime(text) is not None
    except ValueError:
        return False
