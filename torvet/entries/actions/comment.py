"""Answering."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Exists, F
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.entries import rules
from torvet.entries.actions.attach import attach
from torvet.entries.actions.beside import keep_beside
from torvet.entries.actions.publish import note_activity_in
from torvet.entries.kinds import COMMENT
from torvet.entries.models import Entry, EntryTopic, Watch
from torvet.entries.words import link_mentions_and_topics, read
from torvet.people.viewer import Viewer
from torvet.spaces.queries import membership_of


@transaction.atomic
def add_comment(
    *,
    by: Viewer,
    on: Entry,
    body: str,
    format: str = "markdown",
    kind: str = COMMENT.key,
    files: Sequence[str] = (),
    alts: Mapping[str, str] | None = None,
) -> Entry:
    """Answer an entry: the opener of a thread, or any reply in it. Written rows do not grow with the space.

    `kind` is one that opens no thread; a feature's own action passes its own and adds what is its own.
    Raises Refused for an empty text, and when the thread was moved to other readers meanwhile.
    """
    require(rules.can_comment(by, on, membership_of(by, on.space)))
    assert by.member is not None  # can_comment said so
    words = read(body, by=by, format=format)
    if not (words.text.strip() or files):
        raise Refused(_("Write something first."))
    now = timezone.now()
    comment = Entry.objects.create(
        kind=kind,
        author=by.member,
        space=on.space,
        root_id=on.thread_id,
        reply_to=on,
        published_at=now,
        active_at=now,
        **words.columns,
    )
    attach(by=by, entry=comment, files=files, alts=alts or {})
    link_mentions_and_topics(comment, words)
    stands = Entry.objects.filter(pk=on.thread_id, root=None, space=on.space_id)
    if on.is_reply:
        stands = stands.filter(Exists(Entry.objects.filter(pk=on.pk, root=on.root_id)))
    if not stands.update(reply_count=F("reply_count") + 1, active_at=now):
        raise Refused(_why_not(on))
    EntryTopic.objects.filter(entry_id=on.thread_id).update(active_at=now)
    note_activity_in(on.space, active_at=now)
    start_watching(by, on.thread_id)
    keep_beside((on.root or on).kind, [on.thread_id])
    record(verbs.COMMENTED, by=by, space_id=on.space_id, entry_id=comment.pk, thread_id=on.thread_id)
    return comment


def _why_not(on: Entry) -> str:
    """What became of the thread while somebody wrote an answer to it."""
    if Entry.objects.filter(pk=on.thread_id, root=None, space=on.space_id).exists() or (
        Entry.objects.filter(pk=on.thread_id, root__space=on.space_id).exists()
    ):
        return _("This now stands in another thread. Look at it again before you answer.")
    # Kept to fewer people while this was written: it would stand where all others read it.
    return _("This was moved to where other people read it. Look at it again before you answer.")


def start_watching(by: Viewer, thread_id: int) -> None:
    """Who answers is told of further answers, unless they muted the thread before."""
    _row, is_new = Watch.objects.get_or_create(thread_id=thread_id, member_id=by.id)
    if not is_new:
        Watch.objects.filter(thread_id=thread_id, member_id=by.id).update(read_at=timezone.now())
