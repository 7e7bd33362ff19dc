"""Messages between the server and its page processes: `marshal` with its length in front, and an open file with it.

Both ends are forks of one program, so `marshal`, which must never be read from strangers, is the quickest that is safe.
"""

from __future__ import annotations

import io
import marshal
import os
import socket
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

LENGTH = struct.Struct("!I")
PIECE = 256 * 1024  # bytes read at once

Message = tuple[Any, ...]


def packed(message: Message) -> bytes:
    words = marshal.dumps(message)
    return LENGTH.pack(len(words)) + words


class Heard:
    """What has come of a message so far."""

    def __init__(self) -> None:
        self.words = bytearray()
        self.file: int | None = None

    def take(self, door: socket.socket) -> bool:
        """Read what is there. False when the other end is closed."""
        words, files, _flags, _address = socket.recv_fds(door, PIECE, 1)
        self.words += words
        if files:
            self.file = files[0]
        return bool(words)

    def message(self) -> Message | None:
        """The message, once all of it is there."""
        if len(self.words) < LENGTH.size:
            return None
        end = LENGTH.size + LENGTH.unpack_from(self.words)[0]
        if len(self.words) < end:
            return None
        message: Message = marshal.loads(bytes(self.words[LENGTH.size : end]))  # noqa: S302  # our own fork's
        self.words = self.words[end:]
        return message

    def opened(self) -> IO[bytes] | None:
        """The file that came with it."""
        number, self.file = self.file, None
        return None if number is None else os.fdopen(number, "rb")


def hear(door: socket.socket) -> tuple[Message, IO[bytes] | None] | None:
    """Wait for a message and its file; None when the other end is closed."""
    heard = Heard()
    while (message := heard.message()) is None:
        if not heard.take(door):
            return None
    return message, heard.opened()


def say(door: socket.socket, message: Message, file: IO[bytes] | None = None) -> None:
    """Send a message, and a file that the other end then reads from where it stands."""
    words = packed(message)
    sent = 0
    if file is not None:
        with as_file(file) as whole:
            # The place belongs to the file, not to the process: a buffer may have read ahead of it.
            os.lseek(whole.fileno(), whole.tell(), os.SEEK_SET)
            sent = socket.send_fds(door, [words], [whole.fileno()])
    door.sendall(memoryview(words)[sent:])


@contextmanager
def as_file(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """The open file, or a copy of what only reads like one (the part that a range request asks for)."""
    try:
        file.fileno()
    except (AttributeError, OSError, io.UnsupportedOperation):
        with tempfile.TemporaryFile() as copy:
            while piece := file.read(PIECE):
                copy.write(piece)
            copy.seek(0)
            yield copy
    else:
        yield file
