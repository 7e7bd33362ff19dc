"""The history of pages and posts, earlier words taken back, and two people who save at once."""

from __future__ import annotations

import pytest

from tests.cast import Cast, house, signed_in, viewer_of
from torvet.base.rules import Forbidden
from torvet.entries import actions as entries
from torvet.entries import versions
from torvet.people.models import Member
from torvet.spaces.models import Space
from torvet.wiki import actions
from torvet.wiki.models import Page

pytestmark = pytest.mark.django_db


def write(by: Member, space: Space, body: str = "Lift the crane slowly.") -> Page:
    return actions.write_page(by=house(by), space=space, title="Lifting", body=body)


def change(by: Member, page: Page, body: str, title: str = "Lifting") -> None:
    page = Page.objects.select_related("entry__space").get(pk=page.pk)
    actions.edit_page(by=house(by), page=page, title=title, body=body, version=page.entry.version)


def test_each_version_names_its_writer_and_how_much_they_changed(cast: Cast) -> None:
    page = write(cast.bo, cast.open)
    change(cast.anna, page, "Lift the crane very slowly.")
    change(cast.bo, page, "Lift slowly.")
    page = Page.objects.get(pk=page.pk)
    found = versions.versions(page.entry).things
    assert [(row.number, row.author, row.added, row.taken, row.is_standing) for row in found] == [
        (3, cast.bo, 0, 3, True), (2, cast.anna, 1, 0, False), (1, cast.bo, 4, 0, False),
    ]  # fmt: skip
    assert found[0].at > found[1].at > found[2].at


def test_the_list_of_versions_is_shown_in_parts_of_a_few_statements(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    page = write(cast.bo, cast.open)
    for number in range(45):
        change(cast.bo if number % 2 else cast.anna, page, f"Version number {number}")
    page = Page.objects.get(pk=page.pk)
    seen, after = [], None
    while True:
        part = versions.versions(page.entry, after)
        seen += [row.number for row in part.things]
        if not (after := part.next):
            break
    assert seen == list(range(46, 0, -1))
    browser = signed_in(cast.anna)
    browser.get(f"{page.url}history/")
    with django_assert_max_num_queries(13):
        assert browser.get(f"{page.url}history/").status_code == 200
    with django_assert_max_num_queries(14):
        assert browser.get(f"{page.url}history/7/").status_code == 200


def test_a_version_shows_what_it_changed_and_what_was_changed_since(cast: Cast) -> None:
    page = write(cast.bo, cast.open)
    change(cast.anna, page, "Lift the sling slowly.")
    change(cast.anna, page, "Lift the sling slowly and look up.")
    browser = signed_in(cast.outsider)
    shown = browser.get(f"{page.url}history/2/").content.decode()
    assert "</span>crane</del>" in shown and "</span>sling</ins>" in shown and "look up" not in shown
    since = browser.get(f"{page.url}history/2/?with=now").content.decode()
    assert "look up" in since and "crane" not in since
    alone = browser.get(f"{page.url}history/1/").content.decode()
    assert "Lift the crane slowly." in alone
    assert browser.get(f"{page.url}history/9/").status_code == 404
    assert browser.get(f"{page.url}history/?after=x").status_code == 404


def test_posts_have_the_same_view_of_their_changes(cast: Cast) -> None:
    post = entries.publish_post(by=house(cast.bo), space=cast.open, title="Old title", body="It turns")
    entries.edit_entry(by=house(cast.bo), entry=post, title="New title", body="It turns again", version=1)
    shown = signed_in(cast.anna).get(f"/e/{post.pk}/history/2/").content.decode()
    assert "again</ins>" in shown and "Old</del>" in shown
    assert "Version 1" in signed_in(cast.anna).get(f"/e/{post.pk}/history/").content.decode()


def test_the_history_of_a_page_has_one_place(cast: Cast) -> None:
    page = write(cast.bo, cast.open)
    browser = signed_in(cast.anna)
    assert browser.get(f"/e/{page.pk}/history/").headers["Location"] == f"{page.url}history/"
    assert browser.get(f"/e/{page.pk}/history/1/").headers["Location"] == f"{page.url}history/1/"


def test_who_may_not_read_a_page_sees_none_of_its_versions(cast: Cast) -> None:
    page = write(cast.bo, cast.closed)
    change(cast.bo, page, "Other words")
    for name in ("outsider", "guest", "removed", "leader", "administrator"):
        browser = signed_in(cast.people[name])
        for address in ("history/", "history/1/", "history/2/", "history/1/?with=now"):
            assert browser.get(f"{page.url}{address}").status_code == 404, (name, address)
        assert browser.get(f"/e/{page.pk}/history/1/").status_code == 404
        assert browser.post(f"{page.url}history/1/restore/", {"version": 2}).status_code == 404


def test_earlier_words_become_the_newest_version(cast: Cast) -> None:
    page = write(cast.bo, cast.open)
    change(cast.anna, page, "Nonsense", title="Nonsense")
    browser = signed_in(cast.bo)
    assert "Take these words back" in browser.get(f"{page.url}history/1/").content.decode()
    assert "Take these words back" not in browser.get(f"{page.url}history/2/").content.decode()
    answer = browser.post(f"{page.url}history/1/restore/", {"version": 2})
    assert answer.headers["Location"] == page.url
    page = Page.objects.get(pk=page.pk)
    assert (page.entry.title, page.entry.text, page.entry.version) == ("Lifting", "Lift the crane slowly.", 3)
    assert [row.title for row in versions.versions(page.entry).things] == ["Lifting", "Nonsense", "Lifting"]


def test_nothing_is_taken_back_over_the_head_of_somebody_who_saved_meanwhile(cast: Cast) -> None:
    page = write(cast.bo, cast.open)
    change(cast.anna, page, "Second")
    change(cast.anna, page, "Third")
    for seen in ("2", "", "x", "9" * 30):
        answer = signed_in(cast.bo).post(f"{page.url}history/1/restore/", {"version": seen})
        assert answer.status_code == 409
        assert "Somebody saved a change" in answer.content.decode()
    assert Page.objects.get(pk=page.pk).entry.text == "Third"


def test_only_who_may_edit_takes_words_back(cast: Cast) -> None:
    page = write(cast.bo, cast.open)
    change(cast.bo, page, "Second")
    browser = signed_in(cast.outsider)
    assert "Take these words back" not in browser.get(f"{page.url}history/1/").content.decode()
    assert browser.post(f"{page.url}history/1/restore/", {"version": 2}).status_code == 404
    with pytest.raises(Forbidden):
        actions.edit_page(by=viewer_of(cast.outsider), page=page, title="x", body="y", version=2)


BEGAN = "First part\n\nSecond part\n\nThird part"


def test_two_who_save_at_once_lose_nothing(cast: Cast) -> None:
    page = write(cast.bo, cast.open, BEGAN)
    change(cast.anna, page, BEGAN.replace("First part", "First part by Anna"))
    browser = signed_in(cast.bo)
    typed = {"title": "Lifting", "body": BEGAN.replace("Third", "My third"), "version": 1, "sort": "plain"}
    answer = browser.post(f"{page.url}edit/", typed)
    assert answer.status_code == 409
    form = answer.context["form"]
    assert form["body"].value() == "First part by Anna\n\nSecond part\n\nMy third part"
    shown = answer.content.decode()
    assert "Anna Åberg saved a change while you were writing" in shown
    assert "From Anna Åberg:" in shown and "“First part by Anna”" in shown
    assert "From you:" in shown and "“My third part”" in shown
    saved = browser.post(
        f"{page.url}edit/", typed | {"body": form["body"].value(), "version": form["version"].value()}
    )
    assert saved.status_code == 302
    assert "by Anna" in Page.objects.get(pk=page.pk).entry.text
    assert "My third" in Page.objects.get(pk=page.pk).entry.text


def test_what_both_changed_stands_twice_with_names_and_titles_are_said(cast: Cast) -> None:
    page = write(cast.bo, cast.open, BEGAN)
    change(cast.anna, page, BEGAN.replace("First part", "First part by Anna"), title="Hers")
    answer = signed_in(cast.bo).post(
        f"{page.url}edit/",
        {
            "title": "Mine",
            "body": BEGAN.replace("First part", "First part by Bo"),
            "version": 1,
            "sort": "plain",
        },
    )
    body = answer.context["form"]["body"].value()
    assert body.startswith(
        "**Text by Anna Åberg:**\n\nFirst part by Anna\n\n**Your text:**\n\nFirst part by Bo"
    )
    shown = answer.content.decode()
    assert "Both of you changed this" in shown and "“Hers”" in shown
    assert answer.context["form"]["title"].value() == "Mine"


def test_the_rich_editor_gets_the_merge_as_html(cast: Cast) -> None:
    page = write(cast.bo, cast.open, BEGAN)
    change(cast.anna, page, BEGAN + "\n\nFourth")
    answer = signed_in(cast.bo).post(
        f"{page.url}edit/",
        {"title": "Lifting", "body": "<p>First part</p><p>Second</p><p>Third part</p>", "format": "html", "version": 1, "sort": "plain"},
    )  # fmt: skip
    assert (
        answer.context["form"]["body"].value()
        == "<p>First part</p><p>Second</p><p>Third part</p><p>Fourth</p>"
    )
    assert answer.context["form"]["format"].value() == "html"


def test_a_form_sent_twice_is_no_conflict(cast: Cast) -> None:
    page = write(cast.bo, cast.open)
    typed = {"title": "Lifting", "body": "Twice", "version": 1, "sort": "plain"}
    browser = signed_in(cast.bo)
    assert browser.post(f"{page.url}edit/", typed).status_code == 302
    assert browser.post(f"{page.url}edit/", typed).status_code == 302
    assert Page.objects.get(pk=page.pk).entry.version == 2


def test_a_version_that_never_was_still_loses_nothing(cast: Cast) -> None:
    page = write(cast.bo, cast.open, "Standing words")
    answer = signed_in(cast.bo).post(
        f"{page.url}edit/", {"title": "Lifting", "body": "My words", "version": 77, "sort": "plain"}
    )
    body = answer.context["form"]["body"].value()
    assert answer.status_code == 409 and "Standing words" in body and "My words" in body


def test_posts_merge_alike(cast: Cast) -> None:
    post = entries.publish_post(by=house(cast.bo), space=cast.open, title="T", body=BEGAN)
    entries.edit_entry(by=house(cast.bo), entry=post, title="T", body=BEGAN + "\n\nFrom the phone", version=1)
    browser = signed_in(cast.bo)
    answer = browser.post(f"/e/{post.pk}/edit/", {"title": "T", "body": "Zero\n\n" + BEGAN, "version": 1})
    assert answer.status_code == 409
    assert answer.context["form"]["body"].value() == "Zero\n\n" + BEGAN + "\n\nFrom the phone"
    assert answer.context["form"]["version"].value() == "2"
