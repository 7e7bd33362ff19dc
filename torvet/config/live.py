"""The live updates, for an ASGI server: `torvet live`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from torvet.realtime.live import Live

Message = dict[str, Any]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class LiveServer:
    """Starts and ends the hub with the server it runs in, and answers `/live/`, its sockets and `/healthz`."""

    def __init__(self, live: Live | None = None) -> None:
        self.live = live or Live()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.live_and_die(receive, send)
        elif scope["type"] == "http":
            await self.answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await self.live.together(scope, receive, send)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/healthz":
            await send(
                {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]}
            )
            await send({"type": "http.response.body", "body": b"ok\n"})
            return
        await self.live.endpoint(scope, receive, send)

    async def live_and_die(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self.live.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.live.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def before_shutdown(self) -> None:
        """Streams never end by themselves; a server that waits for them would wait until it is killed."""
        self.live.hub.end_all()
        await self.live.rooms.end_all()
