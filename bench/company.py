"""A synthetic company of any size, with the skew of a real one: `python -m bench.company --help`.

Everything is a function of (seed, size). Shapes: Zipf for authors and spaces, log-normal memberships, threads with
median 4 replies and a long tail, working hours, six years of growth. Sentences come from `../shared/data/corpus` when
that is there, otherwise from a few hundred of our own, drawn in pairs.
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torvet.config.settings")

import django

django.setup()

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection, transaction

from bench.sentences import SENTENCES
from torvet.entries.models import (
    Bookmark,
    Card,
    Entry,
    EntryTopic,
    Reaction,
    Topic,
    TopicFollow,
    Watch,
)
from torvet.entries.models.marks import REACTIONS
from torvet.people.models import Company, Follow, Member, Role, Site, Unit
from torvet.people.names import handle_from
from torvet.spaces.models import Access, Membership, Space, Standing

BATCH = 5000
AT_ONCE = 2000  # rows of one statement: PostgreSQL takes 65,535 values
YEARS = 6
GROWTH = 1.35
OPENERS = 0.3  # of all entries
PASSWORD = "korrekt hest batteri"  # of a company that does not exist
FIRST = (
    "Anna Bo Cecilie Dag Emma Finn Grete Hans Ida Jens Karin Lars Mette Nils Oda Per Rikke Sven Tine Ulf Åse Øyvind"
).split()
LAST = (
    "Andersen Bakker Dahl Eriksen Fischer Gade Holm Iversen Jansen Krogh Lind Madsen Nygård Olsen de_Vries Östberg"
).split()
TOPICS = 150


def sentences(language: str) -> list[str]:
    """The pool of one language."""
    corpus = Path(__file__).resolve().parents[2] / "shared/data/corpus" / f"sentences.{language}.tsv.gz"
    if corpus.is_file():
        with gzip.open(corpus, "rt", encoding="utf-8") as lines:
            return [line.rstrip("\n").split("\t")[-1] for line in lines]
    return SENTENCES[language]


class Builder:
    """Builds one company; every step reports how far it is."""

    def __init__(self, members: int, spaces: int, entries: int, seed: int, quiet: bool = False) -> None:
        self.sizes = (members, spaces, entries)
        self.random = random.Random(seed)
        self.quiet = quiet
        self.now = datetime.now(UTC).replace(microsecond=0)
        self.pools = {language: sentences(language) for language in ("da", "nb", "sv", "nl", "en")}
        self.started = time.monotonic()

    def say(self, text: str) -> None:
        if not self.quiet:
            print(f"{time.monotonic() - self.started:7.1f} s  {text}", file=sys.stderr)

    def build(self) -> None:
        members, spaces, entries = self.sizes
        self.people(members)
        self.places(spaces, members)
        self.talk(entries)
        self.marks()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        self.say("done")

    def put(self, model: Any, rows: Iterator[Any], what: str) -> int:
        done = 0
        batch: list[Any] = []
        for row in rows:
            batch.append(row)
            if len(batch) >= BATCH:
                model.objects.bulk_create(batch, ignore_conflicts=True, batch_size=AT_ONCE)
                done += len(batch)
                batch.clear()
                if done % (BATCH * 8) == 0:
                    self.say(f"{done:,} {what}")
        model.objects.bulk_create(batch, ignore_conflicts=True, batch_size=AT_ONCE)
        self.say(f"{done + len(batch):,} {what}")
        return done + len(batch)

    def people(self, number: int) -> None:
        Company.objects.get_or_create(pk=1, defaults={"name": "Nordhavn", "language": "da"})
        sites = Site.objects.bulk_create(
            [Site(name=name) for name in ("København", "Oslo", "Malmö", "Utrecht")]
        )
        units = Unit.objects.bulk_create(
            [Unit(name=f"Afdeling {i}", external_id=f"u{i}") for i in range(max(2, number // 120))]
        )
        password = make_password(PASSWORD)
        languages = self.random.choices(("da", "nb", "nl", "sv", "en"), (45, 20, 15, 12, 8), k=number)

        def rows() -> Iterator[Member]:
            for i in range(number):
                name = f"{self.random.choice(FIRST)} {self.random.choice(LAST).replace('_', ' ')}"
                yield Member(
                    email=f"m{i}@nordhavn.example",
                    handle=f"{handle_from(name)}{i}",
                    name=name,
                    title=self.random.choice(("Konsulent", "Tekniker", "Projektleder", "Säljare", "Planner")),
                    unit=units[i % len(units)],
                    site=sites[i % len(sites)],
                    language=languages[i],
                    password=password,
                    role=Role.ADMINISTRATOR if i == 0 else Role.LEADER if i % 40 == 0 else Role.MEMBER,
                )

        self.put(Member, rows(), "members")
        self.members = list(Member.objects.order_by("pk").values_list("pk", flat=True))

    def places(self, number: int, members: int) -> None:
        whole = {0, 1}
        accesses = self.random.choices((Access.OPEN, Access.CLOSED, Access.SECRET), (60, 30, 10), k=number)
        Space.objects.bulk_create([
            Space(
                name="Hele huset" if i == 0 else f"Rum {i}",
                purpose="Hvad vi taler om her",
                audience="Dem det vedrører",
                responsible_id=self.members[0],
                opened_by_id=self.members[0],
                access=Access.OPEN if i in whole else accesses[i],
                is_default=i in whole,
            )
            for i in range(number)
        ])  # fmt: skip
        self.spaces = list(Space.objects.order_by("pk").values_list("pk", flat=True))
        self.inside: dict[int, list[int]] = {}

        def rows() -> Iterator[Membership]:
            for i, space in enumerate(self.spaces):
                size = int(members * 0.94) if i in whole else max(5, int(members * 0.5 / (i + 1) ** 0.9))
                chosen = self.random.sample(self.members, min(size, members))
                self.inside[space] = chosen
                for place, member in enumerate(chosen):
                    yield Membership(
                        space_id=space,
                        member_id=member,
                        standing=Standing.OWNER if place == 0 else Standing.MEMBER,
                        read_at=self.now - timedelta(hours=self.random.random() * 72),
                    )
                Space.objects.filter(pk=space).update(member_count=len(chosen))

        with transaction.atomic():
            self.put(Membership, rows(), "memberships")

    def moment(self, share: float) -> datetime:
        """The time at which `share` of everything has been said, in working hours, later years fuller."""
        years = (((GROWTH**YEARS - 1) * share + 1) ** 0.5 - 1) / (GROWTH ** (YEARS / 2) - 1)
        return self.now - timedelta(days=365 * YEARS * (1 - years)) - timedelta(minutes=1)

    def text(self) -> tuple[str, str, str]:
        language = self.random.choices(("da", "nb", "nl", "sv", "en"), (45, 20, 15, 12, 8))[0]
        pool = self.pools[language]
        plain = " ".join(self.random.choice(pool) for _ in range(self.random.choice((1, 1, 2, 3))))
        return f"<p>{escape(plain)}</p>", plain, language

    def talk(self, number: int) -> None:
        openers = int(number * OPENERS)
        weights = [1 / (i + 1) ** 0.8 for i in range(len(self.spaces))]
        where = self.random.choices(self.spaces, weights, k=openers)
        newest: dict[int, datetime] = {}

        def author(space: int) -> int:
            people = self.inside[space]
            return people[min(int(self.random.paretovariate(0.7)) - 1, len(people) - 1)]

        def posts() -> Iterator[Entry]:
            for i, space in enumerate(where):
                body, plain, language = self.text()
                at = self.moment((i + 1) / openers)
                newest[space] = at
                yield Entry(
                    kind="post", space_id=space, author_id=author(space), body=body, text=plain, language=language,
                    title=plain[:60] if i % 5 == 0 else "", published_at=at, active_at=at, created_at=at,
                )  # fmt: skip

        with transaction.atomic():
            self.put(Entry, posts(), "openers")
        threads = list(Entry.objects.roots().order_by("pk").values_list("pk", "space_id", "published_at"))
        replies = self._replies(threads, number - openers)
        counts: dict[int, tuple[int, datetime]] = {}

        def comments() -> Iterator[Entry]:
            for (root, space, began), many in zip(threads, replies, strict=True):
                at = began
                for _ in range(many):
                    body, plain, language = self.text()
                    at = min(
                        at + timedelta(minutes=self.random.expovariate(1 / 90)),
                        self.now - timedelta(seconds=1),
                    )
                    yield Entry(
                        kind="comment", space_id=space, author_id=author(space), root_id=root, reply_to_id=root,
                        body=body, text=plain, language=language, published_at=at, active_at=at, created_at=at,
                    )  # fmt: skip
                if many:
                    counts[root] = (many, at)

        with transaction.atomic():
            self.put(Entry, comments(), "comments")
        self._count(counts, newest)

    def _replies(self, threads: list[Any], total: int) -> list[int]:
        """How many replies each thread has: 45 % none, the rest log-normal around 4, one thread of 2,500."""
        drawn = [
            0 if self.random.random() < 0.45 else int(self.random.lognormvariate(1.4, 1.1)) + 1
            for _ in threads
        ]
        scale = total / max(1, sum(drawn))
        replies = [round(many * scale) for many in drawn]
        if total > 50_000:
            replies[len(replies) // 2] = 2500
        for place in range(1, min(40, len(replies))):  # recent threads of the sizes that are measured
            replies[-place] = {1: 20, 2: 100}.get(place, replies[-place])
        return replies

    def _count(self, counts: dict[int, tuple[int, datetime]], newest: dict[int, datetime]) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            kept = connection.ops.adapt_datetimefield_value
            cursor.executemany(
                "UPDATE entries_entry SET reply_count = %s, active_at = %s WHERE id = %s",
                [(many, kept(at), root) for root, (many, at) in counts.items()],
            )
            for space, at in newest.items():
                active = (
                    Entry.objects.filter(space_id=space, root=None)
                    .order_by("-active_at")
                    .values_list("active_at", flat=True)[0]
                )
                Space.objects.filter(pk=space).update(last_published_at=at, last_active_at=active)
        self.say("counts")

    def marks(self) -> None:
        recent = list(
            Entry.objects.roots().order_by("-pk").values_list("pk", "space_id", "published_at", "author_id")
        )
        topics = Topic.objects.bulk_create([Topic(name=f"emne{i}", label=f"emne{i}") for i in range(TOPICS)])
        weights = [1 / (i + 1) for i in range(TOPICS)]

        def topical() -> Iterator[EntryTopic]:
            for pk, space, at, _author in recent:
                if self.random.random() < 0.08:
                    topic = self.random.choices(topics, weights)[0]
                    yield EntryTopic(entry_id=pk, topic=topic, space_id=space, published_at=at, active_at=at)

        def reactions() -> Iterator[Reaction]:
            for pk, space, _at, _author in recent[: len(recent) // 2]:
                people = self.inside[space]
                for member in self.random.sample(
                    people, min(len(people), int(self.random.lognormvariate(0.8, 1)))
                ):
                    yield Reaction(entry_id=pk, member_id=member, emoji=self.random.choice(REACTIONS))

        def follows() -> Iterator[Follow]:
            for member in self.members:
                for other in {
                    self.members[min(int(self.random.paretovariate(0.5)), len(self.members) - 1)]
                    for _ in range(4)
                }:
                    if other != member:
                        yield Follow(follower_id=member, followed_id=other)

        with transaction.atomic():
            self.put(EntryTopic, topical(), "topics of threads")
            self.put(Reaction, reactions(), "reactions")
            self.put(Follow, follows(), "follows")
            self.put(
                TopicFollow,
                (TopicFollow(member_id=m, topic=self.random.choice(topics)) for m in self.members),
                "topics followed",
            )
            self.put(
                Watch, (Watch(thread_id=pk, member_id=author) for pk, _s, _a, author in recent), "watches"
            )
            self.put(
                Bookmark,
                (Bookmark(entry_id=recent[i % 500][0], member_id=m) for i, m in enumerate(self.members)),
                "bookmarks",
            )
            self._store_reactions([pk for pk, _s, _a, _b in recent])

    def _store_reactions(self, ids: list[int]) -> None:
        from collections import Counter, defaultdict

        counted: dict[int, Counter[str]] = defaultdict(Counter)
        for entry, emoji in Reaction.objects.values_list("entry_id", "emoji").iterator(chunk_size=20_000):
            counted[entry][emoji] += 1
        rows = [Entry(pk=pk, reactions=dict(counts.most_common())) for pk, counts in counted.items()]
        Entry.objects.bulk_update(rows, ["reactions"], batch_size=1000)
        Card.objects.all().delete()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--members", type=int, default=5000)
    parser.add_argument("--spaces", type=int, default=300)
    parser.add_argument("--entries", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    call_command("migrate", verbosity=0)
    if Member.objects.exists():
        sys.exit(
            "There are already people in this database. Set TORVET_DATA (or TORVET_DATABASE_URL) to an empty one."
        )
    Builder(asked.members, asked.spaces, asked.entries, asked.seed).build()


if __name__ == "__main__":
    main()
