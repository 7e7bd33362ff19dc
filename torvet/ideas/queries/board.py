"""The ideas of a room as a board and as a list; the same number of statements however many they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Window
from django.db.models.expressions import Exists
from django.db.models.functions import RowNumber
from django.utils import timezone

from torvet.base.pages import Page, paginate
from torvet.entries import queries as entries
from torvet.entries.models import Vote
from torvet.ideas.kinds import INPUT
from torvet.ideas.models import Idea, IdeaRoom, Stage
from torvet.ideas.models.idea import IdeaQuerySet
from torvet.people.viewer import Viewer

IN_COLUMN = 12
IN_LIST = 30
ORDERS: dict[str, tuple[str, ...]] = {
    "votes": ("-entry__votes", "-entry_id"),
    "newest": ("-entry__published_at", "-entry_id"),
    "soonest": ("decide_by", "entry_id"),
}
SHOWS = ("mine", "supported", "deciding", "overdue")


@dataclass(frozen=True)
class Wanted:
    """What somebody asked to see of a room; words that mean nothing are everything."""

    stage: str = ""
    show: str = ""
    order: str = "votes"

    @classmethod
    def read(cls, asked: Any) -> Wanted:
        """From the address. `soonest` looks at dates, which only those have that are not decided."""
        stage, show, order = (asked.get(name, "") for name in ("stage", "show", "order"))
        return cls(
            stage if stage in Stage.values else "",
            show if show in SHOWS else "",
            order if order in ORDERS else "votes",
        )

    @property
    def address(self) -> str:
        """To go on with the same."""
        said = {"stage": self.stage, "show": self.show, "order": self.order if self.order != "votes" else ""}
        return "".join(f"&{name}={value}" for name, value in said.items() if value)


@dataclass(frozen=True)
class IdeaLine:
    """An idea in a column or a list, with what belongs to who looks."""

    idea: Idea
    is_supported: bool
    input: int

    @property
    def is_new(self) -> bool:
        return self.idea.stage == Stage.HEARD


@dataclass(frozen=True)
class Column:
    stage: str
    label: str
    number: int
    lines: list[IdeaLine]

    @property
    def further(self) -> int:
        return self.number - len(self.lines)


def board(viewer: Viewer, room: IdeaRoom, wanted: Wanted) -> list[Column]:
    """All stages in their order, in each the most supported; three statements."""
    by_votes = [F("entry__votes").desc(), F("entry_id").desc()]
    rows = _shown(viewer, room, wanted).annotate(
        place=Window(RowNumber(), partition_by="stage", order_by=by_votes),
        number=Window(Count("pk"), partition_by="stage"),
    )
    # Window functions over ids alone: with all columns of the entries, databases would sort these along.
    cut = list(
        rows.filter(place__lte=IN_COLUMN).order_by("stage", "place").values_list("pk", "stage", "number")
    )
    numbers = {stage: number for _pk, stage, number in cut}
    found = _dressed(Idea.objects.visible_to(viewer)).in_bulk([pk for pk, _stage, _number in cut])
    lines = {line.idea.pk: line for line in lines_of(viewer, found.values(), room)}
    columns: dict[str, list[IdeaLine]] = {}
    for pk, stage, _number in cut:
        if pk in lines:
            columns.setdefault(stage, []).append(lines[pk])
    return [
        Column(stage.value, str(stage.label), numbers.get(stage.value, 0), columns.get(stage.value, []))
        for stage in Stage
    ]


def in_list(
    viewer: Viewer,
    room: IdeaRoom,
    wanted: Wanted,
    after: str | None = None,
    size: int = IN_LIST,
    *,
    with_words: bool = False,
) -> Page[IdeaLine]:
    """As asked for, part by part; the words of the entries for those who show them. Raises BadCursor."""
    rows = _shown(viewer, room, wanted)
    if wanted.order == "soonest":
        rows = rows.undecided()
    rows = _dressed(rows).defer(None) if with_words else _dressed(rows)
    page = paginate(rows, order=ORDERS[wanted.order], after=after, size=size)
    return Page(lines_of(viewer, page.things, room), page.next)


def overdue(viewer: Viewer, *, is_own: bool = False, after: str | None = None) -> Page[IdeaLine]:
    """In all rooms that the viewer reads, the longest overdue first. Raises BadCursor."""
    rows = Idea.objects.visible_to(viewer).overdue_on(timezone.localdate())
    if is_own:
        rows = rows.filter(decider_id=viewer.id)
    page = paginate(_dressed(rows), order=("decide_by", "entry_id"), after=after, size=IN_LIST)
    return Page(lines_of(viewer, page.things), page.next)


def number_overdue(viewer: Viewer, room: IdeaRoom | None = None) -> int:
    rows = Idea.objects.visible_to(viewer).overdue_on(timezone.localdate())
    return (rows.filter(room=room) if room else rows).count()


def number_to_decide(viewer: Viewer) -> int:
    """How many ideas wait for this viewer, by name."""
    return Idea.objects.visible_to(viewer).waiting().filter(decider_id=viewer.id).count()


def of_room(viewer: Viewer, room: IdeaRoom) -> IdeaQuerySet:
    """Every idea of a room, also those that were merged, the oldest first: to take along."""
    rows = _dressed(Idea.objects.visible_to(viewer).filter(room=room))
    return rows.order_by("entry__published_at", "entry_id")


def titles(viewer: Viewer, ids: Collection[int]) -> dict[int, str]:
    """Of those of these ideas that the viewer may read."""
    rows = Idea.objects.visible_to(viewer).filter(pk__in=ids)
    return dict(rows.values_list("pk", "entry__title")) if ids else {}


def _shown(viewer: Viewer, room: IdeaRoom, wanted: Wanted) -> IdeaQuerySet:
    rows = Idea.objects.visible_to(viewer).standing_alone().filter(room=room)
    if wanted.stage:
        rows = rows.filter(stage=wanted.stage)
    if wanted.show == "mine":
        rows = rows.filter(entry__author_id=viewer.id)
    elif wanted.show == "supported":
        rows = rows.filter(Exists(Vote.objects.filter(entry=OuterRef("entry_id"), member_id=viewer.id)))
    elif wanted.show == "deciding":
        rows = rows.filter(decider_id=viewer.id)
    elif wanted.show == "overdue":
        rows = rows.overdue_on(timezone.localdate())
    return rows


def _dressed(rows: IdeaQuerySet) -> IdeaQuerySet:
    """With what a line shows, and without the words of the entries."""
    rows = rows.select_related("entry__author", "entry__space", "decider", "room__space", "merge")
    return rows.defer("entry__body", "entry__text")


def lines_of(viewer: Viewer, ideas: Iterable[Idea], room: IdeaRoom | None = None) -> list[IdeaLine]:
    """Ideas that were read through `visible_to`; two statements."""
    ideas = list(ideas)
    ids = [idea.pk for idea in ideas]
    mine = supported_among(viewer, ids)
    said = _input(viewer, ids)
    for idea in ideas:
        if room is not None:
            idea.room = room
    return [IdeaLine(idea, idea.pk in mine, said.get(idea.pk, 0)) for idea in ideas]


def supported_among(viewer: Viewer, ids: Sequence[int]) -> set[int]:
    """Those of these ideas that the viewer supports."""
    rows = Vote.objects.filter(member_id=viewer.id, entry__in=ids) if ids else Vote.objects.none()
    return set(rows.values_list("entry_id", flat=True))


def _input(viewer: Viewer, ids: Sequence[int]) -> dict[int, int]:
    rows: QuerySet[Any, Any] = entries.visible(viewer).filter(root__in=ids, kind=INPUT.key).order_by()
    return dict(rows.values_list("root").annotate(number=Count("pk"))) if ids else {}
