"""Whom is told what of keeping pages true. Told to those who answer for a page also when they hear nothing else of the
space: somebody waits for them. Nobody is told of what they may not read."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from torvet.activity.models import Activity
from torvet.entries import queries as entries
from torvet.notifications.models import Told
from torvet.people.models import Member
from torvet.people.viewer import Via, Viewer
from torvet.spaces.models import Membership, Standing
from torvet.wiki import queries as pages
from torvet.wiki.models import Page

# How the rows of a page are bundled: each kind of question is one row until it is read.
BUNDLES = {
    Told.STILL_RIGHT: "q",
    Told.TO_APPROVE: "a",
    Told.APPROVED: "a",
    Told.NOT_YET: "a",
    Told.REPORTED: "r",
    Told.REPORT_ANSWERED: "r",
}


def bundle_of(verb: Told, page_id: int | None) -> str:
    return f"{BUNDLES[verb]}{page_id or ''}"


def answering(page: Page) -> list[Member]:
    """Owner and deputy with open accounts; where there are none, those who run the space."""
    found = [one for one in (page.owner, page.deputy) if one is not None and one.is_active]
    if found:
        return found
    running = Membership.objects.filter(
        space=page.space_id, standing__in=[Standing.OWNER, Standing.MODERATOR], member__is_active=True
    )
    return [row.member for row in running.select_related("member").order_by("member_id")]


def to_those_who_answer(activity: Activity) -> list[int]:
    """Ids of those who answer for the page an activity is about, and may read it; never who did it."""
    page = Page.objects.select_related("owner", "deputy").filter(pk=activity.entry_id or 0).first()
    return _reading(answering(page), page.pk, activity) if page else []


def to_whom_it_is_about(activity: Activity) -> list[int]:
    if activity.about is None:
        return []
    return _reading([activity.about], activity.entry_id, activity)


def _reading(members: Iterable[Member], page_id: int | None, activity: Activity) -> list[int]:
    found = []
    for member in members:
        if not member.is_active or member.is_bot or member.pk == activity.by_id:
            continue
        viewer = Viewer.of(member, via=Via.ADDRESSEE)
        if page_id is None or entries.get_visible(viewer, page_id) is not None:
            found.append(member.pk)
    return sorted(set(found))


def _to_page(page_id: int | None) -> str:
    return f"/pages/{page_id}/" if page_id else "/pages/to-confirm/?mine=1"


def _to_working(page_id: int | None) -> str:
    return f"/pages/{page_id}/working/"


def _to_reports(page_id: int | None) -> str:
    return f"/pages/{page_id}/#reports"


# Where rows about pages lead, by what they say.
TARGETS: dict[str, Callable[[int | None], str]] = {
    Told.STILL_RIGHT: _to_page,
    Told.TO_APPROVE: _to_working,
    Told.NOT_YET: _to_working,
    Told.APPROVED: _to_page,
    Told.REPORTED: _to_reports,
    Told.REPORT_ANSWERED: _to_reports,
}


def still_asked(viewer: Viewer, page_ids: Iterable[int]) -> set[int]:
    """Of these pages, those whose question the viewer can answer with one click."""
    wanted = set(page_ids)
    return pages.asked_of(viewer, wanted) if wanted else set()
