"""Nudges travel between processes, hold ids only, and never hold anybody up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from tests.realtime.pages import until
from tests.source import ROOT
from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.realtime import bus, shared
from torvet.realtime.nudges import nudge_for

OTHER_PROCESS = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "torvet.config.settings"
from torvet.realtime import bus
for number in range(int(sys.argv[1])):
    bus.publish({"told": number})
"""
LISTENER = """
import os, time
os.environ["DJANGO_SETTINGS_MODULE"] = "torvet.config.settings"
from torvet.realtime import bus
box = bus.Mailbox()
print("ready", flush=True)
time.sleep(60)
"""


def run(source: str, data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", source, *arguments], cwd=ROOT, env=os.environ | {"TORVET_DATA": str(data)},
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path):
    with override_settings(DATA=tmp_path):
        yield tmp_path


def test_a_nudge_of_another_process_arrives(folder: Path) -> None:
    box = bus.Mailbox()
    assert box.path.stat().st_mode & 0o777 == 0o600
    assert box.path.parent.stat().st_mode & 0o777 == 0o700
    run(OTHER_PROCESS, folder, "3")
    assert until(lambda: box.wait(0.1))
    run(OTHER_PROCESS, folder, "3")
    assert box.read() == [{"told": 0}, {"told": 1}, {"told": 2}]
    box.close()
    assert not list(folder.glob("run/*"))


def test_a_long_path_is_no_hindrance(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 60) / ("y" * 60)
    long.mkdir(parents=True)
    with override_settings(DATA=long):
        box = bus.Mailbox()
        run(OTHER_PROCESS, long, "1")
        assert box.read() == [{"told": 0}]
        box.close()


def test_without_a_listener_nothing_happens_and_quickly(folder: Path) -> None:
    began = time.monotonic()
    for _ in range(100):
        bus.publish({"told": 1})
    assert time.monotonic() - began < 1


def test_what_a_killed_listener_left_behind_is_cleared_away(folder: Path) -> None:
    listener = subprocess.Popen(
        [sys.executable, "-c", LISTENER], cwd=ROOT, env=os.environ | {"TORVET_DATA": str(folder)},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert listener.stdout is not None
    assert listener.stdout.readline() == "ready\n"
    assert len(list(folder.glob("run/*.sock"))) == 1
    listener.send_signal(signal.SIGKILL)
    listener.wait()
    listener.stdout.close()
    bus.publish({"told": 1})
    assert not list(folder.glob("run/*.sock"))


def test_a_listener_that_does_not_listen_holds_nobody_up_for_long(folder: Path) -> None:
    listener = subprocess.Popen(
        [sys.executable, "-c", LISTENER], cwd=ROOT, env=os.environ | {"TORVET_DATA": str(folder)},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert listener.stdout is not None
        listener.stdout.readline()
        longest = 0.0
        for _ in range(20):
            began = time.monotonic()
            bus.publish({"told": 1})
            longest = max(longest, time.monotonic() - began)
        assert longest < 1
    finally:
        listener.kill()
        listener.wait()
        assert listener.stdout is not None
        listener.stdout.close()


def test_a_folder_that_cannot_be_made_fails_no_action() -> None:
    with override_settings(DATA=Path("/proc/nowhere")):
        bus.publish({"told": 1})


@pytest.mark.parametrize(
    "nudge",
    [
        {},
        {"told": "5"},
        {"told": True},
        {"text": 5},
        {"told": 5, "body": 1},
        {"told": 1.5},
        {"told": None},
        {"told": [1]},
    ],
)
def test_nothing_but_ids_can_be_published(nudge: dict) -> None:
    with pytest.raises(ValueError, match="ids only"):
        bus.publish(nudge)


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"x",
        b"[]",
        b"1",
        b"null",
        b'{"told":"x"}',
        b'{"other":1}',
        b'{"told":1}' + b" " * 600,
        b"\xff",
        b"[" * 400,
    ],
)
def test_what_is_no_nudge_is_dropped(packed: bytes) -> None:
    assert bus.unpack(packed) is None


def test_every_verb_that_changes_rights_is_known_to_the_nudges() -> None:
    """A verb about who may read that moves no open page would leave it open."""
    about_rights = {
        verbs.JOINED, verbs.LEFT, verbs.LET_IN, verbs.ADDED_MEMBER, verbs.REMOVED_MEMBER, verbs.CHANGED_ROLE,
        verbs.DEACTIVATED, verbs.REACTIVATED,
    }  # fmt: skip
    for verb in about_rights:
        assert nudge_for(Activity(pk=1, verb=verb, by_id=2, about_id=3, space_id=4)) == {"a": 1, "epoch": 3}
    for details in ({}, {"fields": ["access", "name"]}):
        changed = Activity(pk=1, verb=verbs.CHANGED_SPACE, by_id=2, space_id=4, details=details)
        assert nudge_for(changed) == {"a": 1, "space_epoch": 4}
    renamed = Activity(pk=1, verb=verbs.CHANGED_SPACE, by_id=2, space_id=4, details={"fields": ["name"]})
    assert nudge_for(renamed) is None
    assert nudge_for(Activity(pk=1, verb=verbs.FOLLOWED, by_id=2, about_id=3)) is None


def test_a_dead_valkey_costs_an_action_one_short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "_resting_until", 0.0)
    with override_settings(VALKEY_URL="valkey://127.0.0.1:1/0"):
        began = time.monotonic()
        for _ in range(50):
            bus.publish({"told": 1})
        assert time.monotonic() - began < 2
    monkeypatch.setattr(shared, "_resting_until", 0.0)


def test_valkey_carries_nudges_and_comes_back(valkey_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bytes] = []
    monkeypatch.setattr(shared, "_resting_until", 0.0)
    with override_settings(VALKEY_URL=valkey_url, SECRET_KEY=settings.SECRET_KEY):
        listening = shared.Subscription(heard.append)
        try:
            assert listening.is_heard.wait(5)
            bus.publish({"told": 7})
            assert until(lambda: heard == [b'{"told":7}'])
            with shared.connect() as client:
                # As when the server is started anew: every subscription is gone.
                client.client_kill_filter(_type="pubsub")
            assert until(lambda: not listening.is_heard.is_set(), 3)
            assert listening.is_heard.wait(5)
            bus.publish({"told": 8})
            assert until(lambda: heard[-1] == b'{"told":8}')
        finally:
            listening.end()
