"""Writing one page together, in real browsers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.journeys.people import Colleagues, run_inside, sign_in
from tests.journeys.test_talking import picture
from tests.plugins.browser import DESKTOP, PHONE, check_axe, check_no_sideways_scrolling
from tests.plugins.servers import ADMIN, Town

pytestmark = [pytest.mark.journey]

Open = Callable[..., BrowserContext]
SEEN = 15_000  # milliseconds, on two busy cores


def new_page(
    town: Town, colleagues: Colleagues, title: str, body: str = "Look up.\\n\\nThen lift.", space: str = ""
) -> int:
    """A page in The quay, or in a closed space of Mette's with Bo in it."""
    return int(
        run_inside(
            town,
            f"""
from torvet.spaces.models import JoinRequest, Space
from torvet.wiki import actions as wiki
mette, bo = Member.objects.get(pk={colleagues.mette}), Member.objects.get(pk={colleagues.bo})
space = Space.objects.get(pk={colleagues.space})
if {space!r}:
    space = spaces.open_space(by=house(mette), name={space!r}, purpose="x", audience="x", responsible=mette, access="closed")
    spaces.ask_to_join(by=house(bo), space=space, answer="Please")
    spaces.answer_request(by=house(mette), is_let_in=True,
        asked=JoinRequest.objects.select_related("space", "member").get(space=space, member=bo))
print(wiki.write_page(by=house(mette), space=space, title={title!r}, body="{body}").pk)
""",
        )
    )


def open_editor(browser: Page, number: int) -> Locator:
    browser.goto(f"/pages/{number}/edit/")
    expect(browser.locator(".together-sign .save-state")).to_have_text("Saved", timeout=SEEN)
    return browser.locator("form.composer .ProseMirror")


def type_at_end(browser: Page, box: Locator, words: str, paragraph: str) -> None:
    box.locator("p", has_text=paragraph).first.click()
    browser.keyboard.press("End")
    browser.keyboard.type(words, delay=10)


def test_two_write_one_page_and_what_one_writes_without_a_connection_joins(
    open_context: Open, colleagues: Colleagues, town: Town
) -> None:
    number = new_page(town, colleagues, "Together at the crane")
    metten, bon = open_context(), open_context()
    mette, bo = metten.new_page(), bon.new_page()
    sign_in(mette, "mette@nordhavn.example")
    sign_in(bo, "bo@nordhavn.example")
    hers, his = open_editor(mette, number), open_editor(bo, number)
    expect(mette.locator(".who-text")).to_have_text("Bo Dijkstra is here", timeout=SEEN)
    expect(bo.locator(".who-text")).to_have_text("Mette Dahl is here", timeout=SEEN)

    type_at_end(mette, hers, " From Mette.", "Look up.")
    expect(his.locator("p").first).to_have_text(re.compile(r"Look up\. From Mette\."), timeout=SEEN)
    expect(his.locator(".caret-name")).to_have_text("Mette Dahl")
    type_at_end(bo, his, " From Bo.", "Then lift.")
    expect(hers).to_contain_text("Then lift. From Bo.", timeout=SEEN)

    # The title is written together as well.
    bo.locator("#page-title").press("End")
    bo.keyboard.type(" and the quay")
    expect(mette.locator("#page-title")).to_have_value("Together at the crane and the quay", timeout=SEEN)

    bon.set_offline(True)
    expect(bo.locator(".save-state")).to_contain_text("No connection", timeout=30_000)
    type_at_end(bo, his, " Bo on the train.", "Then lift.")
    type_at_end(mette, hers, " Mette at her desk.", "Then lift.")
    expect(mette.locator(".save-state")).to_have_text("Saved", timeout=SEEN)
    expect(hers).not_to_contain_text("on the train")
    bon.set_offline(False)
    expect(hers).to_contain_text("Bo on the train.", timeout=30_000)
    expect(his).to_contain_text("Mette at her desk.", timeout=SEEN)
    for browser in (mette, bo):
        expect(browser.locator(".save-state")).to_have_text("Saved", timeout=SEEN)

    bo.get_by_role("button", name="Done").click()
    bo.wait_for_url(f"**/pages/{number}/")
    for words in ("From Mette.", "From Bo.", "Bo on the train.", "Mette at her desk."):
        expect(bo.locator(".wiki-page .prose")).to_contain_text(words)
    expect(bo.get_by_role("heading", name="Together at the crane and the quay")).to_be_visible()
    expect(mette.locator(".who-text")).to_have_text("", timeout=SEEN)


def test_somebody_without_the_right_sees_nothing_and_cannot_connect(
    open_context: Open, colleagues: Colleagues, town: Town
) -> None:
    number = new_page(town, colleagues, "Only for us", space="The signal box")
    ada = open_context().new_page()
    sign_in(ada, ADMIN)
    ada.goto(f"/pages/{number}/edit/")
    expect(ada.locator("body")).not_to_contain_text("Only for us")
    expect(ada.locator("form.composer")).to_have_count(0)
    asked = """address => new Promise((done) => {
        const socket = new WebSocket(location.origin.replace(/^http/, "ws") + address)
        socket.onopen = () => done("open"); socket.onmessage = () => done("heard"); socket.onerror = () => done("refused") })"""
    assert ada.evaluate(asked, f"/live/pages/{number}/") == "refused"
    assert ada.evaluate(asked, "/live/pages/987654321/") == "refused"


def test_whoever_is_removed_while_writing_is_cut_off_and_given_their_text(
    open_context: Open, colleagues: Colleagues, town: Town
) -> None:
    number = new_page(town, colleagues, "The lock", space="The lock keepers")
    mette, bo = open_context().new_page(), open_context().new_page()
    sign_in(mette, "mette@nordhavn.example")
    sign_in(bo, "bo@nordhavn.example")
    hers, his = open_editor(mette, number), open_editor(bo, number)
    type_at_end(bo, his, " Before.", "Look up.")
    expect(hers).to_contain_text("Look up. Before.", timeout=SEEN)
    run_inside(
        town,
        f"""
from torvet.spaces.models import Membership
from torvet.wiki.models import Page
page = Page.objects.get(pk={number})
row = Membership.objects.select_related("space", "member").get(space=page.space_id, member={colleagues.bo})
spaces.remove_member(by=house(Member.objects.get(pk={colleagues.mette})), membership=row)
print(1)
""",
    )
    offered = bo.locator(".offered")
    expect(offered).to_be_visible(timeout=2_000)
    expect(offered).to_contain_text("You can no longer edit this page")
    expect(offered.get_by_label("Your text")).to_have_value(re.compile(r"Look up\. Before\."))
    expect(bo.locator("form.composer .ProseMirror")).to_have_attribute("contenteditable", "false")
    # What can do nothing any more is gone.
    expect(bo.locator("form.composer [role=toolbar]")).to_have_count(0)
    expect(bo.locator(".together-sign")).to_be_hidden()
    expect(mette.locator(".who-text")).to_have_text("", timeout=SEEN)
    bo.goto(f"/pages/{number}/edit/")
    expect(bo.locator("body")).not_to_contain_text("Look up.")


def test_a_page_holds_a_picture_a_table_and_a_box(
    open_context: Open, colleagues: Colleagues, town: Town
) -> None:
    number = new_page(town, colleagues, "With everything")
    mette = open_context().new_page()
    sign_in(mette, "mette@nordhavn.example")
    box = open_editor(mette, number)
    type_at_end(mette, box, "", "Then lift.")
    mette.keyboard.press("Enter")
    with mette.expect_file_chooser() as chooser:
        mette.get_by_role("button", name="Picture or file").click()
    chooser.value.set_files([picture("boat.png", "#225588")])
    expect(box.locator("img")).to_have_count(1, timeout=SEEN)
    box.locator("img").click()
    mette.get_by_label("Describe the picture for those who cannot see it").fill("A blue boat")
    mette.keyboard.press("Enter")
    type_at_end(mette, box, "", "Look up.")
    mette.keyboard.press("Enter")
    mette.get_by_role("button", name="Table", exact=True).click()
    mette.keyboard.type("Day")
    mette.get_by_role("button", name="Row below").click()
    expect(box.locator("tr")).to_have_count(4)
    mette.get_by_role("button", name="Remove column").click()
    expect(box.locator("tr").first.locator("th")).to_have_count(2)
    box.locator("p", has_text="Look up.").click()
    mette.get_by_role("button", name="Box").click()
    mette.get_by_role("button", name="Warning").click()
    expect(box.locator("aside[data-callout=warning]")).to_contain_text("Look up.")
    mette.get_by_role("button", name="Done").click()
    mette.wait_for_url(f"**/pages/{number}/")
    prose = mette.locator(".wiki-page .prose")
    expect(prose.get_by_role("img", name="A blue boat")).to_be_visible()
    expect(prose.locator("table tr")).to_have_count(4)


EVERYTHING = (
    "## First\\n\\nTake **both** *gloves* and `one` of [the list](https://nordhavn.example/list).\\nA second line.\\n\\n"
    "> Said\\n\\n1. One\\n2. Two\\n   - inside\\n\\n- [x] done\\n- [ ] not done\\n\\n| Day | Hours |\\n|---|---|\\n| Monday | 4 |\\n\\n"
    "```python\\nif a < b:\\n    pass\\n```\\n\\n### Smaller\\n\\n#### Smallest\\n\\n---\\n\\nAsk @bo about www.nordhavn.example #crane\\n\\n- last"
)


def standing(town: Town, number: int) -> list[object]:
    return list(
        json.loads(
            run_inside(
                town,
                f"""
from torvet.wiki.models import Page
entry = Page.objects.select_related("entry").get(pk={number}).entry
print(json.dumps([entry.version, entry.body]))
""",
            )
        )
    )


def test_opening_a_page_that_holds_everything_changes_nothing_in_it(
    open_context: Open, colleagues: Colleagues, town: Town
) -> None:
    """What an editor would add or take away by itself when it opens, two that open at once would do twice."""
    number = new_page(town, colleagues, "All of it", body=EVERYTHING)
    before = standing(town, number)
    mette, bo = open_context().new_page(), open_context().new_page()
    sent: list[int] = []
    for browser, email in ((mette, "mette@nordhavn.example"), (bo, "bo@nordhavn.example")):
        sign_in(browser, email)
        browser.on(
            "websocket",
            lambda socket: socket.on("framesent", lambda frame: sent.append(frame[:2] == b"\x00\x02")),
        )
    boxes = [open_editor(browser, number) for browser in (mette, bo)]
    expect(mette.locator(".who-text")).to_have_text("Bo Dijkstra is here", timeout=SEEN)
    mette.wait_for_timeout(3500)
    assert sent
    assert not any(sent), "an editor changed the page by opening it"
    type_at_end(mette, boxes[0], " Really.", "Said")
    expect(boxes[1]).to_contain_text("Said Really.", timeout=SEEN)
    mette.get_by_role("button", name="Done").click()
    mette.wait_for_url(f"**/pages/{number}/")
    after = standing(town, number)
    assert after[1] == str(before[1]).replace("Said", "Said Really.")
    assert after[0] == int(str(before[0])) + 1


def test_a_reload_without_the_server_loses_nothing(
    open_context: Open, colleagues: Colleagues, town: Town
) -> None:
    number = new_page(town, colleagues, "In the tunnel")
    context = open_context()
    bo = context.new_page()
    sign_in(bo, "bo@nordhavn.example")
    his = open_editor(bo, number)
    context.set_offline(True)
    expect(bo.locator(".save-state")).to_contain_text("No connection", timeout=30_000)
    type_at_end(bo, his, " Written in the tunnel.", "Look up.")
    bo.wait_for_timeout(800)
    bo.on("dialog", lambda dialog: dialog.accept())
    context.set_offline(False)
    # At once, before the room could send it by itself.
    bo.goto("about:blank")
    his = open_editor(bo, number)
    expect(his).to_contain_text("Look up. Written in the tunnel.", timeout=SEEN)
    expect(bo.locator(".save-state")).to_have_text("Saved", timeout=SEEN)
    bo.get_by_role("button", name="Done").click()
    bo.wait_for_url(f"**/pages/{number}/")
    assert str(standing(town, number)[1]).count("Written in the tunnel.") == 1


def test_the_editor_keeps_nobody_out_at_either_width_or_colour(
    open_context: Open, colleagues: Colleagues, town: Town
) -> None:
    number = new_page(town, colleagues, "For everybody", body=EVERYTHING)
    bo = open_context().new_page()
    sign_in(bo, "bo@nordhavn.example")
    his = open_editor(bo, number)
    his.locator("p").first.click()
    for viewport in (DESKTOP, PHONE):
        for scheme in ("light", "dark"):
            mette = open_context(viewport=viewport, color_scheme=scheme).new_page()
            sign_in(mette, "mette@nordhavn.example")
            box = open_editor(mette, number)
            expect(box.locator(".caret-name", has_text="Bo Dijkstra")).to_have_count(1, timeout=SEEN)
            box.locator("td").first.click()
            expect(mette.get_by_role("group", name="Rows and columns")).to_be_visible()
            check_no_sideways_scrolling(mette)
            check_axe(mette)


HOLDS_MESSAGES = """
const Real = WebSocket
window.WebSocket = class extends Real {
  set onmessage(does) { super.onmessage = (event) => (window.held ? window.held.push(() => does(event)) : does(event)) }
}
"""
CLICKS_AS_THEY_COME = """
paragraph => {
  const words = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT).nextNode()
  paragraph.closest(".ProseMirror").focus()
  getSelection().collapse(words, 4)
  const held = window.held
  window.held = null
  for (const deliver of held) deliver()
}
"""


def test_a_caret_stays_where_it_was_put_though_others_write_at_that_moment(
    open_context: Open, colleagues: Colleagues, town: Town
) -> None:
    number = new_page(town, colleagues, "At the same moment")
    metten = open_context()
    metten.add_init_script(HOLDS_MESSAGES)
    mette, bo = metten.new_page(), open_context().new_page()
    sign_in(mette, "mette@nordhavn.example")
    sign_in(bo, "bo@nordhavn.example")
    hers, his = open_editor(mette, number), open_editor(bo, number)
    type_at_end(mette, hers, "", "Look up.")
    mette.locator("#page-title").click()
    mette.evaluate("window.held = []")
    type_at_end(bo, his, " From Bo.", "Then lift.")
    for _ in range(100):
        if mette.evaluate("window.held.length") > 8:
            break
        mette.wait_for_timeout(100)
    hers.locator("p", has_text="Then lift.").evaluate(CLICKS_AS_THEY_COME)
    mette.keyboard.type(" slowly")
    expect(hers.locator("p").nth(1)).to_contain_text("Then slowly lift. From Bo.", timeout=SEEN)
    expect(hers.locator("p").nth(0)).to_have_text("Look up.")


def test_done_without_a_connection_says_what_to_wait_for_and_only_so_long(
    open_context: Open, colleagues: Colleagues, town: Town
) -> None:
    number = new_page(town, colleagues, "Done in the tunnel")
    context = open_context()
    bo = context.new_page()
    sign_in(bo, "bo@nordhavn.example")
    his = open_editor(bo, number)
    context.set_offline(True)
    expect(bo.locator(".save-state")).to_contain_text("No connection", timeout=30_000)
    # Nothing is lost yet, but the page could not be shown: one stays, too.
    bo.get_by_role("button", name="Done").click()
    stay = bo.get_by_text("Stay on this page until it says Saved.")
    expect(stay).to_be_visible()
    type_at_end(bo, his, " In the tunnel.", "Look up.")
    bo.get_by_role("button", name="Done").click()
    expect(stay).to_be_visible()
    context.set_offline(False)
    expect(bo.locator(".save-state")).to_have_text("Saved", timeout=30_000)
    expect(stay).to_have_count(0)
    bo.get_by_role("button", name="Done").click()
    bo.wait_for_url(f"**/pages/{number}/")
    expect(bo.locator(".wiki-page .prose")).to_contain_text("In the tunnel.")
