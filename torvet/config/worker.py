"""The work behind the pages: hands out what happened, does tasks, and what the schedule says."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable, Sequence
from types import FrameType

from django.db import Error, close_old_connections, connections
from django_tasks_db.management.commands.db_worker import Worker as TaskRunner

from torvet.activity import outbox
from torvet.config import actions
from torvet.config.schedule import SCHEDULE, Timed
from torvet.realtime.bus import Mailbox

log = logging.getLogger("torvet.worker")

LOOKS_EVERY = 0.1  # seconds
TASKS_EVERY = 0.3
SCHEDULE_EVERY = 5.0
ORPHANS_EVERY = 60.0
REST = 1.0  # after the database was away
BATCH = 50  # activities between two looks at whether to stop


class Every:
    """Says when some seconds have passed since it last said so."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.next_at = 0.0

    def has_passed(self) -> bool:
        now = time.monotonic()
        if now < self.next_at:
            return False
        self.next_at = now + self.seconds
        return True


class Worker:
    """`run` returns when somebody calls `stop`, or when the parent it was started by is no more."""

    def __init__(
        self,
        *,
        parent: int = 0,
        schedule: Sequence[Timed] = SCHEDULE,
        drain: Callable[[int], int] = outbox.drain,
    ) -> None:
        self.parent = parent
        self.schedule = schedule
        self.drain = drain
        self.is_stopping = False
        self.tasks, self.turns, self.orphans = Every(TASKS_EVERY), Every(SCHEDULE_EVERY), Every(ORPHANS_EVERY)
        self.are_turns_named = False
        self.mailbox = self._open_mailbox()

    @staticmethod
    def _open_mailbox() -> Mailbox | None:
        try:
            return Mailbox()
        except OSError as error:
            log.info("no socket to be woken by (%s); looking ten times a second instead", error)
            return None

    def stop(self, signum: int = 0, frame: FrameType | None = None) -> None:
        self.is_stopping = True

    def listen_for_signals(self) -> None:
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)

    def run(self) -> None:
        try:
            while not (self.is_stopping or self._is_orphaned()):
                try:
                    close_old_connections()
                    if not self.look():
                        self.rest(LOOKS_EVERY)
                except Error as error:
                    log.warning("the database is away, trying again: %s", error)
                    connections.close_all()
                    self.rest(REST)
        finally:
            if self.mailbox is not None:
                self.mailbox.close()
            connections.close_all()

    def look(self) -> bool:
        """Do what waits. Gives whether there was something, so that there may be more."""
        did = self.drain(BATCH) > 0
        if self.tasks.has_passed() or did:
            did = self.do_task() or did
        if self.turns.has_passed():
            self.do_turns()
        if self.orphans.has_passed():
            actions.put_back_orphaned_tasks()
        return did

    def do_task(self) -> bool:
        found = actions.take_task()
        if found is None:
            return False
        runner = TaskRunner(
            queue_names=["*"], interval=0, batch=False, backend_name="default", startup_delay=False, max_tasks=None,
            worker_id=actions.own_name(), excluded_queue_names=[],
        )  # fmt: skip
        # Marks the task as failed when it raises, with its traceback.
        runner.run_task(found)
        self.tasks.next_at = 0.0
        return True

    def do_turns(self) -> None:
        if not self.are_turns_named:
            actions.name_turns(self.schedule)
            self.are_turns_named = True
        for timed in self.schedule:
            if self.is_stopping:
                return
            if actions.take_turn(timed):
                self.do_timed(timed)

    @staticmethod
    def do_timed(timed: Timed) -> None:
        try:
            timed.work()
        except Exception:
            log.exception("timed work failed: %s", timed.name)
            actions.give_turn_back(timed)

    def rest(self, seconds: float) -> None:
        """Wait, but not when somebody tells us that something happened."""
        if self.is_stopping:
            return
        if self.mailbox is not None:
            self.mailbox.wait(seconds)
        else:
            time.sleep(seconds)

    def _is_orphaned(self) -> bool:
        # The server that started us was killed: without it nobody would ever stop us.
        return bool(self.parent) and os.getppid() != self.parent
