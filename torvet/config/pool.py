"""The server's end of the page processes: hands each request to one that is free."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import time
from collections import deque
from typing import IO

from torvet.config import pages
from torvet.config.passing import Heard, Message, packed

log = logging.getLogger("torvet.pages")

Answer = tuple[Message, IO[bytes] | None]
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Died(Exception):
    """The process that was making the page is no more."""


class NurseryGone(Exception):
    """There are no page processes any more, and none to come."""


class Page:
    """One process. It is asked one thing at a time."""

    def __init__(self, door: socket.socket, *, is_first: bool) -> None:
        self.door = door
        self.is_first = is_first
        self.heard = Heard()
        self.answer: asyncio.Future[Answer] | None = None
        self.is_dead = False
        asyncio.get_running_loop().add_reader(door, self._hear)

    async def ask(self, message: Message, file: IO[bytes] | None) -> Answer:
        """Raises Died."""
        loop = asyncio.get_running_loop()
        self.answer = loop.create_future()
        words = packed(message)
        try:
            sent = 0
            if file is not None:
                file.seek(0)
                # Nothing else is on the way, so there is room for the beginning and the file with it.
                sent = socket.send_fds(self.door, [words], [file.fileno()])
            if sent < len(words):
                await loop.sock_sendall(self.door, memoryview(words)[sent:])
            return await self.answer
        except OSError as error:
            self.end()
            raise Died from error
        except BaseException:
            # Nobody waits any more; what it still says must not become the answer to somebody else.
            self.end()
            raise

    def _hear(self) -> None:
        try:
            is_open = self.heard.take(self.door)
        except BlockingIOError:
            return
        except OSError:
            is_open = False
        if not is_open:
            self.end()
        elif (message := self.heard.message()) is not None and self.answer and not self.answer.done():
            self.answer.set_result((message, self.heard.opened()))

    def end(self) -> None:
        if self.is_dead:
            return
        self.is_dead = True
        asyncio.get_running_loop().remove_reader(self.door)
        self.door.close()
        if file := self.heard.opened():
            file.close()
        if self.answer and not self.answer.done():
            self.answer.set_exception(Died())


class Pool:
    """`number` processes. What writes goes to the first alone, where tried passwords are counted."""

    def __init__(self, nursery: int, orders: socket.socket, number: int) -> None:
        self.nursery = nursery
        self.orders = orders
        self.number = number
        self.all: list[Page] = []
        self.free: list[Page] = []
        self.waiting: deque[tuple[bool, asyncio.Future[Page]]] = deque()

    async def ask(self, message: Message, file: IO[bytes] | None = None) -> Answer:
        """`message` begins with the method. Raises Died, after which the next finds a new process, or NurseryGone."""
        page = await self._take(message[0] not in READING)
        try:
            return await page.ask(message, file)
        finally:
            self._give_back(page)

    async def _take(self, writes: bool) -> Page:
        self.fill()
        # The first is taken last by those who only read.
        for page in sorted(self.free, key=lambda page: page.is_first is not writes):
            if page.is_first or not writes:
                self.free.remove(page)
                return page
        if len(self.waiting) > self.number:
            self.waiting = deque(wait for wait in self.waiting if not wait[1].done())
        waits: asyncio.Future[Page] = asyncio.get_running_loop().create_future()
        self.waiting.append((writes, waits))
        try:
            return await waits
        except asyncio.CancelledError:
            if waits.done() and not waits.cancelled():
                self._give_back(waits.result())
            raise

    def fill(self) -> None:
        """Have all processes: at the beginning, and when one has died."""
        if any(page.is_dead for page in self.all):
            self.all = [page for page in self.all if not page.is_dead]
            self.free = [page for page in self.free if not page.is_dead]
            log.warning("a page process ended and is started anew")
        while len(self.all) < self.number:
            try:
                door = pages.order(self.orders)
            except OSError as error:
                raise NurseryGone from error
            page = Page(door, is_first=not any(page.is_first for page in self.all))
            self.all.append(page)
            self.free.append(page)

    def _give_back(self, page: Page) -> None:
        """To who waits longest and may have it."""
        if page.is_dead:
            before = len(self.free)
            with contextlib.suppress(NurseryGone):  # said to the next who asks
                self.fill()
            back = self.free[before:]
        else:
            back = [page]
            self.free.append(page)
        for one in back:
            fits = (wait for wait in self.waiting if not wait[1].done() and (one.is_first or not wait[0]))
            if (wait := next(fits, None)) is not None:
                self.waiting.remove(wait)
                self.free.remove(one)
                wait[1].set_result(one)

    def end(self) -> None:
        """Let all processes finish what they do, and wait for them."""
        self.orders.close()
        for page in self.all:
            page.door.close()
        until = time.monotonic() + pages.ENDS_WITHIN + 1
        with contextlib.suppress(ChildProcessError, ProcessLookupError):
            while os.waitpid(self.nursery, os.WNOHANG) == (0, 0):
                if time.monotonic() > until:
                    os.kill(self.nursery, signal.SIGKILL)
                time.sleep(0.01)
