"""The bus between several machines: Valkey's publish and subscribe. Only there when TORVET_VALKEY_URL is set."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings

log = logging.getLogger("torvet.live")

PATIENCE = 0.3  # seconds; an action waits no longer for a server that does not answer
REST = 5.0  # seconds without another try after a failure
LONGEST_REST = 15.0

_resting_until = 0.0


def room() -> str:
    """The name under which nudges travel: several companies may share one Valkey."""
    return f"torvet:{hashlib.sha256(settings.SECRET_KEY.encode()).hexdigest()[:12]}:nudges"


def connect(timeout: float | None = PATIENCE) -> Any:
    """A client for the configured server. Raises ImportError without the package, ValueError for a wrong address."""
    import valkey  # noqa: PLC0415  # an extra: only there when it is configured

    return valkey.Valkey.from_url(
        settings.VALKEY_URL, socket_timeout=timeout, socket_connect_timeout=PATIENCE
    )


@cache
def _publisher(url: str) -> Any:
    return connect()


def publish(packed: bytes) -> None:
    """Send to the live processes of all machines. A server that is away costs one short wait in five seconds."""
    global _resting_until
    if not settings.VALKEY_URL or time.monotonic() < _resting_until:
        return
    try:
        _publisher(settings.VALKEY_URL).publish(room(), packed)
    except Exception as error:
        # The library has many kinds of failure, and none of them may fail the action that has just been committed.
        _resting_until = time.monotonic() + REST
        log.warning("Valkey cannot be reached, live updates go by the table meanwhile: %s", error)


class Subscription:
    """Hears the nudges of all machines in a thread of its own, and comes back when the server does."""

    def __init__(self, listen: Callable[[bytes], None]) -> None:
        self.listen = listen
        self.is_over = threading.Event()
        self.is_heard = threading.Event()  # set while subscribed
        self.thread = threading.Thread(target=self._run, name="valkey", daemon=True)
        self.thread.start()

    def end(self) -> None:
        self.is_over.set()
        self.thread.join(timeout=2)

    def _run(self) -> None:
        rest = 0.5
        while not self.is_over.is_set():
            try:
                self._hear()
                rest = 0.5
            except Exception as error:
                if self.is_heard.is_set():
                    rest = 0.5
                self.is_heard.clear()
                log.warning("Valkey is away, trying again in %.1f s: %s", rest, error)
                self.is_over.wait(rest)
                rest = min(rest * 2, LONGEST_REST)

    def _hear(self) -> None:
        # The wait for a message is longer than the server's silence is allowed to be, so it has no timeout itself.
        with connect(timeout=None) as client, client.pubsub(ignore_subscribe_messages=True) as heard:
            heard.subscribe(room())
            while not self.is_over.is_set():
                message = heard.get_message(timeout=0.5)
                self.is_heard.set()
                if message and message["type"] == "message":
                    self.listen(message["data"])
