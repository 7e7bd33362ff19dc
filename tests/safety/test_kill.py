"""Killed in the middle of a write, nothing that was acknowledged is lost and nothing is half there."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.plugins.machine import ROOT
from tests.plugins.servers import Town

pytestmark = [pytest.mark.kill, pytest.mark.slow]
CYCLES = 100


def killed(town: Town, *arguments: str) -> dict[str, object]:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.safety.writers", *arguments], env=town.all_environment(), cwd=ROOT,
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    return json.loads(ran.stdout)


def test_a_hundred_killed_writers_lose_nothing(found_town: Callable[..., Town]) -> None:
    report = killed(found_town(founded=True), str(CYCLES))
    assert report["cycles"] == CYCLES
    assert report["acknowledged"] >= CYCLES
    assert (report["lost"], report["half"]) == (0, 0)
    assert report.get("integrity", "ok") == "ok"


@pytest.mark.once
def test_the_kill_test_sees_a_loss(found_town: Callable[..., Town]) -> None:
    assert killed(found_town(founded=True), "3", "--lose-one")["half"] == 1
