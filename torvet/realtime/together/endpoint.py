"""`/live/pages/<id>/`: a WebSocket for each browser in which somebody writes a page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from django.db import Error

from torvet.realtime.door import Refusal
from torvet.realtime.endpoint import refuse
from torvet.realtime.together.entrance import asked_by
from torvet.realtime.together.rooms import Rooms
from torvet.realtime.together.visitor import MALFORMED, Send

Receive = Callable[[], Awaitable[dict[str, Any]]]


class TogetherEndpoint:
    """Answers sockets from one set of rooms."""

    def __init__(self, rooms: Rooms) -> None:
        self.rooms = rooms

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if (await receive())["type"] != "websocket.connect":
            return
        try:
            visitor = await self.rooms.let_in(asked_by(scope), send)
        except Refusal as refusal:
            await turn_away(scope, send, refusal.status)
            return
        except Error:
            await turn_away(scope, send, 503)
            return
        await send({"type": "websocket.accept"})
        room = self.rooms.enter(visitor)
        try:
            while (message := await receive())["type"] == "websocket.receive":
                words = message.get("bytes")
                if words is None:
                    # Browsers of ours never send text.
                    visitor.close(MALFORMED)
                elif room is not None:
                    self.rooms.hear(room, visitor, words)
        finally:
            visitor.is_closed = True
            if room is not None:
                self.rooms.leave(room, visitor)


async def turn_away(scope: dict[str, Any], send: Send, status: int) -> None:
    """No socket: an ordinary answer, the same for a page that is not there and one that is not for them."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})
        return

    async def answer(message: dict[str, Any]) -> None:
        await send(message | {"type": message["type"].replace("http.", "websocket.http.", 1)})

    await refuse(answer, status)
