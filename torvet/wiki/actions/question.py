"""Asking those who answer for a page whether it is still right: once before the day, once after it, and never daily."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.people.viewer import NOBODY
from torvet.wiki.models import Page
from torvet.wiki.models.page import ASKED_BEFORE

BATCH = 500
MOST_ONE_BY_ONE = 5  # questions for one person in one go; more become one, which leads to their list


def ask_if_right() -> int:
    """Timed work: one question for each page whose day is near, one more when it has passed. Gives how many pages.

    The owner is asked; when their account is closed, the deputy. Where neither is there, nobody is: the page stands
    in the list of what needs care.
    """
    today = timezone.localdate()
    asked = 0
    while True:
        with transaction.atomic():
            pages = _due(today)
            if not pages:
                return asked
            _ask(pages)
            _note(pages, today)
        asked += len(pages)


def _due(today: date) -> list[Page]:
    """The next pages whose question is open. What a first run finds overdue is asked once, not twice."""
    unasked = Q(asked_for=None) | ~Q(asked_for=F("confirmed_until"))
    unreminded = Q(reminded_for=None) | ~Q(reminded_for=F("confirmed_until"))
    rows = Page.objects.to_confirm(today + ASKED_BEFORE).filter(
        unasked | Q(unreminded, confirmed_until__lt=today), entry__removed_at=None, space__archived_at=None
    )
    rows = rows.select_related("owner", "deputy").order_by("confirmed_until", "entry_id")
    return list(rows.select_for_update(of=("self",), skip_locked=False)[:BATCH])


def _ask(pages: Sequence[Page]) -> None:
    addressed = [(page, page.answerer) for page in pages]
    number = Counter(member.pk for _page, member in addressed if member)
    for page, member in addressed:
        if member is None:
            continue
        if number[member.pk] <= MOST_ONE_BY_ONE:
            record(
                verbs.ASKED_IF_RIGHT,
                by=NOBODY,
                about=member,
                space_id=page.space_id,
                entry_id=page.pk,
                thread_id=page.pk,
            )
    seen: set[int] = set()
    for _page, member in addressed:
        if member is not None and number[member.pk] > MOST_ONE_BY_ONE and member.pk not in seen:
            seen.add(member.pk)
            record(verbs.ASKED_IF_RIGHT, by=NOBODY, about=member, pages=number[member.pk])


def _note(pages: Sequence[Page], today: date) -> None:
    for page in pages:
        page.asked_for = page.confirmed_until
        if page.confirmed_until is not None and page.confirmed_until < today:
            page.reminded_for = page.confirmed_until
    Page.objects.bulk_update(pages, ["asked_for", "reminded_for"])
