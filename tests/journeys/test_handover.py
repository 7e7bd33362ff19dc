"""Somebody leaves: the list is theirs first, two answers become pages, a colleague takes over, nothing is left ownerless."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.people import BOTH_WIDTHS, Colleagues, run_inside, sign_in
from tests.journeys.test_talking import LIVE
from tests.plugins.browser import check_axe, check_no_sideways_scrolling
from tests.plugins.servers import ADMIN, Town

pytestmark = [pytest.mark.journey, BOTH_WIDTHS]

Open = Callable[..., BrowserContext]

LEAVER = """
from torvet.spaces.models import Space
from torvet.wiki import actions as wiki
square = Space.objects.get(pk=%(space)d)
ada = Member.objects.get(role="administrator")
lone = people.make_member(email="lone-%(width)d@nordhavn.example", name="Lone Borg %(width)d", password=PASSWORD, title="Rigger")
spaces.join(by=house(lone), space=square)
page = wiki.write_page(by=house(lone), space=square, title="Rigging %(width)d", body="How it is done")
wiki.write_page(by=house(lone), space=square, title="Old ropes %(width)d", body="Where they lie")
riggers = spaces.open_space(by=house(lone), name="Riggers %(width)d", purpose="Ropes", audience="Riggers", responsible=lone)
spaces.join(by=house(Member.objects.get(pk=%(mette)d)), space=riggers)
asked = entries.publish_post(by=house(ada), space=square, title="Which knot holds wet rope?", body="Does anybody know?")
entries.add_comment(by=house(lone), on=asked, body="Two half hitches and a prayer")
print(json.dumps({"lone": lone.pk, "riggers": riggers.pk, "page": page.pk}))
"""
LEFT = """
from torvet.wiki.actions.passing import ownerless
from torvet.wiki.models import Page
print(json.dumps([ownerless(), list(Page.objects.filter(entry__title__endswith=" %d").values_list("entry__title", "owner"))]))
"""


def looked_at(page: Page) -> None:
    check_axe(page)
    check_no_sideways_scrolling(page)


def answer(page: Page, question: str, text: str, title: str) -> None:
    expect(page.get_by_role("heading", name=question, level=1)).to_be_visible()
    page.locator("textarea[name=text]").fill(text)
    looked_at(page)
    page.get_by_role("button", name="Make it a page").click()
    page.wait_for_url("**/handover/notes/*/")
    expect(page.locator(".prose")).to_contain_text(text)
    page.locator("input[name=title]").fill(title)
    page.locator("select[name=space]").select_option(label="The quay")
    looked_at(page)
    page.get_by_role("button", name="Publish the page").click()
    page.wait_for_url("**/people/*/handover/")


def test_a_leaver_hands_over_and_nothing_is_left_without_an_owner(
    open_context: Open, colleagues: Colleagues, town: Town, screen: dict[str, Any]
) -> None:
    width = screen["viewport"]["width"]
    made = json.loads(
        run_inside(town, LEAVER % {"space": colleagues.space, "width": width, "mette": colleagues.mette})
    )
    title = f"Rigging {width}"

    admin = open_context().new_page()
    sign_in(admin, ADMIN)
    admin.goto(f"/manage/members/{made['lone']}/")
    admin.get_by_role("link", name="Set the last day").click()
    admin.locator("input[name=leaves_on]").fill((date.today() + timedelta(days=40)).isoformat())
    looked_at(admin)
    admin.get_by_role("button", name="Save").click()
    admin.get_by_role("link", name="To the hand-over").click()
    expect(admin.locator("main")).to_contain_text("looks at this list first")
    expect(admin.locator("main")).not_to_contain_text(title)
    looked_at(admin)

    lone = open_context().new_page()
    sign_in(lone, f"lone-{width}@nordhavn.example")
    lone.goto("/told/")
    lone.locator("a.told", has_text="set your last day").click()
    lone.wait_for_url("**/handover/")
    expect(lone.locator("main")).to_contain_text("Only you see this list")
    expect(lone.get_by_role("link", name=title, exact=True)).to_be_visible()
    expect(lone.get_by_role("link", name="Which knot holds wet rope?", exact=True)).to_be_visible()
    looked_at(lone)

    lone.get_by_role("link", name="Begin").click()
    answer(lone, "What do people call you about?", "The old crane", f"The old crane {width}")
    lone.get_by_role("link", name="Go on").click()
    answer(lone, "What goes wrong when you are on holiday?", "Nobody oils it", f"When I am away {width}")
    expect(lone.locator("main")).to_contain_text("Made into pages: 2")

    lone.get_by_role("link", name=f"Who takes over? {title}").click()
    looked_at(lone)
    lone.locator("input[name=successor]").fill("Mette Dahl")
    lone.locator("form.form").get_by_role("button", name="Ask").click()
    lone.wait_for_url("**/people/*/handover/")
    expect(lone.locator("main")).to_contain_text("Waits for Mette Dahl")
    lone.get_by_role("button", name="Show it now").click()
    expect(lone.locator("main")).not_to_contain_text("Only you see this list")

    mette = open_context().new_page()
    sign_in(mette, "mette@nordhavn.example")
    expect(mette.locator("body")).to_be_visible()
    mette.goto("/told/")
    mette.locator("a.told", has_text=f"Lone Borg {width} asks you to take over a page").first.click(
        timeout=LIVE
    )
    mette.wait_for_url("**/handover/")
    looked_at(mette)
    mette.get_by_role("button", name=f"I take it over {title}").click()
    expect(mette.get_by_role("button", name=f"I take it over {title}")).to_have_count(0)
    mette.goto(f"/pages/{made['page']}/")
    expect(mette.locator("header.page-title")).to_contain_text("Mette Dahl")

    admin.reload()
    expect(admin.locator("main")).to_contain_text("1 of ")
    admin.goto(f"/manage/members/{made['lone']}/deactivation/")
    admin.get_by_role("button", name="Close the account").click()
    admin.wait_for_url(re.compile(rf"/manage/members/{made['lone']}/$"))
    admin.goto(f"/people/{made['lone']}/handover/")
    expect(admin.locator("main")).to_contain_text("is closed")
    looked_at(admin)
    (pages, spaces), owners = json.loads(run_inside(town, LEFT % width))
    assert (pages, spaces) == (0, 0)
    assert made["lone"] not in [owner for _title, owner in owners] and len(owners) == 5
    mette.goto("/told/")
    mette.locator("a.told", has_text=f"something in Riggers {width} is now yours").first.click(timeout=LIVE)
    mette.wait_for_url("**/handover/")
    expect(mette.locator("main")).to_contain_text("because you have been in the space longest")
    looked_at(mette)
