"""What the worker writes: whose turn it is, and tasks that a killed worker left behind."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from torvet.config.models import Turn
from torvet.config.schedule import Timed

log = logging.getLogger("torvet.worker")

SOON_AGAIN = timedelta(minutes=5)


def name_turns(schedule: Sequence[Timed]) -> None:
    """A row for every line of the schedule, due at once when it is new; lines that are no more are forgotten."""
    names = [timed.name for timed in schedule]
    Turn.objects.exclude(name__in=names).delete()
    Turn.objects.bulk_create([Turn(name=name) for name in names], ignore_conflicts=True)


def take_turn(timed: Timed) -> bool:
    """Claim this work if it is due. Of all workers that ask, one hears True."""
    now = timezone.now()
    return Turn.objects.filter(name=timed.name, due_at__lte=now).update(due_at=now + timed.every) == 1


def give_turn_back(timed: Timed) -> None:
    """The work failed: it is due again soon."""
    Turn.objects.filter(name=timed.name).update(due_at=timezone.now() + min(timed.every, SOON_AGAIN))


def own_name() -> str:
    """What a worker signs a task with: its machine and process."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}"


def take_task() -> DBTaskResult | None:
    """Claim the next task that is ready, or None."""
    ready = DBTaskResult.objects.ready()
    # Looking first: to claim, SQLite locks everybody else out, ten times a second for nothing.
    if not ready.exists():
        return None
    with exclusive_transaction("default"):
        found = ready.get_locked()
        if found is not None:
            found.claim(own_name())
    return found


def put_back_orphaned_tasks() -> int:
    """Make tasks ready again whose worker, on this machine, is no more. Gives how many.

    A task may therefore be done twice, like everything in the worker; it must bear that.
    """
    machine = own_name().rpartition(":")[0]
    put_back = 0
    for task in DBTaskResult.objects.running():
        host, _colon, process = (task.worker_ids or [""])[-1].rpartition(":")
        if (
            host == machine
            and process.isdigit()
            and int(process) != os.getpid()
            and not _is_alive(int(process))
        ):
            put_back += DBTaskResult.objects.filter(pk=task.pk, status="RUNNING").update(status="READY")
    if put_back:
        log.warning("%d tasks of a worker that was killed are done again", put_back)
    return put_back


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
