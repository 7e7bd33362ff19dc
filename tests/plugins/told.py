"""Says at the end of a run what was left out because of the machine, and how the checks before it went.

bin/check gives every step the same log (TORVET_CHECK_LOG): one line `outcome<TAB>seconds<TAB>title<TAB>note` each. The
last step prints them all, above pytest's own closing line.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.plugins.machine import CANNOT, SHARED_DATA, database

ADVICE = {
    "PostgreSQL": "install PostgreSQL (Debian: apt install postgresql)",
    "a browser": "install Chromium (Debian: apt install chromium), or name one in TORVET_CHROMIUM",
    "Valkey": "install Valkey or Redis (Debian: apt install valkey-server, or redis-server)",
    "../shared/data": "put the folder shared/ beside this one",
}


def reason_of(report: pytest.TestReport) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    skipped = Counter(reason_of(report) for report in terminalreporter.stats.get("skipped", []))
    lacking = {
        reason.removeprefix(CANNOT): count for reason, count in skipped.items() if reason.startswith(CANNOT)
    }
    log = os.environ.get("TORVET_CHECK_LOG")
    if log:
        with Path(log).open("a", encoding="utf-8") as file:
            for what, count in lacking.items():
                file.write(f"lacking\t{count}\t{what}\t{database()}\n")
    if lacking:
        terminalreporter.section("what this machine could not give", sep="-")
        for what, count in sorted(lacking.items()):
            advice = f": {ADVICE[what]}" if what in ADVICE else ""
            terminalreporter.line(f"{what}: {count} tests skipped{advice}")
    if not SHARED_DATA.is_dir():
        terminalreporter.line(
            "There is no ../shared/data here, so nothing was tried on the real export files.", yellow=True
        )
    if log and os.environ.get("TORVET_CHECK_LAST"):
        tell_all_checks(terminalreporter, Path(log))


def tell_all_checks(terminalreporter: pytest.TerminalReporter, log: Path) -> None:
    rows = [line.split("\t") for line in log.read_text(encoding="utf-8").splitlines()]
    terminalreporter.section("all checks", sep="-")
    for outcome, seconds, title, note in rows:
        if outcome == "lacking":
            terminalreporter.line(
                f"skipped   {seconds:>4} tests  {title} is not on this machine ({note})", yellow=True
            )
        else:
            terminalreporter.line(f"{outcome:<8} {seconds:>5} s      {title}{f': {note}' if note else ''}",
                                  red=outcome == "FAILED")  # fmt: skip
    terminalreporter.line("and the suite above, which pytest's own last line sums up")
