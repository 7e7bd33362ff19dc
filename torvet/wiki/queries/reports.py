"""What readers say is not right, for those who may mend it and for the reader who said it."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from torvet.base.compiled import STAND_INS, compiled
from torvet.people.viewer import Viewer
from torvet.wiki.models import Page, Report

SHOWN = 20
REMEMBERED = timedelta(days=14)  # how long a reader sees the answer on the page


def reports_on(page: Page) -> list[Report]:
    """What readers say of a page and nobody has answered, the oldest first, at most SHOWN.

    For those who may answer: ask `rules.can_answer_reports` first.
    """
    return _open_on().things(page.pk)


@compiled
def _open_on() -> QuerySet[Report]:
    rows = Report.objects.open().filter(page=STAND_INS[0]).select_related("member")
    return rows.order_by("created_at", "id")[:SHOWN]


def own_report(viewer: Viewer, page: Page) -> Report | None:
    """What the viewer said last of a page: while it is open, and for some days after it was answered."""
    found: Report | None = _own().first(viewer.id, page.pk)
    if found is None or found.answered_at is None or found.answered_at > timezone.now() - REMEMBERED:
        return found
    return None


@compiled
def _own() -> QuerySet[Report]:
    rows = Report.objects.filter(member=STAND_INS[0], page=STAND_INS[1])
    return rows.select_related("answered_by").order_by("-id")[:1]


def report_to_answer(page: Page, pk: int) -> Report | None:
    """An open report of this page. For those who may answer: ask `rules.can_answer_reports` first."""
    return Report.objects.open().filter(page=page, pk=pk).first()
