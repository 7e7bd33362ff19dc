"""What a viewer may do with questions and answers. Pure: on loaded attributes, with the viewer's membership given."""

from __future__ import annotations

from torvet.entries import rules as entries
from torvet.entries.models import Entry
from torvet.people.viewer import Viewer
from torvet.spaces import rules as spaces
from torvet.spaces.models import Membership, Space


def can_ask(viewer: Viewer, space: Space, membership: Membership | None) -> bool:
    """Whoever may post there."""
    return entries.can_post(viewer, space, membership)


def can_answer(viewer: Viewer, question: Entry, membership: Membership | None) -> bool:
    """Whoever takes part. Whether the thread is locked is said in a sentence of its own."""
    return entries.takes_part(viewer, question, membership)


def can_accept(viewer: Viewer, question: Entry, membership: Membership | None) -> bool:
    """The asker alone: nobody else knows whether it helped."""
    return question.author_id == viewer.id and entries.takes_part(viewer, question, membership)


def can_confirm(
    viewer: Viewer, question: Entry, membership: Membership | None, *, knows: bool = False
) -> bool:
    """Those who run the space, and those whose field it is: `knows` (forum/knowing.py)."""
    runs = spaces.can_run(viewer, question.space, membership)
    return (runs or knows) and entries.takes_part(viewer, question, membership)


def can_mark_same(viewer: Viewer, question: Entry, membership: Membership | None) -> bool:
    """Say that a question was asked before: the asker, and those who run the space."""
    is_own = question.author_id == viewer.id
    runs = spaces.can_run(viewer, question.space, membership)
    return (is_own or runs) and entries.takes_part(viewer, question, membership)
