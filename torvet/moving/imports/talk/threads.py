"""What the forum knows of imported threads: in which sub-forum they stand, and which answer was accepted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from torvet.forum.actions import change_threads, keep_threads
from torvet.forum.actions.keep import keep_true
from torvet.forum.models import Thread
from torvet.moving.imports.talk.comparing import accepted_here
from torvet.moving.imports.talk.rows import Staged
from torvet.moving.imports.talk.staging import Staging
from torvet.moving.models import Origin
from torvet.moving.origins import Origins, batches
from torvet.moving.report import Outcome
from torvet.people.viewer import Viewer

_STANDING = (Outcome.IMPORTED, Outcome.UPDATED, Outcome.UNCHANGED)


class Threads:
    """Asked when all entries are written."""

    def __init__(
        self, staging: Staging, origins: Origins, sub_fora: Mapping[str, int], *, by: Viewer
    ) -> None:
        self._staging = staging
        self._origins = origins
        self._sub_fora = sub_fora
        self._by = by

    def write(self, touched: Collection[int]) -> None:
        """Rows for new threads, accepted answers of all, and when those `touched` were answered."""
        for batch in self._staging.in_order((Outcome.IMPORTED,), only_openers=True):
            rows = [
                Thread(entry_id=one.local, sub_forum_id=self._sub_fora.get(one.said.part)) for one in batch
            ]
            keep_threads(by=self._by, threads=rows)
            keep_true([one.local for one in batch])
        for some in batches(sorted(touched)):
            keep_true(some)
        for batch in self._staging.in_order(_STANDING, only_openers=True, only_marked=True):
            self._accept([one for one in batch if one.said.accepted])

    def _accept(self, asked: list[Staged]) -> None:
        chosen = self._staging.places(one.said.accepted for one in asked)
        known = self._origins.known("accepted", [one.source_id for one in asked])
        standing = accepted_here(known.values())
        threads = Thread.objects.in_bulk([one.local for one in asked])
        changed: list[Thread] = []
        new: list[Origin] = []
        renewed: list[Origin] = []
        for one in asked:
            answer, origin = chosen.get(one.said.accepted), known.get(one.source_id)
            thread = threads.get(one.local)
            if answer is None or not answer.local or answer.root != one.said.key or thread is None:
                continue
            if origin is None:
                new.append(self._origins.new("accepted", one.source_id, answer.local))
                if thread.accepted_id is not None:
                    continue  # somebody here was faster
            elif origin.local_id == answer.local or standing.get(one.source_id) != origin.local_id:
                continue
            else:
                origin.local_id = answer.local
                renewed.append(origin)
            thread.accepted_id, thread.accepted_at = answer.local, self._at(one)
            thread.solved_at = thread.accepted_at
            changed.append(thread)
        change_threads(by=self._by, threads=changed, columns=["accepted", "accepted_at", "solved_at"])
        self._origins.keep(new)
        self._origins.renew(renewed)

    def _at(self, question: Staged) -> datetime:
        # Few exports say when an answer was accepted: then it is the time of the answer, the earliest it can have been.
        assert question.said.accepted_at is not None  # readers see to it
        return question.said.accepted_at
