"""Finding and keeping where things came from, many at a time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from django.db.models import QuerySet

from torvet.entries.models import Entry
from torvet.moving.models import Origin
from torvet.people.models import Company

BATCH = 500
Thing = TypeVar("Thing")


def digest_of(*parts: Any) -> str:
    """A short digest of JSON values; the same values give the same digest, whatever the order of their keys."""
    source = json.dumps(parts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.blake2b(source.encode(), digest_size=16).hexdigest()


def batches(things: Iterable[Thing], size: int = BATCH) -> Iterable[list[Thing]]:
    source = iter(things)
    while batch := list(islice(source, size)):
        yield batch


def wait_for_other_imports() -> None:
    """Inside a transaction: let one import compare and write at a time. On SQLite the transaction itself does."""
    Company.objects.select_for_update().filter(pk=1).first()


def locked_entries() -> QuerySet[Entry]:
    """Entries of an earlier import, to be changed as whole rows: nobody votes on them or answers meanwhile."""
    return Entry.objects.select_for_update(of=("self",)).select_related("space", "author")


@dataclass(frozen=True)
class Origins:
    """The kept origins of one old home."""

    source: str
    instance: str = ""

    def known(self, type: str, source_ids: Sequence[str] | None = None) -> dict[str, Origin]:
        """Source id -> origin: of these ids, or of all there are."""
        kept = Origin.objects.filter(source=self.source, instance=self.instance, type=type)
        if source_ids is None:
            return {origin.source_id: origin for origin in kept.iterator(chunk_size=2000)}
        found: dict[str, Origin] = {}
        for some in batches(source_ids):
            found.update({origin.source_id: origin for origin in kept.filter(source_id__in=some)})
        return found

    def new(self, type: str, source_id: str, local_id: int, digest: str = "", version: int = 1) -> Origin:
        """An origin, not yet kept."""
        return Origin(
            source=self.source,
            instance=self.instance,
            type=type,
            source_id=source_id,
            local_id=local_id,
            digest=digest,
            version=version,
        )

    def keep(self, new: Sequence[Origin]) -> None:
        Origin.objects.bulk_create(new, batch_size=BATCH)

    def renew(self, changed: Sequence[Origin]) -> None:
        """Store new digests and versions of origins that are already kept."""
        Origin.objects.bulk_update(changed, ["local_id", "digest", "version"], batch_size=200)
