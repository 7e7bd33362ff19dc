"""Carries nudges from whoever acted to the process that holds the open pages.

Three ways, all tried each time: straight to a listener in this process (`torvet serve`), by datagram to every listener
in the data folder (`torvet web`, the worker and commands on the same machine: no server needed), and by Valkey when it
is configured (several machines). None of them may fail an action or hold it up. What gets lost is found by the live
process in the table of activities within a second.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import logging
import os
import secrets
import select
import socket
import tempfile
import threading
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from django.conf import settings

from torvet.realtime import shared

log = logging.getLogger("torvet.live")

Listen = Callable[[dict[str, int]], None]
WORDS = frozenset({"a", "thread", "space", "entry", "gone", "epoch", "space_epoch", "told"})
LONGEST = 512  # bytes; ids and short words only
LONGEST_PATH = 100  # bytes; the system's limit for a socket's path is 108, on some 104
PATIENCE = 0.05  # seconds to wait for a listener whose queue is full

_here: list[Listen] = []
_lock = threading.Lock()


def pack(nudge: Mapping[str, int]) -> bytes:
    """The bytes of a nudge. Raises ValueError for anything but known words with whole numbers: no text ever travels."""
    if not nudge or not set(nudge) <= WORDS or any(type(value) is not int for value in nudge.values()):
        raise ValueError(f"a nudge holds ids only, not {sorted(nudge)}")
    return json.dumps(nudge, separators=(",", ":")).encode()


def unpack(packed: bytes) -> dict[str, int] | None:
    """The nudge in these bytes, or None when they are none."""
    if len(packed) > LONGEST:
        return None
    try:
        nudge = json.loads(packed)
        pack(nudge)
    except (ValueError, TypeError, RecursionError):
        return None
    return nudge


def publish(nudge: dict[str, int]) -> None:
    """Send a nudge to every live process that can be reached. Raises ValueError when it holds anything but ids."""
    packed = pack(nudge)
    for listen in list(_here):
        listen(nudge)
    _send_to_neighbours(packed)
    shared.publish(packed)


def listen_here(listen: Listen) -> Callable[[], None]:
    """Call `listen` with every nudge published in this very process, in the publisher's thread. Gives its end."""
    with _lock:
        _here.append(listen)

    def end() -> None:
        with _lock, contextlib.suppress(ValueError):
            _here.remove(listen)

    return end


def folder() -> Path:
    """Where the sockets are: in the data folder; in a private temporary one when the path is too long.

    Raises OSError when it cannot be made, or belongs to somebody else.
    """
    return _folder(Path(settings.DATA) / "run")


@cache
def _folder(wanted: Path) -> Path:
    if len(os.fsencode(wanted)) + 40 > LONGEST_PATH and not Path("/proc/self/fd").is_dir():
        digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:16]
        wanted = Path(tempfile.gettempdir()) / f"torvet-{os.getuid()}-{digest}"
    wanted.mkdir(mode=0o700, exist_ok=True)
    if wanted.stat().st_uid not in {os.getuid(), 0} and os.getuid() != 0:
        raise PermissionError(errno.EPERM, f"{wanted} belongs to somebody else")
    return wanted


@cache
def _door(path: Path) -> int:
    return os.open(path, os.O_RDONLY | os.O_DIRECTORY)


def address(name: str) -> str:
    """The path of a socket in the folder; a long one goes through the open folder itself, which is always short."""
    plain = folder() / name
    if len(os.fsencode(plain)) <= LONGEST_PATH:
        return str(plain)
    return f"/proc/self/fd/{_door(folder())}/{name}"


@cache
def _sender(process: int) -> socket.socket:
    # One for each process: a forked child must not share its parent's.
    sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    sender.settimeout(PATIENCE)
    return sender


def _send_to_neighbours(packed: bytes) -> None:
    try:
        names = [name for name in os.listdir(folder()) if name.endswith(".sock")]  # noqa: PTH208  # no Path objects here
    except OSError:
        return
    for name in names:
        if name.startswith(f"{os.getpid()}-"):
            continue
        try:
            _sender(os.getpid()).sendto(packed, address(name))
        except ConnectionRefusedError:
            # Left behind by a process that was killed.
            with contextlib.suppress(OSError):
                (folder() / name).unlink()
        except OSError:
            continue  # Gone this moment, somebody else's, or its queue is full: the live process finds it in the table.


class Mailbox:
    """A listener for nudges of other processes on this machine: a datagram socket in the data folder.

    Raises OSError when the socket cannot be made.
    """

    def __init__(self) -> None:
        self.path = folder() / f"{os.getpid()}-{secrets.token_hex(4)}.sock"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        # A burst of nudges must not fill the queue while the listener is busy for a moment.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.socket.bind(address(self.path.name))
        self.path.chmod(0o600)

    def read(self) -> list[dict[str, int]]:
        """All nudges that have arrived; what is none is dropped."""
        found: list[dict[str, int]] = []
        while True:
            try:
                nudge = unpack(self.socket.recv(LONGEST + 1))
            except OSError:
                return found
            if nudge:
                found.append(nudge)

    def wait(self, seconds: float) -> bool:
        """Wait until something arrives, at most so long; then empty the box. Gives whether something was there."""
        ready, _to_write, _broken = select.select([self.socket], [], [], seconds)
        return bool(ready and self.read())

    def close(self) -> None:
        self.socket.close()
        with contextlib.suppress(OSError):
            self.path.unlink()
