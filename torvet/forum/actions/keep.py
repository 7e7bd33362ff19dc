"""What a thread copies from its opener, and when it was first answered: set anew when the entries change."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from torvet.entries import queries as entries
from torvet.entries.models import Entry
from torvet.forum.kinds import ANSWER, QUESTION
from torvet.forum.models import Thread


def keep_true(threads: Collection[int]) -> None:
    """Make the copies in these threads equal to their entries, in one statement.

    The core calls it in the transaction in which something was said in them, removed, restored or moved
    (`Kind.kept_by`); so it asks no rule of its own.
    """
    opener = entries.whoever_looks().filter(pk=OuterRef("entry_id"))
    Thread.objects.filter(entry__in=threads).update(
        space=Subquery(opener.values("space")),
        published_at=Subquery(opener.values(at=Coalesce("published_at", "created_at"))),
        active_at=Subquery(opener.values("active_at")),
        removed_at=Subquery(opener.values("removed_at")),
        answered_at=Subquery(_first_answer()),
    )


def _first_answer() -> QuerySet[Entry, Any]:
    """When somebody else first answered: in a question only an answer counts, in a discussion whatever is said."""
    said = entries.standing().replies().filter(root=OuterRef("entry_id"))
    said = said.exclude(author=F("root__author")).filter(~Q(root__kind=QUESTION.key) | Q(kind=ANSWER.key))
    return said.order_by().values("root").annotate(at=Min("published_at")).values("at")
