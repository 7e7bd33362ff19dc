from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from torvet.config.live import LiveServer
from torvet.config.server import PortTaken, Server, open_port, shown


class Command(BaseCommand):
    help = (
        "Runs the live updates (/live/) alone, in one process. `torvet serve` has them built in; start this beside "
        "`torvet web`. Stop it with Ctrl-C or SIGTERM."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=8001, help="port to listen on (default: %(default)s)")

    def handle(self, *, host: str, port: int, **options: Any) -> None:
        try:
            door = open_port(host, port)
        except PortTaken as error:
            raise CommandError(str(error)) from None
        live = LiveServer()
        server = Server(live, live.before_shutdown)
        address = shown(host, door.getsockname()[1])

        def say() -> None:
            self.stdout.write(f"Live updates are ready on {address}/live/")
            self.stdout.flush()

        server.when_ready = say
        server.run(sockets=[door])
