"""How well similar questions and pages are found: `python -m bench.retrieval`, into an empty TORVET_DATA.

With the extra `semantic` also by meaning, unless TORVET_SIMILAR_BY_MEANING=off. Asked are the questions of ../shared/data/search, all without knowing the answer:

- matheducators (en): the titles of 189 questions of a site for teachers, in 397 threads of 1,904 texts. Found is the
  thread of the accepted answer, among the first ten. As the file has it the question itself is there with its very title,
  which no search misses; "answers alone" takes the question that is asked out of the index, so that its thread can only
  be found by what was answered; "the accepted one alone" leaves the other answers of its thread out too.
- norquad (nb): 472 questions about 353 paragraphs, which stand as pages without a title.
- wiki-questions (da, nb, en): questions as people type them, about pages that are imported from ../shared/data/wikis.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import time
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torvet.config.settings")

import django

django.setup()

from django.core.management import call_command

from torvet.entries.actions import bulk
from torvet.entries.models import Entry
from torvet.entries.similar import similar
from torvet.forum.models import Thread, copied_from
from torvet.moving.models import Origin
from torvet.people import actions as people
from torvet.people.models import Member
from torvet.people.viewer import Via, Viewer
from torvet.search import actions, usage
from torvet.search.models import Vector
from torvet.spaces import actions as spaces
from torvet.spaces.models import Space

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
KINDS = ("question", "discussion", "page", "article")
FIRST = 10
WIKIS = ("apparat-personalhandbok.nb", "os2kitos-docs.da", "publiccode-about.en")


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / "search" / name).read_text(encoding="utf-8").splitlines()]


@dataclass
class House:
    """A company of one, who reads everything."""

    by: Viewer
    space: Space

    @classmethod
    def founded(cls) -> House:
        member = people.found_company(
            name="Bench", email="a@nordhavn.example", member_name="Ada Bench", password="korrekt hest batteri"
        )
        by = Viewer.of(Member.objects.get(pk=member.pk), via=Via.HOUSE)
        space = spaces.open_space(
            by=by, name="Bench", purpose="To measure", audience="Nobody", responsible=member
        )
        return cls(by, space)

    def bring_in(self, given: Iterable[tuple[Entry, str]], hint: str) -> None:
        """Entries and their HTML, as importers write them."""
        arrivals = []
        for entry, said in given:
            entry.space, entry.author = self.space, self.by.member
            arrivals.append(bulk.Arrival(entry, bulk.read_said(said, named={}, hint=hint, longest=400_000)))
        bulk.add_entries(by=self.by, arrivals=arrivals)


@dataclass(frozen=True)
class Forum:
    """The threads of the site: ids here by ids there."""

    questions: dict[int, int]
    answers: dict[int, int]
    accepted: dict[int, int]  # question there: answer there


def load_forum(house: House) -> Forum:
    with zipfile.ZipFile(DATA / "conversations" / "stackexchange-matheducators.zip") as archive:
        rows = [row.attrib for row in ET.fromstring(archive.read(archive.namelist()[0]))]
    asked = [row for row in rows if row["PostTypeId"] == "1"]
    said = [row for row in rows if row["PostTypeId"] == "2"]
    ids = bulk.reserve_ids(len(asked) + len(said))
    here = dict(zip((int(row["Id"]) for row in asked + said), ids, strict=True))
    house.bring_in(
        (
            (
                Entry(
                    pk=here[int(row["Id"])],
                    kind="answer" if "ParentId" in row else "question",
                    title=row.get("Title", "")[:200],
                    root_id=here[int(row["ParentId"])] if "ParentId" in row else None,
                    reply_to_id=here[int(row["ParentId"])] if "ParentId" in row else None,
                    published_at=datetime.fromisoformat(row["CreationDate"]).replace(tzinfo=UTC),
                ),
                row["Body"],
            )
            for row in asked + said
        ),
        "en",
    )
    accepted = {int(row["Id"]): int(row["AcceptedAnswerId"]) for row in asked if "AcceptedAnswerId" in row}
    openers = Entry.objects.in_bulk(here[question] for question in accepted)
    Thread.objects.bulk_create(
        Thread(entry_id=here[question], accepted_id=here.get(answer), **copied_from(openers[here[question]]))
        for question, answer in accepted.items()
    )
    return Forum(
        {int(row["Id"]): here[int(row["Id"])] for row in asked},
        {int(row["Id"]): here[int(row["Id"])] for row in said},
        accepted,
    )


def load_paragraphs(house: House) -> dict[str, int]:
    docs = lines("norquad-docs.nb.jsonl")
    here = dict(zip((doc["id"] for doc in docs), bulk.reserve_ids(len(docs)), strict=True))
    now = datetime.now(UTC)
    house.bring_in(
        (
            (
                Entry(
                    pk=here[doc["id"]], kind="page", title=(doc.get("title") or "")[:200], published_at=now
                ),
                f"<p>{html.escape(doc['text'])}</p>",
            )
            for doc in docs
        ),
        "nb",
    )
    return here


def ranks(by: Viewer, asked: Iterable[tuple[str, set[int]]]) -> list[int | None]:
    """The place of the first that was sought among the first ten of each, from 1; None for not there."""
    places = []
    for title, sought in asked:
        found = [entry.pk for entry in similar(by, title, kinds=KINDS, limit=FIRST)]
        places.append(next((place for place, pk in enumerate(found, 1) if pk in sought), None))
    return places


def tell(name: str, places: Sequence[int | None], took: float) -> None:
    hits = [place for place in places if place]
    print(
        f"{name:44} {len(hits):4} of {len(places):4}  {len(hits) / len(places):6.1%} among the first {FIRST}   "
        f"{sum(place == 1 for place in hits) / len(places):6.1%} first   "
        f"MRR {sum(1 / place for place in hits) / len(places):.2f}   {took / len(places) * 1000:.0f} ms each"
    )


def measure(name: str, by: Viewer, asked: Sequence[tuple[str, set[int]]]) -> None:
    moment = time.perf_counter()
    places = ranks(by, asked)
    tell(name, places, time.perf_counter() - moment)


@contextmanager
def without(gone: Sequence[int]) -> Iterator[None]:
    """These are out of the index; their vectors are put back afterwards and not made again."""
    vectors = list(Vector.objects.filter(entry_id__in=gone))
    actions.forget_entries(gone)
    yield
    actions.keep_entries(gone)
    for vector in vectors:
        vector.pk = None
    Vector.objects.bulk_create(vectors)


def make_index() -> None:
    actions.complete()
    actions.keep_vectors(None)


def matheducators(house: House) -> None:
    forum = load_forum(house)
    make_index()
    questions = [
        (row["query"], forum.questions[int(row["id"][1:])], forum.answers[int(row["relevant"][0][1:])])
        for row in lines("qa-retrieval-matheducators.en.jsonl")
    ]
    measure(
        "matheducators, as the file has it", house.by, [(query, {pk}) for query, pk, _answer in questions]
    )
    for name, is_alone in (("answers alone", False), ("the accepted one alone", True)):
        places: list[int | None] = []
        moment = time.perf_counter()
        for query, pk, answer in questions:
            others = Entry.objects.filter(root=pk).exclude(pk=answer).values_list("pk", flat=True)
            gone = [pk, *(others if is_alone else ())]
            with without(gone):
                places += ranks(house.by, [(query, {pk})])
        tell(f"matheducators, {name}", places, time.perf_counter() - moment)


def norquad(house: House) -> None:
    here = load_paragraphs(house)
    make_index()
    measure(
        "norquad",
        house.by,
        [(row["query"], {here[row["relevant"][0]]}) for row in lines("norquad-queries.nb.jsonl")],
    )


def wikis(house: House) -> None:
    for name in WIKIS:
        call_command(
            "import_data",
            "wiki",
            str(DATA / "wikis" / f"{name}.zip"),
            new_space=name,
            stdout=StringIO(),
            stderr=StringIO(),
        )
    make_index()
    for name in WIKIS:
        pages = dict(Origin.objects.filter(instance=name, type="page").values_list("source_id", "local_id"))
        asked = [
            (row["query"], {pages[path] for path in row["relevant"] if path in pages})
            for row in lines(f"wiki-questions-{name}.jsonl")
        ]
        measure(f"wiki-questions, {name}", house.by, asked)


def forget(house: House) -> None:
    """Each set has the house for itself."""
    Thread.objects.all().delete()
    Entry.objects.replies().delete()
    Entry.objects.all().delete()
    actions.complete()
    usage.forget()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.parse_args()
    call_command("migrate", verbosity=0)
    house = House.founded()
    matheducators(house)
    forget(house)
    norquad(house)
    forget(house)
    wikis(house)


if __name__ == "__main__":
    main()
