"""The processes that make pages behind the one port of `torvet serve`.

Python runs on one core at a time: pages made in threads beside the loop hold up the live updates and each other. Here
each request goes to one of a few processes, each of which makes one page at a time. They are forked from a nursery that
has loaded everything and does nothing else: that takes milliseconds and shares its memory, while the server itself,
with its threads and its loop, cannot be forked safely.
"""

from __future__ import annotations

import gc
import io
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import IO, Any, NoReturn

from django.db import connections

from torvet.config.passing import Message, hear, say

log = logging.getLogger("torvet.pages")

AT_MOST = 4  # processes, unless more are asked for
ENDS_WITHIN = 5.0  # seconds for pages that are being made when the server ends

# Makes one page of a request and its body: the answer, and the file it goes on in when it is long.
Make = Callable[[Message, IO[bytes]], tuple[Message, Any]]


def usual_number() -> int:
    """One for each core; none where forking is not safe."""
    return min(len(os.sched_getaffinity(0)), AT_MOST) if sys.platform == "linux" else 0


def fork_nursery(make: Make, *, without: socket.socket) -> tuple[int, socket.socket]:
    """Its process, and the socket for `order`. To be called when all is loaded and while there is no other thread.

    `without` is our port: open in a process that outlives us it would stay taken.
    """
    connections.close_all()
    gc.collect()
    gc.freeze()  # what is loaded by now stays shared: the collector would write into all of it
    ours, theirs = socket.socketpair()
    process = os.fork()
    if process:
        theirs.close()
        return process, ours
    try:
        without.close()
        ours.close()
        _nurse(theirs, make)
    except BaseException:
        log.exception("the nursery of the page processes ended")
    os._exit(1)


def order(nursery: socket.socket) -> socket.socket:
    """A socket to a new page process. Raises OSError when the nursery is gone."""
    ours, theirs = socket.socketpair()
    with theirs:
        socket.send_fds(nursery, [b"+"], [theirs.fileno()])
    ours.setblocking(False)
    return ours


def _nurse(orders: socket.socket, make: Make) -> NoReturn:
    """Fork a process for each socket that comes; when the server is gone, wait for all of them."""
    # Ctrl-C reaches the whole group. The server decides: once it has closed the sockets, everybody goes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    children: set[int] = set()
    while True:
        words, files, _flags, _address = socket.recv_fds(orders, 1, 1)
        if not words:
            break
        child = os.fork()
        if child == 0:
            try:
                orders.close()
                _serve(socket.socket(fileno=files[0]), make)
            except BaseException:
                log.exception("a page process ended")
                os._exit(1)
            os._exit(0)
        os.close(files[0])
        children = _living(children | {child})
    until = time.monotonic() + ENDS_WITHIN
    while (children := _living(children)) and time.monotonic() < until:
        time.sleep(0.01)
    for child in children:
        os.kill(child, signal.SIGKILL)
    os._exit(0)


def _living(children: set[int]) -> set[int]:
    return {child for child in children if os.waitpid(child, os.WNOHANG) == (0, 0)}


def _serve(server: socket.socket, make: Make) -> None:
    """Make one page after the other, until the server is gone."""
    while (heard := hear(server)) is not None:
        (*request, words), file = heard
        with file or io.BytesIO(words) as body:
            answer, long = make(tuple(request), body)
        try:
            say(server, answer, long)
        except (BrokenPipeError, ConnectionResetError):
            return  # nobody waits for it any more
        finally:
            if long is not None:
                long.close()
