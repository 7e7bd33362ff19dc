"""When things happened, seen from now: `D12 09:15` is twelve working days ago, `-20m` and `-3h` are just now."""

from __future__ import annotations

import random
import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Europe/Copenhagen")
OPENS, CLOSES = time(7, 5), time(17, 20)
NEWEST = timedelta(minutes=4)  # nothing is more recent than this
_WHEN = re.compile(r"D(?P<days>\d+) (?P<hour>\d\d):(?P<minute>\d\d)|-(?P<ago>\d+)(?P<unit>[mh])")


def moment(when: str, now: datetime) -> datetime:
    """The time that a play names. Raises ValueError for what is no time."""
    match = _WHEN.fullmatch(when)
    if match is None:
        raise ValueError(when)
    if match["ago"]:
        return now - timedelta(**{"minutes" if match["unit"] == "m" else "hours": int(match["ago"])})
    day = now.astimezone(HOME)
    for _step in range(int(match["days"])):
        day = _working_day(day, -1)
    return day.replace(hour=int(match["hour"]), minute=int(match["minute"]), second=0, microsecond=0)


def _working_day(day: datetime, step: int) -> datetime:
    day += timedelta(days=step)
    while day.weekday() >= 5:
        day += timedelta(days=step)
    return day


def answers(start: datetime, number: int, now: datetime, dice: random.Random) -> list[datetime]:
    """When `number` answers came: minutes apart, in working hours, and all of them before now."""
    times, at = [], start
    for _answer in range(number):
        at = _in_working_hours(at + timedelta(minutes=dice.choice((3, 5, 8, 12, 19, 28, 44))), at, dice)
        times.append(at)
    latest = now - NEWEST
    if times and times[-1] > latest:
        # A thread that still runs: everything a little faster, rather than answers from tomorrow.
        pace = max((latest - start) / (times[-1] - start), 0.0)
        times = [start + (one - start) * pace for one in times]
    return times


def _in_working_hours(at: datetime, before: datetime, dice: random.Random) -> datetime:
    local, was = at.astimezone(HOME), before.astimezone(HOME)
    # Whoever answers a post of this very evening answers in the evening.
    if was.time() > CLOSES or was.time() < OPENS or was.weekday() >= 5 or local.time() <= CLOSES:
        return at
    morning = _working_day(local, 1).replace(hour=OPENS.hour, minute=OPENS.minute)
    return morning + timedelta(minutes=dice.randrange(0, 90))
