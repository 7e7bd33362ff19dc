"""A thread as HTML: its replies in order, one level of nesting shown, any depth kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from torvet.base.compiled import STAND_INS
from torvet.base.pages import Cursor
from torvet.entries import cards, drawing, own, queries
from torvet.entries.drawing import COLUMNS, Marks, Row
from torvet.entries.models import Entry
from torvet.people.looking import compiled_for_viewer
from torvet.people.viewer import Viewer


@dataclass(frozen=True)
class Replies:
    """Replies of a thread, ready to print; `earlier` is the cursor of those before them."""

    html: SafeString
    earlier: str | None
    number: int
    newest_at: datetime | None


def replies(
    request: HttpRequest,
    viewer: Viewer,
    thread: Entry,
    *,
    before: str | None = None,
    may_write: bool,
    may_answer: bool = True,
    runs_space: bool = False,
    read_at: datetime | None = None,
) -> Replies:
    """The newest replies of a thread, or those before a cursor. Four statements whatever their number."""
    rows, earlier = _rows(viewer, thread, before)
    shown = [row for row in rows if not row.removed_at]
    card = cards.cards_for(row.key for row in shown)
    marks = Marks(
        viewer_id=viewer.id,
        reactions=own.marks_on(viewer, [row.id for row in shown]).reactions,
        fresh={
            row.id for row in rows if read_at and row.published_at > read_at and row.author_id != viewer.id
        },
        may_write=may_write,
        may_answer=may_answer,
    )
    html = _nested(rows, card, marks, thread.pk, runs_space)
    return Replies(
        drawing.safe(cards.fill(request, html)), earlier, len(rows), rows[-1].published_at if rows else None
    )


def _rows(viewer: Viewer, thread: Entry, before: str | None) -> tuple[list[Row], str | None]:
    if before:
        at, number = Cursor.read(before, (datetime, int))
        older = _newest_first(viewer, thread).filter(queries.earlier_than(at, number))
        lines = list(older[: queries.THREAD_PAGE + 1])
    else:
        lines = _newest(viewer).things(viewer.id, thread.pk)
    found = [Row(*line) for line in lines]
    rows = found[: queries.THREAD_PAGE]
    earlier = Cursor.write((rows[-1].published_at, rows[-1].id)) if len(found) > queries.THREAD_PAGE else None
    return rows[::-1], earlier


def _newest_first(viewer: Viewer, thread: Entry) -> QuerySet[Entry, Any]:
    return queries.comments_of(viewer, thread).order_by("-published_at", "-id").values_list(*COLUMNS)


@compiled_for_viewer
def _newest(viewer: Viewer) -> QuerySet[Entry, Any]:
    return _newest_first(viewer, Entry(pk=STAND_INS[1]))[: queries.THREAD_PAGE + 1]


def _nested(rows: Sequence[Row], card: dict[int, str], marks: Marks, root: int, runs_space: bool) -> str:
    """Answers stand under the comment that began their branch; a branch that began earlier continues on its own."""
    loaded = {row.id: row for row in rows}
    branches: dict[int, list[Row]] = {}
    tops: list[Row] = []
    for row in rows:
        top = _top(row, loaded, root)
        if top is row:
            tops.append(row)
        else:
            branches.setdefault(top.id, []).append(row)

    def undo(row: Row) -> bool:
        return bool(row.removed_at) and (row.removed_by_id == marks.viewer_id or runs_space)

    parts = []
    for top in tops:
        answers = "".join(
            drawing.comment(row, card.get(row.id, ""), marks, "", undo(row))
            for row in branches.get(top.id, ())
        )
        parts.append(drawing.comment(top, card.get(top.id, ""), marks, answers, undo(top)))
    return "".join(parts)


def _top(row: Row, loaded: dict[int, Row], root: int) -> Row:
    top = row
    while top.reply_to_id and top.reply_to_id != root and top.reply_to_id in loaded:
        top = loaded[top.reply_to_id]
    return top
