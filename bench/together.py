"""Ten people in one page, over real sockets on loopback: `python -m bench.together [--people 10] [--seconds 20]`.

Makes a company of its own in a temporary folder, starts `torvet live`, lets everybody type at once, and prints how long
a letter takes from one browser's socket to another's (milliseconds), how long saving took to follow, how long after the
last one left the room was closed, and the memory of the process at each point. Ends by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

WORDS = 10_000  # in the page
ROOM_CLOSED = "the room is closed"


def memory(process: subprocess.Popen[bytes]) -> float:
    """Megabytes that the process holds."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return round(int(status.split("VmRSS:")[1].split()[0]) / 1024, 1)


def make_company(people: int) -> tuple[int, list[str]]:
    """A page of 10,000 words in a space of so many people: its id, and a session of each."""
    from bench.pages import cookie  # sets Django up
    from torvet.people import actions
    from torvet.people.models import Member
    from torvet.people.viewer import Via, Viewer
    from torvet.spaces import actions as spaces
    from torvet.wiki import actions as wiki

    def house(member: Member) -> Viewer:
        return Viewer.of(member, via=Via.HOUSE)

    first = Member.objects.get(role="administrator")
    space = spaces.open_space(by=house(first), name="Bench", purpose="x", audience="x", responsible=first)
    everybody = [first]
    for number in range(people - 1):
        everybody.append(
            actions.make_member(
                email=f"p{number}@bench.example", name=f"Person {number}", password="a-long-quiet-harbour"
            )
        )
        spaces.join(by=house(everybody[-1]), space=space)
    body = "\n\n".join(f"## Part {part}\n\n" + "word " * 100 for part in range(WORDS // 100))
    page = wiki.write_page(by=house(first), space=space, title="A long page", body=body)
    return page.pk, [cookie(member) for member in everybody]


class Browser:
    """One socket with a document behind it. Types letters that say who and when."""

    def __init__(self, number: int) -> None:
        from pycrdt import Doc

        self.number = number
        self.doc: Doc[Any] = Doc()
        self.socket: Any = None
        self.is_here = asyncio.Event()
        self.saved_at = 0.0
        self.took: list[float] = []

    async def join(self, url: str, origin: str, key: str) -> None:
        from websockets.asyncio.client import connect

        self.socket = await connect(
            url, origin=origin, additional_headers={"Cookie": f"sessionid={key}"}, max_size=None
        )
        self.hearing = asyncio.create_task(self.hear())
        await asyncio.wait_for(self.is_here.wait(), 20)

    async def hear(self) -> None:
        from torvet.realtime.together import wire

        async for message in self.socket:
            if isinstance(message, str):
                if json.loads(message).get("saved"):
                    self.saved_at = time.monotonic()
                continue
            reader = wire.Reader(message)
            if reader.number() != wire.SYNC:
                continue
            kind, source = reader.number(), reader.piece()
            if kind == wire.STEP1:
                await self.socket.send(wire.sync(wire.STEP1, self.doc.get_state()))
                continue
            self.doc.apply_update(source)
            if kind == wire.STEP2:
                self.is_here.set()
            elif source in SENT:
                self.took.append((time.monotonic() - SENT[source]) * 1000)

    async def type_for(self, seconds: float) -> None:
        from pycrdt import XmlFragment

        from torvet.realtime.together import wire

        found: list[bytes] = []
        self.doc.observe(lambda event: found.append(bytes(event.update)))
        text = self.doc.get("page", type=XmlFragment).children[1 + 2 * self.number].children[0]
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found.clear()
            text.insert(0, "abcdefghij"[self.number % 10])
            SENT[found[-1]] = time.monotonic()
            await self.socket.send(wire.sync(wire.UPDATE, found[-1]))
            await asyncio.sleep(random.uniform(0.1, 0.3))


SENT: dict[bytes, float] = {}


async def write_together(
    url: str, origin: str, page: int, keys: list[str], seconds: float
) -> dict[str, object]:
    browsers = [Browser(number) for number in range(len(keys))]
    for browser, key in zip(browsers, keys, strict=True):
        await browser.join(f"{url}/live/pages/{page}/", origin, key)
    await asyncio.gather(*(browser.type_for(seconds) for browser in browsers))
    ended = time.monotonic()
    await asyncio.sleep(5)
    took = sorted(one for browser in browsers for one in browser.took)
    states = {str(browser.doc.get("page", type=_fragment())) for browser in browsers}
    for browser in browsers:
        await browser.socket.close()
    return {
        "letters": len(SENT), "seen by others": len(took), "all saw the same text": len(states) == 1,
        "p50 ms": round(statistics.median(took), 1), "p95 ms": round(took[int(len(took) * 0.95)], 1),
        "p99 ms": round(took[int(len(took) * 0.99)], 1), "slowest ms": round(took[-1], 1),
        "saved, s after the last letter": round(max(browser.saved_at for browser in browsers) - ended, 2),
    }  # fmt: skip


def _fragment() -> type:
    from pycrdt import XmlFragment

    return XmlFragment


def until_ready(port: int) -> None:
    import socket

    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # Found by Django's settings when they are first read, below.
        os.environ |= {
            "TORVET_DATA": f"{folder}/data",
            "TORVET_RATE_LIMITS": "off",
            "TORVET_ADMIN_PASSWORD": "a-long-quiet-harbour",
        }
        os.environ.pop("TORVET_DATABASE_URL", None)
        torvet = Path(sys.executable).with_name("torvet")
        subprocess.run([torvet, "init", "--company", "Bench", "--admin", "a@bench.example", "--no-input"], check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        page, keys = make_company(given.people)
        from bench.serving import free_port

        port = free_port()
        log = Path(folder) / "live.log"
        with log.open("wb") as target:
            process = subprocess.Popen([torvet, "live", "--port", str(port)], stdout=target, stderr=target)
            try:
                until_ready(port)
                report: dict[str, object] = {"memory at the start, MB": memory(process)}
                origin = f"http://127.0.0.1:{port}"
                report |= asyncio.run(
                    write_together(f"ws://127.0.0.1:{port}", origin, page, keys, given.seconds)
                )
                left = time.monotonic()
                report["memory with the room, MB"] = memory(process)
                while ROOM_CLOSED not in log.read_text() and time.monotonic() < left + 90:
                    time.sleep(0.2)
                report["room closed, s after the last one left"] = round(time.monotonic() - left, 1)
                report["memory after it, MB"] = memory(process)
            finally:
                process.terminate()
                process.wait(20)
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
