"""Who will be told is seen while writing, the bell leads to what was said, and the search box follows the typing."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys.people import Colleagues, sign_in
from tests.journeys.test_talking import LIVE, begin_post
from tests.plugins.browser import check_axe, check_no_sideways_scrolling

pytestmark = pytest.mark.journey

Open = Callable[..., BrowserContext]


def test_whoever_writes_sees_who_will_be_told_and_loses_nothing(
    open_context: Open, colleagues: Colleagues
) -> None:
    page = open_context().new_page()
    sign_in(page, "mette@nordhavn.example")
    box = begin_post(page, colleagues.space)
    page.keyboard.type("Can you look at this, @bo", delay=20)
    page.get_by_role("option", name=re.compile("Bo Dijkstra")).click()
    expect(page.locator("#compose-told")).to_contain_text("Will be told: Bo Dijkstra", timeout=LIVE)
    expect(box).to_contain_text("Can you look at this")


@pytest.mark.parametrize("width", [1400, 360])
def test_the_bell_leads_to_what_was_said_and_is_then_quiet(
    open_context: Open, colleagues: Colleagues, width: int
) -> None:
    mette, bo = open_context().new_page(), open_context(viewport={"width": width, "height": 800}).new_page()
    sign_in(mette, "mette@nordhavn.example")
    begin_post(mette, colleagues.space)
    mette.keyboard.type(f"At {width} px, @bo", delay=20)
    mette.get_by_role("option", name=re.compile("Bo Dijkstra")).click()
    mette.locator(".composer").get_by_role("button", name="Post", exact=True).click()
    mette.wait_for_url("**/spaces/**")

    sign_in(bo, "bo@nordhavn.example")
    bo.goto("/told/")
    row = bo.locator("a.told.fresh", has_text="Mette Dahl mentioned you in The quay").first
    expect(row).to_be_visible(timeout=LIVE)
    check_axe(bo)
    check_no_sideways_scrolling(bo)
    row.click()
    bo.wait_for_url("**/e/*/")
    expect(bo.locator("article.entry", has_text=f"At {width} px").first).to_be_visible()
    bo.goto("/told/")
    expect(bo.locator("a.told", has_text=f"At {width} px").first).not_to_have_class(re.compile("fresh"))


@pytest.mark.parametrize("width", [1400, 360])
def test_what_is_found_follows_the_typing_and_the_keys(
    open_context: Open, colleagues: Colleagues, width: int
) -> None:
    page = open_context(viewport={"width": width, "height": 800}).new_page()
    sign_in(page, "bo@nordhavn.example")
    page.goto("/search/")
    expect(page.locator("main [data-search]")).to_be_focused()
    page.keyboard.type("cranes slow", delay=30)
    expect(page.locator("#found .hit", has_text="The crane is back").first).to_be_visible(timeout=LIVE)
    expect(page.locator("#found mark").first).to_be_visible()
    expect(page.locator("main [data-search]")).to_be_focused()
    expect(page).to_have_url(re.compile(r"q=cranes(\+|%20)slow"))
    check_axe(page)
    check_no_sideways_scrolling(page)
    page.locator("#found").get_by_role("link", name="People", exact=True).click()
    page.wait_for_url("**kind=person**")
    page.goto("/search/?q=admin")
    page.locator("#found li.hit h3 a[href^='/people/']").first.click()
    page.wait_for_url("**/people/*/")


def test_search_works_without_script(open_context: Open, colleagues: Colleagues) -> None:
    page = open_context(java_script_enabled=False).new_page()
    sign_in(page, "bo@nordhavn.example")
    page.goto("/")
    # More than "crane": the journeys before this one have written of it too, and a page of results is soon full.
    page.locator(".top input[name=q]").fill("crane is back")
    page.locator(".top input[name=q]").press("Enter")
    page.wait_for_url("**/search/**")
    expect(page.locator("#found .hit", has_text="The crane is back").first).to_be_visible()
    page.get_by_role("link", name="Best match first").click()
    page.wait_for_url("**order=best**")
    expect(page.locator("#found mark").first).to_be_visible()
