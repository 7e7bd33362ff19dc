"""The worker: hands out what happened, does each thing of the schedule once however many workers there are, and loses
nothing when it is killed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import override_settings
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from tests.cast import Cast, house
from tests.plugins.servers import ADMIN, Town
from tests.realtime.pages import until
from torvet.activity.models import Activity
from torvet.config import actions
from torvet.config.models import Turn
from torvet.config.schedule import SCHEDULE, Timed
from torvet.config.worker import Worker
from torvet.entries import actions as entries

pytestmark = pytest.mark.slow

done: list[str] = []


@task()
def note(word: str) -> None:
    done.append(word)


@task()
def fail() -> None:
    raise ValueError("on purpose")


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    done.clear()


def worker_in_a_thread(worker: Worker) -> threading.Thread:
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    return thread


def is_waiting() -> bool:
    return Activity.objects.waiting().exists()


@pytest.mark.django_db(transaction=True)
def test_what_happens_is_handed_out_within_a_moment(cast: Cast) -> None:
    worker = Worker(schedule=())
    thread = worker_in_a_thread(worker)
    assert until(lambda: not is_waiting(), 20)
    entries.publish_post(by=house(cast.anna), space=cast.open, body="News of the crane")
    began = time.monotonic()
    assert until(lambda: not is_waiting(), 5)
    assert time.monotonic() - began < 3
    worker.stop()
    thread.join(5)
    assert not thread.is_alive()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_does_not_end_the_worker(cast: Cast) -> None:
    answers = iter([OperationalError("gone"), OperationalError("still gone")])
    drained = threading.Event()

    def drain(limit: int) -> int:
        problem = next(answers, None)
        if problem:
            raise problem
        drained.set()
        return 0

    worker = Worker(schedule=(), drain=drain)
    thread = worker_in_a_thread(worker)
    assert drained.wait(10)
    worker.stop()
    thread.join(5)


@pytest.mark.django_db(transaction=True)
def test_each_turn_of_the_schedule_is_taken_by_one_of_several_workers() -> None:
    ran: list[str] = []
    schedule = (
        Timed("one", timedelta(hours=1), lambda: ran.append("one")),
        Timed("two", timedelta(hours=1), lambda: ran.append("two")),
    )
    actions.name_turns(schedule)
    together = threading.Barrier(4)

    def turn() -> None:
        together.wait()
        try:
            for timed in schedule:
                if actions.take_turn(timed):
                    timed.work()
        finally:
            connection.close()

    threads = [threading.Thread(target=turn) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(ran) == ["one", "two"]


def test_a_turn_comes_again_when_it_is_due_and_not_before(db: None) -> None:
    ran: list[int] = []
    timed = Timed("count", timedelta(hours=1), lambda: ran.append(1))
    worker = Worker(schedule=(timed,))
    worker.do_turns()
    worker.do_turns()
    assert ran == [1]
    Turn.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    worker.do_turns()
    assert ran == [1, 1]
    worker.mailbox.close()


def test_a_turn_that_fails_is_due_again_soon_and_holds_up_no_other(db: None) -> None:
    ran: list[str] = []

    def broken() -> None:
        raise ValueError("on purpose")

    schedule = (
        Timed("broken", timedelta(days=1), broken),
        Timed("whole", timedelta(days=1), lambda: ran.append("whole")),
    )
    worker = Worker(schedule=schedule)
    worker.do_turns()
    assert ran == ["whole"]
    due = Turn.objects.get(name="broken").due_at - timezone.now()
    assert timedelta(0) < due <= timedelta(minutes=5)
    worker.mailbox.close()


def test_the_schedule_of_torvet_works(db: None) -> None:
    """Each line runs on a real, empty database, and names are told apart."""
    assert len({timed.name for timed in SCHEDULE}) == len(SCHEDULE) > 0
    for timed in SCHEDULE:
        timed.work()


def test_lines_that_left_the_schedule_are_forgotten(db: None) -> None:
    Turn.objects.create(name="of an older version")
    actions.name_turns(SCHEDULE)
    assert set(Turn.objects.values_list("name", flat=True)) == {timed.name for timed in SCHEDULE}


@pytest.mark.django_db(transaction=True)
def test_tasks_are_done_once_and_a_failing_one_is_kept() -> None:
    with override_settings(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}):
        note.enqueue("first")
        fail.enqueue()
        note.enqueue("second")
    worker = Worker(schedule=())
    while worker.do_task():
        pass
    assert done == ["first", "second"]
    (failed,) = DBTaskResult.objects.failed()
    assert "on purpose" in failed.traceback
    worker.mailbox.close()


@pytest.mark.django_db(transaction=True)
def test_the_task_of_a_worker_that_was_killed_is_done_by_the_next() -> None:
    with override_settings(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}):
        note.enqueue("again")
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    host = actions.own_name().rpartition(":")[0]
    row = DBTaskResult.objects.get()
    row.claim(f"{host}:{gone.pid}")
    assert actions.put_back_orphaned_tasks() == 1
    row.refresh_from_db()
    # Those of the living, and of other machines, are left alone.
    row.claim(f"{host}:{os.getppid()}")
    assert actions.put_back_orphaned_tasks() == 0
    row.claim(f"another-machine:{gone.pid}")
    assert actions.put_back_orphaned_tasks() == 0
    row.claim(f"{host}:{gone.pid}")
    worker = Worker(schedule=())
    worker.look()
    worker.orphans.next_at = worker.tasks.next_at = 0.0
    worker.look()
    worker.tasks.next_at = 0.0
    worker.look()
    assert done == ["again"]
    worker.mailbox.close()


def test_a_worker_killed_in_the_middle_loses_nothing(found_town: Callable[..., Town]) -> None:
    town = found_town(founded=True)
    worker = subprocess.Popen(
        [town.program, "worker"], env=town.all_environment(), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert until(lambda: any((town.data / "run").glob("*.sock")), 20)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    town.torvet("token", ADMIN)
    assert waiting_in(town) > 0
    second = subprocess.Popen(
        [town.program, "worker"], env=town.all_environment(), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert until(lambda: len(list((town.data / "run").glob("*.sock"))) >= 1, 20)
        assert until(lambda: waiting_in(town) == 0, 20)
    finally:
        second.terminate()
        assert second.wait(10) == 0


def waiting_in(town: Town) -> int:
    source = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE']='torvet.config.settings'\n"
        "import django; django.setup()\n"
        "from torvet.activity.models import Activity\n"
        "print(Activity.objects.filter(fanned_out_at=None).count())"
    )
    ran = subprocess.run(
        [sys.executable, "-c", source], env=town.all_environment(), capture_output=True, text=True, check=True
    )
    return int(ran.stdout)
