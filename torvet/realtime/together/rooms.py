"""All rooms of one live process: opening them, asking for rights anew, saving, and letting go of them.

First silence, then the question, as in the hub: when somebody's right may have ended, what they send is held back until
it has been asked for, and dropped when they have lost it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import Error, close_old_connections, connections

from torvet.realtime.door import Refusal, marks_of
from torvet.realtime.together import keeping
from torvet.realtime.together.entrance import Admitted, Asked, admit
from torvet.realtime.together.keeping import Opened, Saved, SavedElsewhere
from torvet.realtime.together.merge import take_in
from torvet.realtime.together.room import MOST_HERE, Room
from torvet.realtime.together.visitor import AGAIN, GOING, LOST, MOST_HELD, SIGNED_OUT, Send, Visitor

log = logging.getLogger("torvet.together")

Answer = TypeVar("Answer")

MOST_ROOMS = 1000
MOST_FOR_ONE = 10  # browsers of one member
FRESH_FOR = 60.0  # seconds after which a right is asked for anew, whatever happened
LINGERS = 15.0  # seconds that an empty room waits for somebody who only reloads
SAVES_AGAIN_AFTER = 5.0  # seconds after the database failed


class Rooms:
    """Holds the rooms. It lives from the ticks and nudges of the live part it belongs to."""

    def __init__(self) -> None:
        self.rooms: dict[int, Room] = {}
        self.tasks: set[asyncio.Task[Any]] = set()
        self.changes = 0  # goes up with every message about rights
        self.is_closing = False
        # Two doors: a long text that is being saved must not hold up a question about somebody's right.
        self.asking_door = ThreadPoolExecutor(1, "together-ask")
        self.saving_door = ThreadPoolExecutor(1, "together-save")

    # --- Coming in --------------------------------------------------------------------------------------------------

    async def let_in(self, asked: Asked, send: Send) -> Visitor:
        """Who asks may come in; `enter` when the socket is open. Raises Refusal."""
        if self.is_closing:
            raise Refusal(503)
        changes = self.changes
        room, admitted = await self._find(asked)
        mine = [one for one in self.visitors() if one.member == admitted.member]
        if len(mine) >= MOST_FOR_ONE or len(room.visitors) >= MOST_HERE:
            raise Refusal(429)
        visitor = Visitor(send, asked, admitted)
        visitor.changes = changes
        return visitor

    def enter(self, visitor: Visitor) -> Room | None:
        """The room with this visitor in it; None when it was let go of meanwhile."""
        room = self.rooms.get(visitor.asked.page)
        if room is None or self.is_closing:
            visitor.close(AGAIN)
            return None
        room.enter(visitor)
        if visitor.changes != self.changes:
            # Rights changed while we were asking; ours may be the old one.
            self.ask_again([visitor])
        return room

    async def _find(self, asked: Asked) -> tuple[Room, Admitted]:
        known = self.rooms.get(asked.page)
        if known is not None:
            admitted, _viewer, _page = await self.in_thread(self.asking_door, lambda: admit(asked))
            # It may have been let go of while we asked.
            if self.rooms.get(asked.page) is known:
                known.empty_since = time.monotonic()
                return known, admitted
        if len(self.rooms) >= MOST_ROOMS:
            raise Refusal(503)

        def look() -> tuple[Admitted, Opened, object]:
            # What rights hang on is read before they are: a change between the two is seen at the next look.
            mark = keeping.marks([asked.page]).get(asked.page, (0, None))[1]
            admitted, viewer, page = admit(asked, is_new=known is None)
            return admitted, keeping.open_document(page, viewer), mark

        # One after the other in one thread: two who come at once are given the same document.
        admitted, opened, mark = await self.in_thread(self.asking_door, look)
        if asked.page not in self.rooms:
            self.rooms[asked.page] = Room(asked.page, admitted.space, opened, mark)
        return self.rooms[asked.page], admitted

    def visitors(self) -> list[Visitor]:
        return [visitor for room in self.rooms.values() for visitor in room.visitors.values()]

    def hear(self, room: Room, visitor: Visitor, message: bytes) -> None:
        """A message from a browser: at once, or when its right has been asked for."""
        if visitor.is_silent and not visitor.is_closed:
            visitor.held.append(message)
            if len(visitor.held) > MOST_HELD:
                visitor.close(AGAIN)
        else:
            room.hear(visitor, message)
            if room.is_hurried:
                self._hurry(room, visitor)

    def _hurry(self, room: Room, visitor: Visitor) -> None:
        """Somebody is done and wants to see the page as it is now."""
        if room.is_due(time.monotonic()):
            self._save_soon(room)
        elif not room.is_saving:
            room.is_hurried = False
            visitor.tell(saved=True, version=room.version)

    def leave(self, room: Room, visitor: Visitor) -> None:
        room.leave(visitor)
        if room.is_due(time.monotonic()):
            self._save_soon(room)

    # --- Rights -----------------------------------------------------------------------------------------------------

    def deliver(self, nudge: dict[str, int]) -> None:
        """What the hub was told. Those whom it may concern fall silent at once."""
        if "epoch" in nudge:
            self.changes += 1
            self.ask_again(one for one in self.visitors() if one.member == nudge["epoch"])
        elif "space_epoch" in nudge:
            self.changes += 1
            self.ask_again(one for one in self.visitors() if one.admitted.space == nudge["space_epoch"])
        elif "gone" in nudge and nudge["gone"] in self.rooms:
            self.changes += 1
            self.ask_again(self.rooms[nudge["gone"]].visitors.values())
        elif "thread" in nudge and nudge["thread"] in self.rooms:
            self._start(self._look_at([self.rooms[nudge["thread"]]]))

    def ask_again(self, visitors: Iterable[Visitor]) -> None:
        for visitor in list(visitors):
            visitor.is_silent = visitor.must_ask = True
            if not visitor.is_asking:
                visitor.is_asking = True
                self._start(self._renew(visitor))

    async def _renew(self, visitor: Visitor) -> None:
        """Ask until the answer is younger than the last change; then let through what was held back, or cut off."""
        try:
            while visitor.must_ask and not visitor.is_closed:
                visitor.must_ask = False
                try:
                    admitted, _viewer, _page = await self.in_thread(
                        self.asking_door, lambda: admit(visitor.asked, is_new=False)
                    )
                except Refusal as refusal:
                    self._cut(visitor, SIGNED_OUT if refusal.status == 401 else LOST)
                    return
                except Error as error:
                    log.warning("rights could not be asked for, trying again: %s", error)
                    visitor.must_ask = True
                    await asyncio.sleep(1)
                else:
                    visitor.admitted = admitted
                    visitor.asked_at = time.monotonic()
        finally:
            visitor.is_asking = False
        visitor.is_silent = False
        held, visitor.held = visitor.held, []
        room = self.rooms.get(visitor.asked.page)
        for message in held:
            if room is not None and id(visitor) in room.visitors:
                room.hear(visitor, message)

    def _cut(self, visitor: Visitor, code: int) -> None:
        visitor.close(code)
        room = self.rooms.get(visitor.asked.page)
        if room is not None:
            self.leave(room, visitor)

    # --- Every second -----------------------------------------------------------------------------------------------

    async def tick(self) -> None:
        """Rights, pages that were saved by another way, saving, and rooms that nobody is in any more.

        Does not rely on nudges: what no bus brought is found here within a second.
        """
        now = time.monotonic()
        for room in list(self.rooms.values()):
            if room.is_due(now):
                self._save_soon(room)
            elif (
                not room.visitors
                and not room.is_dirty
                and not room.is_saving
                and now - room.empty_since > LINGERS
            ):
                self.let_go(room)
        visitors = self.visitors()
        if visitors:
            found = await self.in_thread(
                self.asking_door, lambda: marks_of({one.asked.key for one in visitors})
            )
            stale = [one for one in visitors if found.get(one.asked.key) != one.admitted.mark]
            stale += [one for one in visitors if now - one.asked_at > FRESH_FOR]
            self.ask_again({id(one): one for one in stale}.values())
        if self.rooms:
            await self._look_at(list(self.rooms.values()))

    async def _look_at(self, rooms: list[Room]) -> None:
        """What moved in the pages themselves: removed, archived with their space, saved by another way."""
        saves = {room.page: room.saves for room in rooms}
        found = await self.in_thread(self.asking_door, lambda: keeping.marks(saves))
        for room in rooms:
            version, mark = found.get(room.page, (0, None))
            if room.mark != mark:
                self.ask_again(room.visitors.values())
            room.mark = mark
            was_saved_by_us = room.is_saving or room.saves != saves[room.page]
            if version > room.version and not was_saved_by_us:
                await self._take_in(room)

    async def _take_in(self, room: Room) -> None:
        """Bring what was saved by another way into the document of everybody here."""
        if room.is_saving:
            return
        room.is_saving = True
        try:
            state, base = room.doc.get_update(), room.base

            def look() -> tuple[Saved, bytes] | None:
                stands = keeping.standing(room.page)
                return (stands, take_in(state, base, (stands.title, stands.html))) if stands else None

            found = await self.in_thread(self.saving_door, look)
            if found is not None:
                stands, update = found
                room.take_in(update)
                room.version, room.base = stands.version, (stands.title, stands.html)
                # Words that somebody else saved stay a version of their own.
                room.sitters = set()
        finally:
            room.is_saving = False

    # --- Saving -----------------------------------------------------------------------------------------------------

    def _save_soon(self, room: Room) -> None:
        if not room.is_saving:
            room.is_saving = True
            room.saving = self._start(self._save(room))

    async def _save(self, room: Room) -> None:
        authors = list(room.authors)
        room.authors.clear()
        room.is_dirty = room.is_hurried = False
        state, version = bytes(room.doc.get_update()), room.version
        goes_on = room.goes_on(authors)
        room.tell(saving=True)
        try:
            outcome = await self.in_thread(
                self.saving_door,
                lambda: keeping.save(
                    room.page, authors, state, version=version, name=room.name, goes_on=goes_on
                ),
            )
        except SavedElsewhere:
            self._not_saved(room, authors)
            room.is_saving = False
            await self._take_in(room)
            return
        except Exception as error:
            # Whatever it was, what was written is here and nowhere else: it stays unsaved, and the room open.
            is_known = isinstance(error, Error)
            log.warning(
                "page %d could not be saved, trying again: %s", room.page, error, exc_info=not is_known
            )
            self._not_saved(room, authors)
            room.changed_at = time.monotonic() + SAVES_AGAIN_AFTER
            room.dirty_since = room.changed_at
            room.is_saving = False
            return
        room.is_saving = False
        if isinstance(outcome, Saved):
            room.was_saved(authors, outcome.version, (outcome.title, outcome.html), goes_on=goes_on)
            room.tell(saved=not room.is_dirty, version=outcome.version)
        elif outcome.reason:
            room.tell(trouble=outcome.reason)
        elif not room.visitors:
            # Whoever typed this lost the right before it was saved, and nobody else is here: it is not kept.
            self.let_go(room)

    def _not_saved(self, room: Room, authors: list[int]) -> None:
        room.authors = dict.fromkeys([*authors, *room.authors])
        room.is_dirty = True

    def let_go(self, room: Room) -> None:
        if self.rooms.get(room.page) is room:
            del self.rooms[room.page]
        for visitor in list(room.visitors.values()):
            visitor.close(GOING)
        room.close()
        log.info("page %d: nobody writes here any more, the room is closed", room.page)

    # --- The end ----------------------------------------------------------------------------------------------------

    async def end_all(self) -> None:
        """Save what is unsaved and end every connection; the browsers come back by themselves."""
        self.is_closing = True
        for room in list(self.rooms.values()):
            if room.saving is not None and not room.saving.done():
                await asyncio.wait([room.saving])
            if room.is_dirty and not room.is_saving:
                room.is_saving = True
                await self._save(room)
            self.let_go(room)

    async def close(self) -> None:
        await self.end_all()
        for task in list(self.tasks):
            task.cancel()
        for door in (self.asking_door, self.saving_door):
            await asyncio.get_running_loop().run_in_executor(door, connections.close_all)
            door.shutdown(wait=False)

    def _start(self, work: Any) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (problem := task.exception()) is not None:
            log.error("writing together stumbled", exc_info=problem)

    async def in_thread(self, door: ThreadPoolExecutor, work: Callable[[], Answer]) -> Answer:
        def with_a_living_connection() -> Answer:
            close_old_connections()
            return work()

        return await asyncio.get_running_loop().run_in_executor(door, with_a_living_connection)
