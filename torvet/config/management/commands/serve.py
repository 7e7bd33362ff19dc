from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from torvet.config import database, static
from torvet.config.front import Front
from torvet.config.live import LiveServer
from torvet.config.server import Keeper, PortTaken, Server, open_port, shown


class Command(BaseCommand):
    help = (
        "Runs everything on one port: pages, live updates, the worker and the schedule. Makes what is missing: folder, "
        "secret, database, front-end files. Stop it with Ctrl-C or SIGTERM."
    )
    # Done below, with the port open: the checks load every view, which the first request would do otherwise.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")
        parser.add_argument("--no-worker", action="store_true", help="without a worker: one runs elsewhere")

    def handle(self, *, host: str, port: int, no_worker: bool, **options: Any) -> None:
        try:
            door = open_port(host, port)
        except PortTaken as error:
            raise CommandError(str(error)) from None
        if database.bring_up_to_date():
            self.say("The database is ready.")
        if static.collect():
            self.say("The front-end files are ready.")
        keeper = Keeper()
        if not no_worker:
            # Begun early: it loads beside us.
            keeper.start()
        try:
            self.check()
            self.run(door, shown(host, door.getsockname()[1]))
        finally:
            keeper.stop()

    def run(self, door: Any, address: str) -> None:
        # Loads every view. Not at the top: the worker has begun meanwhile.
        from torvet.config.wsgi import LARGEST_BODY, application  # noqa: PLC0415

        live = LiveServer()
        front = Front(application, live, largest=LARGEST_BODY)
        server = Server(front, live.before_shutdown)
        server.when_ready = lambda: self.say(self.words(address))
        server.run(sockets=[door])
        self.say("Stopped.")

    def words(self, address: str) -> str:
        public = settings.TORVET_URL
        if urlsplit(public).netloc == urlsplit(address).netloc:
            return f"Torvet is ready on {address}"
        return f"Torvet is ready on {address}, for people who come to {public}"

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
