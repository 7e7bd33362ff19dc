"""Who is told. `announce` runs in the process that acted, right after its commit; `drain` runs in the worker.

The readers stand in order in `torvet/config/wiring.py`. What was committed but never fanned out (a process died) is
still waiting in the table, so the next drain finds it: nothing is lost. Every reader must bear being told twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from torvet.activity.models import Activity

log = logging.getLogger("torvet.outbox")

Reader = Callable[[Activity], None]
GIVE_UP_AFTER = 8
BATCH = 200


@cache
def _wired(name: str) -> Sequence[Reader]:
    # By name: the wiring stands floors above and imports every reader.
    readers: Sequence[Reader] = import_string(f"{settings.WIRING}.{name}")
    return readers


def announce(activity: Activity) -> None:
    """Tell the at-once readers (live nudges: ids only, no database). One that fails must not fail the action."""
    for reader in _wired("AT_ONCE"):
        try:
            reader(activity)
        except Exception:
            log.exception("at-once reader %s failed on activity %s", reader.__name__, activity.pk)


def fan_out(activity: Activity) -> None:
    """Tell every later reader of one activity, and mark it done, in one transaction."""
    with transaction.atomic():
        for reader in _wired("LATER"):
            reader(activity)
        Activity.objects.filter(pk=activity.pk).update(fanned_out_at=timezone.now())


def drain(limit: int = BATCH) -> int:
    """Fan out what is waiting, oldest first, at most `limit`. Gives how many were done.

    Several workers may drain at once on PostgreSQL: each claims rows that nobody else holds.
    """
    done = 0
    for pk in list(Activity.objects.waiting().values_list("pk", flat=True)[:limit]):
        done += _fan_out_one(pk)
    return done


def _fan_out_one(pk: int) -> int:
    try:
        with transaction.atomic():
            waiting = Activity.objects.waiting().filter(pk=pk)
            if connection.features.has_select_for_update_skip_locked:
                waiting = waiting.select_for_update(skip_locked=True)
            activity = waiting.first()
            if activity is None:
                return 0
            fan_out(activity)
            return 1
    except Exception:
        log.exception("fan-out of activity %s failed", pk)
        _put_back(pk)
        return 0


def _put_back(pk: int) -> None:
    """Try again later, with growing pauses; after some attempts leave it to a person, but keep the row."""
    activity = Activity.objects.get(pk=pk)
    attempts = activity.attempts + 1
    pause = timedelta(days=3650) if attempts >= GIVE_UP_AFTER else timedelta(seconds=2**attempts)
    Activity.objects.filter(pk=pk).update(attempts=attempts, try_at=timezone.now() + pause)
