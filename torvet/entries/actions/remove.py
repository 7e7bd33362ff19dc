"""Removing, which leaves a notice, and undoing it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import require
from torvet.entries import rules
from torvet.entries.actions.beside import keep_beside
from torvet.entries.actions.publish import note_newest_in
from torvet.entries.models import Entry
from torvet.people.viewer import Viewer
from torvet.spaces.queries import membership_of


@transaction.atomic
def remove_entry(*, by: Viewer, entry: Entry) -> Entry:
    """Take an entry away from everybody's eyes. A notice stands in its place; its words are kept for undoing."""
    require(rules.can_remove(by, entry, membership_of(by, entry.space)))
    if _is_removed_now(entry):
        return entry
    entry.removed_at, entry.removed_by = timezone.now(), by.member
    entry.revision += 1
    entry.pinned_at = None
    entry.save(update_fields=["removed_at", "removed_by", "revision", "pinned_at"])
    count_again(entry, -1)
    record(verbs.REMOVED, by=by, space_id=entry.space_id, entry_id=entry.pk, thread_id=entry.thread_id)
    return entry


@transaction.atomic
def restore_entry(*, by: Viewer, entry: Entry) -> Entry:
    """Undo a removal."""
    require(rules.can_restore(by, entry, membership_of(by, entry.space)))
    if not _is_removed_now(entry):
        return entry
    entry.removed_at = entry.removed_by = None
    entry.revision += 1
    entry.save(update_fields=["removed_at", "removed_by", "revision"])
    count_again(entry, 1)
    record(verbs.RESTORED, by=by, space_id=entry.space_id, entry_id=entry.pk, thread_id=entry.thread_id)
    return entry


def _is_removed_now(entry: Entry) -> bool:
    """Whether it is removed by now, held until the transaction ends: two clicks at once must not count twice. What was
    merged into another thread meanwhile is counted there."""
    rows = Entry.objects.select_for_update(of=("self",)).filter(pk=entry.pk)
    removed_at, root = rows.values_list("removed_at", "root").get()
    if root != entry.root_id:
        entry.refresh_from_db(fields=["root", "reply_to", "kind", "title", "space", "revision"])
    return removed_at is not None


def count_again(entry: Entry, step: int) -> None:
    """After a removal or its undoing: how many comments, the newest times of the space, what a feature keeps."""
    if entry.is_reply:
        Entry.objects.filter(pk=entry.thread_id).update(reply_count=F("reply_count") + step)
    else:
        note_newest_in(spaces=[entry.space_id])
    keep_beside((entry.root or entry).kind, [entry.thread_id])
