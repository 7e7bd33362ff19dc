"""Once a week those who run a forum are told what waits there for an answer."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.forum.models import Forum, Thread
from torvet.people.viewer import NOBODY

EVERY = timedelta(days=7)
WAITS_AFTER = timedelta(days=1)  # what was asked this morning is not left unanswered
WAITS_FOR = timedelta(
    days=90
)  # nobody waits any more for what is older, nor for what was brought in from elsewhere


def list_unanswered() -> int:
    """Timed work: tell of each forum in which something waits, once a week. Gives how many fora."""
    now = timezone.now()
    waiting = Thread.objects.unanswered().filter(
        space=OuterRef("pk"),
        published_at__lt=now - WAITS_AFTER,
        published_at__gt=now - WAITS_FOR,
        entry__closed_at=None,
    )
    due = Q(listed_at=None) | Q(listed_at__lte=now - EVERY)
    told = 0
    for pk in Forum.objects.filter(due, Exists(waiting), space__archived_at=None).values_list(
        "pk", flat=True
    ):
        with transaction.atomic():
            # Two workers at once tell it once: only one of them finds the row still due.
            if Forum.objects.filter(due, pk=pk).update(listed_at=now):
                record(verbs.LISTED_UNANSWERED, by=NOBODY, space_id=pk)
                told += 1
    return told
