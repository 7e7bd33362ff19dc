"""One's own marks: bookmarks, watching, topics followed, how far one has read; and pins for everybody."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import require
from torvet.entries import rules
from torvet.entries.models import Bookmark, Entry, Topic, TopicFollow, Watch
from torvet.people.viewer import Viewer
from torvet.spaces.queries import membership_of


@transaction.atomic
def bookmark(*, by: Viewer, entry: Entry) -> None:
    """Keep an entry for oneself. Not recorded: it is nobody else's business."""
    require(rules.can_mark(by, entry, membership_of(by, entry.space)))
    Bookmark.objects.get_or_create(entry=entry, member_id=by.id)


@transaction.atomic
def remove_bookmark(*, by: Viewer, entry: Entry) -> None:
    require(rules.can_mark(by, entry, membership_of(by, entry.space)))
    Bookmark.objects.filter(entry=entry, member_id=by.id).delete()


@transaction.atomic
def watch(*, by: Viewer, entry: Entry) -> None:
    """Be told of every answer in the thread."""
    require(rules.can_mark(by, entry, membership_of(by, entry.space)))
    Watch.objects.update_or_create(thread_id=entry.thread_id, member_id=by.id, defaults={"is_muted": False})


@transaction.atomic
def mute(*, by: Viewer, entry: Entry) -> None:
    """Be told of nothing in the thread but being named."""
    require(rules.can_mark(by, entry, membership_of(by, entry.space)))
    Watch.objects.update_or_create(thread_id=entry.thread_id, member_id=by.id, defaults={"is_muted": True})


@transaction.atomic
def stop_watching(*, by: Viewer, entry: Entry) -> None:
    require(rules.can_mark(by, entry, membership_of(by, entry.space)))
    Watch.objects.filter(thread_id=entry.thread_id, member_id=by.id).delete()


def mark_thread_read(*, by: Viewer, thread: Entry, read_at: datetime) -> None:
    """Move one's own position in a watched thread forward; never back, and recorded nowhere."""
    require(by.can_read)
    Watch.objects.filter(thread=thread, member_id=by.id, read_at__lt=read_at).update(read_at=read_at)


@transaction.atomic
def pin(*, by: Viewer, entry: Entry) -> None:
    """Put an entry on top of its space."""
    require(rules.can_pin(by, entry, membership_of(by, entry.space)))
    entry.pinned_at = timezone.now()
    entry.save(update_fields=["pinned_at"])
    record(verbs.PINNED, by=by, space_id=entry.space_id, entry_id=entry.pk, thread_id=entry.pk)


@transaction.atomic
def unpin(*, by: Viewer, entry: Entry) -> None:
    require(rules.can_pin(by, entry, membership_of(by, entry.space)))
    entry.pinned_at = None
    entry.save(update_fields=["pinned_at"])
    record(verbs.UNPINNED, by=by, space_id=entry.space_id, entry_id=entry.pk, thread_id=entry.pk)


@transaction.atomic
def follow_topic(*, by: Viewer, topic: Topic) -> None:
    require(rules.can_follow_topics(by))
    _row, is_new = TopicFollow.objects.get_or_create(member_id=by.id, topic=topic)
    if is_new:
        record(verbs.FOLLOWED_TOPIC, by=by, topic=topic.pk)


@transaction.atomic
def unfollow_topic(*, by: Viewer, topic: Topic) -> None:
    require(rules.can_follow_topics(by))
    gone, _kinds = TopicFollow.objects.filter(member_id=by.id, topic=topic).delete()
    if gone:
        record(verbs.UNFOLLOWED_TOPIC, by=by, topic=topic.pk)
