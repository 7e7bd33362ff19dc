"""Whether a question is answered and solved: set anew from the answers that stand."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Min

from torvet.entries import queries as entries
from torvet.forum.kinds import ANSWER, QUESTION
from torvet.forum.models import Thread


@transaction.atomic
def settle(threads: Collection[int]) -> None:
    """Set `answered_at` and `solved_at` of these questions anew.

    The core calls it in the transaction in which something was said in them, removed, restored or moved; so it asks no
    rule of its own. Which answer was accepted is kept while it is removed, and counts again when it is restored.
    """
    rows = Thread.objects.select_for_update(of=("self",)).filter(pk__in=threads, entry__kind=QUESTION.key)
    for row in rows.select_related("entry").order_by("pk"):
        settle_row(row)


def settle_row(row: Thread) -> None:
    """As `settle`, for a question that is locked and has its entry at hand."""
    said = entries.standing().filter(root=row.pk, kind=ANSWER.key)
    others = said.exclude(author=row.entry.author_id)
    row.answered_at = others.aggregate(first=Min("published_at"))["first"]
    stands = row.accepted_id is not None and said.filter(pk=row.accepted_id).exists()
    row.solved_at = row.accepted_at if stands else None
    row.save(update_fields=["answered_at", "solved_at"])
