"""Suggested changes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from torvet.base.compiled import STAND_INS
from torvet.base.pages import Page as Part
from torvet.base.pages import paginate
from torvet.entries.actions.attach import NAMED
from torvet.people.looking import compiled_for_viewer
from torvet.people.viewer import Viewer
from torvet.wiki.models import Page, State, Suggestion, SuggestionNote

MOST_NOTES = 200


def _seen(viewer: Viewer, page: Page) -> QuerySet[Suggestion]:
    return (
        Suggestion.objects.visible_to(viewer)
        .filter(page=page)
        .select_related("by", "answered_by", "page__entry__space", "page__space")
    )


def get_suggestion(viewer: Viewer, page: Page, pk: int) -> Suggestion | None:
    """The suggestion for this page, when the viewer made it or may edit; else None."""
    return _seen(viewer, page).filter(pk=pk).first()


def suggestions_for(
    viewer: Viewer, page: Page, *, only_own: bool, after: str | None = None, size: int = 20
) -> Part[Suggestion]:
    """The newest first; only the viewer's own unless the rule lets them see everybody's. Raises BadCursor."""
    rows = _seen(viewer, page).defer("body")
    return paginate(rows.filter(by=viewer.id) if only_own else rows, order=("-id",), after=after, size=size)


def number_open(viewer: Viewer, page: Page, *, only_own: bool) -> int:
    """How many wait for an answer; only the viewer's own unless the rule lets them see everybody's."""
    return _open(viewer, only_own).count(viewer.id, page.pk)


@compiled_for_viewer
def _open(viewer: Viewer, only_own: bool) -> QuerySet[Suggestion, Any]:
    rows = Suggestion.objects.visible_to(viewer).open().filter(page_id=STAND_INS[1])
    return (rows.filter(by=viewer.id) if only_own else rows).order_by().values("pk")


def notes_on(suggestion: Suggestion) -> list[SuggestionNote]:
    """What was said about a suggestion that was read through `visible_to`, the oldest first."""
    rows = SuggestionNote.objects.filter(suggestion=suggestion).select_related("by")
    return list(rows.order_by("-id")[:MOST_NOTES])[::-1]


def files_in_suggestions() -> set[str]:
    """Keys of uploads that stand in a suggestion nobody has answered: they are not thrown away meanwhile."""
    rows = Suggestion.objects.open().values_list("body", flat=True)
    return {key for body in rows.iterator() for key in NAMED.findall(body)}


def accepted_in(page: Page, numbers: Collection[int]) -> dict[int, Suggestion]:
    """version -> the suggestion that it came from; for versions of a page that the viewer may read."""
    rows = Suggestion.objects.filter(page=page, state=State.ACCEPTED, accepted_as__in=list(numbers))
    rows = rows.select_related("by", "answered_by").defer("body")
    return {row.accepted_as: row for row in rows if row.accepted_as is not None}
