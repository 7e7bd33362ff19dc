"""What others say about a page: suggested changes, comments on passages, versions, and saving at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.people import BOTH_WIDTHS, Colleagues, run_inside, sign_in
from tests.plugins.browser import check_no_sideways_scrolling, violations
from tests.plugins.servers import Town

pytestmark = [pytest.mark.journey, BOTH_WIDTHS]

Open = Callable[..., BrowserContext]
READER, WRITER = "rikke@nordhavn.example", "mette@nordhavn.example"

BEGIN = """
from torvet.wiki import actions as wiki
mette = Member.objects.get(email="mette@nordhavn.example")
if not Member.objects.filter(email="rikke@nordhavn.example").exists():
    people.make_member(email="rikke@nordhavn.example", name="Rikke Holm", password=PASSWORD)
from torvet.spaces.models import Space
page = wiki.write_page(by=house(mette), space=Space.objects.get(pk=SPACE), title="Slings and hooks", body=\"\"\"
## Before lifting

Look at the **hook** and the [rules of the yard](https://example.com/). Clear the floor of the hall.

- Take a red sling
- Check its label

## After lifting

Hang the sling back in its place.

| Sling | Carries |
|---|---|
| red | 5 t |
| blue | 8 t |
\"\"\")
print(json.dumps(page.pk))
"""

SELECT = """words => {
  const text = document.querySelector("[data-remarks]")
  const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    const at = walk.currentNode.data.indexOf(words)
    if (at < 0) continue
    const range = document.createRange()
    range.setStart(walk.currentNode, at)
    range.setEnd(walk.currentNode, at + words.length)
    walk.currentNode.parentElement.scrollIntoView({ block: "center" })
    getSelection().removeAllRanges()
    getSelection().addRange(range)
    return
  }
  throw new Error("no such words")
}"""


@dataclass(frozen=True)
class Wiki:
    """One page that Mette wrote, and Rikke may read."""

    pk: int

    @property
    def url(self) -> str:
        return f"/pages/{self.pk}/"


@pytest.fixture
def wiki(town: Town, colleagues: Colleagues) -> Wiki:
    return Wiki(json.loads(run_inside(town, f"SPACE = {colleagues.space}\n{BEGIN}")))


def fine(page: Page) -> None:
    """Nobody is kept out, and nothing has to be dragged sideways."""
    check_no_sideways_scrolling(page)
    assert not violations(page), page.url


def test_a_reader_suggests_and_the_writer_puts_it_on_the_page(open_context: Open, wiki: Wiki) -> None:
    rikke, mette = open_context().new_page(), open_context(color_scheme="dark").new_page()
    sign_in(rikke, READER)
    rikke.goto(wiki.url)
    expect(rikke.get_by_role("link", name="Edit", exact=True)).to_have_count(0)
    rikke.get_by_role("link", name="Suggest a change").click()
    box = rikke.locator(".composer .ProseMirror")
    box.wait_for()
    box.get_by_text("Hang the sling back").click()
    rikke.keyboard.press("End")
    rikke.keyboard.type(" Tell the next shift.")
    rikke.get_by_label("Why? (optional)").fill("They asked twice this week")
    fine(rikke)
    rikke.get_by_role("button", name="Send the suggestion").click()
    expect(rikke.locator(".difference ins").last).to_contain_text("Tell the next shift.")
    expect(rikke.get_by_role("button", name="Withdraw my suggestion")).to_be_visible()

    sign_in(mette, WRITER)
    mette.goto(wiki.url)
    mette.get_by_role("link", name="1 suggested change").click()
    fine(mette)
    mette.get_by_role("link", name="They asked twice this week").click()
    fine(mette)
    mette.get_by_label("Say something about this suggestion").click()
    mette.locator(".comment-form .ProseMirror").wait_for()
    mette.keyboard.type("Good point", delay=20)
    mette.get_by_role("button", name="Send", exact=True).click()
    expect(mette.locator(".comments")).to_contain_text("Good point")
    mette.get_by_role("button", name="Put it on the page").click()
    expect(mette.locator(".prose")).to_contain_text("Tell the next shift.")
    mette.goto(f"{wiki.url}history/")
    expect(mette.locator(".versions li").first).to_contain_text(
        "written by Rikke Holm, accepted by Mette Dahl"
    )
    fine(mette)
    mette.get_by_role("link", name="Version 2").click()
    fine(mette)
    mette.goto(f"{wiki.url}history/1/?with=now")
    mette.get_by_role("button", name="Take these words back").click()
    expect(mette.locator(".prose")).not_to_contain_text("Tell the next shift.")


def test_words_of_the_page_are_commented_on_and_dealt_with(open_context: Open, wiki: Wiki) -> None:
    rikke, mette = open_context().new_page(), open_context(color_scheme="dark").new_page()
    sign_in(rikke, READER)
    rikke.goto(wiki.url)
    offer = rikke.get_by_role("button", name="Comment on this", exact=True)
    expect(offer).to_be_hidden()
    rikke.evaluate(SELECT, "the floor of the hall")
    expect(offer).to_be_in_viewport()
    offer.click()
    expect(rikke.locator("main blockquote")).to_have_text("the floor of the hall")
    fine(rikke)
    rikke.locator(".composer .ProseMirror, .composer textarea").first.click()
    rikke.locator(".composer .ProseMirror").wait_for()
    rikke.keyboard.type("Both halls?", delay=20)
    rikke.get_by_role("button", name="Comment", exact=True).click()
    rikke.wait_for_url(f"**{wiki.url}#c*")
    expect(rikke.locator("mark.remark")).to_have_text("the floor of the hall")
    expect(rikke.locator(".bub .quoted")).to_contain_text("the floor of the hall")
    fine(rikke)
    rikke.evaluate("getSelection().removeAllRanges()")
    rikke.locator(".remark-sign").click()
    expect(rikke.locator("li.comment:target")).to_contain_text("Both halls?")

    sign_in(mette, WRITER)
    mette.goto(wiki.url)
    fine(mette)
    mette.get_by_role("link", name="All comments on passages").click()
    fine(mette)
    mette.get_by_role("button", name="Dealt with").click()
    expect(mette.get_by_role("button", name="Open again")).to_be_visible()
    mette.goto(wiki.url)
    expect(mette.locator("mark.remark")).to_have_count(0)
    expect(mette.locator(".bub .quoted")).to_contain_text("dealt with")


def test_without_a_script_one_suggests_and_comments_on_a_part(open_context: Open, wiki: Wiki) -> None:
    page = open_context(java_script_enabled=False).new_page()
    sign_in(page, READER)
    page.goto(wiki.url)
    page.get_by_role("link", name="Comment on this part After lifting").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main blockquote")).to_have_text("After lifting")
    page.get_by_role("textbox", name="Your comment").fill("And who signs?")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator("h2 mark.remark")).to_have_text("After lifting")
    page.get_by_role("link", name="Suggest a change").click()
    text = page.get_by_label("The text of the page")
    text.fill(text.input_value().replace("| blue | 8 t |", "| blue | 8 t |\n| green | 3 t |"))
    page.get_by_role("button", name="Send the suggestion").click()
    expect(page.locator(".difference tr.come")).to_contain_text("green")


def test_without_a_script_two_save_at_once_and_nothing_is_lost(open_context: Open, wiki: Wiki) -> None:
    bo, mette = (open_context(java_script_enabled=False).new_page() for _ in range(2))
    for page, email in ((bo, "bo@nordhavn.example"), (mette, WRITER)):
        sign_in(page, email)
        page.goto(f"{wiki.url}edit/")
    for page, old, new in (
        (mette, "Take a red sling", "Take a red sling, never a blue one"), (bo, "Hang the sling back", "Hang it back"),
    ):  # fmt: skip
        text = page.get_by_label("The text of the page")
        text.fill(text.input_value().replace(old, new))
        page.get_by_role("button", name="Save").click()
    expect(bo.get_by_role("alert")).to_contain_text("Mette Dahl saved a change while you were writing")
    expect(bo.get_by_role("alert")).to_contain_text("never a blue one")
    check_no_sideways_scrolling(bo)
    bo.get_by_role("button", name="Save").click()
    expect(bo.locator(".prose").first).to_contain_text("never a blue one")
    expect(bo.locator(".prose").first).to_contain_text("Hang it back")
