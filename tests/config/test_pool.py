"""Handing requests to page processes: who gets which, and what happens when one of them dies or nobody waits any more."""

from __future__ import annotations

import asyncio
import contextlib
import io
import socket
import threading
from collections.abc import Callable, Iterator
from typing import IO, Any

import pytest

from torvet.config import pages, passing
from torvet.config.pool import Died, NurseryGone, Pool

Made = tuple[tuple[Any, ...], IO[bytes] | None]


class Workshop:
    """In the place of the nursery: each process is a thread that names itself, and makes what `make` makes."""

    def __init__(self, make: Callable[[str, IO[bytes]], Any]) -> None:
        self.make = make
        self.number = 0
        self.is_gone = False

    def order(self, nursery: socket.socket) -> socket.socket:
        if self.is_gone:
            raise BrokenPipeError
        ours, theirs = socket.socketpair()
        self.number += 1
        threading.Thread(target=self.work, args=(theirs, self.number), daemon=True).start()
        ours.setblocking(False)
        return ours

    def work(self, server: socket.socket, number: int) -> None:
        def make(request: passing.Message, body: IO[bytes]) -> Made:
            if request[1] == "die":
                raise OSError
            return (number, self.make(request[1], body)), None

        with server, contextlib.suppress(OSError):
            pages._serve(server, make)


@pytest.fixture
def gate() -> threading.Event:
    return threading.Event()


@pytest.fixture
def workshop(monkeypatch: pytest.MonkeyPatch, gate: threading.Event) -> Iterator[Workshop]:
    def make(what: str, body: IO[bytes]) -> Any:
        if what == "slow":
            assert gate.wait(10)
        return body.read()

    found = Workshop(make)
    monkeypatch.setattr(pages, "order", found.order)
    yield found
    gate.set()


def held(conversation: Callable[[Pool], Any], number: int = 2) -> Any:
    async def hold() -> Any:
        pool = Pool(0, socket.socket(), number)
        try:
            async with asyncio.timeout(10):
                return await conversation(pool)
        finally:
            for page in pool.all:
                page.end()

    return asyncio.run(hold())


async def answer(pool: Pool, method: str, what: str = "", words: bytes = b"") -> tuple[int, bytes]:
    (number, said), _file = await pool.ask((method, what, words))
    return number, said


def test_what_writes_goes_to_one_process_and_what_reads_to_any(
    workshop: Workshop, gate: threading.Event
) -> None:
    """Tried passwords are counted in a process: with several counts one could try as often again."""

    async def conversation(pool: Pool) -> None:
        assert {(await answer(pool, "POST"))[0] for _ in range(5)} == {1}
        slow = asyncio.create_task(answer(pool, "POST", "slow"))
        await asyncio.sleep(0.05)
        assert {(await answer(pool, "GET"))[0] for _ in range(5)} == {2}
        waits = asyncio.create_task(answer(pool, "POST"))
        await asyncio.sleep(0.05)
        assert not waits.done()
        gate.set()
        assert ((await slow)[0], (await waits)[0]) == (1, 1)

    held(conversation)


def test_many_at_once_are_all_answered_with_what_they_asked(workshop: Workshop) -> None:
    async def conversation(pool: Pool) -> None:
        asked = [b"%d" % number * 50_000 for number in range(30)]
        told = await asyncio.gather(*(answer(pool, "GET", "", words) for words in asked))
        assert [said for _number, said in told] == asked
        assert {number for number, _said in told} == {1, 2}

    held(conversation)


def test_a_long_body_goes_as_a_file(workshop: Workshop, tmp_path: Any) -> None:
    (tmp_path / "body").write_bytes(b"x" * 3_000_000)

    async def conversation(pool: Pool) -> None:
        with (tmp_path / "body").open("rb") as file:
            (_number, said), _file = await pool.ask(("POST", "", b""), file)
        assert len(said) == 3_000_000

    held(conversation)


def test_a_process_that_dies_is_replaced_and_who_waits_goes_on(workshop: Workshop) -> None:
    async def conversation(pool: Pool) -> None:
        dying = asyncio.create_task(answer(pool, "GET", "die"))
        waiting = [asyncio.create_task(answer(pool, "GET")) for _ in range(3)]
        with pytest.raises(Died):
            await dying
        assert {(await one)[0] for one in waiting} == {2}
        assert (await answer(pool, "POST"))[0] == 2

    held(conversation, number=1)


def test_an_answer_that_nobody_waits_for_is_given_to_nobody_else(
    workshop: Workshop, gate: threading.Event
) -> None:
    async def conversation(pool: Pool) -> None:
        left = asyncio.create_task(answer(pool, "GET", "slow", b"of one who left"))
        await asyncio.sleep(0.05)
        left.cancel()
        with pytest.raises(asyncio.CancelledError):
            await left
        gate.set()
        assert await answer(pool, "GET", "", b"mine") == (2, b"mine")

    held(conversation, number=1)


def test_who_leaves_while_waiting_keeps_nothing_from_others(
    workshop: Workshop, gate: threading.Event
) -> None:
    async def conversation(pool: Pool) -> None:
        slow = asyncio.create_task(answer(pool, "GET", "slow"))
        await asyncio.sleep(0.02)
        left = [asyncio.create_task(answer(pool, "GET")) for _ in range(5)]
        await asyncio.sleep(0.02)
        for one in left:
            one.cancel()
        gate.set()
        assert (await slow)[0] == 1
        assert (await answer(pool, "GET", "", b"mine"))[1] == b"mine"

    held(conversation, number=1)


def test_without_a_nursery_it_says_so(workshop: Workshop) -> None:
    workshop.is_gone = True

    async def conversation(pool: Pool) -> None:
        with pytest.raises(NurseryGone):
            await answer(pool, "GET")

    held(conversation)


def test_a_file_is_read_on_from_where_it_stands(tmp_path: Any) -> None:
    (tmp_path / "words").write_bytes(b"0123456789" * 1000)
    for part in (io.BytesIO(b"56789"), (tmp_path / "words").open("rb")):
        ours, theirs = socket.socketpair()
        with ours, theirs, part:
            part.seek(3)
            passing.say(ours, ("m",), part)
            heard = passing.hear(theirs)
            assert heard
            message, file = heard
            assert message == ("m",)
            assert file
            with file:
                assert file.read(2) == (b"89" if isinstance(part, io.BytesIO) else b"34")


def test_a_closed_end_is_heard_as_nothing() -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        ours.sendall(passing.packed(("half",))[:-1])
        ours.close()
        assert passing.hear(theirs) is None
