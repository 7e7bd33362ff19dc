"""Wrong, or out of date: said by readers in one click, heard by those who answer for the page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from tests.cast import Cast, house, signed_in, viewer_of
from torvet.activity import outbox
from torvet.base.rules import Forbidden, Refused
from torvet.notifications import queries as notifications
from torvet.notifications.models import Notification, Told
from torvet.spaces import actions as spaces
from torvet.spaces.models import Space
from torvet.spaces.queries import membership_of
from torvet.wiki import actions, queries, rules
from torvet.wiki.actions import report as reporting
from torvet.wiki.models import Page, Report

pytestmark = pytest.mark.django_db


def page_in(cast: Cast, space: Space | None = None) -> Page:
    return actions.write_page(by=house(cast.bo), space=space or cast.open, title="Masks", body="Words")


def drain() -> None:
    while outbox.drain():
        pass


READERS = {
    "open": {"administrator", "community_manager", "leader", "anna", "bo", "outsider", "removed"},
    "closed": {"anna", "bo"},
    "secret": {"anna", "bo"},
    "guests": {"anna", "bo", "guest"},
}


@pytest.mark.parametrize("place", READERS)
def test_every_reader_may_say_that_something_is_wrong(cast: Cast, place: str) -> None:
    page = page_in(cast, cast.spaces[place])
    for name, member in cast.people.items():
        if name == "deactivated":
            continue
        answer = signed_in(member).post(f"{page.url}reports/", {"what": "outdated"})
        allowed = name in READERS[place]
        assert answer.status_code == (302 if allowed else 404), name
        assert Report.objects.filter(member=member).exists() is allowed, name
        if not allowed:
            with pytest.raises(Forbidden):
                actions.report_page(by=viewer_of(member), page=page, what="wrong")


def test_it_goes_to_owner_and_deputy_and_to_nobody_else(cast: Cast) -> None:
    page = page_in(cast)
    actions.name_owner(by=house(cast.bo), page=page, owner=cast.bo, deputy=cast.leader, unit=None, months=12)
    signed_in(cast.outsider).post(f"{page.url}reports/", {"what": "wrong", "words": "The filter is another"})
    signed_in(cast.removed).post(f"{page.url}reports/", {"what": "outdated"})
    drain()
    rows = Notification.objects.filter(verb=Told.REPORTED)
    assert set(rows.values_list("member", flat=True)) == {cast.bo.pk, cast.leader.pk}
    line = notifications.told(viewer_of(cast.bo)).things[0]
    assert line.target == f"{page.url}#reports"
    assert "Rolf Fjernet" in line.sentence and "Ulla Udenfor" in line.sentence and "Masks" in line.sentence
    assert "The filter is another" not in signed_in(cast.bo).get("/told/").content.decode()


def test_only_editors_and_the_reader_see_it(cast: Cast) -> None:
    page = page_in(cast)
    signed_in(cast.outsider).post(f"{page.url}reports/", {"what": "wrong", "words": "cnryreport"})
    for name, member in cast.people.items():
        if name in {"deactivated", "guest"}:
            continue
        shown = signed_in(member).get(page.url).content.decode()
        viewer = viewer_of(member)
        is_editor = rules.can_answer_reports(viewer, page, membership_of(viewer, cast.open))
        assert ("cnryreport" in shown) is is_editor, name
        assert ("You said that something here is wrong" in shown) is (name == "outsider"), name
    for address in (
        f"/e/{page.pk}/",
        f"/api/v1/entries/{page.pk}",
        "/company/",
        "/told/",
        f"/spaces/{cast.open.pk}/",
    ):
        shown = signed_in(cast.removed).get(address, follow=True).content.decode()
        assert "cnryreport" not in shown, address
    assert page.url not in signed_in(cast.bo).get("/search/?q=cnryreport").content.decode()


def test_one_for_each_person_and_page_while_it_is_open(cast: Cast) -> None:
    page = page_in(cast)
    for what in ("wrong", "outdated", "outdated"):
        actions.report_page(by=house(cast.outsider), page=page, what=what, words=what)
    assert [(row.what, row.words) for row in Report.objects.all()] == [("outdated", "outdated")]
    drain()
    assert Notification.objects.filter(verb=Told.REPORTED).count() == 1
    actions.answer_report(by=house(cast.bo), page=page, report=Report.objects.get(), answer="Mended")
    actions.report_page(by=house(cast.outsider), page=page, what="wrong")
    assert Report.objects.count() == 2


def test_it_can_be_taken_back_before_anybody_has_read_of_it(cast: Cast) -> None:
    page = page_in(cast)
    browser = signed_in(cast.outsider)
    browser.post(f"{page.url}reports/", {"what": "wrong"})
    drain()
    browser.post(f"{page.url}reports/delete/")
    drain()
    assert not Report.objects.exists()
    assert not Notification.objects.filter(verb=Told.REPORTED).exists()


def test_an_answer_reaches_the_reader_and_ends_it(cast: Cast) -> None:
    page = page_in(cast)
    report = actions.report_page(by=house(cast.outsider), page=page, what="wrong")
    address = f"{page.url}reports/{report.pk}/answer/"
    for member in (cast.outsider, cast.removed):
        assert signed_in(member).post(address, {"answer": "x"}).status_code == 404
        with pytest.raises(Forbidden):
            actions.answer_report(by=viewer_of(member), page=page, report=report)
    other = page_in(cast, cast.secret)
    signed_in(cast.anna).post(f"{other.url}reports/{report.pk}/answer/", {"answer": "on another page"})
    assert Report.objects.get(pk=report.pk).answered_at is None
    signed_in(cast.anna).post(address, {"answer": "Mended, thank you"})
    signed_in(cast.bo).post(address, {"answer": "Too late"})
    assert Report.objects.get(pk=report.pk).answer == "Mended, thank you"
    drain()
    line = notifications.told(viewer_of(cast.outsider)).things[0]
    assert (line.verb, line.target) == (Told.REPORT_ANSWERED, f"{page.url}#reports")
    assert "Mended, thank you" in signed_in(cast.outsider).get(page.url).content.decode()
    assert "Mended, thank you" not in signed_in(cast.removed).get(page.url).content.decode()
    Report.objects.update(answered_at=timezone.now() - timedelta(days=30))
    assert queries.own_report(viewer_of(cast.outsider), page) is None


def test_what_is_no_choice_is_refused_in_words_and_long_words_are_cut(cast: Cast) -> None:
    page = page_in(cast)
    with pytest.raises(Refused):
        actions.report_page(by=house(cast.outsider), page=page, what="boring")
    answer = signed_in(cast.outsider).post(f"{page.url}reports/", {"what": ""}, follow=True)
    assert "Choose what is not right" in answer.content.decode()
    found = actions.report_page(by=house(cast.outsider), page=page, what="wrong", words="<b>x</b> " * 900)
    assert len(found.words) <= reporting.LONGEST
    assert "<b>x</b>" not in signed_in(cast.bo).get(page.url).content.decode()


def test_a_person_cannot_flood_the_owners(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "A_DAY", reporting.Limit("page-reports-test", 2, 86_400))
    pages = [page_in(cast) for _ in range(3)]
    with override_settings(RATE_LIMITS=True):
        for page in pages[:2]:
            actions.report_page(by=house(cast.outsider), page=page, what="wrong")
        with pytest.raises(Refused):
            actions.report_page(by=house(cast.outsider), page=pages[2], what="wrong")
        actions.report_page(by=house(cast.removed), page=pages[2], what="wrong")


@pytest.mark.filterwarnings("error::django.core.cache.backends.base.CacheKeyWarning")
def test_the_limit_has_a_name_that_every_cache_takes(cast: Cast) -> None:
    page = page_in(cast, cast.open)
    assert actions.report_page(by=house(cast.anna), page=page, what="wrong", words="")


def test_nothing_is_reported_where_nobody_could_mend_it(cast: Cast) -> None:
    page = page_in(cast, cast.closed)
    spaces.archive_space(by=house(cast.anna), space=cast.closed)
    page = Page.objects.select_related("entry__space").get(pk=page.pk)
    with pytest.raises(Forbidden):
        actions.report_page(by=house(cast.bo), page=page, what="wrong")
    assert "Something wrong with this page?" not in signed_in(cast.bo).get(page.url).content.decode()


def test_a_page_with_many_reports_costs_as_much_as_one_with_none(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    page = page_in(cast)
    for name in ("outsider", "removed", "leader", "anna", "administrator", "community_manager"):
        actions.report_page(by=house(cast.people[name]), page=page, what="wrong")
    browser = signed_in(cast.bo)
    browser.get(page.url)
    with django_assert_max_num_queries(23):
        assert "6 readers say" in browser.get(page.url).content.decode()
