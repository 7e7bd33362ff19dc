from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from torvet.config import static
from torvet.config.server import PortTaken, open_port, shown


class Command(BaseCommand):
    help = (
        "Runs the pages and the API alone, in several processes. Start `torvet live` and `torvet worker` beside it. "
        "Stop it with Ctrl-C or SIGTERM."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")
        parser.add_argument("--workers", type=int, default=2, help="processes (default: %(default)s)")

    def handle(self, *, host: str, port: int, workers: int, **options: Any) -> None:
        if workers < 1:
            raise CommandError("--workers must be at least 1")
        static.collect()
        try:
            # Only looked at: granian opens it itself, in Rust.
            open_port(host, port).close()
        except PortTaken as error:
            raise CommandError(str(error)) from None
        server = Granian(
            "torvet.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            # Django's connections belong to a thread; one thread keeps one, and Python runs one at a time anyway.
            blocking_threads=1,
            websockets=False,
            log_access=False,
            log_level=LogLevels.warning,
            respawn_failed_workers=True,
            workers_kill_timeout=5,
        )
        self.stdout.write(f"The pages answer on {shown(host, port)}")
        self.stdout.flush()
        server.serve()
