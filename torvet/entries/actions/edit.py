"""Changing one's words, with the earlier ones kept in sight."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.entries import queries, rules
from torvet.entries.kinds import kind_of
from torvet.entries.models import Entry, Revision
from torvet.entries.words import clean_title, link_mentions_and_topics, read
from torvet.people.viewer import Viewer
from torvet.spaces.queries import membership_of

GOES_ON_FOR = timedelta(minutes=10)


class EditConflict(Exception):
    """Somebody saved other words meanwhile. `entry` has what stands now; what was typed is with the caller."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(_("Somebody else saved a change while you were writing. Both texts are below."))
        self.entry = entry


def edit_entry(
    *,
    by: Viewer,
    entry: Entry,
    body: str,
    version: int,
    title: str = "",
    format: str = "markdown",
) -> Entry:
    """Change the words of an entry, in the way of its kind. `version` is the one that the writer saw when they began.

    Raises EditConflict when another edit came first; nothing is written then.
    """
    require(rules.can_edit(by, entry, membership_of(by, entry.space), speaks=queries.speaks_for(by, entry)))
    changed_by = kind_of(entry.kind).changed_by
    change = import_string(changed_by) if changed_by else replace_words
    changed: Entry = change(by=by, entry=entry, body=body, version=version, title=title, format=format)
    return changed


@transaction.atomic
def replace_words(
    *,
    by: Viewer,
    entry: Entry,
    body: str,
    version: int,
    title: str = "",
    format: str = "markdown",
    as_version: int = 0,
    goes_on: bool = False,
) -> Entry:
    """As `edit_entry`, whatever the kind: for the feature that the kind belongs to, and for nobody else.

    `goes_on`: the same sitting saves as one types. For ten minutes it replaces its own last words, so that the history
    keeps what stood before and what came of it, and not every half sentence between.

    The new words get a version of at least `as_version`, for a feature that counts versions of its own beside.
    """
    require(rules.can_edit(by, entry, membership_of(by, entry.space), speaks=queries.speaks_for(by, entry)))
    now = timezone.now()
    words = read(body, by=by, format=format, longest=kind_of(entry.kind).longest)
    if not (words.text.strip() or title.strip() or entry.attachments.exists()):
        raise Refused(_("An empty text says nothing. Remove it instead, if that is what you want."))
    standing = Entry.objects.select_for_update().get(pk=entry.pk)
    if standing.version != version:
        raise EditConflict(standing)
    new_title = "" if standing.is_reply else clean_title(title)
    if (standing.body, standing.title) == (words.body, new_title):
        if as_version > standing.version:
            entry.version = as_version
            entry.save(update_fields=["version"])
        return entry
    if not (goes_on and _went_on(by, entry, now)):
        Revision.objects.create(
            entry=entry,
            version=standing.version,
            title=standing.title,
            body=standing.body,
            text=standing.text,
            replaced_by_id=by.id,
            replaced_at=now,
        )
    for column, value in words.columns.items():
        setattr(entry, column, value)
    entry.title, entry.edited_at = new_title, now
    entry.version, entry.revision = max(standing.version + 1, as_version), standing.revision + 1
    entry.save(update_fields=["body", "text", "language", "title", "edited_at", "version", "revision"])
    link_mentions_and_topics(entry, words)
    record(verbs.EDITED, by=by, space_id=entry.space_id, entry_id=entry.pk, thread_id=entry.thread_id)
    return entry


def redraw(*, by: Viewer, entry: Entry) -> None:
    """Let the card of an entry be drawn anew: something beside its words changed that the card shows.

    The feature's own action has asked its rule; reading is asked here.
    """
    require(rules.can_see_history(by, entry, membership_of(by, entry.space)))
    Entry.objects.filter(pk=entry.pk).update(revision=F("revision") + 1)


def _went_on(by: Viewer, entry: Entry, now: datetime) -> bool:
    """Whether the newest earlier version is of this sitting; then what stands now is by whoever typed last."""
    newest = (
        Revision.objects.filter(entry=entry).order_by("-version").values_list("pk", "replaced_at").first()
    )
    if newest is None or newest[1] < now - GOES_ON_FOR:
        return False
    Revision.objects.filter(pk=newest[0]).update(replaced_by_id=by.id)
    return True
