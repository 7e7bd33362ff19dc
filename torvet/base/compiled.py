"""A queryset compiled once and asked often.

Building and compiling a queryset takes Django milliseconds, more than most of our statements run. What is asked on
every page is therefore compiled once for stand-ins, values that nobody has, and asked with the real ones and the
present time put in. Whatever else differs between those who ask must be part of the key that the caller keeps it under.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial, wraps
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.signals import post_init, pre_init  # noqa: TID251  # only asked whether anybody listens
from django.utils import timezone
from django.utils.dateparse import parse_datetime

_FIRST = 2**62 + 20_101
STAND_INS = tuple(
    range(_FIRST, _FIRST + 4)
)  # numbers to build a queryset for, in the order they are given later
STAND_IN = STAND_INS[0]
LARGEST = 2**63  # numbers from here on are in no database
STAND_IN_TEXT = "\x02stand-in\x03"  # as the first value, where that is a text

Value = int | str
Make = Callable[[Sequence[Any]], Any]


class _Now:
    """The present time, put in each time."""


@dataclass(frozen=True)
class _Gap:
    """A value that is given each time: its place among those given."""

    place: int


_NOW = _Now()
_kept: list[Callable[[], None]] = []


@dataclass(frozen=True)
class Compiled:
    """SQL of this database, its values with gaps, and how a line of it becomes a thing."""

    sql: str
    gaps: tuple[Any, ...]
    is_empty: bool = False
    converters: dict[int, Any] | None = None
    make: Make = tuple

    @classmethod
    def of(cls, rows: QuerySet[Any, Any]) -> Compiled:
        """Compile a queryset that was built for STAND_INS; every time in it must be the present one.

        Model instances come with what `select_related` and annotations ask; `values_list` gives tuples. Other shapes
        (`values`, flat lists, prefetching) can be put into larger statements, but not be asked for `things`.
        """
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            sql, values = compiler.as_sql()
        except EmptyResultSet:
            return cls("SELECT 1 WHERE 1 = 0", (), is_empty=True)
        converters = compiler.get_converters([column[0] for column in compiler.select])
        return cls(sql, tuple(_gap(value) for value in values), False, converters, _maker(rows, compiler))

    def values(self, *given: Value) -> tuple[Any, ...]:
        """The values, with those given and the present time put in."""
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        return tuple(
            given[value.place] if type(value) is _Gap else now if value is _NOW else value
            for value in self.gaps
        )

    def things(self, *given: Value) -> list[Any]:
        """What the queryset would give for these values."""
        if self.is_empty or any(type(one) is int and not -LARGEST <= one < LARGEST for one in given):
            return []
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.values(*given))
            lines = cursor.fetchall()
        make, converters = self.make, self.converters
        return (
            [make(_converted(line, converters)) for line in lines]
            if converters
            else [make(line) for line in lines]
        )

    def first(self, *given: Value) -> Any:
        """The first of them, or None. Where there can be several, the queryset must say their order."""
        found = self.things(*given)
        return found[0] if found else None

    def count(self, *given: Value) -> int:
        """How many things the queryset would give."""
        if self.is_empty:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM ({self.sql}) counted", self.values(*given))  # noqa: S608  # ours
            return int(cursor.fetchone()[0])


def counted_together(*several: Compiled, given: Sequence[Value]) -> list[int]:
    """How many things each of them would give for the same values, in one statement."""
    each = ", ".join(f"(SELECT COUNT(*) FROM ({one.sql}) counted)" for one in several)  # noqa: S608  # ours
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {each}", [value for one in several for value in one.values(*given)])
        return [int(number) for number in cursor.fetchone()]


def compiled(build: Callable[..., QuerySet[Any, Any]]) -> Callable[..., Compiled]:
    """Decorator: the queryset that `build` makes, compiled once for each database and each set of its arguments."""

    @lru_cache(maxsize=256)
    def once(_vendor: str, *key: Any) -> Compiled:
        return Compiled.of(build(*key))

    @wraps(build)
    def of(*key: Any) -> Compiled:
        return once(connection.vendor, *key)

    _kept.append(once.cache_clear)
    return of


def forget_all() -> None:
    """Compile everything anew; for tests that put another rule in the place of ours."""
    for forget in _kept:
        forget()


def _gap(value: Any) -> Any:
    # PostgreSQL wraps the numbers of some columns in a kind of int of its own.
    if isinstance(value, int) and value in STAND_INS:
        return _Gap(int(value) - _FIRST)
    if value == STAND_IN_TEXT:
        return _Gap(0)
    is_time = isinstance(value, datetime) or (isinstance(value, str) and _is_time(value))
    return _NOW if is_time else value


def _is_time(text: str) -> bool:
    try:
        return parse_datetime(text) is not None
    except ValueError:
        return False


def _converted(line: Sequence[Any], converters: dict[int, Any]) -> list[Any]:
    values = list(line)
    for place, (convert, expression) in converters.items():
        value = values[place]
        for one in convert:
            value = one(value, expression, connection)
        values[place] = value
    return values


class _Plain:
    """Makes instances whose columns are all there. Django's own way asks each field and costs five times as much."""

    def __init__(self, model: Any) -> None:
        self.model = model

    @classmethod
    def of(cls, model: Any, names: Sequence[str]) -> Any:
        """The model itself where that is not enough: deferred columns, an `__init__` of its own, listeners."""
        whole = {field.attname for field in model._meta.concrete_fields}
        is_plain = model.__init__ is Model.__init__ and model.from_db.__func__ is Model.from_db.__func__  # type: ignore[attr-defined]
        hears = pre_init.has_listeners(model) or post_init.has_listeners(model)
        return cls(model) if is_plain and whole == set(names) and not hears else model

    def from_db(self, db: str, names: Sequence[str], values: Sequence[Any]) -> Any:
        made = self.model.__new__(self.model)
        made.__dict__.update(zip(names, values, strict=True))
        made._state = state = ModelState()
        state.adding, state.db = False, db
        return made


def _quicken(populators: Sequence[Any]) -> None:
    for populator in populators:
        populator.model_cls = _Plain.of(populator.model_cls, populator.init_list)
        _quicken(populator.related_populators)


def _maker(rows: Any, compiler: Any) -> Make:
    """How a line becomes an instance: as django.db.models.query.ModelIterable does it."""
    if rows._iterable_class is not ModelIterable:
        return tuple
    columns = compiler.klass_info
    places = columns["select_fields"]
    start, end = places[0], places[-1] + 1
    names = [column[0].target.attname for column in compiler.select[start:end]]
    populators = get_related_populators(columns, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # the stubs are of Django 6
    _quicken(populators)
    annotations = tuple(compiler.annotation_col_map.items())
    return partial(_instance, _Plain.of(rows.model, names), names, start, end, populators, annotations)


def _instance(
    model: Any,
    names: list[str],
    start: int,
    end: int,
    populators: list[Any],
    annotations: Any,
    line: Sequence[Any],
) -> Any:
    made = model.from_db(DEFAULT_DB_ALIAS, names, line[start:end])
    for populator in populators:
        populator.populate(line, made)
    for name, place in annotations:
        setattr(made, name, line[place])
    return made
