"""What the scripts add to the pages, tried in a real browser on the patterns of the look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.base.patterns import Patterns, served
from tests.plugins import browser

pytestmark = pytest.mark.journey

BRANDS = ["#0b7a4b", "#ffcc00", "#14161a", "#ff5fa2"]  # the house green, very light, very dark, loud
COMMENT = '<li class="comment" data-id="{0}"><div class="bub"><p>Number {0}</p></div></li>'


@pytest.fixture(scope="module")
def server() -> Iterator[Patterns]:
    with served() as patterns:
        yield patterns


@pytest.fixture
def patterns(server: Patterns) -> Patterns:
    server.sent.clear()
    server.asked.clear()
    server.failing.clear()
    server.comments.clear()
    server.brand = BRANDS[0]
    return server


@pytest.fixture
def town(patterns: Patterns) -> Patterns:
    """Where `open_context` goes: the patterns need no real server."""
    return patterns


Open = Callable[..., BrowserContext]


def visit(open_context: Open, path: str = "/patterns/", **options: Any) -> Page:
    page = open_context(**options).new_page()
    page.goto(path)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/patterns/", "/parts/", "/sign_in/"])
def test_every_part_is_free_of_axe_violations_in_every_company_colour(
    open_context: Open, patterns: Patterns, scheme: str, path: str
) -> None:
    browser.check_axe(visit(open_context, path, color_scheme=scheme))
    # Another colour can only change contrasts; all of axe again would take six times as long.
    for brand in BRANDS[1:] if path != "/sign_in/" else []:
        patterns.brand = brand
        browser.check_axe(visit(open_context, path, color_scheme=scheme), runOnly=["color-contrast"])


@pytest.mark.parametrize("width", [320, 360, 768])
@pytest.mark.parametrize("path", ["/patterns/", "/parts/", "/sign_in/"])
def test_nothing_scrolls_sideways(open_context: Open, width: int, path: str) -> None:
    page = visit(open_context, path, viewport={"width": width, "height": 740})
    browser.check_no_sideways_scrolling(page)
    browser.check_axe(page)


def test_the_device_decides_between_light_and_dark_until_the_reader_does(open_context: Open) -> None:
    page = visit(open_context, color_scheme="dark")
    colour = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(colour)
    page.get_by_text("Mette Dahl: your menu").locator("..").click()
    page.get_by_role("button", name="Light", exact=True).click()
    assert page.evaluate(colour) != dark


def test_a_menu_is_walked_with_the_keyboard(open_context: Open) -> None:
    page = visit(open_context)
    opener = page.get_by_label("More about this post")
    opener.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Edit", exact=True)).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="Remove")).to_be_focused()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(page.get_by_role("button", name="Remove")).to_be_hidden()


def test_the_lightbox_shows_descriptions_and_gives_the_focus_back(open_context: Open) -> None:
    page = visit(open_context)
    first = page.locator("torvet-lightbox a").first
    first.focus()
    page.keyboard.press("Enter")
    box = page.locator("dialog.lightbox")
    expect(box).to_contain_text("A wind farm at sea")
    expect(box).to_contain_text("Picture 1 of 7")
    browser.check_axe(page)
    page.keyboard.press("ArrowRight")
    expect(box).to_contain_text("The team at the quay")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(box).to_contain_text("Two cranes")
    page.keyboard.press("Escape")
    expect(first).to_be_focused()


def test_shortcuts_search_write_walk_and_list_themselves(open_context: Open) -> None:
    page = visit(open_context)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search")).to_be_focused()
    page.keyboard.type("jn?")  # typed, not obeyed
    expect(page.get_by_role("searchbox", name="Search")).to_have_value("jn?")
    page.get_by_role("searchbox", name="Search").blur()
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent").find("Peter Holm") >= 0
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def write(page: Page, text: str) -> None:
    page.get_by_label("Your post").click()
    page.locator(".composer .ProseMirror").wait_for()
    page.keyboard.type(text, delay=5)


def test_writing_brings_the_editor_and_sends_html(open_context: Open, patterns: Patterns) -> None:
    page = visit(open_context)
    write(page, "Hello @met")
    page.get_by_role("option", name="Mette Holm").wait_for()
    browser.check_axe(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("and #havv", delay=5)
    page.get_by_role("option", name="havvind").wait_for()
    page.keyboard.press("Enter")
    page.locator(".composer").get_by_role("button", name="Bold").click()
    page.keyboard.type("bold <b>", delay=5)
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    ((path, fields),) = patterns.sent
    sent = dict(fields)
    assert path == "/spaces/3/entries/"
    assert sent["format"] == "html"
    assert sent["body"] == (
        '<p>Hello <span data-type="mention" data-id="member-13" data-label="Mette Holm">@Mette Holm</span> and #havvind '
        "<strong>bold &lt;b&gt;</strong></p>"
    )


def test_the_toolbar_is_one_stop_and_makes_lists_tables_and_links(
    open_context: Open, patterns: Patterns
) -> None:
    page = visit(open_context)
    write(page, "One")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Bold")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Link", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_label("Address of the link").fill("example.org")
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Bulleted list").click()
    page.keyboard.type("two")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Table").click()
    browser.check_axe(page)
    with page.expect_navigation():
        page.get_by_role("button", name="Post", exact=True).click()
    body = dict(patterns.sent[0][1])["body"]
    assert '<a rel="noopener noreferrer nofollow" href="https://example.org">example.org</a>' in body
    assert "<ul><li><p>two</p></li></ul>" in body
    assert "<table" in body
    assert not body.endswith("<p></p>")


def test_what_was_typed_outlives_a_reload_and_is_forgotten_once_sent(
    open_context: Open, patterns: Patterns
) -> None:
    page = visit(open_context)
    write(page, "Half a thought")
    page.wait_for_timeout(400)
    page.reload()
    expect(page.locator(".composer .ProseMirror")).to_have_text("Half a thought")
    with page.expect_navigation():
        page.get_by_role("button", name="Post", exact=True).click()
    expect(page.locator(".composer .ProseMirror")).to_have_count(0)
    expect(page.locator(".composer textarea")).to_have_value("")
    page.reload()
    expect(page.locator(".composer textarea")).to_have_value("")
    assert dict(patterns.sent[0][1])["body"] == "<p>Half a thought</p>"


def test_a_server_error_on_the_way_loses_nothing(open_context: Open, patterns: Patterns) -> None:
    page = visit(open_context)
    write(page, "Do not lose me")
    patterns.failing.add("/spaces/3/entries/")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    patterns.failing.clear()
    page.go_back()
    expect(page.locator(".composer .ProseMirror")).to_have_text("Do not lose me")


def file(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "mimeType": "image/png" if name.endswith("png") else "text/plain",
        "buffer": b"x" * 500,
    }


def test_pictures_are_sent_ahead_described_and_put_in_order(open_context: Open, patterns: Patterns) -> None:
    page = visit(open_context)
    write(page, "Two pictures")
    with page.expect_file_chooser() as chooser:
        page.locator(".composer").get_by_role("button", name="Picture or file").click()
    chooser.value.set_files([file("boat.png"), file("quay.png"), file("notes.txt"), file("wrong.png")])
    form = page.locator(".composer")
    form.get_by_label("Describe the picture for those who cannot see it: quay.png").fill("The quay")
    browser.check_axe(page)
    form.get_by_role("button", name="Remove wrong.png").click()
    form.get_by_role("button", name="Move quay.png up").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Post", exact=True).click()
    fields = patterns.sent[-1][1]
    assert [value for name, value in fields if name == "files"] == ["k-quay.png", "k-boat.png", "k-notes.txt"]
    assert dict(fields)["alt-k-quay.png"] == "The quay"
    assert "uploads" not in dict(fields)


def test_a_file_that_is_refused_says_why(open_context: Open, patterns: Patterns) -> None:
    page = visit(open_context)
    patterns.failing.add("/files/")
    page.locator(".composer input[type=file]").set_input_files([file("huge.png")])
    expect(page.get_by_text("The file is too big for us.")).to_be_visible()
    patterns.failing.clear()
    page.get_by_role("button", name="Try huge.png again").click()
    expect(page.get_by_label("Describe the picture for those who cannot see it: huge.png")).to_be_visible()


def test_a_new_comment_arrives_while_a_half_written_one_and_the_focus_stay(
    open_context: Open, patterns: Patterns
) -> None:
    page = visit(open_context)
    page.get_by_label("Your comment").click()
    page.locator(".comment-box .ProseMirror").wait_for()
    page.keyboard.type("Half writ")
    patterns.comments.append(COMMENT.format(36))
    patterns.nudge(thread=12)
    expect(page.get_by_text("Number 36")).to_be_visible()
    page.keyboard.type("ten")
    expect(page.locator(".comment-box .ProseMirror")).to_have_text("Half written")
    patterns.comments[:] = [COMMENT.format(37)]
    patterns.nudge(thread=12)
    expect(page.get_by_text("Number 37")).to_be_visible()
    assert any("after=36" in address for address in patterns.asked)
    live = [address for address in patterns.asked if address.startswith("/live/")]
    assert "threads=12" in live[0]


def test_the_badge_and_the_pill_follow_the_nudges(open_context: Open, patterns: Patterns) -> None:
    page = visit(open_context)
    expect(page.locator(".top [data-told]")).to_have_text("4")
    page.wait_for_timeout(300)
    patterns.nudge(told=1)
    expect(page.locator(".top [data-told]")).to_have_text("7")
    patterns.nudge(entry=91)
    expect(page.get_by_role("link", name="1 new post")).to_be_visible()
    patterns.nudge(entry=92)
    expect(page.get_by_role("link", name="2 new posts")).to_be_visible()


def test_what_was_looked_at_is_marked_as_seen_once(open_context: Open, patterns: Patterns) -> None:
    page = visit(open_context)
    page.wait_for_timeout(600)
    assert "POST /feed/seen/" not in patterns.asked
    page.wait_for_timeout(3500)
    assert patterns.asked.count("POST /feed/seen/") == 1


def test_show_more_leads_to_what_came(open_context: Open) -> None:
    page = visit(open_context)
    page.get_by_role("link", name="Show more").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("An older post")).to_be_visible()
    assert "An older post" in page.evaluate("document.activeElement.textContent")


def test_a_pasted_picture_becomes_an_attachment_and_pasted_text_keeps_only_what_we_keep(
    open_context: Open, patterns: Patterns
) -> None:
    page = visit(open_context)
    write(page, "Look: ")
    paste = """([html, picture]) => {
      const carried = new DataTransfer()
      if (picture) carried.items.add(new File(["x"], "pasted.png", { type: "image/png" }))
      if (html) carried.setData("text/html", html)
      document.querySelector(".composer .ProseMirror").dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true }))
    }"""
    page.evaluate(paste, ["", True])
    expect(page.get_by_label("Describe the picture for those who cannot see it: pasted.png")).to_be_visible()
    page.locator(".composer .ProseMirror").click()
    page.keyboard.press("End")
    docs = '<b style="font-weight:normal"><span style="font-style:italic">docs</span></b>'
    page.evaluate(paste, [docs, False])
    page.evaluate(
        paste, ['<h1 style="color:red">Big</h1><p onclick="x()">a <u>b</u> <img src="/x"><b>c</b></p>', True]
    )
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    fields = patterns.sent[-1][1]
    body = dict(fields)["body"]
    assert "<strong>c</strong>" in body
    assert "<em>docs</em>" in body  # as Google Docs says it: nothing of it is bold
    assert "<strong><em>" not in body
    assert not any(bad in body for bad in ("style", "onclick", "<img", "<u>", "<h1"))
    assert [value for name, value in fields if name == "files"] == ["k-pasted.png"]


def test_signing_out_takes_half_written_text_along(open_context: Open) -> None:
    page = visit(open_context)
    write(page, "Between us")
    page.wait_for_timeout(400)
    assert page.evaluate("Object.keys(sessionStorage).length") == 1
    page.get_by_text("Mette Dahl: your menu").locator("..").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    assert page.evaluate("Object.keys(sessionStorage).length") == 0


def test_pages_read_and_write_without_script(open_context: Open, patterns: Patterns) -> None:
    page = visit(open_context, java_script_enabled=False)
    page.get_by_label("Your post").fill("*Plain* words")
    expect(page.get_by_role("button", name="Picture or file").first).to_be_hidden()
    expect(page.locator(".composer input[type=file]")).to_be_visible()
    page.get_by_label("More about this post").click()
    expect(page.get_by_role("link", name="Edit", exact=True)).to_be_visible()
    page.get_by_role("button", name="Post", exact=True).click()
    assert dict(patterns.sent[0][1])["body"] == "*Plain* words"
    assert dict(patterns.sent[0][1])["format"] == "markdown"
