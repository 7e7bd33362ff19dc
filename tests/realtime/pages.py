"""Open pages without a browser: the live part in a loop of its own, as in production, and streams to look into."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any

from django.conf import settings

from tests.cast import signed_in
from torvet.people.models import Member
from torvet.realtime.live import Live

OUR_OWN = {"sec-fetch-site": "same-origin"}


class OpenPage:
    """One stream, as a browser sees it. Behaves like uvicorn towards the endpoint."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.said = b""
        self.has_ended = False
        self.reads = True
        self.transport: Any = None
        self.sent = 0  # messages that were taken
        self._gone: asyncio.Event
        self._resumed: asyncio.Event

    def begin(self) -> None:
        self._gone, self._resumed = asyncio.Event(), asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        if self._gone.is_set():
            return
        if not self.reads:
            await self._resumed.wait()
        self.sent += 1
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
            return
        self.said += message.get("body", b"")
        if not message.get("more_body"):
            self.has_ended = True
            self._gone.set()

    def leave(self) -> None:
        self.has_ended = True
        self._gone.set()
        self._resumed.set()

    @property
    def nudges(self) -> list[dict[str, int]]:
        lines = [line for line in self.said.decode().split("\n") if line.startswith("data: ")]
        return [json.loads(line.removeprefix("data: ")) for line in lines]

    def hears(self, nudge: dict[str, int], within: float = 2.0) -> bool:
        return until(lambda: nudge in self.nudges, within)

    def ends(self, within: float = 2.0) -> bool:
        return until(lambda: self.has_ended, within)


def until(is_so: Callable[[], bool], within: float = 2.0) -> bool:
    end = time.monotonic() + within
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.01)
    return is_so()


def scope_of(
    key: str = "",
    query: str = "",
    *,
    headers: dict[str, str] | None = None,
    method: str = "GET",
    path: str = "/live/",
) -> dict[str, Any]:
    """A request as an ASGI server hands it over; with the headers of our own pages unless others are given."""
    sent = {"host": "127.0.0.1:8000", "cookie": f"{settings.SESSION_COOKIE_NAME}={key}"}
    sent |= OUR_OWN if headers is None else headers
    return {
        "type": "http", "method": method, "path": path, "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        "client": ("127.0.0.1", 40000), "server": ("127.0.0.1", 8000),
    }  # fmt: skip


class Switchboard:
    """A live part that runs, and the pages that were opened at it."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.live = Live()
        self.wait_for(self.live.start())
        self.pages: list[OpenPage] = []

    def wait_for(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=20)

    def soon(self, work: Callable[..., object], *arguments: Any) -> None:
        self.loop.call_soon_threadsafe(work, *arguments)

    def open(
        self,
        member: Member | None,
        query: str = "",
        *,
        key: str | None = None,
        headers: dict[str, str] | None = None,
        method: str = "GET",
        path: str = "/live/",
    ) -> OpenPage:
        """Open a page as this member. Returns when the answer has begun, or is over."""
        page = OpenPage()
        if key is None:
            key = signed_in(member).cookies[settings.SESSION_COOKIE_NAME].value if member else ""
        scope = scope_of(key, query, headers=headers, method=method, path=path)

        async def answer() -> None:
            page.begin()
            await self.live.endpoint(scope, page.receive, page.send)
            page.has_ended = True

        future = asyncio.run_coroutine_threadsafe(answer(), self.loop)
        assert until(lambda: page.said != b"" or future.done(), 20)
        if future.done():
            future.result()
        self.pages.append(page)
        return page

    def is_quiet(self) -> None:
        """Returns when everything that was on its way has been passed on."""
        marked = threading.Event()

        async def all_done() -> None:
            hub = self.live.hub
            for _ in range(500):
                await asyncio.sleep(0.01)
                if not hub.tasks and not any(page.is_writing for page in hub.connections):
                    break
            marked.set()

        time.sleep(0.05)
        self.wait_for(all_done())
        assert marked.is_set()

    def end(self) -> None:
        for page in self.pages:
            self.soon(page.leave)
        self.wait_for(self.live.close())
        self.soon(self.loop.stop)
        self.thread.join(timeout=10)
        self.loop.close()
