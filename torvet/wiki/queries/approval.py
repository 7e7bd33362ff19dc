"""Approved words and working words: which an editor begins with, and what has been saved meanwhile."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from django.db.models import F

from torvet.base.pages import Page as Part
from torvet.base.pages import paginate
from torvet.entries.actions.attach import NAMED
from torvet.entries.merging import Ancestor
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.wiki.models import ApprovalInSpace, Page, Verdict, WorkingText


class WordsToEdit(NamedTuple):
    """What an editor begins with; `version` is given back to `edit_page` with the new words."""

    title: str
    body: str  # cleaned HTML
    version: int


def words_to_edit(page: Page) -> WordsToEdit:
    """The newest words of a page: the working text where there is one, else what everybody reads.

    For those who may edit the page: ask `rules.can_edit_page` first.
    """
    working = working_text(page)
    if working is not None:
        return WordsToEdit(working.title, working.body, working.version)
    return WordsToEdit(page.entry.title, page.entry.body, page.entry.version)


def words_begun_with(page: Page, version: int) -> Ancestor | None:
    """The words of an earlier working text, for merging; None when the version is one of the page's own.

    For those who may edit the page.
    """
    row = WorkingText.objects.filter(page=page.pk, version=version).first()
    return Ancestor(row.title, row.body) if row else None


def files_in_working_texts() -> set[str]:
    """Keys of uploads that stand in a text that waits for approval: they are not thrown away meanwhile."""
    rows = WorkingText.objects.filter(page__working_version=F("version")).values_list("body", flat=True)
    return {key for body in rows.iterator() for key in NAMED.findall(body)}


def working_text(page: Page) -> WorkingText | None:
    """The newest working text of a page, or None when what everybody reads is the newest.

    For those who may see it: ask `rules.can_see_working` first.
    """
    if page.working_version is None:
        return None
    rows = WorkingText.objects.select_related("written_by", "answered_by")
    return rows.filter(page=page.pk, version=page.working_version).first()


def earlier_working(
    viewer: Viewer, page: Page, after: str | None = None, size: int = 10
) -> Part[WorkingText]:
    """What was saved on the way, the newest first, for those who may see it. Raises BadCursor."""
    rows = WorkingText.objects.visible_to(viewer).filter(page=page.pk)
    if page.working_version is not None:
        rows = rows.exclude(version=page.working_version)
    return paginate(
        rows.select_related("written_by", "answered_by"), order=("-version",), after=after, size=size
    )


def wants_approval(space: Space) -> bool:
    """Whether new pages of a space need approval from the start."""
    return ApprovalInSpace.objects.filter(space=space).exists()


def approved_in(page: Page, numbers: Collection[int]) -> dict[int, WorkingText]:
    """version -> the working text that it was; for versions of a page that the viewer may read."""
    if page.approved_at is None:
        return {}
    rows = WorkingText.objects.filter(page=page, verdict=Verdict.APPROVED, version__in=list(numbers))
    return {
        row.version: row for row in rows.select_related("written_by", "answered_by").defer("body", "text")
    }
