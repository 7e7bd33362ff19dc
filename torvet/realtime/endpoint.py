"""`GET /live/?threads=1,2&spaces=3&feed=1`: server-sent events, as a plain ASGI application.

Django's own asynchronous answers cost 45 kB for each open page; this costs a tenth of it. Nothing is replayed: a page
that comes back asks its ordinary addresses again, which check what it may see now.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from django.db import Error

from torvet.realtime.connection import Connection, Send
from torvet.realtime.door import Refusal, asked_by
from torvet.realtime.hub import Hub, greeting

Receive = Callable[[], Awaitable[dict[str, Any]]]

SAID_IN_WORDS = {
    400: b"Not understood\n",
    401: b"Please sign in\n",
    403: b"Only for Torvet's own pages\n",
    404: b"Not found\n",
    405: b"Only GET\n",
    429: b"Too often, please wait a little\n",
    503: b"Not now\n",
}
HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-accel-buffering", b"no"),  # nginx would hold nudges back until its buffer is full
]


class LiveEndpoint:
    """Answers requests for live updates from one hub."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["path"] != "/live/":
            await refuse(send, 404)
        elif scope["method"] != "GET":
            await refuse(send, 405)
        elif self.hub.is_closing:
            await refuse(send, 503)
        else:
            await self.answer(scope, receive, send)

    async def answer(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        connection = Connection(send, asyncio.current_task())
        # Said only once the answer has begun; what comes before waits.
        connection.is_writing = True
        try:
            if not await self.hub.let_in(asked_by(scope), connection):
                await refuse(send, 401)
                return
        except Refusal as refusal:
            await refuse(send, refusal.status)
            return
        except Error:
            await refuse(send, 503)
            return
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await send({"type": "http.response.body", "body": greeting(), "more_body": True})
            connection.begin()
            while (await receive())["type"] != "http.disconnect":
                pass
        except asyncio.CancelledError:
            if not connection.is_closed:
                raise
        finally:
            connection.is_closed = True
            self.hub.forget(connection)


async def refuse(send: Send, status: int) -> None:
    """A short answer in plain text."""
    words = SAID_IN_WORDS[status]
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(words)),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words})
