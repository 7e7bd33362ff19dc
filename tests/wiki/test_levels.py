"""A level of the tree is shown in parts, and a place in a large space is searched."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from tests.cast import Cast, house, signed_in, viewer_of
from torvet.entries import actions as entries
from torvet.entries.models import Entry
from torvet.people.models import Member
from torvet.spaces.models import Space
from torvet.wiki import actions, queries
from torvet.wiki.models import Page
from torvet.wiki.queries.tree import CHOICES, GLANCE, LEVEL

pytestmark = pytest.mark.django_db


def fill(by: Member, space: Space, number: int, parent: Page | None = None) -> list[Page]:
    """Many pages beside each other, in few statements."""
    now = timezone.now()
    made = Entry.objects.bulk_create([
        Entry(kind="page", space=space, author=by, title=f"Page {n:03}", body="<p>x</p>", text="x", published_at=now)
        for n in range(number)
    ])  # fmt: skip
    trail = parent.own_trail if parent else ","
    rows = [
        Page(entry=e, space=space, owner=by, parent=parent, trail=trail, place=n) for n, e in enumerate(made)
    ]
    return Page.objects.bulk_create(rows)


def test_a_long_level_is_read_part_by_part_without_a_script(cast: Cast) -> None:
    top = actions.write_page(by=house(cast.bo), space=cast.open, title="Top", body="x")
    pages = fill(cast.bo, cast.open, LEVEL + 30, top)
    browser = signed_in(cast.outsider)
    shown = browser.get(top.url).content.decode()
    more = f"/spaces/{cast.open.pk}/pages/?under={top.pk}"
    assert more in shown
    seen: list[str] = []
    address: str | None = more
    while address:
        text = browser.get(address).content.decode()
        seen += re.findall(r"<span>(Page \d+)</span>", text)
        found = re.search(r'href="(\?under=[^"]*after=[^"]*)"', text)
        address = f"/spaces/{cast.open.pk}/pages/{found[1].replace('&amp;', '&')}" if found else None
    assert seen == [f"Page {n:03}" for n in range(len(pages))]


def test_the_way_to_a_page_far_down_in_its_level_is_shown(cast: Cast) -> None:
    pages = fill(cast.bo, cast.open, LEVEL + 30)
    here = Page.objects.get(pk=pages[-1].pk)
    branches = queries.tree(viewer_of(cast.bo), cast.open, here)
    assert len(branches) == LEVEL + 2  # the first of them, the page itself, and what leads to the rest
    assert [branch.id for branch in branches if branch.is_here] == [here.pk]
    assert branches[-1].is_more and branches[-1].url == f"/spaces/{cast.open.pk}/pages/?under="
    assert not any(branch.is_more for branch in queries.tree(viewer_of(cast.bo), cast.closed))


def test_what_stood_below_a_removed_page_stands_at_the_top(cast: Cast) -> None:
    top = actions.write_page(by=house(cast.bo), space=cast.open, title="Top", body="x")
    actions.write_page(by=house(cast.bo), space=cast.open, title="Child", body="x", parent=top)
    entries.remove_entry(by=house(cast.bo), entry=top.entry)
    assert [branch.title for branch in queries.tree(viewer_of(cast.bo), cast.open)] == ["Child"]


def test_a_level_shows_nothing_that_is_not_for_the_reader(cast: Cast) -> None:
    top = actions.write_page(by=house(cast.bo), space=cast.closed, title="Top", body="x")
    for address in (
        f"/spaces/{cast.closed.pk}/pages/?under={top.pk}",
        f"/spaces/{cast.open.pk}/pages/?under={top.pk}",
    ):
        assert signed_in(cast.outsider).get(address).status_code == 404
    # Nor is a page of another space a level of this one.
    assert signed_in(cast.bo).get(f"/spaces/{cast.open.pk}/pages/?under={top.pk}").status_code == 404
    for nonsense in ("x", "9" * 30, "-1"):
        assert signed_in(cast.bo).get(f"/spaces/{cast.open.pk}/pages/?under={nonsense}").status_code == 404
    assert signed_in(cast.bo).get(f"/spaces/{cast.open.pk}/pages/?under=&after=x").status_code == 404


def test_a_place_in_a_large_space_is_searched(cast: Cast) -> None:
    pages = fill(cast.bo, cast.open, CHOICES + 5)
    page = Page.objects.get(pk=pages[0].pk)
    browser = signed_in(cast.bo)
    begun = browser.get(f"{page.url}place/").content.decode()
    assert 'name="q"' in begun and "Page 123" not in begun.split('id="place-before"')[0]
    found = browser.get(f"{page.url}place/?q=page+123").content.decode().split('id="place-before"')[0]
    assert "Page 123" in found and "Page 124" not in found
    browser.post(f"{page.url}place/", {"under": pages[123].pk})
    page.refresh_from_db()
    assert page.parent_id == pages[123].pk
    # Never itself, nor what is below it; and where it stands is always among the choices.
    places = queries.possible_places(viewer_of(cast.bo), cast.open, page, words="Page", chosen=page.parent_id)
    assert page.pk not in {pk for pk, _title in places.choices} and places.is_part
    assert (pages[123].pk, "Page 123") in queries.possible_places(
        viewer_of(cast.bo), cast.open, page, chosen=page.parent_id
    ).choices
    assert (
        "Page 123" in browser.get(f"/spaces/{cast.open.pk}/pages/new/?under={pages[123].pk}").content.decode()
    )
    assert queries.possible_places(viewer_of(cast.bo), cast.closed).is_part is False


def test_a_small_space_shows_two_levels_at_once_and_a_large_one_the_top(
    cast: Cast, django_assert_num_queries: object
) -> None:
    top = actions.write_page(by=house(cast.bo), space=cast.open, title="Welding", body="Words")
    child = actions.write_page(by=house(cast.bo), space=cast.open, title="Masks", body="Words", parent=top)
    actions.write_page(by=house(cast.bo), space=cast.open, title="Grey masks", body="Words", parent=child)
    viewer = viewer_of(cast.bo)
    queries.overview(viewer, cast.open)  # compiled
    with django_assert_num_queries(2):  # type: ignore[operator]
        shown = queries.overview(viewer, cast.open)
    assert [(branch.title, [below.title for below in branch.below]) for branch in shown] == [
        ("Welding", ["Masks"])
    ]
    assert shown[0].is_open and shown[0].below[0].has_more and not shown[0].below[0].is_open
    for number in range(GLANCE):
        actions.write_page(by=house(cast.bo), space=cast.open, title=f"Page {number}", body="Words")
    assert not any(branch.below for branch in queries.overview(viewer_of(cast.bo), cast.open))
