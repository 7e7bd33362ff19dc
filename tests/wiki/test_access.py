"""A page that fewer people read, or change, than its space."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast, house, newcomer, signed_in, viewer_of
from torvet.base.rules import Forbidden, Refused
from torvet.entries import actions as entries
from torvet.people import actions as people
from torvet.people.models import Member
from torvet.search import actions as search
from torvet.spaces import actions as spaces
from torvet.spaces.models import Access, Membership, Space, Standing
from torvet.wiki import actions, queries
from torvet.wiki.models import Editing, Page

pytestmark = pytest.mark.django_db

CANARY = "Kobberkabelkanariefugl"


def write(by: Member, space: Space, title: str, parent: Page | None = None) -> Page:
    return actions.write_page(by=house(by), space=space, title=title, body=f"{CANARY} {title}", parent=parent)


def fresh(page: Page) -> Page:
    return Page.objects.select_related("space", "entry__space", "owner", "deputy").get(pk=page.pk)


def keep(page: Page, by: Member, *members: Member) -> Page:
    actions.keep_to_fewer(by=house(by), page=fresh(page), members=members)
    return fresh(page)


def reads(member: Member, page: Page) -> bool:
    return signed_in(member).get(page.url).status_code == 200


def test_only_those_named_read_it_and_what_is_below(cast: Cast) -> None:
    page = write(cast.bo, cast.open, "Wages")
    below = write(cast.bo, cast.open, "Raises", page)
    keep(page, cast.bo, cast.anna)
    child = write(cast.anna, cast.open, "Later", fresh(page))
    for one in (page, below, child):
        assert reads(cast.bo, one) and reads(cast.anna, one)
        for name in ("leader", "outsider", "administrator", "community_manager", "guest", "removed"):
            assert not reads(cast.people[name], one), name


def test_not_a_word_of_it_reaches_another_reader_of_the_space(cast: Cast) -> None:
    page = write(cast.bo, cast.open, f"{CANARY} wages")
    comment = entries.add_comment(by=house(cast.anna), on=page.entry, body=f"{CANARY} wages indeed")
    keep(page, cast.bo, cast.anna)
    search.complete()
    inner = fresh(page).entry.space_id
    addresses = (
        "/", f"/spaces/{cast.open.pk}/", f"/spaces/{cast.open.pk}/pages/", f"/e/{page.pk}/", f"/e/{comment.pk}/", page.url,
        f"{page.url}history/", f"{page.url}edit/", "/search/?q=wages", f"/search/?q=wages&space={cast.open.pk}",
        f"/people/{cast.bo.handle}/", "/spaces/", f"/spaces/{inner}/", f"/api/v1/entries/{page.pk}", "/api/v1/spaces",
        f"/api/v1/spaces/{inner}", f"/api/v1/spaces/{inner}/memberships", "/api/v1/search?q=wages", "/notifications/",
    )  # fmt: skip
    for name in ("leader", "administrator", "outsider", "community_manager"):
        browser = signed_in(cast.people[name])
        for address in addresses:
            answer = browser.get(address, follow=True)
            assert CANARY not in answer.content.decode(), (name, address)
    assert CANARY in signed_in(cast.anna).get(f"/search/?q=wages&space={cast.open.pk}").content.decode()


def test_the_inner_space_is_listed_nowhere_and_managed_nowhere_else(cast: Cast) -> None:
    page = keep(write(cast.bo, cast.open, "Wages"), cast.bo, cast.anna)
    inner = page.entry.space
    browser = signed_in(cast.bo)
    for word in ("", "members/", "settings/", "invitations/"):
        assert browser.get(f"/spaces/{inner.pk}/{word}").status_code == 404, word
    listed = browser.get("/spaces/").content.decode()
    assert f"/spaces/{inner.pk}/" not in listed
    assert browser.get("/api/v1/spaces").json()["items"]
    assert inner.pk not in [row["id"] for row in browser.get("/api/v1/spaces").json()["items"]]
    with pytest.raises(Forbidden):
        spaces.invite_member(by=house(cast.bo), space=inner, member=cast.outsider)
    with pytest.raises(Forbidden):
        spaces.change_space(by=house(cast.bo), space=inner, changes={"access": "open"})


@pytest.mark.parametrize("name", ["outsider", "guest", "removed", "leader"])
def test_nobody_reads_it_who_does_not_read_the_space(cast: Cast, name: str) -> None:
    page = write(cast.anna, cast.closed, "Wages")
    with pytest.raises(Refused, match="cannot read"):
        keep(page, cast.anna, cast.people[name])
    assert not fresh(page).entry.space.is_inner


def test_whoever_leaves_the_space_loses_the_page_too(cast: Cast) -> None:
    page = keep(write(cast.anna, cast.closed, "Wages"), cast.anna, cast.bo)
    assert reads(cast.bo, page)
    spaces.remove_member(
        by=house(cast.anna), membership=Membership.objects.get(space=cast.closed, member=cast.bo)
    )
    assert not reads(cast.bo, page)
    assert not Membership.objects.filter(space=page.entry.space, member=cast.bo).exists()


def test_when_the_space_closes_only_its_members_keep_the_page(cast: Cast) -> None:
    colleague = newcomer("Ture Nielsen")
    page = keep(write(cast.bo, cast.open, "Wages"), cast.bo, cast.anna, colleague)
    assert reads(colleague, page)
    Membership.objects.filter(space=cast.open, member=colleague).delete()
    spaces.change_space(by=house(cast.leader), space=cast.open, changes={"access": Access.CLOSED})
    assert not reads(colleague, page) and reads(cast.anna, page)


def test_it_never_falls_to_nobody(cast: Cast) -> None:
    page = keep(write(cast.bo, cast.closed, "Wages"), cast.bo)
    spaces.leave(by=house(cast.bo), space=cast.closed)
    owners = Membership.objects.filter(space=page.entry.space, standing=Standing.OWNER)
    assert [row.member for row in owners] == [cast.anna]


def test_an_archived_space_archives_what_is_inside(cast: Cast) -> None:
    page = keep(write(cast.bo, cast.open, "Wages"), cast.bo, cast.anna)
    spaces.archive_space(by=house(cast.leader), space=Space.objects.get(pk=cast.open.pk))
    with pytest.raises(Forbidden):
        actions.edit_page(by=viewer_of(cast.bo), page=fresh(page), title="X", body="Y", version=1)


def test_it_opens_again_unless_others_have_trusted_it(cast: Cast) -> None:
    page = keep(write(cast.bo, cast.open, "Wages"), cast.bo, cast.anna)
    actions.open_to_all(by=house(cast.bo), page=page)
    assert reads(cast.leader, page)
    page = keep(page, cast.bo, cast.anna)
    entries.add_comment(by=house(cast.anna), on=fresh(page).entry, body="Between us")
    with pytest.raises(Refused, match="trusting"):
        actions.open_to_all(by=house(cast.bo), page=fresh(page))
    assert not reads(cast.leader, page)


def test_moving_never_shows_it_to_more(cast: Cast) -> None:
    wages = keep(write(cast.bo, cast.open, "Wages"), cast.bo, cast.anna)
    below = write(cast.bo, cast.open, "Raises", wages)
    other = write(cast.bo, cast.open, "Canteen")
    with pytest.raises(Refused, match="stays there"):
        actions.move_page(by=house(cast.bo), page=fresh(below), parent=fresh(other))
    actions.move_page(by=house(cast.bo), page=fresh(other), parent=fresh(wages))
    assert not reads(cast.leader, other) and reads(cast.anna, other)
    second = keep(write(cast.bo, cast.open, "Bonus"), cast.bo)
    with pytest.raises(Refused, match="Both"):
        actions.move_page(by=house(cast.bo), page=second, parent=fresh(wages))
    third = write(cast.bo, cast.open, "Cars")
    actions.move_page(by=house(cast.bo), page=second, parent=third)
    assert not reads(cast.anna, second) and reads(cast.leader, third)
    with pytest.raises(Refused, match="Something below"):
        keep(third, cast.bo, cast.anna)


def test_only_its_owners_say_who_reads_it(cast: Cast) -> None:
    page = write(cast.bo, cast.open, "Wages")
    for name in ("leader", "outsider", "guest", "administrator"):
        member = cast.people[name]
        expected = name == "leader"  # who runs the space
        assert (signed_in(member).get(f"{page.url}access/").status_code == 200) is expected, name
    keep(page, cast.bo, cast.anna)
    assert signed_in(cast.bo).get(f"{page.url}access/").status_code == 200
    for name in ("leader", "anna"):
        assert signed_in(cast.people[name]).get(f"{page.url}access/").status_code == 404, name


def test_few_may_change_it_and_all_may_read_it(cast: Cast) -> None:
    page = write(cast.bo, cast.open, "Wages")
    actions.change_editing(by=house(cast.bo), page=fresh(page), editing=Editing.FEW)
    helper = newcomer("Ture Nielsen")
    spaces.join(by=house(helper), space=cast.open)
    for member, may in ((cast.bo, True), (cast.anna, True), (cast.leader, True), (helper, False)):
        browser = signed_in(member)
        assert browser.get(page.url).status_code == 200
        assert (browser.get(f"{page.url}edit/").status_code == 200) is may, member
        answer = browser.patch(
            f"/api/v1/entries/{page.pk}",
            {"body": f"By {member.handle}", "version": fresh(page).entry.version},
            content_type="application/json",
        )
        assert (answer.status_code == 200) is may, answer.content
    actions.name_owner(by=house(cast.bo), page=fresh(page), owner=helper, deputy=None, unit=None, months=12)
    assert signed_in(helper).get(f"{page.url}edit/").status_code == 200


def save(browser: Client, page: Page, **sent: str) -> int:
    return browser.post(f"{page.url}access/", {"reading": "few", "editing": "all", **sent}).status_code


def test_people_are_named_by_line_and_nothing_typed_is_lost(cast: Cast) -> None:
    page = write(cast.bo, cast.open, "Wages")
    browser = signed_in(cast.bo)
    answer = browser.post(
        f"{page.url}access/",
        {"reading": "few", "editing": "few", "readers": f"{cast.anna.handle}\nNobody Here"},
    )
    assert answer.status_code == 422
    assert "Nobody Here" in answer.content.decode() and cast.anna.handle in answer.content.decode()
    assert not fresh(page).entry.space.is_inner and fresh(page).editing == "all"
    assert save(browser, page, readers=f"@{cast.anna.handle}\n{cast.leader.name}") == 302
    assert {m.pk for m in queries.chosen_readers(viewer_of(cast.bo), fresh(page))} == {
        cast.anna.pk, cast.bo.pk, cast.leader.pk,
    }  # fmt: skip
    assert save(browser, page, readers=cast.anna.email) == 302
    assert not reads(cast.leader, page)
    assert save(browser, page, reading="all", readers="") == 302
    assert reads(cast.leader, page)


def test_a_closed_account_hands_a_kept_page_to_one_of_its_readers(cast: Cast) -> None:
    page = keep(write(cast.bo, cast.open, "Wages"), cast.bo, cast.anna)
    people.deactivate(by=house(cast.administrator), member=cast.bo)
    assert fresh(page).owner == cast.anna
    assert reads(cast.anna, page) and not reads(cast.leader, page) and not reads(cast.administrator, page)
    owners = Membership.objects.filter(
        space=page.entry.space, standing=Standing.OWNER, member__is_active=True
    )
    assert [row.member for row in owners] == [cast.anna]


def test_a_page_begun_while_the_one_above_is_kept_to_fewer_is_read_by_those_alone(cast: Cast) -> None:
    page = write(cast.bo, cast.open, "Wages")
    seen_before = fresh(page)
    keep(page, cast.bo, cast.anna)
    child = write(cast.anna, cast.open, "Raises", seen_before)
    assert not reads(cast.leader, child) and reads(cast.bo, child)


def test_two_who_keep_a_page_to_fewer_at_once_open_one_inner_space(cast: Cast) -> None:
    page = write(cast.bo, cast.open, "Wages")
    seen_before = fresh(page)
    first = keep(page, cast.bo, cast.anna)
    actions.keep_to_fewer(by=house(cast.bo), page=seen_before, members=[cast.leader])
    assert fresh(page).entry.space_id == first.entry.space_id
    assert not reads(cast.anna, page) and reads(cast.leader, page)
