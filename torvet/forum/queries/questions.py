"""Reads around questions: one with its answers, where an answer stands, where one may ask."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from torvet.agreement.queries import smallest_group
from torvet.base.compiled import STAND_INS
from torvet.base.pages import Cursor, paginate
from torvet.entries import queries as entries
from torvet.entries import similar as likeness
from torvet.entries.drawing import COLUMNS
from torvet.entries.models import Entry, Vote
from torvet.forum.kinds import ANSWER, QUESTION
from torvet.forum.models import Forum, SubForum, Thread
from torvet.people.looking import compiled_for_viewer
from torvet.people.viewer import Viewer
from torvet.spaces.models import Membership, Space
from torvet.spaces.queries import who_can_read

ANSWERS_PAGE = 50
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
class Answers:
    """A page of answers, the accepted and the confirmed one first, and what was said to them and to the question."""

    things: list[Entry]
    next: str | None
    comments: list[Entry]
    earlier: str | None  # the cursor of older comments
    removed: list[Entry]

    @property
    def newest_at(self) -> datetime | None:
        times = [entry.published_at for entry in (*self.things, *self.comments) if entry.published_at]
        return max(times, default=None)


def answers(
    viewer: Viewer, question: Thread, *, after: str | None = None, before: str | None = None
) -> Answers:
    """Four statements however many there are. Raises BadCursor."""
    said = _said(viewer, question)
    best = [pk for pk in (question.accepted_id, question.confirmed_id) if pk]
    standing = said.filter(kind=ANSWER.key, removed_at=None)
    page = paginate(standing.exclude(pk__in=best), order=BEST_FIRST, after=after, size=ANSWERS_PAGE)
    first: list[Entry] = []
    if best and not after:
        found = {row.pk: row for row in standing.filter(pk__in=best)}
        first = [found[pk] for pk in dict.fromkeys(best) if pk in found]
    removed = [] if page.next else list(said.filter(kind=ANSWER.key, removed_at__isnull=False)[:ANSWERS_PAGE])
    comments, earlier = _comments(said, before)
    return Answers([*first, *page.things], page.next, comments, earlier, removed)


def _said(viewer: Viewer, question: Thread) -> QuerySet[Entry, Any]:
    rows = entries.replies_of(viewer, question.entry).select_related(None)
    return rows.only(*COLUMNS, "votes").order_by("published_at", "id")


def _comments(said: QuerySet[Entry, Any], before: str | None) -> tuple[list[Entry], str | None]:
    rows = said.exclude(kind=ANSWER.key).order_by("-published_at", "-id")
    if before:
        at, number = Cursor.read(before, (datetime, int))
        rows = rows.filter(entries.earlier_than(at, number))
    found = list(rows[: COMMENTS + 1])
    shown = found[:COMMENTS]
    earlier = Cursor.write((shown[-1].published_at, shown[-1].pk)) if len(found) > COMMENTS else None
    return shown[::-1], earlier


def page_of(viewer: Viewer, question: Thread, pk: int) -> str | None:
    """The cursor of the page of answers on which a reply stands; None for the first page, and for no such reply."""
    said = _said(viewer, question)
    found = said.filter(pk=pk).first()
    for _step in range(DEEPEST):
        if found is None or found.kind == ANSWER.key or found.reply_to_id in {None, question.pk}:
            break
        found = said.filter(pk=found.reply_to_id).first()
    if found is None or found.kind != ANSWER.key or found.pk in {question.accepted_id, question.confirmed_id}:
        return None
    standing = said.filter(kind=ANSWER.key, removed_at=None)
    ranked = standing.exclude(pk__in=[pk for pk in (question.accepted_id, question.confirmed_id) if pk])
    place = ranked.filter(
        Q(votes__gt=found.votes)
        | Q(votes=found.votes, published_at__lt=found.published_at)
        | Q(votes=found.votes, published_at=found.published_at, pk__lt=found.pk)
    ).count()
    pages = place // ANSWERS_PAGE
    if not pages:
        return None
    last = ranked.order_by(*BEST_FIRST)[pages * ANSWERS_PAGE - 1]
    return Cursor.write((last.votes, last.published_at, last.pk))


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
    rows = Thread.objects.visible_to(viewer).filter(same_as=question.pk)
    return list(rows.select_related("entry__space").order_by("-entry__published_at")[:20])


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
