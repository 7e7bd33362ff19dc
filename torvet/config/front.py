"""One port for everything: live updates are answered here, all the rest by the WSGI application in a few processes.

Where there are none (see pages.py) it runs in a few threads of this one. Django under ASGI was measured 6 to 30 times
slower than under WSGI. Why not a2wsgi: it crosses between loop and thread three times for each answer and lets a slow
sender hold a thread (docs/decisions).
"""

from __future__ import annotations

import asyncio
import io
import logging
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from torvet.config.live import LiveServer, Receive, Scope, Send
from torvet.config.pages import Make
from torvet.config.passing import Message
from torvet.config.pool import Died, NurseryGone, Pool

log = logging.getLogger("torvet.front")

Environment = dict[str, Any]
Application = Callable[[Environment, Callable[..., Any]], Iterable[bytes]]

THREADS = 4
KEPT_IN_MEMORY = 256 * 1024  # bytes of a request's body, or of an answer; more goes to a file
PIECE = 256 * 1024  # bytes of a file read and sent at once
SLOWEST = 30.0  # seconds without a byte of the request's body
LONGEST = 15 * 60.0  # seconds for all of it
MOST_WAITING = 500  # requests; more are told to come back
# What a page process is told of a request, in this order; then comes its body.
PASSED_ON = ("method", "raw_path", "query_string", "http_version", "headers", "client", "server", "scheme")


class File:
    """What `wsgi.file_wrapper` makes: the sender then knows that it may read on from any thread."""

    def __init__(self, file: IO[bytes], size: int = 0) -> None:
        self.file = file
        self.close = getattr(file, "close", lambda: None)

    def piece(self) -> bytes:
        return self.file.read(PIECE)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.piece, b"")


class TooLarge(Exception):
    """The body of a request goes on and on."""


class Gone(Exception):
    """The browser has left."""


class Front:
    """The ASGI application of `torvet serve`. `largest` is the most bytes that a request's body may have."""

    def __init__(
        self,
        pages: Application,
        live: LiveServer,
        *,
        largest: int,
        threads: int = THREADS,
        pool: Pool | None = None,
    ) -> None:
        self.pages = pages
        self.pool = pool
        self.live = live
        self.largest = largest
        self.threads = ThreadPoolExecutor(threads, "pages")
        self.waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/live/"):
            await self.live(scope, receive, send)
        elif self.waiting >= MOST_WAITING:
            await say(send, 503, b"Busy, please try again\n", (b"retry-after", b"5"))
        else:
            self.waiting += 1
            try:
                await self.answer(scope, receive, send)
            finally:
                self.waiting -= 1

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        body: IO[bytes] = io.BytesIO()
        try:
            if announced_length(scope) > self.largest:
                raise TooLarge
            if has_body(scope):
                # Taken in whole before a thread is asked for: a slow sender costs a little memory, never a thread.
                async with asyncio.timeout(LONGEST):
                    body = await self.take_in(receive)
            await Answer(self, scope, body, send).give()
        except TooLarge:
            await say(send, 413, b"Too large\n", (b"connection", b"close"))
        except TimeoutError:
            await say(send, 408, b"Too slow\n", (b"connection", b"close"))
        except Died:
            await say(send, 500, b"Something broke, please try again\n")
        except Gone:
            return
        finally:
            body.close()

    async def take_in(self, receive: Receive) -> IO[bytes]:
        body: Any = tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115  # closed by who asked
        size, is_more = 0, True
        try:
            while is_more:
                async with asyncio.timeout(SLOWEST):
                    message = await receive()
                if message["type"] == "http.disconnect":
                    raise Gone
                size += len(message.get("body", b""))
                if size > self.largest:
                    raise TooLarge
                body.write(message.get("body", b""))
                is_more = message.get("more_body", False)
        except BaseException:
            body.close()
            raise
        body.seek(0)
        return body


class Answer:
    """One request on its way through the WSGI application."""

    def __init__(self, front: Front, scope: Scope, body: IO[bytes], send: Send) -> None:
        self.front = front
        self.scope = scope
        self.body = body
        self.send = send

    async def give(self) -> None:
        (status, headers, words), file = await self.made()
        try:
            await self.send({"type": "http.response.start", "status": status, "headers": headers})
            # A file is read piece by piece: a slow reader holds neither a process nor a thread nor much memory.
            while file is not None and (piece := await self._in_thread(file.piece)):
                await self.send({"type": "http.response.body", "body": piece, "more_body": True})
            await self.send({"type": "http.response.body", "body": words, "more_body": False})
        finally:
            if file is not None:
                await self._in_thread(file.close)

    async def made(self) -> tuple[Message, File | None]:
        if self.front.pool is not None:
            try:
                return await self.pass_on(self.front.pool)
            except NurseryGone:
                log.exception("no page processes are left, going on in threads")
                self.front.pool = None
        return await self._in_thread(lambda: page_of(self.front.pages, environment_of(self.scope, self.body)))

    async def pass_on(self, pool: Pool) -> tuple[Message, File | None]:
        length = self.body.seek(0, io.SEEK_END)
        self.body.seek(0)
        asked = tuple(self.scope.get(name) for name in PASSED_ON)
        if length > KEPT_IN_MEMORY:
            answer, file = await pool.ask((*asked, b""), self.body)
        else:
            answer, file = await pool.ask((*asked, self.body.read()))
        return answer, None if file is None else File(file)

    def _in_thread(self, work: Callable[[], Any]) -> asyncio.Future[Any]:
        return asyncio.get_running_loop().run_in_executor(self.front.threads, work)


def maker_of(pages: Application) -> Make:
    """What a page process does with a request that was passed on to it."""

    def make(request: Message, body: IO[bytes]) -> tuple[Message, IO[bytes] | None]:
        scope = dict(zip(PASSED_ON, request, strict=True))
        try:
            answer, file = page_of(pages, environment_of(scope, body) | {"wsgi.multithread": False})
        except Exception:
            log.exception("a page could not be made")
            return (500, [(b"content-type", b"text/plain")], b"Something broke, please try again\n"), None
        return answer, None if file is None else file.file

    return make


def page_of(pages: Application, environment: Environment) -> tuple[Message, File | None]:
    """Status, headers and the whole answer when it is short, else a file to read it from."""
    begun: list[Any] = [500, []]

    def start(status: str, headers: list[tuple[str, str]], broken: Any = None) -> Callable[[bytes], None]:
        # Django writes cookies with a space in front, which h11 refuses.
        cleaned = [
            (name.lower().encode("latin-1"), value.strip().encode("latin-1")) for name, value in headers
        ]
        begun[:] = [int(status[:3]), cleaned]
        return _write

    made = pages(environment, start)
    if isinstance(made, File) and environment["REQUEST_METHOD"] != "HEAD":
        return (*begun, b""), made
    words, file = _gathered(made)
    return (*begun, words), file


def _gathered(made: Iterable[bytes]) -> tuple[bytes, File | None]:
    words, file = bytearray(), None
    try:
        for piece in () if isinstance(made, File) else made:
            words += piece
            if len(words) > KEPT_IN_MEMORY:
                file = file or tempfile.TemporaryFile()  # noqa: SIM115  # closed when it is sent
                file.write(words)
                words.clear()
    finally:
        getattr(made, "close", lambda: None)()
    if file is None:
        return bytes(words), None
    file.write(words)
    file.seek(0)
    return b"", File(file)


def _write(words: bytes) -> None:
    raise NotImplementedError("Django never uses WSGI's write()")


def has_body(scope: Scope) -> bool:
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
        for name, value in scope["headers"]
    )


def announced_length(scope: Scope) -> int:
    return next(
        (int(value) for name, value in scope["headers"] if name == b"content-length" and value.isdigit()), 0
    )


def environment_of(scope: Scope, body: IO[bytes]) -> Environment:
    """The request as WSGI wants it. Headers with an underscore are dropped: they would pass for those with a dash."""
    client, server = scope.get("client") or ("", 0), scope.get("server") or ("localhost", 80)
    length = body.seek(0, io.SEEK_END)
    body.seek(0)
    environment: Environment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        # The bytes as they came, not as text that somebody has guessed.
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1] or 80),
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.file_wrapper": File,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if b"_" in name:
            continue
        key = "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
        key = {"HTTP_CONTENT_TYPE": "CONTENT_TYPE", "HTTP_CONTENT_LENGTH": "CONTENT_LENGTH"}.get(key, key)
        text = value.decode("latin-1")
        # Cookies may come in several headers with HTTP/2 in front; other lists are joined by a comma.
        separator = "; " if key == "HTTP_COOKIE" else ","
        environment[key] = f"{environment[key]}{separator}{text}" if key in environment else text
    if length or "CONTENT_LENGTH" in environment:
        # A body sent in pieces has no length of its own; Django reads none without.
        environment["CONTENT_LENGTH"] = str(length)
    return environment


async def say(send: Send, status: int, words: bytes, *headers: tuple[bytes, bytes]) -> None:
    head = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(words)),
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": words})
