from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from torvet.activity import chain
from torvet.config.checkup import PROBLEM, findings


class Command(BaseCommand):
    help = (
        "Looks for settings that cannot work and says what to do. Ends with 2 when there is such a problem."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="a report for programs, and nothing else")

    def handle(self, *, json: bool, **options: Any) -> None:
        found = list(findings())
        problems = sum(finding.level == PROBLEM for finding in found)
        if json:
            self.stdout.write(report(found, problems))
        else:
            for finding in found:
                self.stdout.write(
                    f"{finding.level.upper():<8} {finding.about}: {finding.says}\n         {finding.do}"
                )
            self.stdout.write("" if found else "Everything looks right.")
        if problems:
            word = "setting" if problems == 1 else "settings"
            raise CommandError(f"{problems} {word} cannot work")


def report(found: list[Any], problems: int) -> str:
    return json.dumps(
        {"ok": not problems, "findings": [asdict(finding) for finding in found], "log": newest_seal()},
        ensure_ascii=False,
    )


def newest_seal() -> dict[str, object] | None:
    """Length and newest seal of the log of changes: noted elsewhere, they show later whether its end was cut off."""
    try:
        found = chain.look_through()
    except Error:  # no database yet, or one that is not up to date; a finding says so
        return None
    return {"length": found.length, "newest": found.newest}
