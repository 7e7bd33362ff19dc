"""One open page: what it may hear, and what is waiting to be said to it. About 4 kB; most of the time it waits."""

from __future__ import annotations

import asyncio
import logging
import time
from array import array
from collections.abc import Awaitable, Callable
from typing import Any

from torvet.realtime.door import Asked

log = logging.getLogger("torvet.live")

Send = Callable[[dict[str, Any]], Awaitable[None]]
MOST_WAITING = 200  # different nudges; who is so far behind asks everything again anyway
SLOWEST = 10.0  # seconds for a reader to take what was said


class Connection:
    """Says things to one browser. What waits is said once, however often it came: a slow reader costs little, and one
    that takes nothing at all is cut off.
    """

    __slots__ = (
        "asked", "asked_at", "is_asking", "is_closed", "is_closing", "is_silent", "is_writing", "mark", "member",
        "must_ask", "said_at", "send", "spaces", "task", "threads", "waiting", "writer",
    )  # fmt: skip

    def __init__(self, send: Send, task: asyncio.Task[Any] | None = None) -> None:
        self.send = send
        self.task = task
        self.asked = Asked("")
        self.member = self.mark = 0
        self.threads: dict[int, int] = {}
        self.spaces: array[int] = array("q")
        self.waiting: dict[bytes, None] = {}
        self.writer: asyncio.Task[None] | None = None
        self.asked_at = self.said_at = time.monotonic()
        self.is_silent = self.must_ask = self.is_asking = False
        self.is_writing = self.is_closing = self.is_closed = False

    def begin(self) -> None:
        """The answer has begun: say what waited for that."""
        self.is_writing = False
        if self.waiting or self.is_closing:
            self._start_writing()

    def say(self, words: bytes) -> None:
        """Say this soon. The same twice before it is said is said once."""
        if self.is_closing or self.is_closed:
            return
        self.waiting[words] = None
        self.said_at = time.monotonic()
        if len(self.waiting) > MOST_WAITING:
            self.cut()
        else:
            self._start_writing()

    def close(self) -> None:
        """Say what waits, then end the answer."""
        if not self.is_closed:
            self.is_closing = True
            self._start_writing()

    def cut(self) -> None:
        """End it now, whatever is still unsaid."""
        if self.is_closed:
            return
        self.is_closed = True
        self.waiting.clear()
        # uvicorn's own sender knows its transport. Without this, what the reader never takes would be kept for it.
        transport = getattr(getattr(self.send, "__self__", None), "transport", None)
        if transport is not None:
            transport.abort()
        elif self.task is not None:
            self.task.cancel()
        if self.writer is not None:
            self.writer.cancel()

    def _start_writing(self) -> None:
        if not self.is_writing:
            self.is_writing = True
            # Kept, or the loop might lose it.
            self.writer = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        try:
            async with asyncio.timeout(SLOWEST) as limit:
                while (self.waiting or self.is_closing) and not self.is_closed:
                    words = b"".join(self.waiting)
                    self.waiting.clear()
                    is_last = self.is_closing
                    self.is_closed = is_last
                    limit.reschedule(asyncio.get_running_loop().time() + SLOWEST)
                    await self.send({"type": "http.response.body", "body": words, "more_body": not is_last})
        except TimeoutError:
            log.info("a reader of live updates took nothing for %d s and was cut off", SLOWEST)
            self.is_closed = False
            self.writer = None
            self.cut()
        except (OSError, RuntimeError):
            self.is_closed = True  # The browser has gone; the endpoint hears of it by itself.
        finally:
            self.is_writing = False
            self.writer = None
