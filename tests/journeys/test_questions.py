"""A question is asked, what is like it appears, it is answered and accepted; and one is asked without a name."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.utils import translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.people import BOTH_WIDTHS, Colleagues, run_inside, sign_in
from tests.plugins.browser import check_axe, check_no_sideways_scrolling
from tests.plugins.servers import Town
from torvet.entries import similar as likeness

pytestmark = [pytest.mark.journey, BOTH_WIDTHS]

Open = Callable[..., BrowserContext]
ASKER, ANSWERING = "{}.asks@nordhavn.example", "{}.answers@nordhavn.example"

# People of their own: others walk through the same town in other languages.
BEGIN = """
from torvet.activity import outbox
from torvet.forum import actions as forum
from torvet.forum.models import Forum
from torvet.spaces.models import Space
square = Space.objects.get(pk=SPACE)

def known(email, name):
    found = Member.objects.filter(email=email).first()
    return found or people.make_member(email=email, name=name, password=PASSWORD, language=LANGUAGE)

asker = known(ASKER, "Dorte Spang")
known(ANSWERING, "Finn Svane")
Forum.objects.update_or_create(space=square, defaults={"allows_anonymous": True})
asked = forum.ask_question(by=house(asker), space=square, title="How long may the crane stand in the wind?")
answer = forum.give_answer(by=house(Member.objects.get(role="administrator")), question=asked, body="One hour.")
forum.accept_answer(by=house(asker), question=asked, answer=answer)
while outbox.drain():
    pass
print(json.dumps({"asked": asked.pk}))
"""


@dataclass(frozen=True)
class Square:
    """Where it is asked, and a question that was solved there."""

    space: int
    asked: int


def begin(town: Town, colleagues: Colleagues, language: str) -> Square:
    who = f"ASKER, ANSWERING = {ASKER.format(language)!r}, {ANSWERING.format(language)!r}"
    source = f"SPACE = {colleagues.space}\nLANGUAGE = {language!r}\n{who}\n{BEGIN}"
    return Square(colleagues.space, **json.loads(run_inside(town, source)))


def checked(page: Page) -> None:
    check_no_sideways_scrolling(page)
    check_axe(page)
    page.emulate_media(color_scheme="dark")
    page.reload()  # what was drawn before keeps the colours of its letters
    check_axe(page, runOnly=["color-contrast"])
    page.emulate_media(color_scheme="light")


@pytest.mark.parametrize(("script", "language"), [(True, "da"), (False, "en")], ids=["script-da", "plain-en"])
def test_ask_see_what_is_there_answer_accept(
    open_context: Open,
    town: Town,
    colleagues: Colleagues,
    screen: dict[str, object],
    script: bool,
    language: str,
) -> None:
    square = begin(town, colleagues, language)
    bo = open_context(**screen, java_script_enabled=script).new_page()
    mette = open_context(**screen, java_script_enabled=script).new_page()
    with translation.override(language):
        sign_in(bo, ASKER.format(language))
        bo.goto(f"/questions/ask/?space={square.space}")
        if script:
            checked(bo)
        # Of its own for each width: the same question twice is asked once.
        title = f"How long can a crane stand in wind {screen['viewport']['width']}?"
        bo.locator("#id_title").fill(title)
        _see_what_is_there(bo, title, script)
        bo.get_by_role("button", name=pgettext("verb", "Ask"), exact=True).click()
        bo.wait_for_url("**/questions/*/")
        address = bo.url
        expect(bo.locator(".state-line")).to_contain_text(gettext("Waits for an answer"))

        sign_in(mette, ANSWERING.format(language))
        mette.goto(address)
        box = mette.locator(".answer-form")
        if script:
            box.locator("textarea").click()
            box.locator(".ProseMirror").wait_for()
            box.locator(".ProseMirror").press_sequentially("Until twelve metres a second.")
        else:
            box.locator("textarea").fill("Until twelve metres a second.")
        box.get_by_role("button", name=pgettext("verb", "Answer"), exact=True).click()
        expect(mette.locator(".answer")).to_contain_text("Until twelve metres a second.")

        bo.goto(address)
        vote = bo.locator(".vote button")
        vote.click()
        expect(bo.locator(".vote button")).to_have_attribute("aria-pressed", "true")
        bo.get_by_role("button", name=gettext("This solved it"), exact=True).click()
        expect(bo.locator(".answer.accepted .answer-mark")).to_contain_text(
            gettext("This solved it, says the asker")
        )
        expect(bo.locator(".state-line.solved")).to_be_visible()
        if script:
            checked(bo)


def _see_what_is_there(page: Page, title: str, script: bool) -> None:
    """While one types, or by a button; where nothing finds what is alike, the words stay and nothing is in the way."""
    if not script:
        page.get_by_role("button", name=gettext("See what is there already"), exact=True).click()
    expect(page.locator("#id_title")).to_have_value(title)
    if likeness._finder is None:
        return
    one = page.locator(".alike-one").filter(has_text="How long may the crane stand in the wind?").first
    one.locator("summary").click()
    expect(one).to_contain_text("One hour.")


def test_ask_without_a_name(
    open_context: Open, town: Town, colleagues: Colleagues, screen: dict[str, object]
) -> None:
    square = begin(town, colleagues, "en")
    bo = open_context(**screen).new_page()
    sign_in(bo, ASKER.format("en"))
    bo.goto(f"/questions/ask/?space={square.space}")
    expect(bo.locator(".key-words")).to_be_hidden()
    bo.locator('[name=unnamed][value="1"]').check()
    expect(bo.locator(".unnamed-says")).to_contain_text("what cannot be hidden")
    words = bo.locator(".key-words").inner_text()
    assert len(words.split()) == 6
    # What goes with the space is asked anew; the choice and the words stay.
    with bo.expect_response("**/questions/ask/place/"):
        bo.locator("#id_space").dispatch_event("change")
    expect(bo.locator('[name=unnamed][value="1"]')).to_be_checked()
    expect(bo.locator(".key-words")).to_have_text(words)
    check_axe(bo)
    bo.locator("#id_title").fill("May one say no?")
    bo.get_by_role("button", name="Ask", exact=True).click()
    expect(bo.locator("#sent")).to_be_visible()
    expect(bo.locator("#ask")).to_be_hidden()
    check_axe(bo)
    check_no_sideways_scrolling(bo)
