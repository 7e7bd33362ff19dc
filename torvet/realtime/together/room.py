"""One page that people are writing: the document in memory, who is there, and what has not been saved.

Everything here runs in the event loop's thread and takes microseconds; what takes longer is done on a copy elsewhere
(keeping.py) and comes back as one more change.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from pycrdt import Doc, TransactionEvent

from torvet.realtime.together import wire
from torvet.realtime.together.document import PAGE
from torvet.realtime.together.keeping import Opened
from torvet.realtime.together.ledger import OUR_OWN, Ledger
from torvet.realtime.together.visitor import AGAIN, MALFORMED, TOO_LARGE, TOO_OFTEN, Visitor
from torvet.realtime.together.wire import Malformed, Reader

LARGEST = 1024 * 1024  # bytes of one message
LARGEST_DOCUMENT = 12 * 1024 * 1024  # bytes taken in while the room is open, and of what is kept
MOST_HERE = 100  # browsers in one room
LONGEST_STATE = 2000  # characters of what a browser says of itself
SAVED_AFTER = 2.0  # seconds after the last change
SAVED_AT_LEAST = 20.0  # seconds of typing without a pause
SITTING = 600.0  # seconds in which a sitting replaces its own last words


class Room:
    """A document and the browsers that share it. `opened` is what was loaded."""

    def __init__(self, page: int, space: int, opened: Opened, mark: object) -> None:
        self.page, self.space = page, space
        self.name, self.version = opened.name, opened.version
        self.base = (opened.title, opened.html)
        self.mark = mark  # what the rights of everybody here hang on, of the page itself
        self.ledger: Ledger = opened.ledger
        self.doc: Doc[Any] = Doc()
        self.doc.apply_update(opened.state)
        self.size = len(opened.state)
        self.news = b""
        self.hearing = self.doc.observe(self._hear_doc)
        self.visitors: dict[int, Visitor] = {}  # by id(): in order of coming
        # Who writes under which number. Kept while the room is open: nobody else can write in their name.
        self.owners: dict[int, int] = {}
        self.authors: dict[
            int, None
        ] = {}  # members who changed something since it was saved, the last one last
        self.changed_at = self.dirty_since = 0.0
        self.is_dirty = self.is_saving = self.is_hurried = False
        self.saving: asyncio.Task[None] | None = None
        self.saves = 0
        self.empty_since = time.monotonic()
        self.sitting_since = 0.0
        self.sitters: set[int] = set()

    # --- Coming and going -------------------------------------------------------------------------------------------

    def enter(self, visitor: Visitor) -> None:
        self.visitors[id(visitor)] = visitor
        visitor.tell(
            sitting=self.name, version=self.version, saved=not (self.is_dirty or self.is_saving),
            me={"member": visitor.member, "name": visitor.admitted.name, "hue": visitor.admitted.hue},
        )  # fmt: skip
        visitor.say(wire.sync(wire.STEP1, self.doc.get_state()))
        self._say_who_is_here(visitor)

    def leave(self, visitor: Visitor) -> None:
        if self.visitors.pop(id(visitor), None) is None:
            return
        if visitor.client:
            self._tell_others(visitor, wire.awareness([(visitor.client, visitor.clock + 1, None)]))
        if not self.visitors:
            self.empty_since = time.monotonic()

    def tell(self, **words: Any) -> None:
        for visitor in list(self.visitors.values()):
            visitor.tell(**words)

    def close(self) -> None:
        """Let go of the document; the room is not used any more."""
        self.doc.unobserve(self.hearing)

    # --- What browsers say ------------------------------------------------------------------------------------------

    def hear(self, visitor: Visitor, message: bytes) -> None:
        """One message. Whoever sends what is none is told so and cut off; the document and the others never see it."""
        if visitor.is_closed:
            return
        if len(message) > LARGEST:
            self._drop(visitor, TOO_LARGE, "too large")
        elif not visitor.may_say(len(message)):
            self._drop(visitor, TOO_OFTEN, "too often")
        else:
            try:
                self._take(visitor, message)
            except Malformed as problem:
                self._drop(visitor, MALFORMED, str(problem))

    def _drop(self, visitor: Visitor, code: int, reason: str) -> None:
        visitor.close(code)
        self.leave(visitor)
        wire.log.warning(
            "a browser of member %d was cut off from page %d: %s", visitor.member, self.page, reason
        )

    def _take(self, visitor: Visitor, message: bytes) -> None:
        reader = Reader(message)
        match reader.number():
            case wire.SYNC:
                kind, source = reader.number(), reader.piece()
                if not reader.is_at_end:
                    raise Malformed("something stands behind it")
                if kind == wire.STEP1:
                    wire.read_state_vector(source)
                    visitor.say(wire.sync(wire.STEP2, self.doc.get_update(source)))
                elif kind in (wire.STEP2, wire.UPDATE):
                    self._take_update(visitor, source)
                else:
                    raise Malformed("an unknown kind of message")
            case wire.AWARENESS:
                self._take_awareness(visitor, message[1:])
            case wire.SAVE_NOW:
                self.is_hurried = True
            case wire.ASK_AWARENESS:
                self._say_who_is_here(visitor)
            case _:
                raise Malformed("an unknown kind of message")

    def _take_update(self, visitor: Visitor, update: bytes) -> None:
        if update == wire.NOTHING_NEW:
            return
        checked = self.ledger.check(update)
        if any(self.owners.get(client, visitor.member) != visitor.member for client in checked.clients):
            # Somebody else's words, which their own browser has not sent yet: they will be here in a moment.
            self._drop(visitor, AGAIN, "wrote under the number of somebody else")
            return
        if self.size + len(update) > LARGEST_DOCUMENT:
            self._drop(visitor, TOO_LARGE, "the document is too large")
            return
        if self.apply(update, visitor):
            self.ledger.enter(checked)
            self.changed_at = time.monotonic()
            self.dirty_since = self.dirty_since if self.is_dirty else self.changed_at
            self.is_dirty = True
            self.authors.pop(visitor.member, None)
            self.authors[visitor.member] = None

    def take_in(self, update: bytes) -> None:
        """A change that the server itself made: what was saved by another way."""
        checked = self.ledger.check(update, OUR_OWN)
        if self.apply(update, None):
            self.ledger.enter(checked)

    def apply(self, update: bytes, visitor: Visitor | None) -> bool:
        """Change the document and pass on what was new in it. Whether anything was. Raises Malformed."""
        self.news = b""
        try:
            self.doc.apply_update(update)
        except Exception as problem:
            raise Malformed(str(problem)) from None
        if self.news in (b"", wire.NOTHING_NEW):
            return False
        self.size += len(self.news)
        self._tell_others(visitor, wire.sync(wire.UPDATE, self.news))
        return True

    def _hear_doc(self, event: TransactionEvent) -> None:
        self.news = bytes(event.update)

    # --- Who is here ------------------------------------------------------------------------------------------------

    def _take_awareness(self, visitor: Visitor, message: bytes) -> None:
        """Of what a browser says of itself the cursor is taken; what it says of others is dropped."""
        for client, clock, state in wire.read_awareness(message, LONGEST_STATE):
            if not client or visitor.client not in (0, client) or state is None:
                continue
            if self.owners.setdefault(client, visitor.member) != visitor.member:
                continue
            visitor.client, visitor.clock = client, clock
            visitor.cursor = _cursor(state)
            self._tell_others(visitor, wire.awareness([(client, clock, visitor.state)]))

    def _say_who_is_here(self, visitor: Visitor) -> None:
        here = [one for one in self.visitors.values() if one.client and one is not visitor]
        if here:
            visitor.say(wire.awareness([(one.client, one.clock, one.state) for one in here]))

    def _tell_others(self, visitor: Visitor | None, words: bytes) -> None:
        for other in list(self.visitors.values()):
            if other is not visitor:
                other.say(words)

    # --- Saving -----------------------------------------------------------------------------------------------------

    def is_due(self, now: float) -> bool:
        """Whether it is time to save: a moment after the last change, and from time to time while typing goes on."""
        if (
            not self.is_dirty or self.is_saving or now < self.changed_at
        ):  # the last is a pause after a failure
            return False
        if self.is_hurried or not self.visitors:
            return True
        return now - self.changed_at >= SAVED_AFTER or now - self.dirty_since >= SAVED_AT_LEAST

    def goes_on(self, authors: list[int]) -> bool:
        """Whether saving for these members replaces what this sitting saved last."""
        return time.monotonic() - self.sitting_since < SITTING and set(authors) <= self.sitters

    def was_saved(self, authors: list[int], version: int, base: tuple[str, str], *, goes_on: bool) -> None:
        if not goes_on:
            is_young = time.monotonic() - self.sitting_since < SITTING
            self.sitters = set(authors) | (self.sitters if is_young else set())
            self.sitting_since = time.monotonic()
        self.version, self.base = version, base
        self.saves += 1


def _cursor(state: Any) -> Any:
    """Anchor and head of a selection, rebuilt piece by piece; None for anything else."""
    cursor = state.get("cursor") if isinstance(state, dict) else None
    if not isinstance(cursor, dict):
        return None
    anchor, head = _place(cursor.get("anchor")), _place(cursor.get("head"))
    return {"anchor": anchor, "head": head} if anchor and head else None


def _place(place: Any) -> dict[str, Any] | None:
    if not isinstance(place, dict):
        return None
    found: dict[str, Any] = {
        "type": _id(place.get("type")),
        "tname": place.get("tname") if place.get("tname") == PAGE else None,
        "item": _id(place.get("item")),
        "assoc": -1 if place.get("assoc") == -1 else 0,
    }
    return found if found["type"] or found["tname"] or found["item"] else None


def _id(given: Any) -> dict[str, int] | None:
    if not isinstance(given, dict):
        return None
    client, clock = given.get("client"), given.get("clock")
    if type(client) is not int or type(clock) is not int or min(client, clock) < 0:
        return None
    return {"client": client, "clock": clock}
