"""Pages of the wiki: their approval, the question whether they are right, and what is suggested for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import Q

from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.entries import queries as entries
from torvet.notifications import keeping
from torvet.notifications.audience.telling import LARGEST_UNIT, Addressed, Telling, about_entry, wishes
from torvet.notifications.models import Told
from torvet.spaces.models import Membership, Standing
from torvet.wiki.models import Page, PageSource, SuggestionNote


def _about_page(verb: Told, whom: Callable[[Activity], list[int]]) -> Callable[[Activity], list[Telling]]:
    def telling(activity: Activity) -> list[Telling]:
        page, bundle = activity.entry_id, keeping.bundle_of(verb, activity.entry_id)
        return [Telling(verb, bundle, tuple(whom(activity)), activity.space_id, page, page)]

    return telling


def _suggested(activity: Activity) -> list[Telling]:
    """Told to those who answer for the page; to those who run its space when none of them can be told."""
    page = _page_of(activity)
    if page is None:
        return []
    answering = {page.owner_id, page.deputy_id or 0} - {activity.by_id or 0}
    heard = set(wishes(page.entry.space, answering))
    if not heard:
        running = Membership.objects.filter(
            space=page.entry.space_id,
            standing__in=[Standing.OWNER, Standing.MODERATOR],
            member__is_active=True,
        ).exclude(member=activity.by_id)
        heard = set(running.values_list("member_id", flat=True))
    return [_about_suggestion(Told.SUGGESTED, activity, page, heard)]


def _suggestion_answered(verb: Told) -> Callable[[Activity], list[Telling]]:
    """Told to who made the suggestion."""

    def telling(activity: Activity) -> list[Telling]:
        page = _page_of(activity)
        if page is None or activity.about_id in {None, activity.by_id}:
            return []
        heard = set(wishes(page.entry.space, [activity.about_id or 0]))
        return [_about_suggestion(verb, activity, page, heard)]

    return telling


def _suggestion_discussed(activity: Activity) -> list[Telling]:
    """Told to who made it, who answers for the page, and who spoke about it before and may still see it."""
    page = _page_of(activity)
    if page is None:
        return []
    spoke = SuggestionNote.objects.filter(suggestion=activity.details["suggestion"]).values("by")
    inside = Membership.objects.filter(space=page.entry.space_id).filter(
        Q(member__in=spoke) | Q(member__in=[page.owner_id, page.deputy_id or 0])
    )
    concerned = {activity.about_id or 0, *inside.values_list("member_id", flat=True)[:LARGEST_UNIT]}
    heard = set(wishes(page.entry.space, concerned - {activity.by_id or 0}))
    return [_about_suggestion(Told.SUGGESTION_DISCUSSED, activity, page, heard)]


def _page_of(activity: Activity) -> Page | None:
    """The page, unless it has been removed meanwhile."""
    rows = Page.objects.filter(pk=activity.entry_id or 0, entry__in=entries.standing())
    return rows.select_related("entry__space").first()


def _about_suggestion(verb: Told, activity: Activity, page: Page, members: Iterable[int]) -> Telling:
    return about_entry(verb, f"g{activity.details['suggestion']}", page.entry, members)


def _made(activity: Activity) -> list[Telling]:
    """Told to those whose words the page was made with, and who may read it; never to who made it."""
    page = _page_of(activity)
    if page is None:
        return []
    authors = PageSource.objects.filter(page=page.pk).values_list("entry__author_id", flat=True)
    heard = wishes(page.entry.space, set(authors) - {activity.by_id or 0})
    return [about_entry(Told.BECAME_PAGE, f"e{page.pk}", page.entry, heard)]


ADDRESSED: Addressed = {
    verbs.MADE_PAGE: _made,
    verbs.ASKED_IF_RIGHT: _about_page(Told.STILL_RIGHT, keeping.to_whom_it_is_about),
    verbs.WANTED_APPROVAL: _about_page(Told.TO_APPROVE, keeping.to_those_who_answer),
    verbs.APPROVED_PAGE: _about_page(Told.APPROVED, keeping.to_whom_it_is_about),
    verbs.ANSWERED_NOT_YET: _about_page(Told.NOT_YET, keeping.to_whom_it_is_about),
    verbs.REPORTED_PAGE: _about_page(Told.REPORTED, keeping.to_those_who_answer),
    verbs.ANSWERED_REPORT: _about_page(Told.REPORT_ANSWERED, keeping.to_whom_it_is_about),
    verbs.SUGGESTED_CHANGE: _suggested,
    verbs.ACCEPTED_CHANGE: _suggestion_answered(Told.SUGGESTION_ACCEPTED),
    verbs.DECLINED_CHANGE: _suggestion_answered(Told.SUGGESTION_DECLINED),
    verbs.DISCUSSED_CHANGE: _suggestion_discussed,
}
