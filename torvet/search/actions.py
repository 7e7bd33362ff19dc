"""Keeping the index: what was written, changed or taken away; and all of it anew."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from django.db import transaction

from torvet.entries.models import Entry
from torvet.search import meaning, sources
from torvet.search.found import ENTRY_KINDS, PERSON, SPACE, TOPIC
from torvet.search.index import Source, index
from torvet.search.models import Document, Vector

BATCH = 200  # things in one transaction: writers on SQLite wait no longer than for these
WORTH_TIDYING = 2000  # changes
FOR_SECONDS = 5.0  # of a minute: the worker has other things to do
Progress = Callable[[str, int], None]


def keep_entries(ids: Iterable[int]) -> None:
    """Index these entries as they are now; what is removed or not yet published goes."""
    _keep(list(ENTRY_KINDS), list(ids), sources.of_entries)


def keep_moved(ids: Iterable[int]) -> None:
    """The same for what may be of another kind than before: an opener that became a comment, or the other way round."""
    moved = list(ids)
    for start in range(0, len(moved), BATCH):
        index().drop(list(ENTRY_KINDS), moved[start : start + BATCH])
    keep_entries(moved)


def forget_entries(ids: Iterable[int]) -> None:
    """Take these out of the index, whatever they are; `complete` brings back what stands."""
    gone = list(ids)
    index().drop(list(ENTRY_KINDS), gone)
    _drop_vectors(gone)


def _drop_vectors(entry_ids: Iterable[int]) -> None:
    gone = list(entry_ids)
    for start in range(0, len(gone), BATCH):
        Vector.objects.filter(entry_id__in=gone[start : start + BATCH]).delete()


def keep_vectors(for_seconds: float | None = FOR_SECONDS, progress: Progress | None = None) -> int:
    """Make vectors of texts that have none or an older one, the newest first; as many as fit into the time, None for
    all. Gives how many were made; 0 without the extra `semantic`.

    Each is written by itself: while one is made, which takes some tenths of a second, nobody waits.
    """
    if not meaning.is_used():
        return 0
    until = None if for_seconds is None else time.monotonic() + for_seconds
    done = 0
    tried: set[int] = set()
    while True:
        wanted = [row.thing_id for row in meaning.lacking()[:BATCH] if row.thing_id not in tried]
        if not wanted:
            return done
        for entry in sources.texts_of(wanted):
            if until is not None and time.monotonic() > until:
                return done
            _keep_vector(entry)
            done += 1
            (progress or (lambda what, done: None))("vectors", done)
        tried.update(wanted)


def _keep_vector(entry: Entry) -> None:
    numbers = meaning.vector_of(entry.title, entry.text)
    with transaction.atomic():
        Vector.objects.filter(entry_id=entry.pk).delete()
        # Gone or changed while it was made: then this is not of its words.
        if Document.objects.filter(kind__in=ENTRY_KINDS, thing_id=entry.pk, version=entry.version).exists():
            Vector.objects.create(
                entry_id=entry.pk, thread_id=entry.thread_id, version=entry.version, numbers=numbers
            )


def keep_people(ids: Iterable[int]) -> None:
    _keep([PERSON], list(ids), sources.of_people)


def keep_spaces(ids: Iterable[int]) -> None:
    _keep([SPACE], list(ids), sources.of_spaces)


def keep_topics(ids: Iterable[int]) -> None:
    _keep([TOPIC], list(ids), sources.of_topics)


def _keep(kinds: list[str], ids: list[int], read: Callable[[list[int]], list[Source]]) -> None:
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        found = read(batch)
        index().put(found)
        gone = sorted(set(batch) - {source.pk for source in found})
        index().drop(kinds, gone)
        if gone and ENTRY_KINDS.issuperset(kinds):
            _drop_vectors(gone)


@dataclass(frozen=True)
class Kept:
    """How many things were indexed, and how many documents were dropped."""

    entries: int = 0
    people: int = 0
    spaces: int = 0
    topics: int = 0
    dropped: int = 0


def complete(progress: Progress | None = None) -> Kept:
    """Index what is missing or outdated, drop what is gone; in small transactions, so it may run at any time.

    `progress` is called with what is being read and how many of it are done.
    """
    note = progress or (lambda what, done: None)
    counts = {}
    for what, lacking, keep in (
        ("entries", sources.lacking_entries, keep_entries),
        ("people", sources.lacking_people, keep_people),
        ("spaces", sources.lacking_spaces, keep_spaces),
        ("topics", sources.lacking_topics, keep_topics),
    ):
        counts[what] = _complete(what, lacking, keep, note)
    kept = Kept(**counts, dropped=_drop_the_gone(note))
    if sum(asdict(kept).values()) > WORTH_TIDYING:
        index().tidy()
    return kept


def _complete(what: str, lacking: Callable, keep: Callable[[Iterable[int]], None], note: Progress) -> int:
    done, last = 0, 0
    while True:
        # Beyond the last one seen: what cannot be kept is not tried for ever.
        batch = list(lacking().filter(pk__gt=last).values_list("pk", flat=True)[:BATCH])
        if not batch:
            return done
        keep(batch)
        done, last = done + len(batch), batch[-1]
        note(what, done)


def _drop_the_gone(note: Progress) -> int:
    done = 0
    while batch := list(sources.without_a_thing()[:BATCH]):
        for kind in sorted({document.kind for document in batch}):
            index().drop([kind], [document.thing_id for document in batch if document.kind == kind])
        done += len(batch)
        note("gone", done)
    while without := list(meaning.without_a_text().values_list("pk", flat=True)[:BATCH]):
        done += len(without)
        Vector.objects.filter(pk__in=without).delete()
    return done


def rebuild(progress: Progress | None = None) -> Kept:
    """Forget the index and make it anew. Searches find less until it is done, never more."""
    index().clear()
    Vector.objects.all().delete()
    return complete(progress)
