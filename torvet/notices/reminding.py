"""When reminders go out by themselves: three days before, on the day, and twice more a week apart. Then never again."""

from __future__ import annotations

from datetime import date, timedelta

DAYS = (-3, 0, 7, 14)  # from the date


def stage_of(due_on: date, today: date) -> int:
    """How many of the days have come."""
    return sum(due_on + timedelta(days=days) <= today for days in DAYS)
