"""Writing, being told while it happens, answering; changing one's mind and keeping things."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.journeys.people import BOTH_WIDTHS, Colleagues, sign_in
from tests.plugins.servers import ADMIN

pytestmark = [pytest.mark.journey, BOTH_WIDTHS]

Open = Callable[..., BrowserContext]
LIVE = 15_000  # milliseconds: a nudge, the page's own pause before it asks, two busy cores


def picture(name: str, colour: str) -> dict[str, Any]:
    kept = io.BytesIO()
    Image.new("RGB", (320, 200), colour).save(kept, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": kept.getvalue()}


def begin_post(page: Page, space: int) -> Locator:
    """The composer of a space, with the editor in place and the caret in it."""
    page.goto(f"/compose/?space={space}")
    page.get_by_label("Your post").click()
    box = page.locator(".composer .ProseMirror")
    box.wait_for()
    return box


def post(page: Page, space: int, text: str) -> None:
    """A short post; the page is its thread afterwards."""
    begin_post(page, space)
    page.keyboard.type(text)
    page.locator(".composer").get_by_role("button", name="Post", exact=True).click()
    page.wait_for_url(f"**/spaces/{space}/**")
    page.locator("article.entry", has_text=text.replace("**", "")).first.locator("[data-permalink]").click()
    page.wait_for_url("**/e/*/")


def menu(page: Page, choice: str) -> None:
    page.get_by_label("More about this post").first.click()
    page.get_by_role("link", name=choice, exact=True).click()


def test_a_post_with_pictures_reaches_the_one_it_names_while_they_write_themselves(
    open_context: Open, colleagues: Colleagues
) -> None:
    mette, bo = open_context().new_page(), open_context().new_page()
    sign_in(mette, "mette@nordhavn.example")
    sign_in(bo, "bo@nordhavn.example")
    expect(bo.locator(".top [data-told]")).to_be_attached()
    bo.wait_for_timeout(1500)  # until the page listens

    begin_post(mette, colleagues.space)
    mette.keyboard.type("Look what came today @bo", delay=20)
    mette.get_by_role("option", name=re.compile("Bo Dijkstra")).click()
    with mette.expect_file_chooser() as chooser:
        mette.locator(".composer").get_by_role("button", name="Picture or file").click()
    chooser.value.set_files([picture("boat.png", "#225588"), picture("quay.png", "#885522")])
    for name, alt in (("boat.png", "A blue boat"), ("quay.png", "The brown quay")):
        mette.get_by_label(f"Describe the picture for those who cannot see it: {name}").fill(alt)
    mette.locator(".composer").get_by_role("button", name="Post", exact=True).click()
    mette.wait_for_url("**/spaces/**")
    card = mette.locator("article.entry", has_text="Look what came today").first
    for alt in ("A blue boat", "The brown quay"):
        shown = card.get_by_role("img", name=alt)
        shown.scroll_into_view_if_needed()
        mette.wait_for_function(
            "alt => document.querySelector(`img[alt='${alt}']`).naturalWidth > 0", arg=alt
        )
    expect(card.get_by_role("link", name=re.compile("Bo Dijkstra"))).to_be_visible()

    # Bo's home says so without a reload.
    expect(bo.locator(".top [data-told]")).to_have_text(re.compile("[1-9]"), timeout=LIVE)
    pill = bo.get_by_role("link", name=re.compile("new post"))
    expect(pill).to_be_visible(timeout=LIVE)
    pill.click()
    bo.locator("article.entry", has_text="Look what came today").first.locator("[data-permalink]").click()
    bo.wait_for_url("**/e/*/")

    # Bo is in the middle of a comment when Mette's arrives.
    bo.get_by_label("Your comment").click()
    bo.locator(".comment-box .ProseMirror").wait_for()
    bo.keyboard.type("I like the bo")
    bo.wait_for_timeout(1500)
    mette.goto(bo.url)
    mette.get_by_label("Your comment").click()
    mette.locator(".comment-box .ProseMirror").wait_for()
    mette.keyboard.type("And it floats.")
    mette.keyboard.press("Control+Enter")
    expect(bo.locator("li.comment", has_text="And it floats.")).to_be_visible(timeout=LIVE)
    bo.keyboard.type("at")
    expect(bo.locator(".comment-box .ProseMirror")).to_have_text("I like the boat")
    bo.keyboard.press("Control+Enter")
    expect(bo.locator("li.comment", has_text="I like the boat")).to_be_visible()
    expect(mette.locator("li.comment", has_text="I like the boat")).to_be_visible(timeout=LIVE)

    # An answer to one comment stands under it.
    mine = mette.locator("li.comment", has_text="I like the boat").last
    mine.get_by_role("link", name="Reply", exact=True).click()
    box = mette.locator(".answer-place .ProseMirror")
    box.wait_for()
    box.click()
    mette.keyboard.type("So do I.")
    mette.locator(".answer-place").get_by_role("button", name="Reply", exact=True).click()
    expect(mette.locator("li.comment li.comment", has_text="So do I.")).to_be_visible()
    expect(bo.locator("li.comment li.comment", has_text="So do I.")).to_be_visible(timeout=LIVE)


def test_a_post_is_changed_removed_and_brought_back(open_context: Open, colleagues: Colleagues) -> None:
    page = open_context().new_page()
    sign_in(page, "mette@nordhavn.example")
    post(page, colleagues.space, "The **gate** opens at eight")
    thread = page.url
    expect(page.locator("article.entry .prose strong").first).to_have_text("gate")

    menu(page, "Edit")
    page.locator("form.composer .ProseMirror").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(", no: at nine")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(thread)
    expect(page.locator("article.entry").first).to_contain_text("The gate opens at eight, no: at nine")
    expect(page.locator("article.entry .prose strong").first).to_have_text("gate")
    page.get_by_role("link", name="edited").click()
    page.get_by_role("link", name="Version 2").click()
    expect(page.locator(".difference .prose ins")).to_contain_text("no: at nine")
    page.go_back()
    page.get_by_role("link", name="Version 1").click()
    expect(page.locator("main .prose")).to_contain_text("The gate opens at eight")

    page.goto(thread)
    menu(page, "Remove")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("This was removed by the person who wrote it.")).to_be_visible()
    expect(page.get_by_text("at nine")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("article.entry").first).to_contain_text("at nine")


def test_reacting_following_a_topic_and_keeping_a_post(
    open_context: Open, colleagues: Colleagues, screen: dict[str, Any]
) -> None:
    topic = f"bread{screen['viewport']['width']}"  # the same town serves both widths
    page = open_context().new_page()
    sign_in(page, "mette@nordhavn.example")
    post(page, colleagues.space, f"Fresh bread in the canteen #{topic}")
    thread = page.url
    acts = page.locator("footer.acts").first

    acts.locator("torvet-reactions summary").click()
    acts.locator(".picker button").first.click()
    expect(acts.locator("torvet-reactions summary")).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(acts.locator("torvet-reactions summary")).to_have_attribute("aria-pressed", "true")
    acts.locator("torvet-reactions summary").click()
    acts.locator(".picker button[aria-pressed=true]").click()
    expect(acts.locator("torvet-reactions summary")).to_have_attribute("aria-pressed", "false")

    acts.get_by_role("button", name="Bookmark").click()
    expect(acts.get_by_role("button", name="Bookmark")).to_have_attribute("aria-pressed", "true")
    page.goto("/bookmarks/")
    expect(page.locator("article.entry", has_text="Fresh bread").first).to_be_visible()

    page.goto(thread)
    page.get_by_role("link", name=f"#{topic}").first.click()
    page.wait_for_url(f"**/topics/{topic}/")
    page.get_by_role("button", name="Follow", exact=True).click()
    expect(page.get_by_role("button", name="Following")).to_be_visible()
    expect(page.locator("article.entry", has_text="Fresh bread").first).to_be_visible()
    page.goto("/topics/")
    expect(
        page.locator("section", has_text="You follow").get_by_role("link", name=f"#{topic}")
    ).to_be_visible()


def test_pages_are_read_and_written_without_script(open_context: Open, colleagues: Colleagues) -> None:
    page = open_context(java_script_enabled=False).new_page()
    sign_in(page, ADMIN)
    page.goto(f"/e/{colleagues.post}/")
    expect(page.locator("article.entry", has_text="The crane is back").first).to_be_visible()
    page.goto("/compose/")
    page.get_by_label("In", exact=True).select_option(str(colleagues.space))
    page.get_by_label("Your post").fill("Written *plainly*")
    page.locator(".composer input[type=file]").set_input_files([picture("plain.png", "#448844")])
    page.locator(".composer").get_by_role("button", name="Post", exact=True).click()
    card = page.locator("article.entry", has_text="Written plainly").first
    expect(card.locator("em")).to_have_text("plainly")
    expect(card.locator(".gallery img")).to_have_count(1)
    card.locator("[data-permalink]").click()
    page.wait_for_url("**/e/*/")
    thread = page.url

    page.get_by_label("Your comment").fill("And a plain comment")
    page.locator("form.comment-form").get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator("li.comment", has_text="And a plain comment")).to_be_visible()
    page.goto(thread)
    acts = page.locator("footer.acts").first
    acts.locator("torvet-reactions summary").click()
    acts.locator(".picker button").first.click()
    expect(page.locator("footer.acts torvet-reactions summary").first).to_have_attribute(
        "aria-pressed", "true"
    )

    page.goto(f"/people/{colleagues.bo}/")
    page.get_by_role("button", name="Follow Bo Dijkstra").click()
    following = page.get_by_role("button", name=re.compile("stop following Bo Dijkstra"))
    expect(following).to_be_visible()
    following.click()
    expect(page.get_by_role("button", name="Follow Bo Dijkstra")).to_be_visible()


def test_a_page_keeps_its_bold_words_and_headings_through_an_edit(
    open_context: Open, colleagues: Colleagues
) -> None:
    page = open_context().new_page()
    sign_in(page, "bo@nordhavn.example")
    page.goto(f"/pages/{colleagues.page}/edit/")
    page.locator("form.composer [name=body]").focus()
    page.locator("form.composer .ProseMirror").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Slowly.")
    page.get_by_role("button", name="Done").click()
    page.wait_for_url(f"**/pages/{colleagues.page}/")
    expect(page.locator(".wiki-page .prose h2").first).to_have_text("First")
    expect(page.locator(".wiki-page .prose")).to_contain_text("Slowly.")
    expect(page.locator(".wiki-page .prose")).not_to_contain_text("##")
