"""Server time of a page of 10,000 words: `python -m bench.wiki` in a data folder made by `torvet demo`.

Writes one page with headings, lists, tables, callouts and links, as somebody would; asks for it as forty members through
the whole application, gzip included, and prints median and 95th percentile of milliseconds, of CPU and on the clock (each member the
best of three), the statements and the bytes. Also what saving it and drawing it for the editor cost.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Iterable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torvet.config.settings")
os.environ.setdefault("TORVET_RATE_LIMITS", "off")

import django

django.setup()

from django.db import connection

from bench.pages import cookie, get
from torvet.people.models import Member, Role
from torvet.people.viewer import Via, Viewer
from torvet.spaces.models import Space
from torvet.wiki import actions

WORDS = 10_000
LOOKS = 40
VOCABULARY = (
    "kran løft vagt båd kaj reol palle ordre kunde svar morgen aften vind bølge kabel mølle tavle radio plan besætning"
    " havn lager porten nøglen aftalen listen prøven målet vejen skiftet"
).split()


def long_text(words: int = WORDS) -> str:
    """Markdown of so many words: a heading every 250, now and then a list, a table, a callout, a link."""
    dice = random.Random(7)
    parts: list[str] = []
    written = 0
    while written < words:
        said = " ".join(dice.choice(VOCABULARY) for _ in range(50)).capitalize() + "."
        match len(parts) % 10:
            case 0:
                parts.append(f"## Afsnit {len(parts)} om {dice.choice(VOCABULARY)}")
            case 3:
                said = "\n".join(f"- {line}" for line in said.split(" kaj "))
            case 5:
                said = f"> [!NOTE]\n> {said}"
            case 7:
                rows = "\n".join(
                    f"| {dice.choice(VOCABULARY)} | {dice.choice(VOCABULARY)} |" for _ in range(25)
                )
                said = f"| Hvad | Hvor |\n| --- | --- |\n{rows}"
            case 8:
                said = f"**{said}** Se [planen](/spaces/1/)."
        parts.append(said)
        written += len(said.split())
    return "\n\n".join(parts)


def main() -> None:
    administrator = Member.objects.filter(role=Role.ADMINISTRATOR).order_by("id").first()
    assert administrator, "make the company first: torvet demo"
    by = Viewer.of(administrator, via=Via.HOUSE)
    space = Space.objects.filter(access="open", is_default=True)[0]
    text = long_text()
    began = time.perf_counter()
    page = actions.write_page(by=by, space=space, title="Ti tusind ord", body=text)
    print(
        f"{len(text.split()):,} words, {len(page.entry.body):,} characters of HTML; written in {since(began):.0f} ms"
    )
    began = time.perf_counter()
    actions.edit_page(by=by, page=page, title="Ti tusind ord", body=f"{text}\n\nSlut.", version=1)
    print(f"saved again in {since(began):.0f} ms")
    readers = list(Member.objects.active().filter(memberships__space=space).order_by("id")[:LOOKS])
    for name, path in (
        ("page", page.url),
        ("history", f"{page.url}history/"),
        ("editor", f"{page.url}edit/"),
    ):
        measure(name, path, readers)


def measure(name: str, path: str, readers: list[Member]) -> None:
    keys = [cookie(reader) for reader in readers]
    get(path, keys[0])
    connection.force_debug_cursor = True
    _status, body = get(path, keys[0])
    statements = len(connection.queries)
    connection.force_debug_cursor = False
    best: list[tuple[float, float]] = []
    for key in keys:
        tries = []
        for _ in range(3):
            began, worked = time.perf_counter(), time.thread_time()
            status, _body = get(path, key)
            tries.append(((time.thread_time() - worked) * 1000, since(began)))
            assert status.startswith("200"), (path, status)
        best.append(min(tries))
    print(
        f"{name:8} CPU {_told(cpu for cpu, _wall in best)}   wall {_told(wall for _cpu, wall in best)}"
        f"   {statements} statements   {len(body):,} bytes sent"
    )


def _told(times: Iterable[float]) -> str:
    found = sorted(times)
    return f"median {statistics.median(found):5.1f} ms, p95 {found[int(len(found) * 0.95) - 1]:5.1f} ms"


def since(began: float) -> float:
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
