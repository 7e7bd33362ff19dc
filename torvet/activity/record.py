"""`record()`: the last line of every action."""

from __future__ import annotations

from typing import Any, Protocol

from django.db import models, transaction

from torvet.activity import chain, outbox, verbs
from torvet.activity.models import Activity


class Actor(Protocol):
    """A viewer, as far as the log is concerned; `id` is 0 for nobody."""

    @property
    def id(self) -> int: ...


def record(
    verb: str,
    *,
    by: Actor,
    about: models.Model | None = None,
    space_id: int | None = None,
    entry_id: int | None = None,
    thread_id: int | None = None,
    **details: Any,
) -> Activity:
    """Write what happened, in the transaction of the action, and tell the readers once it is committed.

    `details` holds ids and codes, never text that somebody wrote.
    """
    activity = Activity.objects.create(
        verb=verb,
        by_id=by.id or None,
        about_id=about.pk if about else None,
        space_id=space_id,
        entry_id=entry_id,
        thread_id=thread_id,
        details=details,
    )
    if verb in verbs.AUDITED:
        chain.seal(activity)
    transaction.on_commit(lambda: outbox.announce(activity))
    return activity
