"""Who may say that an answer is right beside those who run its space: asked of whoever knows the fields people have."""

from __future__ import annotations

from collections.abc import Callable

from torvet.entries.models import Entry
from torvet.people.viewer import Viewer

Judge = Callable[
    [Viewer, Entry], bool
]  # is this question one for the viewer: of their field, or asked of them?
_judges: list[Judge] = []


def judge_with(judge: Judge) -> None:
    """Ask this too; registering the same twice changes nothing."""
    if judge not in _judges:
        _judges.append(judge)


def knows_field(viewer: Viewer, question: Entry) -> bool:
    """Whether the question, read through `visible_to`, is one for this viewer."""
    return any(judge(viewer, question) for judge in _judges)
