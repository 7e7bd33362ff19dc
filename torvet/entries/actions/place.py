"""Putting threads where fewer people read, and back."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import require
from torvet.entries import rules
from torvet.entries.actions.beside import keep_beside
from torvet.entries.models import Entry, EntryTopic
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.spaces.queries import membership_of

BATCH = 500


@transaction.atomic
def place_threads(*, by: Viewer, threads: Sequence[int], space: Space) -> None:
    """Put threads, with all that was said in them, into another space: an inner one of their own, or back out of it.

    The feature whose threads they are asks who may do that; here it is asked only whether `by` writes there.
    """
    require(rules.can_post(by, space, membership_of(by, space)))
    for start in range(0, len(threads), BATCH):
        some = list(threads[start : start + BATCH])
        for rows in (Entry.objects.filter(pk__in=some), Entry.objects.filter(root__in=some)):
            rows.exclude(space=space).update(space=space, revision=F("revision") + 1)
        EntryTopic.objects.filter(entry__in=some).update(space=space)
        for kind in set(Entry.objects.filter(pk__in=some).values_list("kind", flat=True)):
            keep_beside(kind, some)
    for thread in threads:
        record(verbs.PLACED, by=by, space_id=space.pk, entry_id=thread, thread_id=thread)
