"""Suggesting a change: by those who read, to those who may edit, seen by nobody else."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.cache import cache
from django.test import override_settings
from django.utils import timezone

from tests.cast import Cast, house, signed_in, viewer_of
from tests.moving.wikis import a_picture
from torvet.activity import outbox
from torvet.base.rules import Forbidden, Refused
from torvet.entries import actions as entries
from torvet.entries.actions import remove_unused_files
from torvet.entries.models import Attachment
from torvet.notifications.models import Notification, Told
from torvet.notifications.queries import target_of, told
from torvet.people.models import Member
from torvet.spaces import actions as spaces
from torvet.spaces.models import Membership, Space
from torvet.spaces.queries import membership_of
from torvet.wiki import actions, queries, rules
from torvet.wiki.models import Page, State, Suggestion

pytestmark = pytest.mark.django_db
BEGAN = "First part\n\nSecond part\n\nThird part"
SUGGESTED = BEGAN.replace("Third part", "Third part, mended")


def write(cast: Cast, space: Space | None = None) -> Page:
    return actions.write_page(by=house(cast.bo), space=space or cast.open, title="Lifting", body=BEGAN)


def suggest(by: Member, page: Page, body: str = SUGGESTED, **words: str) -> Suggestion:
    page = Page.objects.select_related("entry__space").get(pk=page.pk)
    return actions.suggest_change(
        by=house(by),
        page=page,
        title=words.pop("title", "Lifting"),
        body=body,
        version=page.entry.version,
        **words,
    )


def change(by: Member, page: Page, body: str) -> None:
    page = Page.objects.select_related("entry__space").get(pk=page.pk)
    actions.edit_page(by=house(by), page=page, title="Lifting", body=body, version=page.entry.version)


def drained() -> None:
    while outbox.drain():
        pass


def as_told(member: Member) -> list[str]:
    rows = Notification.objects.filter(member=member, verb__startswith="suggest").order_by("pk")
    return list(rows.values_list("verb", flat=True))


def test_who_may_not_edit_is_offered_to_suggest(cast: Cast) -> None:
    page = write(cast)
    shown = signed_in(cast.outsider).get(page.url).content.decode()
    assert "Suggest a change" in shown and f"{page.url}edit/" not in shown
    shown = signed_in(cast.anna).get(page.url).content.decode()
    assert "Suggest a change" not in shown and f"{page.url}edit/" in shown


def test_a_suggestion_is_written_seen_and_put_on_the_page_in_the_browser(cast: Cast) -> None:
    page = write(cast)
    writer, editor = signed_in(cast.outsider), signed_in(cast.anna)
    begun = writer.get(f"{page.url}suggestions/new/").content.decode()
    assert "First part" in begun
    made = writer.post(
        f"{page.url}suggestions/new/",
        {"title": "Lifting", "body": SUGGESTED, "version": 1, "why": "It broke"},
    )
    address = made.headers["Location"]
    shown = editor.get(address).content.decode()
    assert "mended</ins>" in shown and "It broke" in shown and cast.outsider.name in shown
    assert "1 suggested change" in editor.get(page.url).content.decode()
    assert "It broke" in editor.get(f"{page.url}suggestions/").content.decode()
    assert editor.post(f"{address}accept/").headers["Location"] == page.url
    page = Page.objects.get(pk=page.pk)
    assert "Third part, mended" in page.entry.text
    history = " ".join(editor.get(f"{page.url}history/").content.decode().split())
    assert f"written by {cast.outsider.name}, accepted by {cast.anna.name}" in history
    assert f"written by {cast.outsider.name}" in editor.get(f"{page.url}history/2/").content.decode()


# Who sees a suggestion that somebody outside the space's members made for a page of the open space.
SEES = {
    "anna": True, "bo": True, "leader": True, "outsider": True, "administrator": True, "community_manager": True,
    "guest": False, "removed": False,
}  # fmt: skip


@pytest.mark.parametrize("name", SEES)
def test_only_who_made_it_and_who_may_edit_see_a_suggestion(cast: Cast, name: str) -> None:
    page = write(cast)
    made = suggest(cast.outsider, page, why="Only for them")
    browser = signed_in(cast.people[name])
    expected = 200 if SEES[name] else 404
    assert browser.get(made.url).status_code == expected
    assert ("Only for them" in browser.get(f"{page.url}suggestions/").content.decode()) is SEES[name]
    assert (queries.get_suggestion(viewer_of(cast.people[name]), page, made.pk) is not None) is SEES[name]
    if not SEES[name]:
        assert "suggested change" not in browser.get(page.url).content.decode()
        for act in ("accept/", "decline/", "withdraw/", "notes/"):
            answer = browser.post(f"{made.url}{act}", {"reason": "x", "body": "x"})
            assert answer.status_code == 404, act
        made.refresh_from_db()
        assert made.is_open


@pytest.mark.parametrize("name", SEES)
def test_the_rule_alone_says_the_same_as_the_set(cast: Cast, name: str) -> None:
    """They guard each other: a fault in one must not hide behind the other."""
    made = suggest(cast.outsider, write(cast))
    viewer = viewer_of(cast.people[name])
    membership = membership_of(viewer, cast.open)
    assert rules.can_see_suggestion(viewer, made, membership) is SEES[name]
    assert Suggestion.objects.visible_to(viewer).filter(pk=made.pk).exists() is SEES[name]


def test_those_inside_still_read_what_was_suggested_when_the_space_is_archived(cast: Cast) -> None:
    page = write(cast, cast.closed)
    made = suggest(cast.bo, page, why="Kept for later")
    spaces.archive_space(by=house(cast.anna), space=cast.closed)
    browser = signed_in(cast.anna)
    assert "Kept for later" in browser.get(made.url).content.decode()
    assert "Kept for later" in browser.get(f"{page.url}suggestions/").content.decode()
    assert browser.post(f"{made.url}accept/").status_code == 404
    assert browser.post(f"{made.url}notes/", {"body": "x"}).status_code in {404, 422}


def test_another_reader_who_suggests_sees_only_their_own(cast: Cast) -> None:
    page = write(cast)
    theirs, own = suggest(cast.outsider, page), suggest(cast.removed, page)
    assert [
        row.pk for row in queries.suggestions_for(viewer_of(cast.removed), page, only_own=False).things
    ] == [own.pk]
    assert queries.number_open(viewer_of(cast.removed), page, only_own=False) == 1
    assert signed_in(cast.removed).get(theirs.url).status_code == 404
    assert queries.number_open(viewer_of(cast.anna), page, only_own=False) == 2


def test_a_suggestion_for_another_page_has_no_address_here(cast: Cast) -> None:
    page, other = write(cast), write(cast)
    made = suggest(cast.outsider, page)
    assert signed_in(cast.anna).get(f"{other.url}suggestions/{made.pk}/").status_code == 404


def test_who_may_not_comment_may_not_suggest(cast: Cast) -> None:
    page = write(cast, cast.closed)
    for name in ("outsider", "guest", "removed", "leader", "administrator"):
        with pytest.raises(Forbidden):
            suggest(cast.people[name], page)
        assert signed_in(cast.people[name]).get(f"{page.url}suggestions/new/").status_code == 404
    assert not Suggestion.objects.exists()


def test_who_leaves_the_space_no_longer_answers_and_loses_sight(cast: Cast) -> None:
    page = write(cast, cast.closed)
    made = suggest(cast.bo, page)
    assert signed_in(cast.anna).get(made.url).status_code == 200
    spaces.remove_member(
        by=house(cast.anna), membership=Membership.objects.select_related("space", "member").get(space=cast.closed, member=cast.bo)
    )  # fmt: skip
    assert signed_in(cast.bo).get(made.url).status_code == 404
    assert not Suggestion.objects.visible_to(viewer_of(cast.bo)).exists()


def test_what_was_changed_elsewhere_meanwhile_is_kept(cast: Cast) -> None:
    page = write(cast)
    made = suggest(cast.outsider, page)
    change(cast.bo, page, BEGAN.replace("First part", "First part, newer"))
    assert "brings both together" in signed_in(cast.anna).get(made.url).content.decode()
    assert signed_in(cast.anna).post(f"{made.url}accept/").status_code == 302
    text = Page.objects.get(pk=page.pk).entry.text
    assert "First part, newer" in text and "Third part, mended" in text


def test_what_was_changed_in_the_same_place_is_decided_by_a_person(cast: Cast) -> None:
    page = write(cast)
    made = suggest(cast.outsider, page)
    change(cast.bo, page, BEGAN.replace("Third part", "Third part, otherwise"))
    browser = signed_in(cast.anna)
    answer = browser.post(f"{made.url}accept/")
    assert answer.status_code == 409
    form = answer.context["form"]
    assert "Third part, mended" in form["body"].value() and "Third part, otherwise" in form["body"].value()
    made.refresh_from_db()
    assert made.is_open and "mended" not in Page.objects.get(pk=page.pk).entry.text
    change(cast.bo, page, BEGAN.replace("First", "Foremost").replace("Third part", "Third part, otherwise"))
    decided = {
        "title": "Lifting",
        "body": "First part\n\nSecond part\n\nThird part, both",
        "version": 2,
        "decided": 1,
    }
    again = browser.post(f"{made.url}accept/", decided)
    assert again.status_code == 409
    assert "Foremost" in again.context["form"]["body"].value()
    last = decided | {
        "body": "Foremost\n\nThird part, both",
        "version": again.context["form"]["version"].value(),
    }
    assert browser.post(f"{made.url}accept/", last).status_code == 302
    made.refresh_from_db()
    page = Page.objects.get(pk=page.pk)
    assert (made.state, made.answered_by, made.accepted_as) == (State.ACCEPTED, cast.anna, page.entry.version)
    assert page.entry.text == "Foremost\n\nThird part, both"


def test_a_decline_needs_a_reason_and_reaches_who_suggested(cast: Cast) -> None:
    page = write(cast)
    made = suggest(cast.outsider, page)
    browser = signed_in(cast.anna)
    refused = browser.post(f"{made.url}decline/", {"reason": " "})
    assert refused.status_code == 422 and "Say why in a sentence" in refused.content.decode()
    assert browser.post(f"{made.url}decline/", {"reason": "The crane is gone"}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.reason) == (State.DECLINED, "The crane is gone")
    drained()
    assert as_told(cast.outsider) == [Told.SUGGESTION_DECLINED]
    assert "The crane is gone" in signed_in(cast.outsider).get(made.url).content.decode()
    twice = browser.post(f"{made.url}accept/")
    assert twice.status_code in {403, 422} and "mended" not in Page.objects.get(pk=page.pk).entry.text


def test_one_withdraws_ones_own_and_nobody_elses(cast: Cast) -> None:
    page = write(cast)
    made = suggest(cast.outsider, page)
    assert signed_in(cast.anna).post(f"{made.url}withdraw/").status_code == 404
    assert signed_in(cast.outsider).post(f"{made.url}accept/").status_code == 404
    assert signed_in(cast.outsider).post(f"{made.url}decline/", {"reason": "x"}).status_code == 404
    assert signed_in(cast.outsider).post(f"{made.url}withdraw/").status_code == 302
    made.refresh_from_db()
    assert made.state == State.WITHDRAWN
    drained()
    assert as_told(cast.bo) == []


def test_it_is_talked_about_among_those_who_see_it(cast: Cast) -> None:
    page = write(cast)
    made = suggest(cast.outsider, page)
    signed_in(cast.anna).post(f"{made.url}notes/", {"body": "Do you *mean* the sling?"})
    shown = signed_in(cast.outsider).get(made.url).content.decode()
    assert "<em>mean</em>" in shown
    assert "sling" not in signed_in(cast.removed).get(page.url).content.decode()
    refused = signed_in(cast.outsider).post(f"{made.url}notes/", {"body": " "})
    assert refused.status_code == 422
    signed_in(cast.outsider).post(f"{made.url}notes/", {"body": "Yes"})
    drained()
    assert as_told(cast.outsider) == [Told.SUGGESTION_DISCUSSED]
    assert as_told(cast.anna) == [Told.SUGGESTION_DISCUSSED]
    assert as_told(cast.bo) == [Told.SUGGESTED, Told.SUGGESTION_DISCUSSED]


def test_those_who_answer_for_the_page_are_told_and_led_there(cast: Cast) -> None:
    page = write(cast)
    actions.name_owner(by=house(cast.bo), page=page, owner=cast.bo, deputy=cast.anna, unit=None, months=12)
    made = suggest(cast.outsider, page)
    drained()
    assert as_told(cast.bo) == as_told(cast.anna) == [Told.SUGGESTED]
    assert target_of(Notification.objects.get(member=cast.bo, verb=Told.SUGGESTED)) == made.url
    line = next(line for line in told(viewer_of(cast.bo)).things if line.verb == Told.SUGGESTED)
    assert line.sentence == f"{cast.outsider.name} suggests a change to a page in Town square"
    actions.accept_suggestion(
        by=house(cast.anna), suggestion=queries.get_suggestion(viewer_of(cast.anna), page, made.pk)
    )
    drained()
    assert as_told(cast.outsider) == [Told.SUGGESTION_ACCEPTED]


def test_those_who_run_the_space_are_told_when_nobody_answers_for_the_page(cast: Cast) -> None:
    page = write(cast)
    Page.objects.filter(pk=page.pk).update(owner=cast.deactivated)
    suggest(cast.outsider, page)
    drained()
    assert as_told(cast.leader) == as_told(cast.anna) == [Told.SUGGESTED]


def test_what_says_nothing_new_or_nothing_at_all_is_refused_and_kept(cast: Cast) -> None:
    page = write(cast)
    with pytest.raises(Refused):
        suggest(cast.outsider, page, BEGAN)
    answer = signed_in(cast.outsider).post(
        f"{page.url}suggestions/new/", {"title": " ", "body": "My words", "version": 1, "why": "My reason"}
    )
    assert answer.status_code == 422
    assert "My words" in answer.content.decode() and "My reason" in answer.content.decode()
    assert not Suggestion.objects.exists()


@override_settings(RATE_LIMITS=True)
def test_nobody_floods_a_page_with_suggestions(cast: Cast) -> None:
    page = write(cast)
    cache.clear()
    browser = signed_in(cast.outsider)
    statuses = [
        browser.post(
            f"{page.url}suggestions/new/", {"title": "Lifting", "body": f"No {n}", "version": 1}
        ).status_code
        for n in range(22)
    ]
    assert statuses[:20] == [302] * 20 and 429 in statuses
    assert (
        "No 21"
        in browser.post(
            f"{page.url}suggestions/new/", {"title": "Lifting", "body": "No 21", "version": 1}
        ).content.decode()
    )
    with pytest.raises(Refused):
        suggest(cast.outsider, page, "One more")


def test_the_pages_of_suggestions_cost_a_fixed_number_of_statements(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    page = write(cast)
    made = [suggest(cast.outsider, page, f"Text {number}") for number in range(15)]
    for number in range(20):
        actions.discuss_suggestion(
            by=house(cast.anna if number % 2 else cast.outsider), suggestion=made[0], body="x"
        )
    browser = signed_in(cast.anna)
    browser.get(made[0].url)
    with django_assert_max_num_queries(14):
        browser.get(made[0].url)
    with django_assert_max_num_queries(13):
        browser.get(f"{page.url}suggestions/")


def test_an_accepted_suggestion_becomes_the_working_text_where_changes_are_approved(cast: Cast) -> None:
    page = actions.write_page(by=house(cast.bo), space=cast.open, title="Masks", body="Grey\n\nLast")
    actions.want_approval(by=house(cast.bo), page=page)
    made = actions.suggest_change(
        by=house(cast.outsider), page=page, title="Masks", body="Grey\n\nLast and least", version=1
    )
    actions.edit_page(by=house(cast.anna), page=page, title="Masks", body="Blue\n\nLast", version=1)
    actions.accept_suggestion(by=house(cast.bo), suggestion=made)
    page = Page.objects.select_related("entry").get(pk=page.pk)
    assert page.entry.text == "Grey\n\nLast"
    assert queries.words_to_edit(page).body == "<p>Blue</p><p>Last and least</p>"


def with_a_picture(by: Member, page: Page) -> tuple[Suggestion, Attachment]:
    row = entries.upload(by=house(by), source=BytesIO(a_picture()), name="crane.png")
    html = f'<p>Third part, shown</p><img src="/files/{row.key}/{row.name}" alt="A crane">'
    return suggest(by, page, html, format="html"), row


def test_a_picture_in_a_suggestion_is_kept_and_comes_with_it(cast: Cast) -> None:
    page = write(cast)
    suggestion, row = with_a_picture(cast.anna, page)
    Attachment.objects.update(created_at=timezone.now() - timedelta(days=30))
    assert remove_unused_files() == 0
    address = f"/files/{row.key}/{row.name}"
    assert signed_in(cast.leader).get(address).status_code == 404
    actions.accept_suggestion(by=house(cast.bo), suggestion=suggestion)
    assert signed_in(cast.leader).get(address).status_code == 200


def test_a_picture_in_a_suggestion_waits_for_approval_with_the_words(cast: Cast) -> None:
    page = write(cast)
    actions.want_approval(by=house(cast.bo), page=page)
    suggestion, row = with_a_picture(cast.anna, page)
    actions.accept_suggestion(by=house(cast.bo), suggestion=suggestion)
    address = f"/files/{row.key}/{row.name}"
    assert signed_in(cast.leader).get(address).status_code == 404
    page = Page.objects.select_related("entry__space").get(pk=page.pk)
    actions.approve_page(by=house(cast.bo), page=page, version=page.working_version or 0)
    assert signed_in(cast.leader).get(address).status_code == 200
