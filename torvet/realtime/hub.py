"""The open pages of one live process, and which nudge goes to whom.

Everything here runs in the event loop's thread; the database is asked in threads of its own. When somebody's rights may
have changed, nothing more is sent to them until they have been asked for anew: first silence, then the question.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from array import array
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import Error, close_old_connections, connections

from torvet.realtime.connection import Connection
from torvet.realtime.door import Asked, Granted, accesses, admit, marks_of

log = logging.getLogger("torvet.live")

Answer = TypeVar("Answer")

# Connections of one member; the oldest makes room. With HTTP/1.1 a browser opens six to a host: one is left for pages.
MOST_FOR_ONE = 5
SILENCE = 20.0  # seconds after which a sign of life is sent
FRESH_FOR = 60.0  # seconds after which rights are asked for anew, whatever happened
AT_ONCE = 400  # connections looked at in one second
REMEMBERED = 4096  # activities already passed on
COME_BACK_IN = 300_000  # milliseconds; said to a page that made room for another


class Hub:
    """Holds the connections. `admit` may be replaced in tests."""

    def __init__(self, ask: Callable[..., Granted | None] = admit) -> None:
        self.ask = ask
        self.connections: set[Connection] = set()
        self.by_member: dict[int, list[Connection]] = defaultdict(list)
        self.by_thread: dict[int, set[Connection]] = defaultdict(set)
        self.by_space: dict[int, set[Connection]] = defaultdict(set)
        self.changes = 0  # goes up with every message about rights
        self.seen: set[int] = set()
        self.seen_in_order: deque[int] = deque()
        self.tasks: set[asyncio.Task[None]] = set()
        # Two doors: a crowd that comes in after a restart must not hold up a question about somebody's rights.
        self.front_door = ThreadPoolExecutor(1, "live-in")
        self.back_door = ThreadPoolExecutor(1, "live-again")
        self.accesses: dict[int, str] = {}
        self.spaces_seen_at = 0.0
        self.is_closing = False
        # Who else is told of everything, once: the rooms in which pages are written together.
        self.also: Callable[[dict[str, int]], None] = lambda nudge: None

    # --- Coming in ----------------------------------------------------------------------------------------------

    async def let_in(self, asked: Asked, connection: Connection) -> bool:
        """Ask what may be heard and add the connection. False when nobody is signed in. Raises Refusal."""
        changes = self.changes
        granted = await self.in_thread(self.front_door, lambda: self.ask(asked))
        if granted is None or self.is_closing:
            return False
        connection.asked = asked
        self._grant(connection, granted)
        self.connections.add(connection)
        mine = self.by_member[granted.member]
        mine.append(connection)
        if changes != self.changes:
            # Somebody's rights changed while we were asking; ours may be the old ones.
            self._ask_again([connection], silent=True)
        for oldest in mine[:-MOST_FOR_ONE]:
            oldest.say(f"retry: {COME_BACK_IN}\n".encode() + line({"full": 1}))
            oldest.close()
            self.forget(oldest)
        return True

    def forget(self, connection: Connection) -> None:
        """It has ended, or is about to: nothing more is sent there."""
        if connection not in self.connections:
            return
        self.connections.discard(connection)
        mine = self.by_member.get(connection.member, [])
        if connection in mine:
            mine.remove(connection)
        if not mine:
            self.by_member.pop(connection.member, None)
        self._take(connection)

    def _grant(self, connection: Connection, granted: Granted) -> None:
        self._take(connection)
        connection.member = granted.member
        connection.threads = granted.threads
        connection.spaces = granted.spaces
        connection.mark = granted.mark
        connection.asked_at = time.monotonic()
        for thread in granted.threads:
            self.by_thread[thread].add(connection)
        for space in granted.spaces:
            self.by_space[space].add(connection)

    def _take(self, connection: Connection) -> None:
        for index, keys in ((self.by_thread, connection.threads), (self.by_space, connection.spaces)):
            for key in keys:
                kept = index.get(key)
                if kept is not None:
                    kept.discard(connection)
                    if not kept:
                        del index[key]
        connection.threads, connection.spaces = {}, array("q")

    # --- Passing on ---------------------------------------------------------------------------------------------

    def deliver(self, nudge: dict[str, int]) -> None:
        """Pass one nudge on to those whom it concerns. One that was already passed on is dropped."""
        if self.is_known(nudge.get("a")):
            return
        self.also(nudge)
        if "epoch" in nudge:
            self.changes += 1
            self._ask_again(list(self.by_member.get(nudge["epoch"], ())), silent=True)
        elif "space_epoch" in nudge:
            self.changes += 1
            self._ask_again(self._listening_in(nudge["space_epoch"]), silent=True)
        elif "told" in nudge:
            self._tell(self.by_member.get(nudge["told"], ()), {"told": 1})
        elif "entry" in nudge and "space" in nudge:
            self._tell(
                self.by_space.get(nudge["space"], ()), {"space": nudge["space"], "entry": nudge["entry"]}
            )
        else:
            for word in ("thread", "gone"):
                if word in nudge:
                    self._tell_thread(word, nudge[word], nudge.get("space"))

    def is_known(self, number: int | None) -> bool:
        """Whether this activity was passed on before; from now on it was."""
        if number is None:
            return False
        if number in self.seen:
            return True
        self.seen.add(number)
        self.seen_in_order.append(number)
        if len(self.seen_in_order) > REMEMBERED:
            self.seen.discard(self.seen_in_order.popleft())
        return False

    def _tell_thread(self, word: str, thread: int, space: int | None) -> None:
        listening = self.by_thread.get(thread, ())
        moved = [one for one in listening if one.threads.get(thread) != space]
        # The thread has moved to a space for which nobody was asked yet.
        self._ask_again(moved, silent=True)
        self._tell(listening, {word: thread})

    def _tell(self, listening: Iterable[Connection], words: dict[str, int]) -> None:
        said = line(words)
        for connection in list(listening):
            if not connection.is_silent:
                connection.say(said)

    def _listening_in(self, space: int) -> list[Connection]:
        return [one for one in self.connections if space in one.spaces or space in one.threads.values()]

    # --- Asking again -------------------------------------------------------------------------------------------

    def _ask_again(self, connections: Iterable[Connection], *, silent: bool) -> None:
        for connection in connections:
            if silent:
                connection.is_silent = True
            connection.must_ask = True
            if not connection.is_asking:
                connection.is_asking = True
                self._start(self._renew(connection))

    async def _renew(self, connection: Connection) -> None:
        """Ask until the answer is younger than the last change; then speak again, or close."""
        before = dict(connection.threads), set(connection.spaces)
        granted: Granted | None = None
        try:
            while connection.must_ask:
                connection.must_ask = False
                try:
                    granted = await self.in_thread(
                        self.back_door, lambda: self.ask(connection.asked, is_new=False)
                    )
                except Error as error:
                    log.warning("rights could not be asked for, trying again: %s", error)
                    # Without an answer nothing is said.
                    connection.is_silent = connection.must_ask = True
                    await asyncio.sleep(1)
        finally:
            connection.is_asking = False
        if connection not in self.connections:
            return
        if granted is None or granted.member != connection.member:
            connection.close()
            self.forget(connection)
            return
        was_silent, connection.is_silent = connection.is_silent, False
        self._grant(connection, granted)
        gone = before[0].keys() - granted.threads.keys()
        for thread in gone:
            connection.say(line({"gone": thread}))
        if was_silent or gone or before[1] != set(granted.spaces):
            # Whatever was not said meanwhile is asked for by the page.
            connection.say(line({"epoch": 1}))

    # --- Every second -------------------------------------------------------------------------------------------

    async def tick(self) -> None:
        """Signs of life, and rights looked at anew when they are a minute old."""
        now = time.monotonic()
        old: list[Connection] = []
        for connection in self.connections:
            if now - connection.said_at > SILENCE:
                connection.say(b": \n\n")
            if now - connection.asked_at > FRESH_FOR and not connection.is_asking and len(old) < AT_ONCE:
                old.append(connection)
        if old:
            await self._look_at(old)
        if self.connections and now - self.spaces_seen_at > FRESH_FOR:
            self.spaces_seen_at = now
            await self._look_at_spaces()

    async def _look_at(self, old: list[Connection]) -> None:
        """One statement for all of them: as long as session, account and grants are the same, so are the rights."""
        marks = await self.in_thread(self.back_door, lambda: marks_of({one.asked.key for one in old}))
        for connection in old:
            connection.asked_at = time.monotonic()
        self._ask_again([one for one in old if marks.get(one.asked.key) != one.mark], silent=True)

    async def _look_at_spaces(self) -> None:
        """Normally a nudge says that a space has changed; this is for when it was lost."""
        before, self.accesses = self.accesses, await self.in_thread(self.back_door, accesses)
        for space, access in before.items():
            if self.accesses.get(space) != access:
                self._ask_again(self._listening_in(space), silent=True)

    def end_all(self) -> None:
        """End every connection; their pages come back by themselves, each at a moment of its own."""
        self.is_closing = True
        for connection in list(self.connections):
            connection.close()
            self.forget(connection)

    async def close(self) -> None:
        """The end: no connection, no question, no database connection is left."""
        self.end_all()
        for task in list(self.tasks):
            task.cancel()
        for door in (self.front_door, self.back_door):
            await asyncio.get_running_loop().run_in_executor(door, connections.close_all)
            door.shutdown(wait=False)

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def in_thread(self, door: ThreadPoolExecutor, work: Callable[[], Answer]) -> Answer:
        def with_a_living_connection() -> Answer:
            close_old_connections()
            return work()

        return await asyncio.get_running_loop().run_in_executor(door, with_a_living_connection)


def line(words: dict[str, int]) -> bytes:
    """One event, as the browser reads it."""
    return b"data: " + json.dumps(words, separators=(",", ":")).encode() + b"\n\n"


def greeting() -> bytes:
    """The first bytes. After a restart not everybody comes back in the same second."""
    return f"retry: {random.randint(3000, 9000)}\n\n".encode()  # noqa: S311  # no secret hangs on it
