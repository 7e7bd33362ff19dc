"""A forum in the browser: set up, discussed in, solved, split and merged; with and without a script."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys.people import BOTH_WIDTHS, Colleagues, run_inside, sign_in
from tests.plugins.browser import check_no_sideways_scrolling, violations
from tests.plugins.servers import ADMIN, Town

pytestmark = pytest.mark.journey

Open = Callable[..., BrowserContext]
METTE, BO = "mette@nordhavn.example", "bo@nordhavn.example"


@BOTH_WIDTHS
def test_a_space_becomes_a_forum_and_people_discuss_in_it(
    open_context: Open, colleagues: Colleagues, screen: dict[str, Any]
) -> None:
    width = screen["viewport"]["width"]
    title, forum = f"Which gloves last {width}?", f"/spaces/{colleagues.space}/forum/"
    ada = open_context().new_page()
    sign_in(ada, ADMIN)
    ada.goto(f"{forum}settings/")
    button = ada.get_by_role("button", name=re.compile("Make it a forum|Save"))
    button.click()
    ada.get_by_label("Name", exact=True).fill(f"Tools {width}")
    ada.get_by_role("button", name="Add a sub-forum").click()
    expect(ada.locator(".part-list b").get_by_text(f"Tools {width}", exact=True)).to_be_visible()

    bo = open_context(java_script_enabled=False).new_page()
    sign_in(bo, BO)
    bo.goto(f"/spaces/{colleagues.space}/")
    bo.get_by_role("link", name="Forum", exact=True).click()
    bo.get_by_role("link", name="Start a discussion").click()
    bo.get_by_label("Where?", exact=True).select_option(label=f"Tools {width}")
    bo.locator("textarea[name=body]").fill("Mine **do not**.")
    bo.locator("input[name=title]").fill(title)
    check_no_sideways_scrolling(bo)
    bo.get_by_role("button", name="Start the discussion").click()
    expect(bo).to_have_url(re.compile(r"/e/\d+/$"))
    thread = bo.url

    mette = open_context().new_page()
    sign_in(mette, METTE)
    mette.goto("/forum/threads/?list=unanswered")
    mette.get_by_role("link", name=title).click()
    mette.get_by_label("Your comment").click()
    mette.locator(".comment-box .ProseMirror").wait_for()
    mette.keyboard.type("Leather ones do. And boots?")
    mette.locator("#comment").get_by_role("button", name="Comment", exact=True).click()
    expect(mette.locator(".thread").get_by_text("Leather ones do")).to_be_visible()

    bo.goto(thread)
    bo.get_by_role("button", name="Mark as solved").click()
    expect(bo.get_by_text("Solved", exact=True)).to_be_visible()
    bo.goto(f"{forum}?list=active")
    expect(bo.locator(".thread-line.solved").get_by_text(title)).to_be_visible()

    ada.goto(thread)
    ada.locator(".thread .comment-acts summary").last.click()
    ada.get_by_role("link", name="Make a discussion of its own").click()
    expect(ada.locator("input[name=replies]")).to_be_checked()
    ada.get_by_label("Title of the new discussion").fill(f"Boots {width}")
    ada.get_by_role("button", name="Make a discussion of it").click()
    expect(ada.get_by_text("This began in another thread:")).to_be_visible()
    split = ada.url
    ada.goto(f"/threads/{split.split('/')[-2]}/merge/")
    check_no_sideways_scrolling(ada)
    ada.get_by_role("radio", name=re.compile(re.escape(title))).check()
    ada.get_by_role("button", name="Merge", exact=True).click()
    expect(ada.get_by_text("was merged into this thread")).to_be_visible()
    ada.goto(split)
    expect(ada).to_have_url(re.compile(rf"^{re.escape(thread)}#c\d+$"))


FORUM = """
from torvet.forum import actions as fora
from torvet.spaces.models import Space
ada = Member.objects.get(role="administrator")
mette, bo = Member.objects.get(pk={mette}), Member.objects.get(pk={bo})
forum = fora.open_forum(by=house(ada), space=Space.objects.get(pk={space}))
part = forum.sub_fora.first() or fora.add_sub_forum(by=house(ada), forum=forum, name="Lifting", about="With a hook")
first = fora.start_discussion(by=house(bo), space=forum.space, title="A pinned one", body="x #crane", sub_forum=part)
entries.pin(by=house(ada), entry=first.entry)
said = entries.add_comment(by=house(mette), on=first.entry, body="One thing")
aside = entries.add_comment(by=house(mette), on=first.entry, body="Another thing")
fora.split_off(by=house(ada), thread=first.entry, replies=[aside.pk], title="The other thing")
fora.mark_solved(by=house(bo), thread=first)
print(first.pk, part.pk)
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_a_forum(
    open_context: Open, town: Town, colleagues: Colleagues, scheme: str
) -> None:
    code = FORUM.format(mette=colleagues.mette, bo=colleagues.bo, space=colleagues.space)
    thread, part = run_inside(town, code).split()
    forum = f"/spaces/{colleagues.space}/forum/"
    page = open_context(color_scheme=scheme).new_page()
    sign_in(page, ADMIN)
    look_at: dict[str, object] = {} if scheme == "light" else {"runOnly": ["color-contrast"]}
    found = []
    for address in (
        "/forum/", "/forum/threads/", "/forum/threads/?list=unanswered", "/forum/answers/", "/forum/new/", forum,
        f"{forum}?sub={part}", f"{forum}new/", f"{forum}settings/", f"{forum}parts/{part}/", f"/e/{thread}/",
        f"/threads/{thread}/split/", f"/threads/{thread}/merge/", f"/threads/{thread}/place/",
    ):  # fmt: skip
        answer = page.goto(address)
        assert answer and answer.status == 200, address
        found += [f"{address}: {line}" for line in violations(page, **look_at)]
    assert not found, "\n".join(found)
