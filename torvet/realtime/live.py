"""The hub with everything that brings it nudges: started and ended with the server that it runs in."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from django.conf import settings
from django.db import Error

from torvet.realtime import bus, queries
from torvet.realtime.endpoint import LiveEndpoint
from torvet.realtime.hub import Hub
from torvet.realtime.nudges import nudge_for
from torvet.realtime.shared import Subscription
from torvet.realtime.together.endpoint import TogetherEndpoint
from torvet.realtime.together.rooms import Rooms

log = logging.getLogger("torvet.live")

LOOKS_EVERY = 1.0  # seconds


class Live:
    """`endpoint` answers `/live/`, `together` the sockets below it. `start` in the event loop that serves them, `close`
    before that loop ends.
    """

    def __init__(self, hub: Hub | None = None) -> None:
        self.hub = hub or Hub()
        self.endpoint = LiveEndpoint(self.hub)
        self.rooms = Rooms()
        self.together = TogetherEndpoint(self.rooms)
        self.hub.also = self.rooms.deliver
        self.newest = -1
        self.ends: list[Callable[[], object]] = []
        self.watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        loop = asyncio.get_running_loop()

        def hear(nudge: dict[str, int]) -> None:
            # From any thread; a loop that is being closed hears nothing more.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self.hub.deliver, nudge)

        def hear_packed(packed: bytes) -> None:
            nudge = bus.unpack(packed)
            if nudge:
                hear(nudge)

        self.ends.append(bus.listen_here(hear))
        try:
            mailbox = bus.Mailbox()
        except OSError as error:
            log.warning("no socket in %s (%s): live updates come a second later", settings.DATA, error)
        else:
            loop.add_reader(mailbox.socket, self._empty, mailbox)
            self.ends += [lambda: loop.remove_reader(mailbox.socket), mailbox.close]
        if settings.VALKEY_URL:
            self.ends.append(Subscription(hear_packed).end)
        await self._look_or_warn()
        self.watch = loop.create_task(self._watch())

    def _empty(self, mailbox: bus.Mailbox) -> None:
        for nudge in mailbox.read():
            self.hub.deliver(nudge)

    async def close(self) -> None:
        if self.watch is not None:
            self.watch.cancel()
        for end in self.ends:
            end()
        self.ends.clear()
        await self.rooms.close()
        await self.hub.close()

    async def _watch(self) -> None:
        """Every second: what happened that nobody told us of, and the hub's own clock."""
        while True:
            await asyncio.sleep(LOOKS_EVERY)
            await self._look_or_warn()

    async def _look_or_warn(self) -> None:
        for work in (self.hub.tick, self.look, self.rooms.tick):
            try:
                await work()
            except Error as error:
                log.warning("the database cannot be asked, trying again: %s", error)
            except Exception:
                # This is what keeps promises when a bus is down; it must outlive its own mistakes.
                log.exception("live updates stumbled")

    async def look(self) -> None:
        """Deliver what the table knows and the bus did not bring."""
        hub = self.hub
        is_first = self.newest < 0
        if is_first:
            self.newest = await hub.in_thread(hub.back_door, queries.newest)
        found = await hub.in_thread(hub.back_door, lambda: queries.activities_since(self.newest))
        for activity in found:
            self.newest = max(self.newest, activity.pk)
            nudge = nudge_for(activity)
            # What happened before we looked for the first time is in the pages already.
            if is_first:
                hub.is_known(activity.pk)
            elif nudge:
                hub.deliver(nudge)
