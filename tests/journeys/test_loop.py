"""An employee asks under an article, the leader answers from the list, and tells what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.journeys.people import BOTH_WIDTHS, Colleagues, run_inside, sign_in
from tests.plugins.browser import check_axe, check_no_sideways_scrolling
from tests.plugins.servers import Town

pytestmark = [pytest.mark.journey, BOTH_WIDTHS]

Open = Callable[..., BrowserContext]
LEADER, EMPLOYEE = "mette@nordhavn.example", "bo@nordhavn.example"

BEGIN = """
from torvet.activity import outbox
from torvet.blogs import actions as blogs
from torvet.spaces.models import Space
ada = Member.objects.get(role="administrator")
mette = Member.objects.get(email="mette@nordhavn.example")
people.change_role(by=house(ada), member=mette, role="leader")
mette.refresh_from_db()
blog = blogs.open_blog(by=house(mette), space=Space.objects.get(pk=SPACE), name="From the bridge", leader=mette,
    promise_days=5)
draft = blogs.write_draft(by=house(mette), blog=blog, title="The winter ahead", lead="Three things.", body="Ask me.")
article = blogs.publish_draft(by=house(mette), draft=draft, version=draft.version)
while outbox.drain():
    pass
print(json.dumps({"blog": blog.pk, "article": article.pk}))
"""
DRAIN = """
from torvet.activity import outbox
while outbox.drain():
    pass
print("{}")
"""


@dataclass(frozen=True)
class Loop:
    """Mette's blog with one article."""

    blog: int
    article: int


@pytest.fixture
def loop(town: Town, colleagues: Colleagues) -> Loop:
    return Loop(**json.loads(run_inside(town, f"SPACE = {colleagues.space}\n{BEGIN}")))


def checked(page: Page) -> None:
    check_no_sideways_scrolling(page)
    check_axe(page)
    page.emulate_media(color_scheme="dark")
    page.reload()  # what was drawn before keeps the colours of its letters
    check_axe(page, runOnly=["color-contrast"])
    page.emulate_media(color_scheme="light")


def write(box: Locator, words: str) -> None:
    """In the editor, once it has come."""
    box.locator("textarea").click()
    editor = box.locator(".ProseMirror")
    editor.wait_for()
    editor.press_sequentially(words)


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_what_is_asked_is_answered_from_the_list_and_its_outcome_told(
    open_context: Open, town: Town, loop: Loop, screen: dict[str, object], script: bool
) -> None:
    bo = open_context(**screen, java_script_enabled=script).new_page()
    sign_in(bo, EMPLOYEE)
    bo.goto(f"/articles/{loop.article}/")
    if script:
        box = bo.locator("#comments .comment-form").first
        write(box, "Do we get more lamps?")
        box.get_by_role("button", name="Comment", exact=True).click()
    else:
        bo.locator(f"#write-{loop.article} textarea").fill("Do we get more lamps?")
        bo.locator(f"#write-{loop.article}").get_by_role("button", name="Comment", exact=True).click()
    expect(bo.get_by_text("Do we get more lamps?").first).to_be_visible()
    run_inside(town, DRAIN)

    mette = open_context(**screen, java_script_enabled=script).new_page()
    sign_in(mette, LEADER)
    mette.goto(f"/blogs/{loop.blog}/")
    mette.get_by_role("link", name="1 to answer").click()
    expect(mette.get_by_role("heading", name="1 comment waits for an answer")).to_be_visible()
    if script:
        checked(mette)
    mette.get_by_label("Answer Bo Dijkstra").fill("Twenty, on Monday.")
    mette.get_by_role("button", name="Answer", exact=True).click()
    said = "You answered Bo Dijkstra." if script else "Answered. It stands under the article"
    expect(mette.get_by_text(said)).to_be_visible()
    mette.goto(f"/blogs/{loop.blog}/loop/")
    expect(mette.get_by_text("Nothing waits for an answer")).to_be_visible()
    mette.goto(f"/blogs/{loop.blog}/loop/landing/")
    expect(mette.get_by_role("heading", name="The winter ahead")).to_be_visible()
    if script:
        checked(mette)

    mette.goto(f"/outcomes/new/?of={loop.article}")
    if script:
        checked(mette)
    mette.get_by_label("What was done?").fill("Twenty lamps on the quay")
    if script:
        write(mette.locator(".compose-box"), "They hang by the gate.")
    else:
        mette.locator("textarea[name=body]").fill("They hang by the gate.")
    mette.get_by_role("button", name="Tell everybody who took part").click()
    expect(mette.get_by_text("They hang by the gate.").first).to_be_visible()
    expect(mette.locator(".outcomes-beside").get_by_text("The winter ahead")).to_be_visible()
    if script:
        checked(mette)
    run_inside(town, DRAIN)

    bo.goto("/told/")
    expect(bo.get_by_text("You said, we did: Mette Dahl tells what became of it").first).to_be_visible()
    bo.goto(f"/articles/{loop.article}/")
    expect(bo.locator(".outcomes-beside").get_by_text("Twenty lamps on the quay")).to_be_visible()
    bo.goto("/outcomes/")
    expect(bo.get_by_role("heading", name="Twenty lamps on the quay").first).to_be_visible()
    bo.goto(f"/blogs/{loop.blog}/")
    expect(bo.get_by_text("kept for 1 of 1 in 90 days")).to_be_visible()
    if script:
        bo.goto("/outcomes/")
        checked(bo)
        bo.goto("/blogs/mood/")
        checked(bo)


def test_the_list_works_by_keyboard_alone(
    open_context: Open, town: Town, loop: Loop, colleagues: Colleagues, screen: dict[str, object]
) -> None:
    asked = f"""
from torvet.entries.models import Entry
bo = Member.objects.get(email="bo@nordhavn.example")
article = Entry.objects.select_related("space").get(pk={loop.article})
entries.add_comment(by=house(bo), on=article, body="When?")
{DRAIN}"""
    run_inside(town, asked)
    page = open_context(**screen).new_page()
    sign_in(page, LEADER)
    page.goto(f"/blogs/{loop.blog}/loop/")
    page.get_by_label("Answer Bo Dijkstra").focus()
    page.keyboard.type("Soon")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You answered Bo Dijkstra.")).to_be_visible()
