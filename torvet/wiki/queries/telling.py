"""How far the interview of somebody who leaves has come; for themselves alone."""

from __future__ import annotations

from dataclasses import dataclass

from torvet.people.viewer import Viewer
from torvet.wiki.interview import QUESTIONS, Question
from torvet.wiki.models import HandOver, Note


@dataclass(frozen=True)
class Step:
    """A question with what became of it."""

    number: int
    question: Question
    note: Note | None

    @property
    def is_answered(self) -> bool:
        return self.note is not None and bool(self.note.text.strip())

    @property
    def is_settled(self) -> bool:
        return self.note is not None and (self.is_answered or self.note.is_skipped)


@dataclass(frozen=True)
class Interview:
    steps: list[Step]

    @property
    def answered(self) -> int:
        return sum(step.is_answered for step in self.steps)

    @property
    def pages(self) -> int:
        return sum(step.note is not None and step.note.page_id is not None for step in self.steps)

    @property
    def total(self) -> int:
        return len(self.steps)


def interview_of(viewer: Viewer, hand_over: HandOver) -> Interview:
    """Empty steps for anybody but the one who leaves: what they wrote is theirs until it is a page."""
    own = hand_over.notes.exclude(question="").select_related("page__entry")
    notes = {note.question: note for note in own} if viewer.id == hand_over.member_id else {}
    return Interview([Step(number, asked, notes.get(asked.key)) for number, asked in enumerate(QUESTIONS, 1)])
