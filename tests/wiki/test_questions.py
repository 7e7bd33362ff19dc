"""One question before the day, answered in one click; and the list of what waits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import Cast, house, newcomer, signed_in, viewer_of
from torvet.activity import outbox, verbs
from torvet.activity.models import Activity
from torvet.config.schedule import SCHEDULE
from torvet.notifications import queries as notifications
from torvet.notifications.models import Notification, Told
from torvet.people.models import Member, Unit
from torvet.spaces import actions as spaces
from torvet.spaces.models import Space
from torvet.wiki import actions, queries
from torvet.wiki.actions.question import MOST_ONE_BY_ONE
from torvet.wiki.models import Page

pytestmark = pytest.mark.django_db


def due(by: Member, space: Space, days: int, title: str = "Masks") -> Page:
    """A page to be looked through in so many days."""
    page = actions.write_page(by=house(by), space=space, title=title, body="Words")
    return due_in(page, days)


def due_in(page: Page, days: int) -> Page:
    Page.objects.filter(pk=page.pk).update(confirmed_until=timezone.localdate() + timedelta(days=days))
    return Page.objects.select_related("entry__space").get(pk=page.pk)


def drain() -> None:
    while outbox.drain():
        pass


def asked(member: Member) -> list[int | None]:
    drain()
    rows = Notification.objects.filter(member=member, verb=Told.STILL_RIGHT).order_by("pk")
    return list(rows.values_list("entry", flat=True))


def asks() -> int:
    return Activity.objects.filter(verb=verbs.ASKED_IF_RIGHT).count()


@pytest.mark.parametrize(("days", "is_asked"), [(15, False), (14, True), (3, True), (0, True), (-40, True)])
def test_the_owner_is_asked_two_weeks_before_the_day(cast: Cast, days: int, is_asked: bool) -> None:
    page = due(cast.bo, cast.open, days)
    actions.ask_if_right()
    assert asked(cast.bo) == ([page.pk] if is_asked else [])
    assert asked(cast.anna) == []
    question = "Is this page still right?"
    assert (question in signed_in(cast.bo).get(page.url).content.decode()) is is_asked
    assert question not in signed_in(cast.outsider).get(page.url).content.decode()


def test_each_day_is_asked_once_and_reminded_of_once(cast: Cast) -> None:
    page = due(cast.bo, cast.open, 10)
    for _ in range(3):
        actions.ask_if_right()
    assert asks() == 1
    Page.objects.filter(pk=page.pk).update(
        confirmed_until=timezone.localdate() - timedelta(days=1),
        asked_for=timezone.localdate() - timedelta(days=1),
    )
    for _ in range(3):
        actions.ask_if_right()
    assert asks() == 2
    # Found overdue at first: one question, no reminder the next day.
    due(cast.anna, cast.open, -5, "Old")
    for _ in range(3):
        actions.ask_if_right()
    assert asks() == 3


def test_a_page_that_was_confirmed_is_asked_again_for_its_next_day(cast: Cast) -> None:
    page = due(cast.bo, cast.open, 10)
    actions.ask_if_right()
    actions.confirm_page(by=house(cast.bo), page=page)
    actions.ask_if_right()
    assert asks() == 1
    due_in(page, 2)
    actions.ask_if_right()
    assert asks() == 2


def test_whom_the_question_reaches_when_the_owner_is_gone(cast: Cast) -> None:
    nina = newcomer("Nina Ny")
    spaces.join(by=house(nina), space=cast.open)
    with_deputy = due(nina, cast.open, 5, "With a deputy")
    actions.name_owner(by=house(nina), page=with_deputy, owner=nina, deputy=cast.bo, unit=None, months=12)
    with_deputy, alone = due_in(with_deputy, 5), due(nina, cast.open, 5, "Alone")
    # Behind the back of the action that passes on what somebody leaves: as an older database may have it.
    Member.objects.filter(pk=nina.pk).update(is_active=False)
    actions.ask_if_right()
    assert asked(cast.bo) == [with_deputy.pk]
    assert asked(nina) == []
    assert Activity.objects.filter(verb=verbs.ASKED_IF_RIGHT, entry_id=alone.pk).count() == 0
    care = signed_in(cast.anna).get(f"/spaces/{cast.open.pk}/pages/care/?what=unanswered").content.decode()
    assert "Alone" in care and "With a deputy" not in care
    assert "Nobody answers for this page" in signed_in(cast.anna).get(alone.url).content.decode()


def test_nobody_is_asked_of_what_was_removed_or_archived_or_is_not_theirs_to_read(cast: Cast) -> None:
    from torvet.entries import actions as entries

    gone = due(cast.bo, cast.open, 1)
    entries.remove_entry(by=house(cast.bo), entry=gone.entry)
    lost = due(cast.bo, cast.closed, 1, "Lost")
    spaces.leave(by=house(cast.bo), space=cast.closed)
    due(cast.bo, cast.guests, 1, "Archived")
    spaces.archive_space(by=house(cast.anna), space=cast.guests)
    actions.ask_if_right()
    assert asked(cast.bo) == []
    assert (
        Activity.objects.filter(verb=verbs.ASKED_IF_RIGHT).values_list("entry_id", flat=True).get() == lost.pk
    )


def test_many_pages_of_one_day_are_one_question_that_leads_to_the_list(cast: Cast) -> None:
    for number in range(MOST_ONE_BY_ONE + 1):
        due(cast.bo, cast.open, 1, f"Page {number}")
    due(cast.anna, cast.open, 1, "Hers")
    actions.ask_if_right()
    assert asked(cast.bo) == [None]
    assert len(asked(cast.anna)) == 1
    line = notifications.told(viewer_of(cast.bo)).things[0]
    assert "Several pages" in line.sentence and line.target == "/pages/to-confirm/?mine=1"
    assert signed_in(cast.bo).get(line.url).headers["Location"] == line.target


def test_one_click_in_the_list_of_notifications_answers_it_for_all(cast: Cast) -> None:
    page = due(cast.bo, cast.open, 5)
    actions.name_owner(by=house(cast.bo), page=page, owner=cast.bo, deputy=cast.leader, unit=None, months=12)
    due_in(page, 5)
    actions.ask_if_right()
    drain()
    browser = signed_in(cast.bo)
    shown = browser.get("/told/").content.decode()
    assert "Is “<b>Masks</b>” still right?" in shown
    assert f'action="{page.url}confirmation/"' in shown and f'href="{page.url}edit/"' in shown
    answer = browser.post(f"{page.url}confirmation/", {"next": "/told/"})
    assert answer.headers["Location"] == "/told/"
    drain()
    assert Page.objects.get(pk=page.pk).confirmed_until > timezone.localdate() + timedelta(days=300)
    after = browser.get("/told/").content.decode()
    assert f'action="{page.url}confirmation/"' not in after
    assert not Notification.objects.filter(verb=Told.STILL_RIGHT, read_at=None).exists()
    assert (
        browser.post(f"{page.url}confirmation/", {"next": "https://elsewhere.example/"}).headers["Location"]
        == page.url
    )


def test_a_button_to_answer_is_only_for_those_who_answer_for_it(cast: Cast) -> None:
    page = due(cast.bo, cast.open, 5)
    actions.ask_if_right()
    drain()
    actions.name_owner(by=house(cast.bo), page=page, owner=cast.anna, deputy=None, unit=None, months=12)
    due_in(page, 5)
    assert "confirmation/" not in signed_in(cast.bo).get("/told/").content.decode()


def test_the_work_stands_in_the_schedule_and_its_statements_do_not_grow_with_the_pages(cast: Cast) -> None:
    assert any(timed.work is actions.ask_if_right for timed in SCHEDULE)
    for number in range(40):
        due(cast.bo, cast.open, 60, f"Page {number}")
    with CaptureQueriesContext(connection) as nothing:
        actions.ask_if_right()
    Page.objects.update(confirmed_until=timezone.localdate())
    with CaptureQueriesContext(connection) as forty:
        assert actions.ask_if_right() == 40
    assert len(forty) <= len(nothing) + 12
    assert actions.ask_if_right() == 0


def units(viewer: Member) -> list[tuple[str, int]]:
    return [(one.name, one.number) for one in queries.overdue_by_unit(viewer_of(viewer))]


def test_what_waits_is_counted_by_unit_and_filtered(cast: Cast) -> None:
    harbour = Unit.objects.create(name="Harbour")
    mine, theirs, _loose = (due(cast.bo, cast.open, -1, name) for name in ("Mine", "Theirs", "Loose"))
    secret = due(cast.bo, cast.secret, -1, "Hidden")
    Page.objects.filter(pk__in=[mine.pk, theirs.pk, secret.pk]).update(unit=harbour)
    Page.objects.filter(pk=theirs.pk).update(owner=cast.anna)
    assert units(cast.outsider) == [("Harbour", 2), ("", 1)]
    assert units(cast.bo) == [("Harbour", 3), ("", 1)]
    browser = signed_in(cast.bo)
    of_unit = browser.get(f"/pages/to-confirm/?unit={harbour.pk}").content.decode()
    assert "Mine" in of_unit and "Theirs" in of_unit and "Loose" not in of_unit
    without = browser.get("/pages/to-confirm/?unit=0").content.decode()
    assert "Loose" in without and "Theirs" not in without
    own = browser.get("/pages/to-confirm/?mine=1").content.decode()
    assert "Loose" in own and "Theirs" not in own.replace("<title>", "")
    assert "Hidden" not in signed_in(cast.outsider).get("/pages/to-confirm/").content.decode()
    assert signed_in(cast.guest).get("/pages/to-confirm/").status_code in {403, 404}
    for nonsense in ("unit=x", "unit=" + "9" * 30, "after=W10", "unit=-1"):
        assert browser.get(f"/pages/to-confirm/?{nonsense}").status_code in {200, 404}


def test_the_list_is_paged_and_costs_the_same_at_any_length(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    for number in range(45):
        due(cast.bo, cast.open, -1, f"Page {number:02}")
    first = queries.overdue(viewer_of(cast.bo), is_own=True)
    rest = queries.overdue(viewer_of(cast.bo), first.next, is_own=True)
    assert (len(first.things), len(rest.things), rest.next) == (40, 5, None)
    browser = signed_in(cast.bo)
    browser.get("/pages/to-confirm/")
    with django_assert_max_num_queries(12):
        shown = browser.get("/pages/to-confirm/?mine=1").content.decode()
    assert "?mine=1&amp;after=" in shown or "?mine=1&after=" in shown
