"""A report as people read it: one table of what is there, and why some of it is left out."""

from __future__ import annotations

from typing import IO

from rich.console import Console
from rich.table import Table

from torvet.moving.report import Outcome, Report

MOST_REASONS = 20


def show(report: Report, file: IO[str]) -> None:
    """Write the inventory of an import to `file`."""
    console = Console(file=file, highlight=False, soft_wrap=True)
    looked = " (only looked at; nothing was written)" if report.is_dry_run else ""
    table = Table(title=f"{report.file}: what is in it{looked}")
    table.add_column("")
    table.add_column("found", justify="right")
    for outcome in Outcome:
        table.add_column(outcome.value, justify="right")
    for line, counts in report.counts().items():
        table.add_row(line.replace("_", " "), *(f"{number:,}" for number in counts.values()))
    console.print(table)
    for (what, why), number in report.reasons.most_common(MOST_REASONS):
        console.print(f"  skipped {number:,} {what.replace('_', ' ')}: {why}", markup=False)
    console.print(f"{report.seconds:.1f} s")
