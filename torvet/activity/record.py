"""`record()`: the last line of every action."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from torvet.activity import outbox
from torvet.activity.models import Activity
from torvet.people.models import Member
from torvet.people.viewer import Viewer


def record(
    verb: str,
    *,
    by: Viewer,
    about: Member | None = None,
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
        by=by.member,
        about=about,
        space_id=space_id,
        entry_id=entry_id,
        thread_id=thread_id,
        details=details,
    )
    transaction.on_commit(lambda: outbox.announce(activity))
    return activity
