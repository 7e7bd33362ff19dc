"""Pages: written together, in a tree, with addresses that last, and kept true."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cast import Cast, house, newcomer, signed_in, viewer_of
from torvet.base.rules import Forbidden, Refused
from torvet.entries import actions as entries
from torvet.entries.actions import EditConflict
from torvet.people.models import Member
from torvet.spaces.models import Space
from torvet.wiki import actions, queries
from torvet.wiki.contents import with_anchors
from torvet.wiki.models import Page, Sort

pytestmark = pytest.mark.django_db


def write(by: Member, space: Space, title: str, parent: Page | None = None, body: str = "Words") -> Page:
    return actions.write_page(by=house(by), space=space, title=title, body=body, parent=parent)


def titles(viewer: Member, space: Space, here: Page | None = None) -> list[object]:
    def named(branches: list[queries.Branch]) -> list[object]:
        return [(branch.title, named(branch.below)) if branch.below else branch.title for branch in branches]

    return named(queries.tree(viewer_of(viewer), space, here))


def test_pages_stand_in_a_tree_opened_along_the_way(cast: Cast) -> None:
    top = write(cast.bo, cast.open, "Welding")
    safety = write(cast.bo, cast.open, "Safety", top)
    masks = write(cast.anna, cast.open, "Masks", safety)
    write(cast.anna, cast.open, "Cranes")
    assert titles(cast.anna, cast.open) == ["Welding", "Cranes"]
    assert titles(cast.anna, cast.open, masks) == [("Welding", [("Safety", ["Masks"])]), "Cranes"]
    assert [page.entry.title for page in queries.path_to(viewer_of(cast.anna), masks)] == [
        "Welding",
        "Safety",
    ]
    assert [page.entry.title for page in queries.below(viewer_of(cast.anna), top).things] == ["Safety"]


def test_a_branch_moves_whole_and_keeps_its_addresses(cast: Cast) -> None:
    one, two = write(cast.bo, cast.open, "One"), write(cast.bo, cast.open, "Two")
    child = write(cast.bo, cast.open, "Child", one)
    grandchild = write(cast.bo, cast.open, "Grandchild", child)
    actions.move_page(by=house(cast.anna), page=child, parent=two)
    grandchild.refresh_from_db()
    assert grandchild.above == [two.pk, child.pk]
    assert signed_in(cast.bo).get(grandchild.url).status_code == 200
    actions.move_page(by=house(cast.anna), page=Page.objects.get(pk=two.pk), parent=None, before=one)
    assert titles(cast.bo, cast.open) == ["Two", "One"]
    assert signed_in(cast.bo).get(f"/e/{child.pk}/", follow=True).redirect_chain[-1][0] == child.url


def test_a_page_never_stands_below_itself(cast: Cast) -> None:
    top = write(cast.bo, cast.open, "Top")
    child = write(cast.bo, cast.open, "Child", top)
    grandchild = write(cast.bo, cast.open, "Grandchild", child)
    for parent in (top, child, grandchild):
        with pytest.raises(Refused):
            actions.move_page(by=house(cast.bo), page=top, parent=parent)
    with pytest.raises(Refused):
        actions.move_page(by=house(cast.bo), page=top, parent=write(cast.bo, cast.secret, "Elsewhere"))
    browser = signed_in(cast.bo)
    answer = browser.post(f"{top.url}place/", {"under": grandchild.pk})
    assert answer.status_code == 422
    assert "below itself" in answer.content.decode()


def test_who_may_read_and_write_pages(cast: Cast) -> None:
    page = write(cast.bo, cast.closed, "Plans")
    for name in ("outsider", "guest", "removed", "leader", "administrator", "community_manager"):
        member = cast.people[name]
        browser = signed_in(member)
        for address in (page.url, f"{page.url}edit/", f"{page.url}history/", f"{page.url}place/", f"{page.url}owner/",
                        f"/spaces/{cast.closed.pk}/pages/", f"/spaces/{cast.closed.pk}/pages/new/"):  # fmt: skip
            assert browser.get(address).status_code == 404, (name, address)
        with pytest.raises(Forbidden):
            actions.edit_page(by=viewer_of(member), page=page, title="Mine", body="Mine", version=1)
        with pytest.raises(Forbidden):
            write(member, cast.closed, "Mine")
    assert signed_in(cast.anna).get(page.url).status_code == 200


def test_an_open_wiki_is_read_by_all_and_kept_by_those_inside(cast: Cast) -> None:
    page = write(cast.bo, cast.open, "For all")
    assert signed_in(cast.outsider).get(page.url).status_code == 200
    assert signed_in(cast.outsider).get(f"{page.url}edit/").status_code == 404
    with pytest.raises(Forbidden):
        actions.edit_page(by=house(cast.outsider), page=page, title="x", body="y", version=1)


def test_everybody_inside_edits_and_nothing_is_lost(cast: Cast) -> None:
    page = write(cast.bo, cast.open, "How to weld")
    actions.edit_page(by=house(cast.anna), page=page, title="How to weld", body="Better", version=1)
    with pytest.raises(EditConflict):
        actions.edit_page(by=house(cast.bo), page=page, title="How to weld", body="Mine", version=1)
    browser = signed_in(cast.bo)
    answer = browser.post(
        f"{page.url}edit/", {"title": "How to weld", "body": "Mine", "version": 1, "sort": "plain"}
    )
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Better" in shown and "Mine" in shown
    assert "Words" in browser.get(f"{page.url}history/1/").content.decode()


def test_a_page_without_a_title_is_refused_and_what_was_typed_is_still_there(cast: Cast) -> None:
    answer = signed_in(cast.bo).post(
        f"/spaces/{cast.open.pk}/pages/new/", {"title": " ", "body": "My words", "sort": "term"}
    )
    assert answer.status_code == 422
    assert "My words" in answer.content.decode()
    assert not Page.objects.exists()


def test_a_page_is_written_in_the_browser_under_another(cast: Cast) -> None:
    top = write(cast.anna, cast.open, "Top")
    browser = signed_in(cast.bo)
    form = browser.get(f"/spaces/{cast.open.pk}/pages/new/?under={top.pk}&sort=procedure").content.decode()
    assert "Step by step" in form
    answer = browser.post(
        f"/spaces/{cast.open.pk}/pages/new/",
        {"title": "Masks", "body": "# One\n\n## Two", "sort": "procedure", "under": top.pk},
    )
    page = Page.objects.get(entry__title="Masks")
    assert answer.headers["Location"] == page.url
    assert (page.parent, page.sort, page.owner) == (top, Sort.PROCEDURE, cast.bo)
    shown = browser.get(page.url).content.decode()
    assert 'href="#h-two"' in shown and 'id="h-two"' in shown


def test_the_rich_editor_begins_with_what_stands_and_not_with_its_markdown(cast: Cast) -> None:
    """Given Markdown, it would save the signs as words."""
    page = write(cast.bo, cast.open, "Weld", body="It is **hot**")
    browser = signed_in(cast.anna)
    assert "&lt;strong&gt;hot&lt;/strong&gt;" in browser.get(f"{page.url}edit/").content.decode()
    begun = browser.get(f"/spaces/{cast.open.pk}/pages/new/?sort=term").content.decode()
    assert 'data-html="&lt;h2&gt;' in begun
    refused = browser.post(f"{page.url}edit/", {"title": "", "body": "Mine", "version": 1, "sort": "plain"})
    assert "data-html" not in refused.content.decode()


def test_a_due_page_is_confirmed_in_one_click_by_those_who_answer_for_it(cast: Cast) -> None:
    page = write(cast.bo, cast.open, "Old")
    Page.objects.update(confirmed_until=timezone.localdate() - timedelta(days=1))
    assert [row.pk for row in queries.overdue(viewer_of(cast.anna)).things] == [page.pk]
    assert "Is this page still right?" not in signed_in(cast.outsider).get(page.url).content.decode()
    assert signed_in(cast.outsider).post(f"{page.url}confirmation/").status_code == 404
    browser = signed_in(cast.bo)
    assert "Is this page still right?" in browser.get(page.url).content.decode()
    browser.post(f"{page.url}confirmation/")
    assert queries.overdue(viewer_of(cast.anna)).things == []
    assert queries.overdue(viewer_of(cast.outsider)).things == []


def test_only_somebody_who_could_mend_it_answers_for_a_page(cast: Cast) -> None:
    page = write(cast.bo, cast.closed, "Plans")
    browser = signed_in(cast.bo)
    refused = browser.post(f"{page.url}owner/", {"owner": cast.outsider.handle, "months": 6})
    assert refused.status_code == 422
    assert cast.outsider.name in refused.content.decode()
    browser.post(f"{page.url}owner/", {"owner": cast.anna.name, "deputy": cast.bo.handle, "months": 6})
    page.refresh_from_db()
    assert (page.owner, page.deputy, page.months) == (cast.anna, cast.bo, 6)
    browser.post(f"{page.url}owner/", {"owner": cast.anna.handle, "months": 0})
    page.refresh_from_db()
    assert page.confirmed_until is None


def test_who_answers_for_a_page_is_shown_and_named_by_name(cast: Cast) -> None:
    page = write(cast.bo, cast.closed, "Plans")
    browser = signed_in(cast.bo)
    shown = browser.get(f"{page.url}owner/").content.decode()
    assert f'value="{cast.bo.name} @{cast.bo.handle}"' in shown
    assert "data-picks-member" in shown and "people/pick.js" in shown
    browser.post(f"{page.url}owner/", {"owner": f"{cast.anna.name} @{cast.anna.handle}", "months": 12})
    page.refresh_from_db()
    assert page.owner == cast.anna


def test_a_new_owner_does_not_make_an_overdue_page_right(cast: Cast) -> None:
    page = write(cast.bo, cast.open, "Rules")
    due = timezone.localdate() - timedelta(days=9)
    Page.objects.filter(pk=page.pk).update(confirmed_until=due)
    browser = signed_in(cast.bo)
    browser.post(f"{page.url}owner/", {"owner": cast.anna.handle, "months": page.months})
    page.refresh_from_db()
    assert (page.owner, page.confirmed_until) == (cast.anna, due)
    # Looked through more often from now on: counted from the last look.
    Page.objects.filter(pk=page.pk).update(confirmed_at=timezone.now() - timedelta(days=200))
    signed_in(cast.anna).post(f"{page.url}owner/", {"owner": cast.anna.handle, "months": 6})
    page.refresh_from_db()
    assert page.is_overdue


def test_a_page_begun_while_the_one_above_moves_stands_where_that_went(cast: Cast) -> None:
    top, above = write(cast.bo, cast.open, "Top"), write(cast.bo, cast.open, "Above")
    seen_before = Page.objects.select_related("space", "entry__space").get(pk=above.pk)
    actions.move_page(by=house(cast.bo), page=above, parent=top)
    child = write(cast.bo, cast.open, "Child", seen_before)
    assert child.above == [top.pk, above.pk]
    with pytest.raises(Refused):  # and so it cannot become a circle
        actions.move_page(by=house(cast.bo), page=top, parent=child)


def test_nothing_is_begun_below_a_page_that_was_removed_meanwhile(cast: Cast) -> None:
    above = write(cast.bo, cast.open, "Above")
    entries.remove_entry(by=house(cast.bo), entry=above.entry)
    with pytest.raises(Refused):
        write(cast.bo, cast.open, "Child", above)


def test_a_branch_that_would_reach_too_deep_does_not_move(cast: Cast) -> None:
    def chain(length: int) -> list[Page]:
        made = [write(cast.bo, cast.open, "1")]
        for number in range(2, length + 1):
            made.append(write(cast.bo, cast.open, str(number), made[-1]))
        return made

    long, short = chain(30), chain(11)
    with pytest.raises(Refused):
        actions.move_page(by=house(cast.bo), page=short[0], parent=long[-1])
    actions.move_page(by=house(cast.bo), page=short[1], parent=long[-1])
    deepest = Page.objects.get(pk=short[-1].pk)
    assert len(deepest.above) + 1 == 40
    assert signed_in(cast.bo).get(deepest.url).status_code == 200


def test_what_is_below_a_removed_page_stays_in_sight(cast: Cast) -> None:
    top = write(cast.bo, cast.open, "Top")
    write(cast.bo, cast.open, "Child", top)
    entries.remove_entry(by=house(cast.bo), entry=top.entry)
    assert titles(cast.anna, cast.open) == ["Child"]


def test_a_large_tree_costs_as_many_statements_as_a_small_one(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    newcomer("Nina Ny")
    top = write(cast.bo, cast.open, "Top")
    page = write(cast.bo, cast.open, "Here", top)
    for number in range(30):
        write(cast.bo, cast.open, f"Page {number}", top)
    browser = signed_in(cast.bo)
    browser.get(page.url)
    with django_assert_max_num_queries(22):
        browser.get(page.url)
    viewer = viewer_of(cast.bo)
    with django_assert_max_num_queries(1):
        queries.tree(viewer, cast.open, page)


def test_headings_that_are_called_alike_have_anchors_of_their_own() -> None:
    html, lines = with_anchors(
        "<h2>Über uns</h2><p>x</p><h2>Über uns</h2><h3>R&amp;D <b>team</b></h3><h2></h2>"
    )
    assert [line.anchor for line in lines] == ["h-über-uns", "h-über-uns-2", "h-rd-team"]
    assert [line.words for line in lines] == ["Über uns", "Über uns", "R&D team"]
    assert html.count(" id=") == 4
