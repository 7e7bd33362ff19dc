"""A page of openers with all that its reader needs, put together in few statements."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from torvet.base.pages import Page
from torvet.entries import cards, drawing, own
from torvet.entries.drawing import Marks, Row
from torvet.feed import queries
from torvet.people.viewer import Viewer


@dataclass(frozen=True)
class Sheet:
    """A list ready to print: its HTML, and the cursor of what follows."""

    html: SafeString
    next: str | None
    number: int
    newest_at: datetime | None


def sheet(
    request: HttpRequest,
    viewer: Viewer,
    page: Page[Row],
    *,
    order: str = "newest",
    seen_at: datetime | None = None,
    caught_up: Callable[[], str] | None = None,
    because: Mapping[int, str] | None = None,
    may_write: bool = True,
) -> Sheet:
    """Put a page of rows together: their cards, the two newest comments of each, and the reader's own marks.

    `caught_up` draws the divider shown where the new ones end, when `seen_at` falls within the page.
    """
    replies = queries.newest_replies(page.things)
    shown = [*page.things, *(reply for thread in replies.values() for reply in thread)]
    marks = own_marks(viewer, page.things, shown, because or {}, may_write)
    drawn = articles(page.things, replies, marks)
    html = "".join(_with_divider(page.things, seen_at, order, caught_up, drawn))
    column = queries.ORDERS[order]
    newest = max((getattr(row, column) for row in page.things), default=None)
    return Sheet(drawing.safe(cards.sign(request, html)), page.next, len(page.things), newest)


def articles(rows: Sequence[Row], replies: Mapping[int, Sequence[Row]], marks: Marks) -> dict[int, str]:
    """entry id -> its settled HTML. Whoever reads the same newest posts in the same language gets the same text, so it
    is kept, by all that is said in it."""
    reader = (get_language(), timezone.get_current_timezone_name(), marks.may_write)
    keys = {row.id: (*reader, *_key(row, replies.get(row.id, ()), marks)) for row in rows}
    drawn = {pk: html for pk, key in keys.items() if (html := cards.settled.get(key)) is not None}
    missing = [row for row in rows if row.id not in drawn]
    if not missing:
        return drawn
    card = cards.cards_for(one.key for row in missing for one in (row, *replies.get(row.id, ())))
    for row in missing:
        below = [(reply, card[reply.id]) for reply in replies.get(row.id, ())]
        drawn[row.id] = html = cards.settle(drawing.article(row, card[row.id], marks, below))
        cards.settled.put(keys[row.id], html)
    return drawn


def _key(row: Row, replies: Sequence[Row], marks: Marks) -> tuple[Any, ...]:
    """All that `drawing.article` looks at, beside the cards themselves, which (id, revision) names for good."""
    return (
        row.key, row.reply_count, tuple(row.reactions.items()), row.pinned_at is None, row.id in marks.fresh,
        row.id in marks.bookmarks, tuple(marks.reactions.get(row.id, ())), marks.because.get(row.id),
        tuple((reply.id, reply.revision, reply.removed_at is None) for reply in replies),
    )  # fmt: skip


def own_marks(
    viewer: Viewer, openers: Sequence[Row], shown: Sequence[Row], because: Mapping[int, str], may_write: bool
) -> Marks:
    """What belongs to the reader, in two statements."""
    found = own.marks_on(viewer, [row.id for row in shown])
    return Marks(
        viewer_id=viewer.id,
        reactions=found.reactions,
        bookmarks=found.bookmarks,
        fresh=own.fresh_threads(viewer, openers),
        may_write=may_write and viewer.can_write,
        because=because,
    )


def _with_divider(
    rows: Sequence[Row],
    seen_at: datetime | None,
    order: str,
    divider: Callable[[], str] | None,
    drawn: Mapping[int, str],
) -> list[str]:
    column = queries.ORDERS[order]
    parts: list[str] = []
    is_placed = seen_at is None or not rows or getattr(rows[0], column) <= seen_at
    for row in rows:
        if divider and not is_placed and seen_at is not None and getattr(row, column) <= seen_at:
            parts.append(divider())
            is_placed = True
        parts.append(drawn[row.id])
    return parts
