"""Pages in a browser: moved about in their tree, and kept to fewer people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.people import BOTH_WIDTHS, Colleagues, sign_in
from tests.plugins.browser import check_no_sideways_scrolling

pytestmark = [pytest.mark.journey, BOTH_WIDTHS]

Open = Callable[..., BrowserContext]


def write(page: Page, space: int, title: str) -> str:
    """A new page at the top; its address."""
    page.goto(f"/spaces/{space}/pages/new/")
    page.get_by_label("Title").fill(title)
    page.locator("form.composer [name=body]").focus()
    page.locator("form.composer .ProseMirror").click()
    page.keyboard.type(f"All about {title}.")
    page.get_by_role("button", name="Save the page").click()
    page.wait_for_url("**/pages/*/")
    return page.url


def test_pages_are_moved_by_dragging_and_by_keyboard(
    open_context: Open, colleagues: Colleagues, screen: dict[str, object]
) -> None:
    at = "phone" if screen.get("is_mobile") else "desk"
    page = open_context().new_page()
    sign_in(page, "bo@nordhavn.example")
    for name in ("Ropes", "Knots", "Hooks"):
        write(page, colleagues.space, f"{name} {at}")
    page.goto(f"/spaces/{colleagues.space}/pages/")
    tree = page.locator(".page-tree[data-moves]")

    def line(name: str) -> str:
        return f"li[data-page]:has(> a > span:text-is('{name} {at}'))"

    tree.locator(f"{line('Knots')} > a").drag_to(tree.locator(f"{line('Ropes')} > a"))
    expect(page.locator("#toasts")).to_contain_text(f"Knots {at} has been moved.")
    # Below Ropes now; the page itself says where it stands.
    expect(tree.locator(f":scope > {line('Knots')}")).to_have_count(0)
    tree.locator(f"{line('Ropes')} > a").click()
    expect(page.locator(".pages-below")).to_contain_text(f"Knots {at}")

    page.goto(f"/spaces/{colleagues.space}/pages/")
    tree.locator(f"{line('Hooks')} > a").focus()
    page.keyboard.press("Alt+Shift+ArrowUp")
    expect(tree.locator(f"{line('Hooks')} + {line('Ropes')}")).to_have_count(1)
    expect(tree.locator(f"{line('Hooks')} > a")).to_be_focused()


def test_a_page_is_kept_to_fewer_people(
    open_context: Open, colleagues: Colleagues, screen: dict[str, object]
) -> None:
    at = "phone" if screen.get("is_mobile") else "desk"
    bo, mette = open_context().new_page(), open_context().new_page()
    sign_in(bo, "bo@nordhavn.example")
    sign_in(mette, "mette@nordhavn.example")
    address = write(bo, colleagues.space, f"Wages {at}")
    mette.goto(address)
    expect(mette.locator("h1")).to_have_text(f"Wages {at}")
    bo.get_by_role("link", name="Change who reads it").click()
    bo.get_by_label("Only the people below").check()
    bo.get_by_label("People, one on each line").fill("Nobody Atall")
    bo.get_by_role("button", name="Save").click()
    expect(bo.get_by_role("alert").first).to_contain_text("Nobody Atall")
    bo.get_by_label("People, one on each line").fill("")
    bo.get_by_role("button", name="Save").click()
    expect(bo.locator(".wiki-page")).to_contain_text("Kept to fewer people")
    assert mette.goto(address).status == 404  # type: ignore[union-attr]  # a page that was asked for answers


def test_a_long_word_in_a_title_breaks_and_does_not_widen_the_page(
    open_context: Open, colleagues: Colleagues, screen: dict[str, object]
) -> None:
    page = open_context().new_page()
    sign_in(page, "bo@nordhavn.example")
    write(page, colleagues.space, "High" + "voltagecablecoupling" * 4)
    check_no_sideways_scrolling(page)
    card, title = page.locator(".wiki-page").bounding_box(), page.locator("h1#page-title")
    assert card is not None
    assert title.evaluate("title => title.scrollWidth <= title.clientWidth")
    assert title.evaluate("title => title.getBoundingClientRect().right") <= card["x"] + card["width"]


def test_a_new_page_keeps_what_was_written_whatever_sort_is_chosen_then(
    open_context: Open, colleagues: Colleagues
) -> None:
    page = open_context().new_page()
    sign_in(page, "bo@nordhavn.example")
    page.goto(f"/spaces/{colleagues.space}/pages/new/?title=Winch+drums")
    sorts, editor = page.get_by_label("Begin with"), page.locator("form.composer .ProseMirror")
    # Nothing is written yet: other headings, the same title.
    sorts.get_by_role("link", name="Decision").click()
    expect(editor).to_contain_text("What was decided")
    expect(page.get_by_label("Title")).to_have_value("Winch drums")
    sorts.get_by_role("link", name="Term").click()
    expect(editor).to_contain_text("In one sentence")
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("Where the rope lies.")
    editor.locator("h2 + p").first.click()
    page.keyboard.type("A drum is what the rope is wound on.")
    expect(editor.locator("h2 + p").first).to_have_text("A drum is what the rope is wound on.")
    sorts.get_by_role("link", name="Product").click()
    expect(sorts.locator("[aria-current]")).to_have_text("Product")
    expect(editor).to_contain_text("Where the rope lies.")
    page.wait_for_timeout(500)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(editor).to_contain_text("Where the rope lies.")
    page.get_by_role("button", name="Save the page").click()
    expect(page.locator("h1#page-title")).to_have_text("Winch drums")
    expect(page.locator(".wiki-page .prose")).to_contain_text("Where the rope lies.")
    expect(page.locator(".page-title .ds-tag").first).to_have_text("Product")
