"""A clock that the demo sets: five weeks of company life are built in half a minute, each thing at its time.

Only for the process that builds. Everything asks `timezone.now()`; columns whose default is that function hold the
function itself, so they are given the clock too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.apps import apps
from django.db.models import Field
from django.utils import timezone

TICK = timedelta(milliseconds=2)


class Clock:
    """Gives the time it is set to. Every question moves it a little, so that no two things happen at once."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        self.at += TICK
        return self.at

    def set(self, at: datetime) -> None:
        """Move forward; never back, because ids must follow time."""
        self.at = max(self.at, at)


@contextmanager
def own_time(start: datetime) -> Iterator[Clock]:
    """Inside, it is the time that the clock says."""
    real, clock = timezone.now, Clock(start)
    defaults = [
        field
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.default is real
    ]
    timezone.now = clock
    _give(defaults, clock)
    try:
        yield clock
    finally:
        timezone.now = real
        _give(defaults, real)


def _give(fields: list[Field], now: object) -> None:
    for field in fields:
        field.default = now
        # Django keeps the function that it found first.
        field.__dict__.pop("_get_default", None)
