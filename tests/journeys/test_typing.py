"""The keyboard alone is enough, and what somebody typed is not lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.people import BOTH_WIDTHS, Colleagues, sign_in
from tests.journeys.test_talking import begin_post

pytestmark = [pytest.mark.journey, BOTH_WIDTHS]

Open = Callable[..., BrowserContext]
MOST_STOPS = 60


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, as somebody without a mouse does."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} is not reached within {MOST_STOPS} presses of Tab on {page.url}", pytrace=False)


def wide(page: Page) -> int:
    """Texts carry it: a desk and a phone write into the same company, one after the other."""
    return page.evaluate("innerWidth")


def test_a_post_and_a_comment_are_written_with_the_keyboard_alone(
    open_context: Open, colleagues: Colleagues
) -> None:
    page = open_context().new_page()
    sign_in(page, "bo@nordhavn.example")
    page.goto(f"/spaces/{colleagues.space}/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    tab_to(page, "main [data-compose]")
    page.keyboard.press("Enter")
    box = page.locator(".composer .ProseMirror")
    expect(box).to_be_focused()
    said = f"Written without a mouse, {wide(page)} wide"
    page.keyboard.type(said)
    page.keyboard.press("Control+Enter")
    card = page.locator("article.entry", has_text=said)
    expect(card).to_be_visible()

    tab_to(page, "article.entry [data-permalink]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/e/*/")
    tab_to(page, ".comment-form :is(textarea, .ProseMirror)")
    expect(page.locator(".comment-box .ProseMirror")).to_be_focused()
    page.keyboard.type("Nor is this")
    page.keyboard.press("Control+Enter")
    expect(page.locator("li.comment", has_text="Nor is this")).to_be_visible()


def test_a_post_outlives_an_error_and_a_reload(open_context: Open, colleagues: Colleagues) -> None:
    page = open_context().new_page()
    sign_in(page, "bo@nordhavn.example")
    box = begin_post(page, colleagues.space)
    said = f"Half a thought, {wide(page)} wide"
    page.keyboard.type(said)
    page.get_by_label("Title (optional)").fill("A title to keep")
    page.wait_for_timeout(500)
    page.reload()
    expect(box).to_have_text(said)
    expect(page.get_by_label("Title (optional)")).to_have_value("A title to keep")

    # The server breaks while it is sent, once: whoever goes back finds everything again.
    page.route("**/compose/", lambda route: route.fulfill(status=500, body="Broken"), times=1)
    page.locator(".composer").get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_text("Broken")).to_be_visible()
    page.go_back()
    expect(box).to_have_text(said)
    expect(page.get_by_label("Title (optional)")).to_have_value("A title to keep")
    page.locator(".composer").get_by_role("button", name="Post", exact=True).click()
    expect(page.locator("article.entry", has_text=said)).to_be_visible()
    page.goto(f"/compose/?space={colleagues.space}")
    expect(page.get_by_label("Title (optional)")).to_have_value("")


def test_a_form_with_a_mistake_comes_back_as_it_was_typed(open_context: Open, colleagues: Colleagues) -> None:
    page = open_context().new_page()
    sign_in(page, "bo@nordhavn.example")
    page.goto("/spaces/new/")
    page.locator("input[name=name]").fill("Welding")
    page.locator("[name=audience]").fill("Those who weld")
    page.locator("input[name=access][value=closed]").check()
    page.get_by_role("button", name="Open the space").click()
    expect(page.get_by_role("alert").get_by_text("Say why.")).to_be_visible()
    expect(page.locator("input[name=name]")).to_have_value("Welding")
    expect(page.locator("[name=audience]")).to_have_value("Those who weld")
    expect(page.locator("input[name=access][value=closed]")).to_be_checked()
    page.locator("[name=purpose]").fill("Sparks")
    page.get_by_role("button", name="Open the space").click()
    expect(page.get_by_role("heading", name="Welding", level=1)).to_be_visible()


def test_a_comment_outlives_a_lost_connection_and_a_reload(
    open_context: Open, colleagues: Colleagues, screen: dict[str, Any]
) -> None:
    said = f"Said on the train {screen['viewport']['width']}"
    context = open_context()
    page = context.new_page()
    sign_in(page, "bo@nordhavn.example")
    page.goto(f"/e/{colleagues.post}/")
    page.get_by_label("Your comment").click()
    box = page.locator(".comment-box .ProseMirror")
    box.wait_for()
    page.keyboard.type(said)
    context.set_offline(True)
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(1000)
    expect(box).to_have_text(said)
    context.set_offline(False)
    page.reload()
    expect(box).to_have_text(said)
    box.click()
    page.keyboard.press("Control+Enter")
    expect(page.locator("li.comment", has_text=said)).to_have_count(1)


NOTES_WHO_HAS_THE_FOCUS = """
() => new MutationObserver((changes) => {
  const gone = changes.find(({ target }) => target.matches("textarea[data-editor]") && target.hidden)
  if (gone) window.focused = document.activeElement.className
}).observe(document, { subtree: true, attributeFilter: ["hidden"] })
"""


def test_no_letter_is_lost_while_the_editor_takes_the_place_of_the_box(
    open_context: Open, colleagues: Colleagues
) -> None:
    page = open_context().new_page()
    sign_in(page, "bo@nordhavn.example")
    page.goto(f"/e/{colleagues.post}/")
    page.evaluate(NOTES_WHO_HAS_THE_FOCUS)
    page.locator("#comment textarea[name=body]").focus()
    expect(page.locator("#comment .ProseMirror")).to_be_visible()
    assert "ProseMirror" in page.evaluate("window.focused")
    page.keyboard.type("no letter is lost")
    expect(page.locator("#comment .ProseMirror")).to_have_text("no letter is lost")
