"""Lists of discussions and questions together: active, new, and what waits for an answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet

from torvet.base.pages import Cursor, Page, paginate
from torvet.base.text.characters import clean_line
from torvet.entries import queries as entries
from torvet.entries.models import Entry, EntryTopic, Topic
from torvet.forum.models import Arrangement, SubForum, Thread
from torvet.forum.models.thread import ThreadQuerySet
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space

ACTIVE, NEW, UNANSWERED = "active", "new", "unanswered"
ORDERS = {
    ACTIVE: ("-active_at", "-pk"),
    NEW: ("-published_at", "-pk"),
    UNANSWERED: ("published_at", "pk"),
}
THREADS = 25
FEW_SPACES = 8
RECENT = 100  # threads whose topics are offered as a filter
TOPICS = 12


@dataclass(frozen=True)
class Subject:
    """What a list is about: everything, or what stands in a space, in a part of its forum, or under a topic."""

    space: Space | None = None
    sub_forum: SubForum | None = None
    topic: Topic | None = None


def get_visible(viewer: Viewer, pk: int) -> Thread | None:
    """A discussion or question that the viewer may read; else None, as when there is none."""
    rows = Thread.objects.visible_to(viewer).filter(pk=pk)
    return rows.select_related("entry__space", "entry__author", "sub_forum").first()


def listed(
    viewer: Viewer,
    which: str,
    subject: Subject,
    after: str | None = None,
    *,
    size: int = THREADS,
    without_pinned: bool = False,
) -> Page[Thread]:
    """One page of a list, in two statements, whatever there is in the town. Raises BadCursor."""
    rows = _within(viewer, _about(subject)).visible_to(viewer)
    if which == UNANSWERED:
        # Where nobody can answer any more nothing waits.
        rows = rows.unanswered().filter(entry__closed_at=None, entry__space__archived_at=None)
    if without_pinned:
        rows = rows.filter(entry__pinned_at=None)
    rows = rows.select_related("entry__author", "entry__space", "sub_forum").defer("entry__body")
    spaces = _few_spaces_of(viewer) if subject == Subject(topic=subject.topic) else []
    if spaces:
        return _merged(rows, spaces, ORDERS[which], after, size)
    return paginate(rows, order=ORDERS[which], after=after, size=size)


def _few_spaces_of(viewer: Viewer) -> list[int]:
    """Where a guest reads, when those are few: then each is read in its own order, and nothing is sorted whole."""
    if not viewer.is_guest:
        return []
    found = list(Space.objects.readable_by(viewer).values_list("pk", flat=True)[: FEW_SPACES + 1])
    return found if len(found) <= FEW_SPACES else []


def _merged(
    rows: ThreadQuerySet, spaces: list[int], order: tuple[str, str], after: str | None, size: int
) -> Page[Thread]:
    """The pages of these spaces as one."""
    pages = [paginate(rows.filter(space=pk), order=order, after=after, size=size) for pk in spaces]
    column, is_falling = order[0].lstrip("-"), order[0].startswith("-")
    found = [thread for page in pages for thread in page.things]
    found.sort(key=lambda thread: (getattr(thread, column), thread.pk), reverse=is_falling)
    shown = found[:size]
    if len(found) <= size and not any(page.next for page in pages):
        return Page(shown, None)
    return Page(shown, Cursor.write((getattr(shown[-1], column), shown[-1].pk)))


def _about(subject: Subject) -> ThreadQuerySet:
    rows = Thread.objects.standing()
    if subject.sub_forum is not None:
        rows = rows.filter(sub_forum=subject.sub_forum)
    elif subject.space is not None:
        rows = rows.filter(space=subject.space)
    if subject.topic is not None:
        rows = rows.filter(Exists(EntryTopic.objects.filter(entry=OuterRef("pk"), topic=subject.topic)))
    return rows


def _within(viewer: Viewer, rows: ThreadQuerySet) -> ThreadQuerySet:
    """Says nothing new beside `visible_to`, but to the database: which threads it need not look at.

    A guest reads in a few spaces, so theirs are looked up; a colleague in most, so the list is walked in its order.
    The addition of nothing keeps the index by space out of the second: it would be read whole, and sorted.
    """
    readable = Space.objects.readable_by(viewer).values("pk")
    if viewer.is_guest:
        return rows.filter(space__in=readable)
    return rows.annotate(standing_in=F("space_id") + 0).filter(standing_in__in=readable)


def topic_named(viewer: Viewer, name: str) -> Topic | None:
    """A topic to narrow a list by; None for one that stands in nothing the viewer may read, as for none at all."""
    name = clean_line(name).casefold()[:64]
    return entries.topics_visible_to(viewer).filter(name=name).first() if name else None


def pinned_in(viewer: Viewer, space: Space) -> list[Thread]:
    """What stands on top of a forum, last pinned first."""
    rows = Thread.objects.visible_to(viewer).standing().filter(space=space, entry__pinned_at__isnull=False)
    rows = rows.select_related("entry__author", "entry__space", "sub_forum").defer("entry__body")
    return list(rows.order_by("-entry__pinned_at", "-pk")[:20])


def recent_topics(viewer: Viewer, subject: Subject) -> list[Topic]:
    """The topics of what was last active, the busiest first: what one can narrow a list by."""
    rows = _within(viewer, _about(Subject(subject.space, subject.sub_forum))).visible_to(viewer)
    recent = list(rows.order_by("-active_at", "-pk").values_list("pk", flat=True)[:RECENT])
    counted = Counter(EntryTopic.objects.filter(entry__in=recent).values_list("topic_id", flat=True))
    best = [pk for pk, _number in counted.most_common(TOPICS)]
    known = Topic.objects.in_bulk(best)
    found = [known[pk] for pk in best]
    if subject.topic is not None and subject.topic not in found:
        found.insert(0, subject.topic)
    return found


def possible_targets(viewer: Viewer, thread: Thread, words: str) -> list[Thread]:
    """Threads of the same space that this one may be merged into: those whose title has these words, or the newest."""
    rows = Thread.objects.visible_to(viewer).standing().filter(space=thread.entry.space_id)
    for word in clean_line(words).split()[:6]:
        rows = rows.filter(entry__title__icontains=word)
    rows = rows.exclude(pk=thread.pk).select_related("entry__author").defer("entry__body")
    return list(rows.order_by("-active_at", "-pk")[:20])


def replies_to_choose(viewer: Viewer, thread: Entry, most: int = 500) -> list[Entry]:
    """What was said in a thread and stands, in order; for choosing what is split off."""
    rows: QuerySet[Entry] = entries.replies_of(viewer, thread).filter(removed_at=None)
    return list(rows.defer("body")[:most])


@dataclass(frozen=True)
class Note:
    """What one place says of what was moved to or from it. `other` is None for who may not see the other place."""

    arrangement: Arrangement
    is_here_from: bool
    other: Entry | None


def notes_on(viewer: Viewer, thread: Entry) -> list[Note]:
    """What was split from a thread or merged into it, oldest first."""
    rows = list(Arrangement.objects.of(thread).select_related("by")[:20])
    if not rows:
        return []
    ids = {pk for row in rows for pk in (row.source_id, row.thread_id)} - {thread.pk}
    known = entries.visible(viewer).defer("body").in_bulk(ids)
    return [
        Note(
            row,
            is_here_from=row.thread_id == thread.pk,
            other=known.get(row.source_id if row.thread_id == thread.pk else row.thread_id),
        )
        for row in rows
    ]
