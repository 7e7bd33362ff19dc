"""Pages kept true, in the browser: approval, the question, what readers report, and links to what is not written yet."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.people import BOTH_WIDTHS, Colleagues, run_inside, sign_in
from tests.plugins.browser import check_no_sideways_scrolling
from tests.plugins.servers import Town

pytestmark = [pytest.mark.journey, BOTH_WIDTHS]

Open = Callable[..., BrowserContext]
METTE, BO = "mette@nordhavn.example", "bo@nordhavn.example"


def written(town: Town, colleagues: Colleagues, title: str, body: str, further: str = "") -> int:
    """A page of Mette's in The quay."""
    code = f"""
from django.utils import timezone
from datetime import timedelta
from torvet.spaces.models import Space
from torvet.wiki import actions as wiki
from torvet.wiki.models import Page
mette = Member.objects.get(pk={colleagues.mette})
page = wiki.write_page(
    by=house(mette), space=Space.objects.get(pk={colleagues.space}), title={title!r}, body={body!r})
{further}
print(page.pk)
"""
    return int(run_inside(town, code))


def save_plainly(page: Page, words: str) -> None:
    """As somebody does whose browser runs no script."""
    page.locator("textarea[name=body]").fill(words)
    page.get_by_role("button", name="Save", exact=True).click()


def test_a_newer_text_is_read_by_all_only_once_it_is_approved(
    open_context: Open, town: Town, colleagues: Colleagues
) -> None:
    pk = written(
        town,
        colleagues,
        "Chains",
        "Checked **once** a year.",
        "wiki.want_approval(by=house(mette), page=page)",
    )
    bo = open_context(java_script_enabled=False).new_page()
    sign_in(bo, BO)
    bo.goto(f"/pages/{pk}/edit/")
    save_plainly(bo, "Checked **twice** a year.")
    expect(bo).to_have_url(re.compile(rf"/pages/{pk}/working/$"))
    expect(bo.locator(".difference .prose ins")).to_contain_text("twice")
    check_no_sideways_scrolling(bo)
    bo.goto(f"/pages/{pk}/")
    expect(bo.get_by_text("There is a newer working text.")).to_be_visible()
    expect(bo.locator(".wiki-page > .prose")).to_contain_text("once")

    mette = open_context().new_page()
    sign_in(mette, METTE)
    mette.goto(f"/pages/{pk}/working/")
    mette.get_by_text("Not yet…").click()
    mette.get_by_label("What is missing? The writer reads this.").fill("Say which chains.")
    mette.get_by_role("button", name="Say not yet").click()
    expect(mette.get_by_text("Say which chains.")).to_be_visible()

    bo.goto(f"/pages/{pk}/edit/")
    save_plainly(bo, "All chains are checked **twice** a year.")
    mette.goto(f"/pages/{pk}/")
    mette.get_by_role("link", name="Look at it and approve").click()
    mette.get_by_role("button", name="Approve", exact=True).click()
    expect(mette).to_have_url(re.compile(rf"/pages/{pk}/$"))
    expect(mette.locator(".wiki-page > .prose")).to_contain_text("All chains are checked twice")
    expect(mette.get_by_text("There is a newer working text.")).to_have_count(0)


def test_switching_approval_off_asks_which_text_stands(
    open_context: Open, town: Town, colleagues: Colleagues
) -> None:
    pk = written(
        town, colleagues, "Ropes", "Old words.",
        "page = wiki.want_approval(by=house(mette), page=page)\n"
        "wiki.edit_page(by=house(mette), page=page, title='Ropes', body='New words.', version=1)",
    )  # fmt: skip
    mette = open_context().new_page()
    sign_in(mette, METTE)
    mette.goto(f"/pages/{pk}/approval/setting/")
    check_no_sideways_scrolling(mette)
    mette.get_by_label("The approved text. The working text is left aside.").check()
    mette.get_by_role("button", name="No approval from now on").click()
    expect(mette.locator(".wiki-page > .prose")).to_contain_text("Old words.")
    expect(mette.get_by_text("working text")).to_have_count(0)


def test_the_owner_answers_the_question_with_one_click_in_the_list(
    open_context: Open, town: Town, colleagues: Colleagues
) -> None:
    written(
        town, colleagues, "Hooks of the crane", "Look at them.",
        "Page.objects.filter(pk=page.pk).update(confirmed_until=timezone.localdate() + timedelta(days=3))\n"
        "wiki.ask_if_right()",
    )  # fmt: skip
    mette = open_context(java_script_enabled=False).new_page()
    sign_in(mette, METTE)
    question = mette.locator("li", has_text="Is “Hooks of the crane” still right?")
    line = question.filter(has=mette.get_by_role("button", name="Still right"))
    for _ in range(40):  # the worker tells within seconds
        mette.goto("/told/")
        if line.count():
            break
        mette.wait_for_timeout(500)
    check_no_sideways_scrolling(mette)
    line.get_by_role("button", name="Still right").click()
    expect(mette).to_have_url(re.compile(r"/told/$"))
    expect(line).to_have_count(0)
    expect(question.first).to_be_visible()


def test_a_reader_says_that_it_is_out_of_date_and_hears_back(
    open_context: Open, town: Town, colleagues: Colleagues
) -> None:
    pk = written(town, colleagues, "Opening hours", "From eight to four.")
    bo, mette = open_context().new_page(), open_context().new_page()
    sign_in(bo, BO)
    bo.goto(f"/pages/{pk}/")
    bo.get_by_text("Something wrong with this page?").click()
    bo.get_by_label("What is not right? (optional)").fill("It is from seven now")
    bo.get_by_role("button", name="It is out of date").click()
    expect(bo.get_by_text("You said that this is out of date.")).to_be_visible()

    sign_in(mette, METTE)
    mette.goto(f"/pages/{pk}/")
    report = mette.locator(".report-list li", has_text="It is from seven now")
    report.get_by_label("Your answer (optional)").fill("Mended, thank you")
    report.get_by_role("button", name="Done").click()
    expect(mette.locator(".report-list li")).to_have_count(0)
    bo.goto(f"/pages/{pk}/")
    expect(bo.get_by_text("Mended, thank you")).to_be_visible()
    check_no_sideways_scrolling(bo)


def test_a_link_to_a_page_that_is_not_there_is_a_friendly_way_to_write_it(
    open_context: Open, town: Town, colleagues: Colleagues, screen: dict[str, object]
) -> None:
    title = f"Winches {len(screen)}"
    pk = written(town, colleagues, "Lifting", f"See [[{title}]] before you begin.")
    bo = open_context(java_script_enabled=False).new_page()
    sign_in(bo, BO)
    bo.goto(f"/pages/{pk}/")
    bo.locator("a.to-write", has_text=title).click()
    expect(bo.locator("input[name=title]")).to_have_value(title)
    bo.locator("textarea[name=body]").fill("Turn slowly.")
    bo.get_by_role("button", name="Save the page").click()
    expect(bo.locator("h1#page-title")).to_have_text(title)
    expect(bo.get_by_role("heading", name="Linked from")).to_be_attached()
    bo.goto(f"/pages/{pk}/")
    bo.locator(".prose").get_by_role("link", name=title).click()
    expect(bo.locator("h1#page-title")).to_have_text(title)
