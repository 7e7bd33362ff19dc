"""A town for must-reads: two units with people in them, a page that they all read, and a day that can be set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.cast import Cast, house, newcomer
from torvet.activity import outbox
from torvet.demo.clock import own_time
from torvet.entries.models import Entry
from torvet.notices.models import Notice
from torvet.notices.queries.audience import Audience
from torvet.people import actions as people
from torvet.people.models import Member, Unit
from torvet.wiki import actions as wiki
from torvet.wiki.models import Page

MoveTo = Callable[[int], None]


@dataclass
class Town:
    """`yard` has nine people, `office` six; the leader leads the yard; the page stands in the open space."""

    cast: Cast
    yard: Unit
    office: Unit
    page: Page
    yard_people: list[Member]
    office_people: list[Member]

    @property
    def entry(self) -> Entry:
        self.page.refresh_from_db()
        return Entry.objects.select_related("space", "author").get(pk=self.page.pk)

    @property
    def both(self) -> Audience:
        return Audience(units=frozenset({self.yard.pk, self.office.pk}))


@pytest.fixture
def town(cast: Cast) -> Town:
    by = house(cast.administrator)
    yard = people.save_unit(by=by, name="Yard", parent=None, leader=cast.leader)
    office = people.save_unit(by=by, name="Office", parent=None, leader=None)
    page = wiki.write_page(by=house(cast.anna), space=cast.open, title="How we lift", body="Look up first.")
    inside = [newcomer(f"Yrsa {letter}", unit=yard) for letter in "ABCDEFGHI"]
    others = [newcomer(f"Olav {letter}", unit=office) for letter in "ABCDEF"]
    hand_out()
    return Town(cast, yard, office, page, inside, others)


def hand_out() -> None:
    """As the worker does."""
    while outbox.drain():
        pass


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def fresh(notice: Notice) -> Notice:
    return Notice.objects.select_related("entry__space", "entry__author", "asked_by", "roll").get(
        pk=notice.pk
    )


@pytest.fixture
def move_to() -> Iterator[MoveTo]:
    """Set the clock forward by whole days from now."""
    with own_time(timezone.now()) as clock:
        start = clock.at
        yield lambda days: clock.set(start + timedelta(days=days))
