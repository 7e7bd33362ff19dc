"""Browsers that write a page, without a browser: a socket, and a document of pycrdt behind it that speaks the protocol."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from django.conf import settings
from pycrdt import Doc, Text, XmlElement, XmlFragment, XmlText

from tests.cast import house, signed_in
from tests.realtime.pages import Switchboard, until
from torvet.people.models import Member
from torvet.realtime.together import wire
from torvet.realtime.together.document import PAGE, TITLE, read_state
from torvet.realtime.together.wire import Reader
from torvet.spaces.models import Space
from torvet.wiki import actions as wiki
from torvet.wiki.models import Page

OUR_OWN = {"origin": "http://127.0.0.1:8000"}
BODY = "## First\n\nLook up.\n\nThen lift.\n\nAnd set down."


def write_page(by: Member, space: Space, body: str = BODY, title: str = "How we lift") -> Page:
    return wiki.write_page(by=house(by), space=space, title=title, body=body)


def key_of(member: Member | None) -> str:
    return str(signed_in(member).cookies[settings.SESSION_COOKIE_NAME].value) if member else ""


class Writer:
    """One browser that has the page open in the editor."""

    def __init__(self, board: Switchboard, doc: Doc[Any] | None = None) -> None:
        self.board = board
        self.doc: Doc[Any] = doc or Doc()
        self.status = 0
        self.code = 0
        self.told: list[dict[str, Any]] = []
        self.states: dict[int, Any] = {}
        self.heard_at: list[float] = []
        self.is_open = self.is_synced = False
        self._incoming: asyncio.Queue[dict[str, Any]]

    # What the endpoint is given

    async def receive(self) -> dict[str, Any]:
        return await self._incoming.get()

    async def send(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "websocket.accept":
            self.is_open, self.status = True, 101
        elif kind == "websocket.http.response.start":
            self.status = message["status"]
        elif kind == "websocket.close":
            self.code, self.is_open = message["code"], False
            self._incoming.put_nowait({"type": "websocket.disconnect", "code": message["code"]})
        elif message.get("text") is not None:
            self.told.append(json.loads(message["text"]))
        elif kind == "websocket.send":
            self._hear(message["bytes"])

    def _hear(self, message: bytes) -> None:
        self.heard_at.append(time.monotonic())
        reader = Reader(message)
        if reader.number() == wire.AWARENESS:
            for client, _clock, state in wire.read_awareness(message[1:], 100_000):
                self.states[client] = state
                if state is None:
                    del self.states[client]
            return
        kind, source = reader.number(), reader.piece()
        if kind == wire.STEP1:
            self._say(wire.sync(wire.STEP1, self.doc.get_state()))
            self._say(wire.sync(wire.STEP2, self.doc.get_update(source)))
        else:
            self.doc.apply_update(source)
            self.is_synced = self.is_synced or kind == wire.STEP2

    def _say(self, message: bytes) -> None:
        self._incoming.put_nowait({"type": "websocket.receive", "bytes": message})

    # What the tests do

    def join(
        self,
        member: Member | None,
        page: int | str,
        *,
        key: str | None = None,
        headers: dict[str, str] | None = None,
        answers: bool = True,
    ) -> Writer:
        """Open the socket. Returns when the document is here, or the door stays closed."""
        key = key_of(member) if key is None else key
        path = f"/live/pages/{page}/" if not str(page).startswith("/") else str(page)
        scope = scope_of(key, path, headers, answers=answers)

        async def run() -> None:
            self._incoming = asyncio.Queue()
            self._incoming.put_nowait({"type": "websocket.connect"})
            await self.board.live.together(scope, self.receive, self.send)
            self.is_open = False

        self.is_synced, self.code = False, 0
        self.future = asyncio.run_coroutine_threadsafe(run(), self.board.loop)
        assert until(lambda: self.is_synced or self.future.done(), 20)
        if self.future.done():
            self.future.result()
        return self

    def say(self, message: bytes) -> None:
        """Any bytes, as a browser of somebody's own making would send them."""
        self.board.soon(self._say, message)

    def say_text(self, text: str) -> None:
        self.board.soon(self._incoming.put_nowait, {"type": "websocket.receive", "text": text, "bytes": None})

    def change(self, work: Any) -> None:
        """Change the document as this browser does, and send it when the socket is open."""

        async def do() -> None:
            found: list[bytes] = []
            hearing = self.doc.observe(lambda event: found.append(bytes(event.update)))
            with self.doc.transaction():
                work(self.doc)
            self.doc.unobserve(hearing)
            for update in found:
                if self.is_open:
                    self._say(wire.sync(wire.UPDATE, update))

        self.board.wait_for(do())

    def type_words(self, words: str, block: int = 0, at: int | None = None) -> None:
        """Type into the text of a block; at its end unless a place is given."""

        def work(doc: Doc[Any]) -> None:
            text = text_of(doc, block)
            text.insert(len(text) if at is None else at, words)

        self.change(work)

    def leave(self) -> None:
        """The connection breaks."""
        self.is_open = False
        self.board.soon(self._incoming.put_nowait, {"type": "websocket.disconnect", "code": 1006})
        self.future.result(timeout=10)

    @property
    def html(self) -> str:
        async def read() -> str:
            return read_state(self.doc.get_update()).html

        return str(self.board.wait_for(read()))

    @property
    def title(self) -> str:
        return str(self.doc.get(TITLE, type=Text))

    def reads(self, words: str, within: float = 2.0) -> bool:
        return until(lambda: words in self.html, within)

    def ends(self, within: float = 2.0) -> bool:
        return until(lambda: self.code != 0, within)

    def was_told(self, within: float = 6.0, **words: Any) -> bool:
        return until(lambda: any(words.items() <= told.items() for told in list(self.told)), within)


def text_of(doc: Doc[Any], block: int) -> XmlText:
    """The text of a block; an empty one is given one."""
    element = doc.get(PAGE, type=XmlFragment).children[block]
    if not len(element.children):
        element.children.append(XmlText(""))
    return element.children[0]


def add_paragraph(doc: Doc[Any], words: str, at: int | None = None) -> None:
    children = doc.get(PAGE, type=XmlFragment).children
    paragraph = children.insert(len(children) if at is None else at, XmlElement("paragraph"))
    paragraph.children.append(XmlText("")).insert(0, words)


def scope_of(
    key: str, path: str, headers: dict[str, str] | None = None, *, answers: bool = True
) -> dict[str, Any]:
    sent = {"host": "127.0.0.1:8000", "cookie": f"{settings.SESSION_COOKIE_NAME}={key}"}
    sent |= OUR_OWN if headers is None else headers
    return {
        "type": "websocket", "path": path, "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        "client": ("127.0.0.1", 40000), "server": ("127.0.0.1", 8000), "scheme": "ws",
        "extensions": {"websocket.http.response": {}} if answers else {},
    }  # fmt: skip


def stands(page: Page) -> tuple[str, str, int]:
    """Title, HTML and version of the page as it is saved."""
    found = Page.objects.select_related("entry").get(pk=page.pk).entry
    return found.title, found.body, found.version


def is_saved(page: Page, words: str, within: float = 6.0) -> bool:
    return until(lambda: words in stands(page)[1], within)
