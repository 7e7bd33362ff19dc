"""A chain over the log of changes: whoever changes or takes out an old line breaks every link after it.

Each audited activity is sealed in its own transaction with a SHA-256 over the seal before it and what happened. Who
notes the newest seal elsewhere (`torvet check --json` tells it) can also see whether the end was cut off.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC

from django.db import connection

from torvet.activity import verbs
from torvet.activity.models import Activity, Seal

BEGINNING = "0" * 64
LOCK = 0x544F5256  # any number that no other lock of ours uses


@dataclass(frozen=True)
class Chain:
    """What looking the whole chain through found. `broken_at` is the activity where it does not fit, or None."""

    length: int
    newest: str
    broken_at: int | None


def seal(activity: Activity) -> None:
    """Add a link. In the transaction that wrote the activity: one at a time, or two would follow the same link."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    # SQLite has one writer at a time, and this transaction has written already.
    newest = Seal.objects.order_by("-id").values_list("digest", flat=True).first()
    Seal.objects.create(activity=activity, digest=digest(newest or BEGINNING, activity))


def digest(before: str, activity: Activity) -> str:
    """The seal of an activity that follows the seal `before`."""
    happened = [
        before,
        activity.pk,
        activity.verb,
        activity.by_id,
        activity.about_id,
        activity.space_id,
        activity.entry_id,
        activity.thread_id,
        activity.details,
        activity.created_at.astimezone(UTC).isoformat(timespec="microseconds"),
    ]
    return hashlib.sha256(json.dumps(happened, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def look_through() -> Chain:
    """Follow the chain from its beginning; a few thousand links a second."""
    before, length = BEGINNING, 0
    for link in Seal.objects.order_by("id").select_related("activity").iterator(chunk_size=2000):
        if link.digest != digest(before, link.activity):
            return Chain(length, before, link.activity_id)
        before, length = link.digest, length + 1
    unsealed = Activity.objects.filter(verb__in=verbs.AUDITED, seal=None).order_by("id")
    return Chain(length, before, unsealed.values_list("pk", flat=True).first())
