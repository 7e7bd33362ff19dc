"""What cannot be typed and comes all the same: plain words back, or it is left out; never an error of ours."""

from __future__ import annotations

import pytest

from tests.cast import Cast, house, signed_in
from torvet.spaces.models import Space
from torvet.wiki import actions
from torvet.wiki.models import Page, Report, Suggestion, WorkingText

pytestmark = pytest.mark.django_db

NUL = "a\x00b\x07c"


def write(by: object, space: Space, title: str = "Cables", parent: Page | None = None) -> Page:
    return actions.write_page(by=house(by), space=space, title=title, body="Black, 5 m.", parent=parent)  # type: ignore[arg-type]


def fresh(page: Page) -> Page:
    return Page.objects.select_related("space", "entry__space", "owner", "deputy").get(pk=page.pk)


def test_signs_that_no_database_takes_are_left_out_of_titles(cast: Cast) -> None:
    page = write(cast.bo, cast.open, NUL)
    assert page.entry.title == "abc"
    actions.edit_page(by=house(cast.bo), page=page, title=f"{NUL}d", body=NUL, version=1)
    assert (fresh(page).entry.title, fresh(page).entry.text) == ("abcd", "abc")
    actions.suggest_change(by=house(cast.anna), page=fresh(page), title=NUL, body="x", version=2, why=NUL)
    made = Suggestion.objects.get()
    assert (made.title, made.why) == ("abc", "abc")
    actions.want_approval(by=house(cast.bo), page=fresh(page))
    actions.edit_page(by=house(cast.bo), page=fresh(page), title=NUL, body="y", version=2)
    assert WorkingText.objects.get().title == "abc"


def test_signs_that_no_database_takes_are_left_out_of_what_is_said_of_a_page(cast: Cast) -> None:
    page = write(cast.bo, cast.open)
    reader, owner = signed_in(cast.anna), signed_in(cast.bo)
    assert reader.post(f"{page.url}reports/", {"what": "wrong", "words": NUL}).status_code == 302
    report = Report.objects.get()
    assert report.words == "abc"
    assert owner.post(f"{page.url}reports/{report.pk}/answer/", {"answer": NUL}).status_code == 302
    actions.want_approval(by=house(cast.bo), page=fresh(page))
    actions.edit_page(by=house(cast.anna), page=fresh(page), title="Cables", body="y", version=1)
    working = WorkingText.objects.get()
    said = owner.post(f"{page.url}approval/not-yet/", {"version": working.version, "reason": NUL})
    assert said.status_code == 302
    assert owner.get(f"{page.url}place/?q=a%00b").status_code == 200
