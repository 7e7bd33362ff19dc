"""Idea rooms and ideas as other programs see them; never who voted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Literal

from torvet.base.api import Shown, absolute
from torvet.entries import shapes as entries
from torvet.ideas import models, rules
from torvet.ideas.queries import board, outcomes
from torvet.ideas.queries.rooms import RoomLine
from torvet.people.shapes import MemberLine, member_line
from torvet.people.viewer import Viewer
from torvet.spaces.models import Membership
from torvet.spaces.shapes import SpaceLine, own_memberships, space_line

Stage = Literal["heard", "looked_at", "chosen", "tried", "done", "declined"]
Concern = Literal["", "product", "service", "organisation"]
InputSort = Literal["experience", "fact", "objection", "wish"]


class IdeaRoom(Shown):
    """A space with a question. Its id is that of the space."""

    id: int
    url: str
    question: str
    about: str
    space: SpaceLine
    decider: MemberLine | None
    days_to_decide: int
    ends_on: date | None
    is_open: bool
    ideas: int
    undecided: int
    abilities: dict[str, bool]


class IdeaRoomList(Shown):
    items: list[IdeaRoom]
    next: str | None


class Idea(Shown):
    """What of an idea is not in its entry; its words and comments are the entry's. `reason`: why it is where it is."""

    id: int
    url: str
    room_id: int
    stage: Stage
    stage_at: datetime
    reason: str
    decider: MemberLine | None
    decide_by: date
    is_overdue: bool
    concern: Concern
    votes: int
    is_supported: bool
    input_count: int
    merged_into_id: int | None
    entry: entries.Entry
    abilities: dict[str, bool]


class IdeaList(Shown):
    items: list[Idea]
    next: str | None


class Input(Shown):
    """What somebody knows of an idea."""

    sort: InputSort
    entry: entries.Entry


class InputList(Shown):
    items: list[Input]
    next: str | None


def room_shapes(viewer: Viewer, lines: Iterable[RoomLine]) -> list[IdeaRoom]:
    """Rooms that were read through `visible_to`; one statement however many."""
    lines = list(lines)
    mine = own_memberships(viewer, (line.room.pk for line in lines))
    return [
        IdeaRoom(
            id=line.room.pk,
            url=absolute(line.room.url),
            question=line.room.question,
            about=line.room.about,
            space=space_line(viewer, line.room.space, mine.get(line.room.pk)),
            decider=member_line(viewer, line.room.decider) if line.room.decider else None,
            days_to_decide=line.room.days_to_decide,
            ends_on=line.room.ends_on,
            is_open=line.room.is_open,
            ideas=line.ideas,
            undecided=line.waiting,
            abilities=rules.room_abilities(viewer, line.room, mine.get(line.room.pk)),
        )
        for line in lines
    ]


def idea_shapes(viewer: Viewer, lines: Iterable[board.IdeaLine]) -> list[Idea]:
    """Ideas that were read through `visible_to`, with the words of their entries; constant in statements."""
    lines = list(lines)
    whole = {entry.id: entry for entry in entries.entry_shapes(viewer, [line.idea.entry for line in lines])}
    mine = own_memberships(viewer, {line.idea.entry.space_id for line in lines})
    why = outcomes.reasons([(line.idea.pk, line.idea.stage) for line in lines])
    return [_idea(viewer, line, whole, mine, why) for line in lines]


def _idea(
    viewer: Viewer,
    line: board.IdeaLine,
    whole: Mapping[int, entries.Entry],
    mine: Mapping[int, Membership],
    why: Mapping[tuple[int, str], str],
) -> Idea:
    idea: models.Idea = line.idea
    return Idea(
        id=idea.pk,
        url=absolute(idea.url),
        room_id=idea.room_id,
        stage=idea.stage,  # type: ignore[arg-type]  # one of its choices
        stage_at=idea.stage_at,
        reason=why.get((idea.pk, idea.stage), ""),
        decider=member_line(viewer, idea.decider) if idea.decider else None,
        decide_by=idea.decide_by,
        is_overdue=idea.is_overdue,
        concern=idea.concern,  # type: ignore[arg-type]  # one of its choices
        votes=idea.entry.votes,
        is_supported=line.is_supported,
        input_count=line.input,
        merged_into_id=idea.merge.into_id if idea.is_merged else None,
        entry=whole[idea.pk],
        abilities=rules.abilities(viewer, idea, mine.get(idea.entry.space_id)),
    )
