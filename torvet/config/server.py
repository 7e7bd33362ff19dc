"""uvicorn, as Torvet runs it: one process, quiet, stopped politely, with the worker beside it when asked."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import uvicorn

log = logging.getLogger("torvet.server")

FINISHES_WITHIN = 4  # seconds for requests that are being answered when we are told to stop
WORKER_ENDS_WITHIN = 5.0
SHORTEST_REST, LONGEST_REST = 0.5, 15.0  # seconds before a worker that died is started anew


class PortTaken(Exception):
    """Somebody else listens there already, or we may not; the message is a sentence."""


def open_port(host: str, port: int) -> socket.socket:
    """Listen, before anything slow is begun. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named outright, or asyncio does not see that this is TCP and leaves Nagle's delay on: 40 ms for every answer.
    door = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
    except (OSError, OverflowError) as error:
        door.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise PortTaken(
            f"cannot listen on {host} port {port}: {reason}. Choose another with --port"
        ) from None
    door.set_inheritable(False)
    return door


def shown(host: str, port: int) -> str:
    """The address as one types it into a browser on this machine."""
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104  # compared, not listened on
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Server(uvicorn.Server):
    """uvicorn without its own words, that ends the open streams before it waits for answers to finish."""

    def __init__(self, application: Any, before_shutdown: Callable[[], Awaitable[None]]) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                lifespan="on",
                log_config=None,
                log_level="warning",
                access_log=False,
                ws="websockets-sansio",
                # A little more than a room takes, so that it is the room that says why. Not compressed: a small message
                # must not grow into a large one.
                ws_max_size=2 * 1024 * 1024,
                ws_per_message_deflate=False,
                ws_ping_interval=20.0,
                ws_ping_timeout=20.0,
                server_header=False,
                # Who is behind a proxy is decided in one place, by TORVET_TRUSTED_PROXIES.
                proxy_headers=False,
                timeout_keep_alive=15,
                timeout_graceful_shutdown=FINISHES_WITHIN,
                backlog=1024,
            )
        )
        self.before_shutdown = before_shutdown
        self.when_ready: Callable[[], None] = lambda: None

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn raises the signal once more at the end, which would make a polite stop look like a crash.
        before = {
            number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handle in before.items():
                signal.signal(number, handle)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.when_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        await self.before_shutdown()
        await super().shutdown(sockets=sockets)


class Keeper:
    """Keeps one worker running beside the server, in the same process group."""

    def __init__(self, command: list[str] | None = None) -> None:
        self.command = command or [
            sys.executable, "-m", "torvet", "worker", "--until-parent-ends", str(os.getpid()),
        ]  # fmt: skip
        self.is_over = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=self._keep, name="keeper", daemon=True)

    def start(self) -> None:
        """Begin the worker. Nobody looks after it before `watch`: a thread must wait until there is no more forking."""
        self._begin()

    def watch(self) -> None:
        self.thread.start()

    def _keep(self) -> None:
        rest = SHORTEST_REST
        is_running = True
        while is_running:
            assert self.process is not None
            ended = self.process.wait()
            # Ctrl-C in a terminal reaches the worker as well, a moment before we are told to stop ourselves.
            if self.is_over.wait(rest):
                return
            log.warning("the worker ended with %s and is started anew", ended)
            rest = min(rest * 2, LONGEST_REST)
            is_running = self._begin()

    def _begin(self) -> bool:
        with self.lock:
            if self.is_over.is_set():
                return False
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL)  # noqa: S603  # our own command
            return True

    def stop(self) -> None:
        """End the worker: politely, then not."""
        self.is_over.set()
        with self.lock:
            process = self.process
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            process.wait(WORKER_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            log.warning("the worker did not stop within %d s and was ended", WORKER_ENDS_WITHIN)
            process.kill()
            process.wait()
