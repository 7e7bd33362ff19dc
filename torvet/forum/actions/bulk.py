"""The bulk forms for importers: threads whose entries an import has written already (entries/actions/bulk.py)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction

from torvet.base.rules import Refused, require
from torvet.entries import queries as entries
from torvet.forum.models import SubForum, Thread, copied_from
from torvet.people.bulk import can_bring_in
from torvet.people.viewer import Viewer

BATCH = 500
# What an import may say anew of a thread it brought; where and when are always those of its entry.
CHANGEABLE = frozenset({
    "sub_forum", "answered_at", "solved_at", "accepted", "accepted_at", "confirmed", "confirmed_by", "confirmed_at",
    "same_as",
})  # fmt: skip


@transaction.atomic
def keep_threads(*, by: Viewer, threads: Sequence[Thread]) -> None:
    """Rows for new discussions and questions; `space`, `published_at`, `active_at` and `removed_at` are set here.

    Raises Refused for a sub-forum of another space and for an accepted or confirmed answer from another thread.
    Nobody is told and nothing is recorded: one IMPORTED activity stands for the whole run.
    """
    require(can_bring_in(by))
    _copy(threads)
    _check(threads)
    Thread.objects.bulk_create(threads, batch_size=BATCH)


@transaction.atomic
def change_threads(*, by: Viewer, threads: Sequence[Thread], columns: Collection[str]) -> None:
    """Say anew of threads from elsewhere what they are there now; the copies are made equal to the entries too."""
    require(can_bring_in(by))
    require(CHANGEABLE.issuperset(columns))
    _copy(threads)
    _check(threads)
    written = [*columns, "space", "published_at", "active_at", "removed_at"]
    Thread.objects.bulk_update(threads, written, batch_size=100)


def _copy(threads: Sequence[Thread]) -> None:
    for start in range(0, len(threads), BATCH):
        some = threads[start : start + BATCH]
        openers = entries.whoever_looks().defer("body", "text").in_bulk([row.entry_id for row in some])
        for row in some:
            opener = openers.get(row.entry_id)
            if opener is None or opener.is_reply:
                raise Refused("A discussion or a question opens its thread.")
            for column, value in copied_from(opener).items():
                setattr(row, column, value)


def _check(threads: Sequence[Thread]) -> None:
    parts = SubForum.objects.in_bulk({row.sub_forum_id for row in threads if row.sub_forum_id})
    if any(row.sub_forum_id and parts[row.sub_forum_id].forum_id != row.space_id for row in threads):
        raise Refused("A sub-forum is a part of the thread's own forum.")
    chosen = {pk: row.entry_id for row in threads for pk in (row.accepted_id, row.confirmed_id) if pk}
    ids = list(chosen)
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        roots = dict(entries.whoever_looks().filter(pk__in=some).values_list("pk", "root"))
        if any(roots.get(pk) != chosen[pk] for pk in some):
            raise Refused("An answer stands in the thread of its question.")
