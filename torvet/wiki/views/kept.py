"""What stands around the words of a page: its newer working text, what readers report, and what speaks of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from torvet.people.viewer import viewer_of
from torvet.spaces.models import Membership
from torvet.wiki import queries, rules
from torvet.wiki.models import Page


def kept_parts(request: HttpRequest, shown: Page, membership: Membership | None) -> dict[str, Any]:
    """For the page; every part asks whether this viewer may see it."""
    viewer = viewer_of(request)
    working = own = None
    if shown.working_version is not None and rules.can_see_working(viewer, shown, membership):
        working = queries.working_text(shown)
    may_answer = rules.can_answer_reports(viewer, shown, membership)
    may_report = rules.can_report(viewer, shown, membership)
    if may_report:
        own = queries.own_report(viewer, shown)
    return {
        "working": working,
        "reports": queries.reports_on(shown) if may_answer else [],
        "own_report": own,
        "may_report": may_report and not shown.is_being_written,
        "linked": queries.first_linked_from(viewer, shown),
    }


def words_shown(request: HttpRequest, shown: Page, kept: dict[str, Any], *, may_write: bool) -> str:
    """The approved words; of a page that was never approved the working text, for those who have it in `kept`."""
    html = kept["working"].body if shown.is_being_written and kept["working"] else shown.entry.body
    return queries.drawn_words(viewer_of(request), shown, html, may_write=may_write)
