"""Conversations that became pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from torvet.base.compiled import STAND_IN, compiled
from torvet.entries import queries as entries
from torvet.entries.models import Entry
from torvet.entries.worth import worth_keeping
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.wiki.models import Page, PageSource

MOST_LISTED = 100  # replies to choose from


@dataclass(frozen=True)
class Conversation:
    """What a page was made from, for one reader: `thread` is None for those who may not read it."""

    thread: Entry | None
    people: list[Member]


def conversation_of(viewer: Viewer, page: Page) -> Conversation | None:
    """Where a page that the viewer may read comes from, and whose words it was made with; one statement where it was
    written as a page. People whom the viewer may not see are left out."""
    rows = (
        PageSource.objects.filter(page=page.pk)
        .select_related("entry__author")
        .order_by("entry__published_at", "id")
    )
    said = [row.entry for row in rows]
    if not said:
        return None
    thread = entries.visible(viewer).filter(pk__in={entry.thread_id for entry in said}).first()
    people = {entry.author_id: entry.author for entry in said}
    if viewer.is_guest:
        seen = set(Member.objects.visible_to(viewer).filter(pk__in=people).values_list("pk", flat=True))
        people = {pk: member for pk, member in people.items() if pk in seen}
    return Conversation(thread, list(people.values()))


def pages_made_of(viewer: Viewer, thread: Entry) -> list[Page]:
    """The pages that a thread became, as far as the viewer may read them; one statement for nearly every thread."""
    ids = [page for (page,) in _made_of().things(thread.pk)]
    if not ids:
        return []
    pages = Page.objects.visible_to(viewer).filter(pk__in=ids)
    return list(pages.select_related("entry").order_by("entry__published_at", "pk")[:5])


@compiled
def _made_of() -> QuerySet[PageSource, Any]:
    """Asked of every thread that is opened. Two halves, each found by its index."""
    of_opener = PageSource.objects.filter(entry=STAND_IN).order_by().values_list("page_id")
    return of_opener.union(PageSource.objects.filter(entry__root=STAND_IN).order_by().values_list("page_id"))


def parts_of(viewer: Viewer, thread: Entry, wanted: Collection[int] = ()) -> list[Entry]:
    """The opener and the replies whose words may become a page, in order: the first MOST_LISTED, those worth keeping,
    and the wanted ones. Removed ones are not among them."""
    replies = entries.visible(viewer).filter(root=thread.pk).select_related("author")
    first = list(replies.order_by("published_at", "id")[:MOST_LISTED])
    missing = {*wanted, *worth_keeping(viewer, thread)} - {entry.pk for entry in first} - {thread.pk}
    if missing:
        first += replies.filter(pk__in=missing)
        first.sort(key=lambda entry: (entry.published_at or entry.created_at, entry.pk))
    return [thread, *first]


def standing_parts(viewer: Viewer, thread: Entry, ids: Iterable[int]) -> list[Entry]:
    """Those of these parts of a thread that stand and that the viewer may read, in order."""
    rows = entries.visible(viewer).filter(Q(pk=thread.pk) | Q(root=thread.pk), pk__in=list(ids))
    return sorted(
        rows.select_related("author", "space"),
        key=lambda entry: (entry.is_reply, entry.published_at or entry.created_at, entry.pk),
    )
