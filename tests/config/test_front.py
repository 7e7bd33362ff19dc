"""The bridge between the one port and the pages: bodies come in whole, long answers and files go out in pieces."""

from __future__ import annotations

import asyncio
import io
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from torvet.config import front as front_module
from torvet.config import pages as pages_module
from torvet.config.front import Front, maker_of
from torvet.config.pool import Pool

Pages = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@pytest.fixture(params=["threads", "processes"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are made in threads, or by page processes: here threads that do what the processes do."""
    monkeypatch.setattr(Conversation, "is_passed_on", request.param == "processes")


def pool_of(pages: Pages, monkeypatch: pytest.MonkeyPatch, number: int = 1) -> Pool:
    def order(nursery: socket.socket) -> socket.socket:
        ours, theirs = socket.socketpair()
        threading.Thread(target=pages_module._serve, args=(theirs, maker_of(pages)), daemon=True).start()
        ours.setblocking(False)
        return ours

    monkeypatch.setattr(pages_module, "order", order)
    return Pool(0, socket.socket(), number)


class Conversation:
    """One request to the front, with what came back."""

    is_passed_on = False

    def __init__(
        self,
        pages: Pages,
        *,
        method: str = "GET",
        path: bytes = b"/",
        headers: tuple[tuple[bytes, bytes], ...] = (),
        pieces: tuple[bytes, ...] = (),
        leaves: bool = False,
        largest: int = 1_000_000,
    ) -> None:
        self.messages: list[dict[str, Any]] = []
        self.pieces = list(pieces)
        self.leaves = leaves
        scope = {
            "type": "http", "method": method, "path": path.decode("latin-1"), "raw_path": path, "query_string": b"q=%C3%A6",
            "http_version": "1.1", "headers": list(headers), "client": ("10.0.0.7", 1234), "server": ("127.0.0.1", 8000),
        }  # fmt: skip
        with pytest.MonkeyPatch.context() as patch:
            pool = pool_of(pages, patch) if self.is_passed_on else None
            asyncio.run(self.hold(Front(pages, NoLive(), largest=largest, threads=1, pool=pool), scope))

    async def hold(self, front: Front, scope: dict[str, Any]) -> None:
        await front(scope, self.receive, self.send)
        front.threads.shutdown()
        for page in front.pool.all if front.pool else ():
            page.end()

    async def receive(self) -> dict[str, Any]:
        if self.pieces:
            piece = self.pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(self.pieces) or self.leaves}
        if self.leaves:
            return {"type": "http.disconnect"}
        await asyncio.sleep(60)
        raise AssertionError("nobody reads on after the end")

    async def send(self, message: dict[str, Any]) -> None:
        self.messages.append(message)

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def body(self) -> bytes:
        assert not self.messages[-1].get("more_body")
        return b"".join(message["body"] for message in self.messages[1:])


class NoLive:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("not for us")


def echo(environment: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", " a=1"), ("Set-Cookie", " b=2")])
    return [environment["wsgi.input"].read()]


def look(found: dict[str, Any]) -> Pages:
    def pages(environment: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        found.update(environment)
        start("204 No Content", [])
        return []

    return pages


def test_a_body_in_pieces_without_a_length_arrives_whole() -> None:
    said = Conversation(
        echo,
        method="POST",
        pieces=(b"one ", b"two ", b"three"),
        headers=((b"transfer-encoding", b"chunked"),),
    )
    assert (said.status, said.body) == (200, b"one two three")
    assert [value for name, value in said.messages[0]["headers"] if name == b"set-cookie"] == [b"a=1", b"b=2"]


def test_a_large_body_goes_to_a_file_and_arrives_whole() -> None:
    pieces = tuple(bytes([number]) * 100_000 for number in range(9))
    said = Conversation(echo, method="POST", pieces=pieces, headers=((b"content-length", b"900000"),))
    assert said.body == b"".join(pieces)
    assert len(said.messages) > 2


def test_a_body_that_is_announced_or_grows_too_large_never_reaches_the_pages() -> None:
    def pages(environment: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [])
        return [b"it did"]

    announced = Conversation(pages, method="POST", headers=((b"content-length", b"101"),), largest=100)
    assert announced.status == 413
    pieces = (b"x" * 60, b"x" * 60, b"x")
    grown = Conversation(
        pages, method="POST", headers=((b"transfer-encoding", b"chunked"),), pieces=pieces, largest=100
    )
    assert grown.status == 413
    assert (
        Conversation(
            pages, method="POST", headers=((b"content-length", b"9"),), pieces=(b"x",), leaves=True
        ).messages
        == []
    )


def test_a_body_that_stands_still_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front_module, "SLOWEST", 0.05)
    assert Conversation(echo, method="POST", headers=((b"content-length", b"9"),)).status == 408


def test_the_request_arrives_as_it_was_sent() -> None:
    found: dict[str, Any] = {}
    headers = (
        (b"host", b"torvet.example"), (b"x-forwarded-for", b"10.1.1.1"), (b"x_forwarded_for", b"127.0.0.1"),
        (b"content_length", b"5"), (b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"accept", b"x"), (b"accept", b"y"),
        (b"content-type", b"text/plain"),
    )  # fmt: skip
    assert Conversation(look(found), path=b"/topics/sm%C3%B8r%2Fbr\xc3\xb8d", headers=headers).status == 204
    assert found["PATH_INFO"].encode("latin-1").decode() == "/topics/smør/brød"
    assert found["QUERY_STRING"] == "q=%C3%A6"
    assert found["REMOTE_ADDR"] == "10.0.0.7"
    assert found["HTTP_X_FORWARDED_FOR"] == "10.1.1.1"
    assert found["HTTP_COOKIE"] == "a=1; b=2"
    assert found["HTTP_ACCEPT"] == "x,y"
    assert found["CONTENT_TYPE"] == "text/plain"
    assert "CONTENT_LENGTH" not in found
    assert "HTTP_CONTENT_LENGTH" not in found


class Shelf(io.BytesIO):
    """A file that knows whether it was closed, and how much of it was read."""

    was_closed = False

    def close(self) -> None:
        self.was_closed = True
        super().close()


def shelf(file: Shelf) -> Pages:
    def pages(environment: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [])
        return environment["wsgi.file_wrapper"](file, 4096)

    return pages


def test_a_file_goes_out_in_pieces_and_is_closed() -> None:
    words = bytes(range(256)) * 4000
    file = Shelf(words)
    said = Conversation(shelf(file))
    assert said.body == words
    assert len(said.messages) > 4
    assert file.was_closed


def test_asking_for_the_head_of_a_file_does_not_read_it() -> None:
    file = Shelf(b"x" * 10)
    said = Conversation(shelf(file), method="HEAD")
    assert said.body == b""
    assert file.was_closed


def test_a_reader_who_leaves_in_the_middle_of_a_file_has_it_closed() -> None:
    file = Shelf(b"x" * 2_000_000)

    class Leaves(Conversation):
        async def send(self, message: dict[str, Any]) -> None:
            if len(self.messages) == 2:
                raise OSError("gone")
            await super().send(message)

    with pytest.raises(OSError, match="gone"):
        Leaves(shelf(file))
    # A page process closes its own side a moment after the reader has gone.
    until = time.monotonic() + 5
    while not file.was_closed and time.monotonic() < until:
        time.sleep(0.01)
    assert file.was_closed


def test_a_long_answer_made_bit_by_bit_arrives_whole_and_is_closed() -> None:
    class Made:
        was_closed = False
        threads: set[int] = set()

        def __iter__(self) -> Iterator[bytes]:
            for number in range(1000):
                # A database connection belongs to a thread: all of it is made in one.
                self.threads.add(threading.get_ident())
                yield b"%06d," % number * 100

        def close(self) -> None:
            self.was_closed = True

    made = Made()

    def pages(environment: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [])
        return made

    said = Conversation(pages)
    assert said.body == b"".join(b"%06d," % number * 100 for number in range(1000))
    assert made.was_closed
    assert len(made.threads) == 1
