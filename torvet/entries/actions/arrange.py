"""Splitting a thread in two, and merging two into one. Entries keep their ids, and with them all that hangs on each:
votes, reactions, bookmarks, mentions, files, earlier versions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.db.models import Count, F, Max
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base import text
from torvet.base.rules import Refused, require
from torvet.entries import rules
from torvet.entries.actions.beside import keep_beside
from torvet.entries.actions.publish import note_newest_in
from torvet.entries.kinds import COMMENT
from torvet.entries.models import Entry, EntryTopic, Revision, Watch
from torvet.entries.words import clean_title, link_topics
from torvet.people.viewer import Viewer
from torvet.spaces.queries import have_same_readers, membership_of

BATCH = 500


@transaction.atomic
def merge_threads(*, by: Viewer, source: Entry, into: Entry, stays: Collection[str] = ()) -> Entry:
    """Put a thread into another: its opener becomes a comment there, and what was said in it follows.

    `stays` are the kinds of reply that mean the same there and go on answering the opener; all others become comments.
    Raises Refused into itself, in a circle, into what is removed, and across different readers. Gives `into` as it is.
    """
    require(rules.can_arrange(by, source, membership_of(by, source.space)))
    require(rules.can_arrange(by, into, membership_of(by, into.space)))
    if source.pk == into.pk:
        raise Refused(_("A thread cannot be merged into itself. Choose another one."))
    source, into = _locked(source, into)
    _refuse_merging(source, into)
    came_from = source.space_id
    moved = Entry.objects.filter(root=source)
    moved.filter(kind__in=stays).filter(reply_to=source).update(reply_to=into)
    moved.exclude(kind__in=stays).update(kind=COMMENT.key)
    moved.update(root=into, space=into.space, revision=F("revision") + 1)
    _become_a_comment(by, source, into)
    _move_topics(source, into)
    _move_watches(source, into)
    _count_again(into)
    note_newest_in(spaces={came_from, into.space_id})
    keep_beside(into.kind, [into.pk])
    record(
        verbs.MERGED_THREAD, by=by, space_id=into.space_id, entry_id=source.pk, thread_id=into.pk, source=source.pk
    )  # fmt: skip
    return into


def _refuse_merging(source: Entry, into: Entry) -> None:
    if source.is_removed or into.is_removed:
        raise Refused(_("One of the two threads has been removed. Nothing was merged."))
    if source.is_reply:
        raise Refused(_("This thread has been merged into another one already."))
    if into.root_id == source.pk:
        raise Refused(
            _("That one has been merged into this thread. Two threads cannot be merged into each other.")
        )
    if into.is_reply:
        raise Refused(
            _("That one has been merged into another thread. Choose the one in which it stands now.")
        )
    if not have_same_readers(source.space, into.space):
        raise Refused(_("Other people read there. Threads are merged only where the same people read both."))


def _locked(*threads: Entry) -> list[Entry]:
    """The rows as they are now, in the order asked for. Locked in the order of their ids: two who merge the same two
    the other way round wait for each other instead of stopping each other."""
    rows = Entry.objects.select_for_update(of=("self",)).select_related("space", "author")
    found = {row.pk: row for row in rows.filter(pk__in=[thread.pk for thread in threads]).order_by("pk")}
    if len(found) < len(threads):
        raise Refused(_("One of the two threads is no longer there."))
    return [found[thread.pk] for thread in threads]


def _become_a_comment(by: Viewer, source: Entry, into: Entry) -> None:
    """A comment has no title: it goes on as its first line, so that nothing is lost. What stood before is kept."""
    assert by.member is not None  # can_arrange said so
    if source.title:
        Revision.objects.create(
            entry=source, version=source.version, title=source.title, body=source.body, text=source.text,
            replaced_by=by.member, replaced_at=timezone.now(),
        )  # fmt: skip
        source.version += 1
        source.body = f"<p><strong>{escape(source.title)}</strong></p>{source.body}"
        source.text = f"{source.title}\n{source.text}".strip()
    source.title, source.kind = "", COMMENT.key
    source.root = source.reply_to = into
    source.space = into.space
    source.pinned_at = source.closed_at = source.closed_by = None
    source.closed_why = ""
    source.reply_count = 0
    source.revision += 1
    source.save()


def _move_topics(source: Entry, into: Entry) -> None:
    rows = list(EntryTopic.objects.filter(entry=source))
    EntryTopic.objects.filter(entry=source).delete()
    for row in rows:
        row.pk, row.entry, row.space = None, into, into.space
        row.published_at = into.published_at or into.created_at
    EntryTopic.objects.bulk_create(rows, ignore_conflicts=True)


def _move_watches(source: Entry, into: Entry) -> None:
    """Whoever heard of the one hears of the other. A choice made for the thread that stays counts more."""
    there = Watch.objects.filter(thread=into).values("member_id")
    Watch.objects.filter(thread=source).exclude(member_id__in=there).update(thread=into)
    Watch.objects.filter(thread=source).delete()


@transaction.atomic
def split_thread(
    *, by: Viewer, thread: Entry, replies: Sequence[int], title: str, kind: str, stays: Collection[str] = ()
) -> Entry:
    """Make replies of a thread, with all that was said to them, a thread of their own; gives its opener.

    The oldest of them opens it, in its author's name and under `title`; the others follow as comments, but for the
    kinds in `stays`. Raises Refused without replies or a title, and when one of them is not there any more.
    """
    require(rules.can_arrange(by, thread, membership_of(by, thread.space)))
    title = clean_title(title)
    if not title:
        raise Refused(_("Give the new thread a title, so that people find it."))
    (thread,) = _locked(thread)
    if thread.is_reply or thread.is_removed:
        raise Refused(_("This thread has been merged or removed meanwhile. Nothing was split."))
    opener, below = _chosen(thread, replies)
    _become_an_opener(opener, title=title, kind=kind)
    for start in range(0, len(below), BATCH):
        rows = Entry.objects.filter(pk__in=below[start : start + BATCH])
        # What answered something that stays behind answers the new opener.
        rows.exclude(reply_to__in=[opener.pk, *below]).update(reply_to=opener)
        rows.exclude(kind__in=stays).update(kind=COMMENT.key)
        rows.update(root=opener, revision=F("revision") + 1)
    _copy_watches(by, thread, opener)
    for one in (thread, opener):
        _count_again(one)
    note_newest_in(spaces=[thread.space_id])
    keep_beside(thread.kind, [thread.pk])
    record(
        verbs.SPLIT_THREAD, by=by, space_id=thread.space_id, entry_id=opener.pk, thread_id=opener.pk,
        source=thread.pk,
    )  # fmt: skip
    return opener


def _chosen(thread: Entry, replies: Sequence[int]) -> tuple[Entry, list[int]]:
    """The reply that opens the new thread, and the ids of all that follow it there."""
    said = {
        row.pk: row
        for row in Entry.objects.filter(root=thread)
        .only("pk", "reply_to", "published_at", "removed_at")
        .order_by("published_at", "pk")
    }
    wanted = set(replies)
    if not wanted:
        raise Refused(_("Choose at least one comment that is to move."))
    if any(pk not in said or said[pk].is_removed for pk in wanted):
        raise Refused(_("One of these comments is no longer there. Look at the thread again."))
    moves = {pk for pk in said if _is_below(pk, wanted, said)}
    # Not one that stands below another that moves too: its own opener would be an answer to it.
    # What an import brought may answer in a circle: then simply the oldest.
    tops = [pk for pk in said if pk in wanted and not _is_below(said[pk].reply_to_id, wanted, said)]
    first = next(iter(tops), None) or next(pk for pk in said if pk in wanted)
    opener = Entry.objects.select_related("space", "author").get(pk=first)
    return opener, sorted(moves - {first})


def _is_below(pk: int | None, wanted: Collection[int], said: Mapping[int, Entry]) -> bool:
    """Whether a reply is one of these, or answers one of them at any depth."""
    passed = set()
    while pk is not None and pk in said and pk not in passed:
        if pk in wanted:
            return True
        passed.add(pk)
        pk = said[pk].reply_to_id
    return False


def _become_an_opener(entry: Entry, *, title: str, kind: str) -> None:
    entry.kind, entry.title = kind, title
    entry.root = entry.reply_to = None
    entry.revision += 1
    entry.save(update_fields=["kind", "title", "root", "reply_to", "revision"])
    link_topics(entry, text.read_html(entry.body).topics)


def _copy_watches(by: Viewer, thread: Entry, opener: Entry) -> None:
    """Whoever heard of these replies goes on hearing of them, and whoever muted them still hears nothing."""
    rows = list(Watch.objects.filter(thread=thread))
    watching = {row.member_id for row in rows}
    for row in rows:
        row.pk, row.thread = None, opener
    now = timezone.now()
    rows += [
        Watch(thread=opener, member_id=pk, read_at=now) for pk in sorted({by.id, opener.author_id} - watching)
    ]
    Watch.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


def _count_again(thread: Entry) -> None:
    """Answers and the time of the last activity, from the rows."""
    said = Entry.objects.filter(root=thread, removed_at=None, published_at__isnull=False)
    found = said.aggregate(number=Count("id"), last=Max("published_at"))
    began = thread.published_at or thread.created_at
    thread.reply_count = found["number"]
    thread.active_at = max(began, found["last"] or began)
    thread.revision += 1
    thread.save(update_fields=["reply_count", "active_at", "revision"])
    EntryTopic.objects.filter(entry=thread).update(active_at=thread.active_at)
