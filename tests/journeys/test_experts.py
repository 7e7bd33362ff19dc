"""Being asked and saying no for good; an accepted answer that becomes a page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.people import BOTH_WIDTHS, Colleagues, run_inside, sign_in
from tests.plugins.browser import check_no_sideways_scrolling, violations
from tests.plugins.servers import Town

pytestmark = [pytest.mark.journey, BOTH_WIDTHS]

Open = Callable[..., BrowserContext]
METTE, BO = "mette@nordhavn.example", "bo@nordhavn.example"

ASKED = """
from torvet.activity.record import record
from torvet.forum.models import Asked, AskedBecause, Thread
from torvet.spaces.models import Space
from torvet.wiki import actions as wiki
space = Space.objects.get(pk=SPACE)
mette, bo = Member.objects.get(pk=METTE), Member.objects.get(pk=BO)
page = wiki.write_page(by=house(bo), space=space, title="Hooks and chains", body="Which ones to take")
question = entries.publish_thread(
    by=house(mette), space=space, kind="question", title="Which hook for two tons?", body="The red one **slips**.")
Thread.objects.create(entry=question)
asked = Asked.objects.create(question_id=question.pk, member=bo)
AskedBecause.objects.create(asked=asked, entry=page.entry, what="owns")
record("asked_expert", by=house(mette), about=bo, space_id=space.pk, entry_id=question.pk, thread_id=question.pk,
    asked=asked.pk)
said = entries.add_comment(by=house(bo), on=question, kind="answer", body="The blue one. It carries **five**.") if ANSWERS else None
more = entries.add_comment(by=house(mette), on=question, body="Thank you") if ANSWERS else None
if said:
    Thread.objects.filter(pk=question.pk).update(accepted=said)
print(json.dumps({"question": question.pk, "said": said and said.pk, "more": more and more.pk}))
"""


def put(town: Town, colleagues: Colleagues, *, answers: bool) -> dict[str, int]:
    names = (
        f"SPACE, METTE, BO, ANSWERS = {colleagues.space}, {colleagues.mette}, {colleagues.bo}, {answers}\n"
    )
    found: dict[str, int] = json.loads(run_inside(town, names + ASKED))
    return found


def fine(page: Page) -> None:
    check_no_sideways_scrolling(page)
    assert not violations(page), page.url


def test_who_is_asked_says_that_it_is_not_their_field_any_more(
    open_context: Open, town: Town, colleagues: Colleagues
) -> None:
    put(town, colleagues, answers=False)
    bo = open_context(java_script_enabled=False).new_page()
    sign_in(bo, BO)
    bo.goto("/questions/asked/")
    line = bo.locator(".asked-list li").first
    expect(line).to_contain_text("Because you own the page “Hooks and chains”.")
    line.get_by_role("link", name="Which hook for two tons?").click()
    expect(bo.get_by_role("region", name="Asked of you")).to_contain_text("Mette Dahl asks you")
    bo.get_by_role("link", name="Not my field any more").click()
    expect(bo.get_by_role("checkbox", name=re.compile("Hooks and chains"))).to_be_checked()
    check_no_sideways_scrolling(bo)
    bo.get_by_role("button", name="Do not ask me about this again").click()
    bo.get_by_role("link", name="Fields in which you are no longer asked").click()
    bo.get_by_role("button", name="Ask me again Hooks and chains").first.click()
    expect(bo.get_by_text("There are none.")).to_be_visible()

    mette = open_context(color_scheme="dark").new_page()
    sign_in(mette, METTE)
    mette.goto("/questions/asked/")
    expect(mette.get_by_text("Nobody waits for you")).to_be_visible()
    fine(mette)


def test_an_accepted_answer_becomes_a_page(open_context: Open, town: Town, colleagues: Colleagues) -> None:
    there = put(town, colleagues, answers=True)
    mette = open_context().new_page()
    sign_in(mette, METTE)
    mette.goto(f"/e/{there['said']}/page/")
    expect(mette.get_by_role("checkbox", name=re.compile("The blue one"))).to_be_checked()
    expect(mette.get_by_role("checkbox", name=re.compile("Thank you"))).not_to_be_checked()
    mette.locator(".composer .ProseMirror").wait_for()
    fine(mette)
    mette.get_by_label("Title", exact=True).fill("Hooks for two tons")
    mette.get_by_role("button", name="Publish the page").click()
    expect(mette).to_have_url(re.compile(r"/pages/\d+/$"))
    expect(mette.locator(".wiki-page > .prose")).to_contain_text("It carries five")
    expect(mette.locator(".from-conversation")).to_contain_text("with words by Mette Dahl and Bo Dijkstra")
    fine(mette)
    mette.locator(".from-conversation").get_by_role("link", name="Which hook for two tons?").click()
    expect(mette.locator(".became-page").first).to_contain_text("This became the page Hooks for two tons")
    dark = open_context(color_scheme="dark").new_page()
    sign_in(dark, BO)
    dark.goto(f"/e/{there['more']}/page/")
    fine(dark)
