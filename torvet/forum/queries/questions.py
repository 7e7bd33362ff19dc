"""Reads around questions: one with its answers, where an answer stands, where one may ask."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from torvet.agreement.queries import smallest_group
from torvet.base.compiled import STAND_INS
from torvet.base.pages import Cursor
from torvet.entries import queries as entries
from torvet.entries import similar as likeness
from torvet.entries.drawing import COLUMNS, Row
from torvet.entries.models import Entry, Vote
from torvet.forum.kinds import ANSWER, QUESTION
from torvet.forum.models import Forum, SubForum, Thread
from torvet.people.looking import compiled_for_viewer
from torvet.people.viewer import Viewer
from torvet.spaces.models import Membership, Space
from torvet.spaces.queries import who_can_read

ANSWERS_PAGE = LARGEST_PAGE = 50
COMMENTS = 300  # the newest comments on a question and its answers that one page shows
DEEPEST = 50
BEST_FIRST = ("-votes", "published_at", "id")
ALIKE = (QUESTION.key, "page")  # what is offered while somebody asks
SHOWN_ALIKE = 5


def get_visible(viewer: Viewer, pk: int) -> Thread | None:
    """The question with its entry, when the viewer may read it; else None, as when there is none."""
    return _visible(viewer).first(viewer.id, pk)


@compiled_for_viewer
def _visible(viewer: Viewer) -> QuerySet[Thread]:
    rows = Thread.objects.visible_to(viewer).filter(pk=STAND_INS[1], entry__kind=QUESTION.key)
    return rows.select_related(
        "entry__space", "entry__author", "entry__closed_by", "confirmed_by", "sub_forum"
    ).order_by()


def answer_to(viewer: Viewer, question: Thread, pk: int) -> Entry | None:
    """An answer to this question that the viewer may read, or None."""
    found = entries.get_visible(viewer, pk)
    return found if found and found.kind == ANSWER.key and found.root_id == question.pk else None


@dataclass(frozen=True)
class Said(Row):
    """What a page of a question needs of an answer or a comment beside its card."""

    votes: int


SAID = (*COLUMNS, "votes")


def said_of(entry: Entry) -> Said:
    return Said(**{column: getattr(entry, column) for column in SAID})


@dataclass(frozen=True)
class Answers:
    """A page of answers, the accepted and the confirmed one first, and what was said to them and to the question."""

    things: list[Said]
    next: str | None
    comments: list[Said]
    earlier: str | None  # the cursor of older comments
    removed: list[Said]


def answers(
    viewer: Viewer, question: Thread, *, after: str | None = None, before: str | None = None
) -> Answers:
    """Four statements however many there are. Raises BadCursor."""
    best = (question.accepted_id or 0, question.confirmed_id or 0)
    first: list[Said] = []
    if after:
        votes, at, number = Cursor.read(after, (int, datetime, int))
        lines = list(_ranked(viewer, question, best).filter(_beyond(votes, at, number))[: ANSWERS_PAGE + 1])
    else:
        lines = _first_page(viewer).things(viewer.id, question.pk, *best)[: ANSWERS_PAGE + 1]
        first = _best(viewer, question, best)
    found = [Said(*line) for line in lines]
    shown = found[:ANSWERS_PAGE]
    rest = Cursor.write(_place_of(shown[-1])) if len(found) > ANSWERS_PAGE else None
    removed = [] if rest else [Said(*line) for line in _removed(viewer).things(viewer.id, question.pk)]
    comments, earlier = _comments(viewer, question, before)
    return Answers([*first, *shown], rest, comments, earlier, removed)


def _place_of(row: Said) -> tuple[int, datetime, int]:
    return row.votes, row.published_at, row.id


def _beyond(votes: int, at: datetime, number: int) -> Q:
    """Behind this place among answers: fewer votes, or as many and later."""
    later = Q(votes=votes, published_at__gt=at) | Q(votes=votes, published_at=at, pk__gt=number)
    return Q(votes__lt=votes) | later


def _said(viewer: Viewer, question: int) -> QuerySet[Entry, Any]:
    """All that was said in the thread, the removed too, as the columns of `Said`."""
    rows = entries.replies_of(viewer, Entry(pk=question)).select_related(None)
    return rows.order_by("published_at", "id").values_list(*SAID)


def _answers_in(viewer: Viewer, question: int) -> QuerySet[Entry, Any]:
    return _said(viewer, question).filter(kind=ANSWER.key, removed_at=None).order_by(*BEST_FIRST)


def _ranked(viewer: Viewer, question: Thread, best: Sequence[int]) -> QuerySet[Entry, Any]:
    return _answers_in(viewer, question.pk).exclude(pk__in=best)


@compiled_for_viewer
def _first_page(viewer: Viewer) -> QuerySet[Entry, Any]:
    ranked = _answers_in(viewer, STAND_INS[1]).exclude(Q(pk=STAND_INS[2]) | Q(pk=STAND_INS[3]))
    return ranked[: LARGEST_PAGE + 1]


@compiled_for_viewer
def _removed(viewer: Viewer) -> QuerySet[Entry, Any]:
    return _said(viewer, STAND_INS[1]).filter(kind=ANSWER.key, removed_at__isnull=False)[:LARGEST_PAGE]


@compiled_for_viewer
def _newest_comments(viewer: Viewer) -> QuerySet[Entry, Any]:
    rows = _said(viewer, STAND_INS[1]).exclude(kind=ANSWER.key)
    return rows.order_by("-published_at", "-id")[: COMMENTS + 1]


def _best(viewer: Viewer, question: Thread, best: Sequence[int]) -> list[Said]:
    if not any(best):
        return []
    found = {
        row.id: row for row in (Said(*line) for line in _answers_in(viewer, question.pk).filter(pk__in=best))
    }
    return [found[pk] for pk in dict.fromkeys(best) if pk in found]


def _comments(viewer: Viewer, question: Thread, before: str | None) -> tuple[list[Said], str | None]:
    if before:
        at, number = Cursor.read(before, (datetime, int))
        rows = _said(viewer, question.pk).exclude(kind=ANSWER.key).filter(entries.earlier_than(at, number))
        lines = list(rows.order_by("-published_at", "-id")[: COMMENTS + 1])
    else:
        lines = _newest_comments(viewer).things(viewer.id, question.pk)
    found = [Said(*line) for line in lines]
    shown = found[:COMMENTS]
    earlier = Cursor.write((shown[-1].published_at, shown[-1].id)) if len(found) > COMMENTS else None
    return shown[::-1], earlier


def page_of(viewer: Viewer, question: Thread, pk: int) -> str | None:
    """The cursor of the page of answers on which a reply stands; None for the first page, and for no such reply."""
    found = _one(viewer, question, pk)
    for _step in range(DEEPEST):
        if found is None or found.kind == ANSWER.key or found.reply_to_id in {None, question.pk}:
            break
        found = _one(viewer, question, found.reply_to_id or 0)
    best = (question.accepted_id or 0, question.confirmed_id or 0)
    if found is None or found.kind != ANSWER.key or found.id in best:
        return None
    ranked = _ranked(viewer, question, best)
    pages = ranked.exclude(_beyond(*_place_of(found)) | Q(pk=found.id)).count() // ANSWERS_PAGE
    if not pages:
        return None
    return Cursor.write(_place_of(Said(*ranked[pages * ANSWERS_PAGE - 1])))


def _one(viewer: Viewer, question: Thread, pk: int) -> Said | None:
    line = _said(viewer, question.pk).filter(pk=pk).first()
    return Said(*line) if line else None


def first_answers(viewer: Viewer, question: Thread) -> list[Entry]:
    """Answers to choose from by hand, the best first."""
    said = entries.replies_of(viewer, question.entry).filter(kind=ANSWER.key, removed_at=None)
    return list(said.order_by(*BEST_FIRST)[:ANSWERS_PAGE])


def own_votes(viewer: Viewer, ids: Collection[int]) -> set[int]:
    """Those of these answers that the viewer has said yes to."""
    if not ids:
        return set()
    return set(Vote.objects.filter(member_id=viewer.id, entry__in=ids).values_list("entry_id", flat=True))


def solved_by(viewer: Viewer, question: Thread) -> Entry | None:
    """The accepted answer, while it stands."""
    if question.solved_at is None or question.accepted_id is None:
        return None
    return entries.visible(viewer).filter(pk=question.accepted_id).select_related("author").first()


def same_question(viewer: Viewer, question: Thread) -> Thread | None:
    """The question that this one repeats, if the viewer may read it."""
    return get_visible(viewer, question.same_as_id) if question.same_as_id else None


def repeated_by(viewer: Viewer, question: Thread) -> list[Thread]:
    """Questions that were marked as the same as this one, the newest first."""
    return _repeated_by(viewer).things(viewer.id, question.pk)


@compiled_for_viewer
def _repeated_by(viewer: Viewer) -> QuerySet[Thread]:
    rows = Thread.objects.visible_to(viewer).filter(same_as=STAND_INS[1])
    return rows.select_related("entry").order_by("-entry__published_at")[:20]


@dataclass(frozen=True)
class Alike:
    """Something that may answer a question that is being typed."""

    entry: Entry
    question: Thread | None  # with what is known of it, when it is one
    answer: Entry | None  # the accepted or confirmed answer


def alike(viewer: Viewer, title: str, body: str = "", *, without: int = 0) -> list[Alike]:
    """Questions and pages that are like what is typed; one that repeats another gives way to that other."""
    found = likeness.similar(viewer, title, body, kinds=ALIKE, without=without, limit=SHOWN_ALIKE)
    threads = _threads([entry.pk for entry in found])
    ends = {row.same_as_id for row in threads.values() if row.same_as_id} - {without}
    standing = (
        entries.visible(viewer).filter(pk__in=ends).select_related("space", "author").in_bulk()
        if ends
        else {}
    )
    threads |= _threads(standing)
    chosen: dict[int, Entry] = {}
    for entry in found:
        row = threads.get(entry.pk)
        end = standing.get(row.same_as_id or 0, entry) if row else entry
        chosen.setdefault(end.pk, end)
    wanted = {pk for row in threads.values() for pk in (row.accepted_id, row.confirmed_id) if pk}
    said = entries.visible(viewer).filter(pk__in=wanted).select_related("author").in_bulk() if wanted else {}
    return [_alike(entry, threads.get(pk), said) for pk, entry in chosen.items()]


def _threads(ids: Iterable[int]) -> dict[int, Thread]:
    return Thread.objects.in_bulk(list(ids)) if ids else {}


def _alike(entry: Entry, row: Thread | None, said: dict[int, Entry]) -> Alike:
    answer = None
    if row is not None:
        answer = said.get(row.accepted_id or 0) or said.get(row.confirmed_id or 0)
    return Alike(entry, row, answer)


@dataclass(frozen=True)
class Place:
    """Somewhere to ask: the space, what the forum in it allows, and its parts."""

    space: Space
    forum: Forum | None
    parts: list[SubForum]
    writers: int  # people who could have asked without a name; 0 where nobody may

    @property
    def allows_anonymous(self) -> bool:
        return self.writers > 0


def place_at(space: Space) -> Place:
    forum = Forum.objects.filter(pk=space.pk).first()
    parts = list(SubForum.objects.filter(forum=forum)) if forum else []
    return Place(space, forum, parts, writers_without_name(space, forum))


def writers_without_name(space: Space, forum: Forum | None) -> int:
    """How many people could have asked here without a name; 0 where that is not allowed or they are too few."""
    if forum is None or not forum.allows_anonymous or space.is_archived or space.is_inner:
        return 0
    number = who_can_read(space).filter(is_bot=False).count()
    return number if number >= smallest_group() else 0


def spaces_to_ask_in(viewer: Viewer) -> list[Space]:
    """Where the viewer may ask, those that everybody reads first, and before them the one that everybody is in."""
    mine = entries.spaces_to_write_in(viewer)
    return sorted(mine, key=lambda space: (not space.is_open, not space.is_default, space.name.casefold()))


def can_all_read(question: Entry, other: Entry) -> bool:
    """Whether everybody who reads one question reads the other too; asks the database for guests at most."""
    if question.space_id == other.space_id:
        return True
    guests = Membership.objects.filter(space=question.space_id, member__role="guest")
    return other.space.is_open and not guests.exists()
