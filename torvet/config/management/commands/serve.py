from __future__ import annotations

from socket import socket
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from torvet.config import database, static
from torvet.config.front import Front, maker_of
from torvet.config.live import LiveServer
from torvet.config.pages import fork_nursery, usual_number
from torvet.config.pool import Pool
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
        parser.add_argument(
            "--pages",
            type=int,
            default=None,
            help="processes that make pages (default: one for each core, at most 4)",
        )
        parser.add_argument("--no-worker", action="store_true", help="without a worker: one runs elsewhere")

    def handle(self, *, host: str, port: int, pages: int | None, no_worker: bool, **options: Any) -> None:
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
            self.run(
                door, shown(host, door.getsockname()[1]), keeper, usual_number() if pages is None else pages
            )
        finally:
            keeper.stop()

    def run(self, door: socket, address: str, keeper: Keeper, number: int) -> None:
        # Loads every view. Not at the top: the worker has begun meanwhile.
        from torvet.config.wsgi import LARGEST_BODY, application  # noqa: PLC0415

        # Forked before the first thread is started, for locks that are held would stay so for ever.
        pool = Pool(*fork_nursery(maker_of(application), without=door), number) if number > 0 else None
        if keeper.process:
            keeper.watch()
        live = LiveServer()
        server = Server(Front(application, live, largest=LARGEST_BODY, pool=pool), live.before_shutdown)

        def is_ready() -> None:
            if pool is not None:
                pool.fill()
            self.say(self.words(address))

        server.when_ready = is_ready
        try:
            server.run(sockets=[door])
        finally:
            if pool is not None:
                pool.end()
        self.say("Stopped.")

    def words(self, address: str) -> str:
        public = settings.TORVET_URL
        if urlsplit(public).netloc == urlsplit(address).netloc:
            return f"Torvet is ready on {address}"
        return f"Torvet is ready on {address}, for people who come to {public}"

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
