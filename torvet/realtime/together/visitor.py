"""One browser in a room: what is waiting to be said to it, and how much it may say."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from torvet.realtime.together.entrance import Admitted, Asked

log = logging.getLogger("torvet.together")

Send = Callable[[dict[str, Any]], Awaitable[None]]

MOST_WAITING = 4 * 1024 * 1024  # bytes for one slow reader; then it is cut off and joins anew
MOST_HELD = 500  # messages of somebody whose right is just being asked for
SLOWEST = 10.0  # seconds for a reader to take what was said
# Of messages: fast typing makes some twenty in a second, a key held down sixty. Of bytes: a long text pasted at once.
MESSAGES_A_SECOND, MOST_MESSAGES = 60.0, 400.0
BYTES_A_SECOND, MOST_BYTES = 100_000.0, 2_500_000.0

# Why a connection ends; the browser knows these numbers (frontend/js/editor/together.js).
MALFORMED, SIGNED_OUT, LOST, TOO_LARGE, TOO_OFTEN, AGAIN, GOING = 4400, 4401, 4404, 4413, 4429, 4409, 1012


class Visitor:
    """Says things to one browser, in order. One that takes nothing is cut off; what it missed it asks for later."""

    __slots__ = (
        "admitted", "asked", "asked_at", "bytes_left", "changes", "client", "clock", "cursor", "held", "is_asking",
        "is_closed", "is_silent", "messages_left", "must_ask", "out", "send", "spent_at", "waiting", "writer",
    )  # fmt: skip

    def __init__(self, send: Send, asked: Asked, admitted: Admitted) -> None:
        self.send = send
        self.asked, self.admitted = asked, admitted
        self.asked_at = self.spent_at = time.monotonic()
        self.out: deque[dict[str, Any]] = deque()
        self.waiting = self.changes = 0
        self.writer: asyncio.Task[None] | None = None
        self.is_closed = self.is_silent = self.is_asking = self.must_ask = False
        self.held: list[bytes] = []
        # The number under which this browser writes in the document, once it has said so.
        self.client = 0
        self.clock = 0
        self.cursor: Any = None
        self.messages_left, self.bytes_left = MOST_MESSAGES, MOST_BYTES

    @property
    def member(self) -> int:
        return self.admitted.member

    @property
    def state(self) -> dict[str, Any]:
        """What the others are shown. The server's own words: nothing of it but the cursor came from the browser."""
        who = {"name": self.admitted.name, "hue": self.admitted.hue, "member": self.member}
        return {"user": who, "cursor": self.cursor}

    def may_say(self, size: int) -> bool:
        """Spend one message of so many bytes."""
        now = time.monotonic()
        passed, self.spent_at = now - self.spent_at, now
        self.messages_left = min(MOST_MESSAGES, self.messages_left + passed * MESSAGES_A_SECOND) - 1
        self.bytes_left = min(MOST_BYTES, self.bytes_left + passed * BYTES_A_SECOND) - size
        return self.messages_left >= 0 and self.bytes_left >= 0

    def say(self, words: bytes) -> None:
        self._put({"type": "websocket.send", "bytes": words}, len(words))

    def tell(self, **words: Any) -> None:
        """A message of our own beside the Yjs protocols, as JSON in a text frame."""
        text = json.dumps(words, separators=(",", ":"))
        self._put({"type": "websocket.send", "text": text}, len(text))

    def close(self, code: int) -> None:
        """End it: what waits is dropped, and nothing that still comes from there is listened to."""
        if self.is_closed:
            return
        self.is_closed = True
        self.held.clear()
        self.out.clear()
        self.waiting = 0
        self.out.append({"type": "websocket.close", "code": code})
        self._begin()

    def _put(self, message: dict[str, Any], size: int) -> None:
        if self.is_closed:
            return
        # One message alone may be larger: the whole of a long document, for somebody who has just come.
        is_too_much = self.waiting > 0 and self.waiting + size > MOST_WAITING
        self.waiting += size
        if is_too_much:
            log.info("somebody who writes a page takes nothing and was cut off")
            self.close(AGAIN)
            return
        self.out.append(message)
        self._begin()

    def _begin(self) -> None:
        if self.writer is None:
            self.writer = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        try:
            while self.out:
                message = self.out.popleft()
                self.waiting -= len(message.get("bytes") or message.get("text") or b"")
                async with asyncio.timeout(SLOWEST):
                    await self.send(message)
        except (OSError, RuntimeError, TimeoutError) as problem:
            # The browser has gone, or takes nothing; the endpoint hears of it by itself.
            log.debug("nothing more can be said to a browser: %s", problem)
            self.is_closed = True
            self.out.clear()
        self.writer = None
        if self.out:
            self._begin()
