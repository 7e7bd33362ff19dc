"""Finding what is similar while somebody types: `python -m bench.similar` in a data folder made by bench.company.

The first time every opener that has a title becomes a question (four in six), a discussion, an idea or a page, and one
answer in three of the answered questions is accepted; then the index is made (`--anew` makes it again). Asked are
titles and texts out of the sentences of the company, as far as somebody has typed them; printed are the median and the
95th percentile of milliseconds on the clock and of a processor (with that of PostgreSQL), over everybody and over those who read little.

With `--meaning` also by meaning, which needs the extra `semantic`. Making 50,000 vectors takes hours; all but 200 are
therefore one of these with noise. What is measured is the time, not what is found.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torvet.config.settings")

import django

django.setup()

from django.db import connection, transaction
from django.db.models import F, Min
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from bench.company import sentences
from torvet.entries.models import Entry
from torvet.entries.similar import similar
from torvet.forum.models import Thread, copied_from
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.search import actions, meaning
from torvet.search.models import Document, Vector
from torvet.spaces.models import Membership

KINDS = ("question", "discussion", "page", "article")
BECOMES = ("question", "question", "question", "question", "discussion", "idea")
LANGUAGES = ("da", "nb", "sv", "nl", "en")


@transaction.atomic
def _make_questions() -> None:
    """Openers with a title become what people look for before they ask."""
    for part, kind in enumerate(BECOMES):
        titled = Entry.objects.roots().exclude(title="").filter(kind="post")
        titled.annotate(part=F("pk") % len(BECOMES)).filter(part=part).update(kind=kind)
    ideas = Entry.objects.filter(kind="idea").annotate(part=F("pk") % 4)
    ideas.filter(part__in=(0, 2)).update(kind="page")
    questions = Entry.objects.filter(kind="question")
    Entry.objects.filter(root__in=questions).update(kind="answer")
    first = questions.filter(reply_count__gt=0).values_list("pk").annotate(Min("thread_entries"))
    openers = questions.defer("body", "text").in_bulk()
    now = timezone.now()
    Thread.objects.bulk_create(
        (
            Thread(
                entry_id=pk,
                **copied_from(openers[pk]),
                answered_at=now,
                accepted_id=answer if pk % 3 == 0 else None,
                accepted_at=now if pk % 3 == 0 else None,
            )
            for pk, answer in first.order_by("pk")
        ),
        batch_size=2000,
    )


def _stand_in_vectors(dice: random.Random) -> None:
    import numpy as np  # of the extra

    if Vector.objects.count() > 200:
        return
    lacking = [(row.thing_id, row.thread_id, row.version) for row in meaning.lacking()]
    some = Entry.objects.in_bulk(dice.sample([row[0] for row in lacking], 200))
    real = [
        np.frombuffer(meaning.vector_of(entry.title, entry.text), np.int8).astype(np.float32)
        for entry in some.values()
    ]
    noise = np.random.default_rng(1)
    rows = []
    for pk, thread, version in lacking:
        found = dice.choice(real) + noise.normal(0, 8, meaning.LENGTH)
        found *= meaning.SCALE / np.linalg.norm(found)
        kept = np.clip(np.rint(found), -127, 127).astype(np.int8).tobytes()
        rows.append(Vector(entry_id=pk, thread_id=thread, version=version, numbers=kept))
    Vector.objects.bulk_create(rows, batch_size=2000)
    print(f"{len(rows)} vectors")


def _typed(dice: random.Random, number: int) -> list[tuple[str, str]]:
    """Titles and texts as they stand when the form asks: whole, or broken off in the middle of a word."""
    pools = [sentences(language) for language in LANGUAGES]
    asked = []
    for one in range(number):
        pool = dice.choice(pools)
        title = dice.choice(pool)[: dice.randint(12, 90)]
        text = " ".join(dice.choice(pool) for _sentence in range(3)) if one % 3 == 0 else ""
        asked.append((title, text))
    return asked


def _readers(dice: random.Random, number: int) -> dict[str, list[Viewer]]:
    everybody = list(Member.objects.filter(is_active=True).order_by("pk"))
    few = list(
        Member.objects.filter(is_active=True, pk__in=Membership.objects.values("member"))
        .exclude(pk__in=Membership.objects.filter(space__is_default=True).values("member"))
        .order_by("pk")[:200]
    )
    found = {"members": dice.sample(everybody, min(number, len(everybody)))}
    if few:
        found["members of few spaces"] = [dice.choice(few) for _one in range(number)]
    return {name: [Viewer.of(member) for member in members] for name, members in found.items()}


def _worked() -> float:
    """Seconds of a processor that this process and its PostgreSQL have taken."""
    taken = time.thread_time()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        taken += int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    return taken


def _measure(name: str, viewers: Sequence[Viewer], asked: Sequence[tuple[str, str]]) -> None:
    clock, cpu, found = [], [], 0
    for viewer, (title, text) in zip(viewers, asked, strict=True):
        worked, moment = _worked(), time.perf_counter()
        found += len(similar(viewer, title, text, kinds=KINDS))
        clock.append((time.perf_counter() - moment) * 1000)
        cpu.append((_worked() - worked) * 1000)
    with CaptureQueriesContext(connection) as captured:
        similar(viewers[0], *asked[0], kinds=KINDS)
    print(f"{name}: {found / len(asked):.1f} found, {len(captured)} statements")
    for what, took in (("on the clock", clock), ("of a processor", cpu)):
        took.sort()
        print(
            f"  {what:16} median {statistics.median(took):6.1f} ms   p95 {took[int(len(took) * 0.95)]:6.1f} ms   "
            f"most {took[-1]:6.1f} ms"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--asked", type=int, default=300)
    parser.add_argument("--anew", action="store_true", help="make the index anew")
    parser.add_argument("--meaning", action="store_true", help="by meaning too")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if not Entry.objects.filter(kind="question").exists():
        _make_questions()
    if given.anew or not Document.objects.exists():
        moment = time.perf_counter()
        kept = actions.rebuild(
            lambda what, done: print(what, done, flush=True) if not done % 20_000 else None
        )
        print(f"{kept.entries} entries indexed in {time.perf_counter() - moment:.0f} s")
    dice = random.Random(given.seed)
    override_settings(SIMILAR_BY_MEANING=given.meaning).enable()
    if given.meaning:
        _stand_in_vectors(dice)
    asked = _typed(dice, given.asked)
    print(f"{connection.vendor}, {Entry.objects.count()} entries, load {os.getloadavg()[0]:.1f}")
    for name, viewers in _readers(dice, given.asked).items():
        similar(viewers[0], *asked[0], kinds=KINDS)  # what a process does once
        _measure(name, viewers, asked)
    own = next(line for line in Path("/proc/self/status").read_text().splitlines() if "RssAnon" in line)
    print(f"{int(own.split()[1]) / 1024:.0f} MB of memory of its own")


if __name__ == "__main__":
    main()
