"""An idea is proposed, supported, made one with another, decided and declined with a reason; everybody is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.people import BOTH_WIDTHS, Colleagues, run_inside, sign_in
from tests.plugins.browser import check_axe, check_no_sideways_scrolling
from tests.plugins.servers import Town

pytestmark = [pytest.mark.journey]

Open = Callable[..., BrowserContext]
DECIDER, PROPOSER = "mette@nordhavn.example", "bo@nordhavn.example"

BEGIN = """
from torvet.ideas import actions as ideas
from torvet.spaces.models import Membership, Standing
ada = Member.objects.get(role="administrator")
mette = Member.objects.get(email="mette@nordhavn.example")
room = ideas.open_room_with_space(by=house(ada), name="Easier", audience="All of us", access="open",
    question="What is hard for customers?", decider=mette)
spaces.join(by=house(mette), space=room.space)
spaces.change_standing(by=house(ada), standing=Standing.MODERATOR,
    membership=Membership.objects.select_related("space", "member").get(space=room.space, member=mette))
other = ideas.propose_idea(by=house(ada), room=room, title="One number to call", body="Four are too many.")
for member in (mette, Member.objects.get(email="bo@nordhavn.example")):
    people.change_profile(by=house(member), member=member, changes={"language": LANGUAGE})
print(json.dumps({"room": room.pk, "other": other.pk}))
"""
DRAIN = """
from torvet.activity import outbox
while outbox.drain():
    pass
print("{}")
"""


@dataclass(frozen=True)
class Rooms:
    """A room with an idea of the administrator's."""

    room: int
    other: int


def begin(town: Town, language: str = "en") -> Rooms:
    """A space of its own for each test: the town is the same."""
    return Rooms(**json.loads(run_inside(town, f"LANGUAGE = {language!r}\n{BEGIN}")))


def checked(page: Page) -> None:
    check_no_sideways_scrolling(page)
    check_axe(page)
    page.emulate_media(color_scheme="dark")
    page.reload()  # what was drawn before keeps the colours of its letters
    check_axe(page, runOnly=["color-contrast"])
    page.emulate_media(color_scheme="light")


@BOTH_WIDTHS
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_an_idea_goes_its_way_and_everybody_is_told(
    open_context: Open, town: Town, colleagues: Colleagues, screen: dict[str, object], script: bool
) -> None:
    rooms = begin(town)
    bo = open_context(**screen, java_script_enabled=script).new_page()
    sign_in(bo, PROPOSER)
    bo.goto(f"/ideas/new/?room={rooms.room}")
    if script:
        checked(bo)
    bo.get_by_label("Your idea in a few words").fill("A single phone number")
    bo.get_by_role("button", name="Propose it").click()
    expect(bo.get_by_role("heading", name="A single phone number")).to_be_visible()
    mine = bo.url.split("/ideas/")[1].strip("/")

    mette = open_context(**screen, java_script_enabled=script).new_page()
    sign_in(mette, DECIDER)
    mette.goto(f"/ideas/{mine}/")
    mette.get_by_role("button", name="I support it").click()
    expect(mette.get_by_role("button", name="You support it")).to_be_visible()
    expect(mette.locator(".idea-number")).to_contain_text("1")
    mette.get_by_text("Give input", exact=True).first.click()
    mette.get_by_text("A fact", exact=True).click()
    mette.get_by_label("Your input").fill("Customers ring the night number by day.")
    mette.get_by_role("button", name="Give input").click()
    expect(mette.get_by_role("heading", name="Facts")).to_be_visible()
    if script:
        checked(mette)

    mette.get_by_role("link", name="Same as another").click()
    if script:
        checked(mette)
    mette.get_by_text("One number to call").first.click()
    mette.get_by_role("button", name="Make them one").click()
    expect(mette.get_by_role("heading", name="One number to call")).to_be_visible()
    expect(mette.locator(".idea-number")).to_contain_text("2")
    if script:
        mette.goto(f"/spaces/{rooms.room}/ideas/")
        checked(mette)
        mette.goto("/ideas/")
        checked(mette)
        mette.goto(f"/ideas/{rooms.other}/")

    mette.get_by_role("link", name="Decide", exact=True).click()
    mette.get_by_text("Declined: we will not do it").click()
    mette.get_by_role("button", name="Decide and tell everybody").click()
    expect(mette.get_by_text("Say why it is declined").first).to_be_visible()
    if script:
        checked(mette)
        mette.goto(f"/ideas/{rooms.other}/stage/")
    mette.get_by_text("Declined: we will not do it").click()
    mette.get_by_label("Why?").fill("The exchange cannot do it before spring.")
    mette.get_by_role("button", name="Decide and tell everybody").click()
    expect(mette.get_by_text("The exchange cannot do it before spring.").first).to_be_visible()
    run_inside(town, DRAIN)

    bo.goto("/told/")
    expect(bo.get_by_text("Mette Dahl declined an idea you took part in").first).to_be_visible()
    expect(bo.get_by_text("The exchange cannot do it before spring.").first).to_be_visible()
    expect(bo.get_by_text("made an idea you took part in one with").first).to_be_visible()
    bo.goto(f"/ideas/{mine}/")
    expect(bo.get_by_role("heading", name="This idea goes on in another")).to_be_visible()


@pytest.fixture
def rooms_in_danish(town: Town, colleagues: Colleagues) -> Iterator[Rooms]:
    """Afterwards they read English again: others walk through the same town."""
    yield begin(town, "da")
    begin(town)


def test_it_is_the_same_way_in_danish(open_context: Open, town: Town, rooms_in_danish: Rooms) -> None:
    rooms = rooms_in_danish
    bo = open_context().new_page()
    sign_in(bo, PROPOSER)
    bo.goto(f"/spaces/{rooms.room}/ideas/")
    bo.get_by_role("link", name="Foreslå en idé").click()
    bo.get_by_label("Din idé med få ord").fill("Ét nummer til alle")
    bo.get_by_role("button", name="Foreslå den").click()
    expect(bo.get_by_text("Din idé er hørt.")).to_be_visible()
    mine = bo.url.split("/ideas/")[1].strip("/")
    mette = open_context().new_page()
    sign_in(mette, DECIDER)
    mette.goto(f"/ideas/{mine}/")
    mette.get_by_role("button", name="Jeg støtter den").click()
    expect(mette.get_by_role("button", name="Du støtter den")).to_be_visible()
    mette.get_by_role("link", name="Afgør", exact=True).click()
    mette.get_by_text("Afvist: vi gør det ikke").click()
    mette.get_by_role("button", name="Afgør det, og fortæl det til alle").click()
    expect(mette.get_by_text("Sig, hvorfor den bliver afvist.").first).to_be_visible()
    mette.get_by_label("Hvorfor?").fill("Telefonen kan det ikke før foråret.")
    mette.get_by_role("button", name="Afgør det, og fortæl det til alle").click()
    expect(mette.get_by_text("Telefonen kan det ikke før foråret.").first).to_be_visible()
    run_inside(town, DRAIN)
    bo.goto("/told/")
    expect(bo.get_by_text("Mette Dahl afviste en idé, du var med i").first).to_be_visible()
    expect(bo.get_by_text("Telefonen kan det ikke før foråret.").first).to_be_visible()
