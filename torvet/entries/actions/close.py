"""Closing the comments of a thread, never without a reason that everybody sees, and opening them again."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.base.text.characters import clean_line
from torvet.entries import queries, rules
from torvet.entries.models import Entry
from torvet.people.viewer import Viewer
from torvet.spaces.queries import membership_of

LONGEST_REASON = 300


@transaction.atomic
def close_comments(*, by: Viewer, entry: Entry, why: str) -> Entry:
    """Let nobody comment on a thread any more. What has been said stays. Raises Refused without a reason."""
    speaks = queries.speaks_for(by, entry)
    require(rules.can_close(by, entry, membership_of(by, entry.space), speaks=speaks))
    why = clean_line(why)[:LONGEST_REASON]
    if not why:
        raise Refused(_("Say why in a sentence. Everybody sees it where they would have written."))
    entry.closed_at, entry.closed_by, entry.closed_why = timezone.now(), by.member, why
    _save(entry)
    record(verbs.CLOSED_COMMENTS, by=by, space_id=entry.space_id, entry_id=entry.pk, thread_id=entry.pk)
    return entry


@transaction.atomic
def open_comments(*, by: Viewer, entry: Entry) -> Entry:
    """Let everybody who writes in the space comment again."""
    speaks = queries.speaks_for(by, entry)
    require(rules.can_close(by, entry, membership_of(by, entry.space), speaks=speaks))
    if entry.closed_at is not None:
        entry.closed_at, entry.closed_by, entry.closed_why = None, None, ""
        _save(entry)
        record(verbs.OPENED_COMMENTS, by=by, space_id=entry.space_id, entry_id=entry.pk, thread_id=entry.pk)
    return entry


def _save(entry: Entry) -> None:
    columns = {"closed_at": entry.closed_at, "closed_by": entry.closed_by, "closed_why": entry.closed_why}
    Entry.objects.filter(pk=entry.pk).update(**columns, revision=F("revision") + 1)
    entry.revision += 1
