"""What the house does in nobody's name: for a feature that keeps who wrote something from everybody, itself included.

The author is an account that is nobody's (`people.bulk.nobodys_account`). A feature has asked its own rule when
somebody wanted this done, and has forgotten who; every time is the one it gives, and no Activity names anybody.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import require
from torvet.base.text import read_html
from torvet.entries.actions.publish import open_thread
from torvet.entries.actions.remove import count_again
from torvet.entries.models import Entry, Revision
from torvet.entries.words import Words, link_topics
from torvet.people.models import Member
from torvet.people.viewer import NOBODY, Via, Viewer
from torvet.spaces.models import Space


@transaction.atomic
def open_unnamed_thread(
    *, author: Member, space: Space, kind: str, title: str, words: Words, at: datetime
) -> Entry:
    """Open a thread in nobody's name."""
    require(author.is_nobodys)
    by = Viewer.of(author, via=Via.HOUSE)
    entry = open_thread(by=by, space=space, kind=kind, title=title, words=words, at=at)
    record(verbs.POSTED, by=NOBODY, space_id=space.pk, entry_id=entry.pk, thread_id=entry.pk)
    return entry


@transaction.atomic
def add_unnamed_words(*, entry: Entry, body: str, text: str, at: datetime) -> None:
    """Add a paragraph to what stands in nobody's name; the earlier words are kept as for every edit."""
    require(entry.author.is_nobodys)
    Revision.objects.create(
        entry=entry, version=entry.version, title=entry.title, body=entry.body, text=entry.text,
        replaced_by=entry.author, replaced_at=at,
    )  # fmt: skip
    entry.body, entry.text = f"{entry.body}{body}", f"{entry.text}\n\n{text}".strip()
    entry.edited_at, entry.version, entry.revision = at, entry.version + 1, entry.revision + 1
    entry.save(update_fields=["body", "text", "edited_at", "version", "revision"])
    link_topics(entry, read_html(entry.body).topics)
    record(verbs.EDITED, by=NOBODY, space_id=entry.space_id, entry_id=entry.pk, thread_id=entry.thread_id)


@transaction.atomic
def remove_unnamed(*, entry: Entry, at: datetime) -> None:
    """Take away what stands in nobody's name, as if its author had."""
    require(entry.author.is_nobodys)
    entry.removed_at, entry.removed_by = at, entry.author
    entry.revision += 1
    entry.save(update_fields=["removed_at", "removed_by", "revision"])
    count_again(entry, -1)
    record(verbs.REMOVED, by=NOBODY, space_id=entry.space_id, entry_id=entry.pk, thread_id=entry.thread_id)
