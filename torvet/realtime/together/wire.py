"""The bytes of the Yjs protocols: numbers, texts and values of lib0, and the messages of y-protocols."""

from __future__ import annotations

import json
import logging
from typing import Any

log = logging.getLogger("torvet.together")

SYNC, AWARENESS, ASK_AWARENESS, SAVE_NOW = 0, 1, 3, 9  # the last is ours
STEP1, STEP2, UPDATE = 0, 1, 2
LARGEST_NUMBER = 2**53
NOTHING_NEW = b"\x00\x00"  # an update without changes
_DEEPEST_VALUE = 6


class Malformed(Exception):
    """These bytes are not what they should be."""


class Reader:
    """Reads from the beginning. Every method raises Malformed at the end of the bytes or for what cannot be read."""

    __slots__ = ("at", "source")

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.at = 0

    @property
    def is_at_end(self) -> bool:
        return self.at >= len(self.source)

    def byte(self) -> int:
        if self.at >= len(self.source):
            raise Malformed("it ends too early")
        self.at += 1
        return self.source[self.at - 1]

    def number(self) -> int:
        """A whole number from 0 to 2**53."""
        found = shift = 0
        while True:
            part = self.byte()
            found |= (part & 127) << shift
            if part < 128:
                break
            shift += 7
            if shift > 56:
                raise Malformed("a number is too long")
        if found > LARGEST_NUMBER:
            raise Malformed("a number is too large")
        return found

    def signed(self) -> None:
        part = self.byte()
        length = 1
        while part >= 128:
            part = self.byte()
            length += 1
            if length > 9:
                raise Malformed("a number is too long")

    def piece(self) -> bytes:
        """Bytes with their length in front."""
        return self.take(self.number())

    def take(self, length: int) -> bytes:
        if length > len(self.source) - self.at:
            raise Malformed("it ends too early")
        self.at += length
        return self.source[self.at - length : self.at]

    def text(self) -> str:
        try:
            return self.piece().decode()
        except UnicodeDecodeError:
            raise Malformed("a text is no UTF-8") from None

    def json(self, longest: int) -> Any:
        text = self.text()
        if len(text) > longest:
            raise Malformed("a value is too long")
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise Malformed("a value is no JSON") from None

    def value(self, depth: int = 0) -> None:
        """Pass over one value of lib0's "any"."""
        if depth > _DEEPEST_VALUE:
            raise Malformed("a value is too deep")
        match self.byte():
            case 127 | 126 | 121 | 120:
                return
            case 125:
                self.signed()
            case 124:
                self.take(4)
            case 123 | 122:
                self.take(8)
            case 119:
                self.text()
            case 118:
                for _ in range(self.number()):
                    self.text()
                    self.value(depth + 1)
            case 117:
                for _ in range(self.number()):
                    self.value(depth + 1)
            case _:
                raise Malformed("a value of an unknown kind")


def number(value: int) -> bytes:
    written = bytearray()
    while value > 127:
        written.append(128 | (value & 127))
        value >>= 7
    written.append(value)
    return bytes(written)


def piece(source: bytes) -> bytes:
    return number(len(source)) + source


def sync(kind: int, source: bytes) -> bytes:
    """A message of the sync protocol."""
    return bytes((SYNC, kind)) + piece(source)


def awareness(states: list[tuple[int, int, Any]]) -> bytes:
    """Who is here: (client, clock, state), state None for one who left."""
    written = [number(len(states))]
    for client, clock, state in states:
        written += [number(client), number(clock), piece(json.dumps(state, separators=(",", ":")).encode())]
    return bytes((AWARENESS,)) + piece(b"".join(written))


def read_awareness(message: bytes, longest: int) -> list[tuple[int, int, Any]]:
    """(client, clock, state) of what stands behind the kind of an awareness message. Raises Malformed."""
    outer = Reader(message)
    reader = Reader(outer.piece())
    count = reader.number()
    if not outer.is_at_end or count > 1000:
        raise Malformed("not a list of who is here")
    found = [(reader.number(), reader.number(), reader.json(longest)) for _ in range(count)]
    if not reader.is_at_end:
        raise Malformed("something stands behind it")
    return found


def read_state_vector(source: bytes) -> dict[int, int]:
    """How much is known of each client. Raises Malformed."""
    reader = Reader(source)
    found = {reader.number(): reader.number() for _ in range(reader.number())}
    if not reader.is_at_end:
        raise Malformed("something stands behind it")
    return found
