from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from torvet.config.worker import Worker


class Command(BaseCommand):
    help = (
        "Does the work behind the pages: cards, notifications, search, timed work. `torvet serve` has one of its own; "
        "start this beside `torvet web`. Several at once are fine. Stop it with Ctrl-C or SIGTERM."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--until-parent-ends",
            type=int,
            default=0,
            metavar="PROCESS",
            help="end when the process that started this one is no longer PROCESS",
        )

    def handle(self, *, until_parent_ends: int, **options: Any) -> None:
        worker = Worker(parent=until_parent_ends)
        worker.listen_for_signals()
        worker.run()
