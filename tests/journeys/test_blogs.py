"""A leader's blog in the browser: a delegate drafts, the leader publishes, everybody reads, asks and answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.people import BOTH_WIDTHS, Colleagues, run_inside, sign_in
from tests.plugins.browser import PHONE, check_no_sideways_scrolling, violations
from tests.plugins.servers import ADMIN, Town

pytestmark = pytest.mark.journey

Open = Callable[..., BrowserContext]
METTE, BO = "mette@nordhavn.example", "bo@nordhavn.example"
COVER = """
import io
from PIL import Image
made_picture = io.BytesIO()
Image.new("RGB", (1200, 600), (20, 90, 120)).save(made_picture, "PNG")
made_picture.seek(0)
key = entries.upload(by=house(mette), source=made_picture, name="crane.png").key
"""


def blog_of_mette(town: Town, colleagues: Colleagues, name: str, further: str = "") -> dict[str, int]:
    """Mette's blog in The quay, in which Bo may write; her articles need her nod."""
    code = f"""
from torvet.blogs import actions as blogs
from torvet.spaces.models import Space
ada = Member.objects.get(role="administrator")
mette, bo = Member.objects.get(pk={colleagues.mette}), Member.objects.get(pk={colleagues.bo})
blog = blogs.open_blog(by=house(ada), space=Space.objects.get(pk={colleagues.space}), name={name!r},
    about="What goes on in the harbour.", leader=mette, promise_days=3, wants_review=True)
blogs.name_delegate(by=house(mette), blog=blog, member=bo, may_answer=True)
made = {{"blog": blog.pk}}
{further}
import json
print(json.dumps(made))
"""
    found: dict[str, int] = json.loads(run_inside(town, code))
    return found


def write_plainly(page: Page, title: str, lead: str, words: str) -> None:
    """As somebody does whose browser runs no script."""
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_label("Lead", exact=True).fill(lead)
    page.locator("textarea[name=body]").fill(words)
    page.get_by_role("button", name="Save the draft").click()


@BOTH_WIDTHS
def test_a_delegate_drafts_the_leader_publishes_and_everybody_reads_and_asks(
    open_context: Open, town: Town, colleagues: Colleagues, screen: dict[str, Any]
) -> None:
    title = f"The crane is old {screen['viewport']['width']}"
    made = blog_of_mette(town, colleagues, "From the crane")
    bo = open_context(java_script_enabled=False).new_page()
    sign_in(bo, BO)
    bo.goto(f"/blogs/{made['blog']}/")
    bo.get_by_role("link", name="Write the first article").click()
    write_plainly(bo, title, "What we do about it.", "First we **listen**.\n\n## Then\n\nWe decide.")
    expect(bo).to_have_url(re.compile(r"/drafts/\d+/$"))
    check_no_sideways_scrolling(bo)
    expect(bo.get_by_text("written by Bo Dijkstra for Mette Dahl")).to_be_visible()
    expect(bo.get_by_role("button", name="Publish now")).to_have_count(0)
    draft = bo.url
    bo.get_by_role("button", name="Ask for the nod").click()
    expect(bo.get_by_text("Waits for review")).to_be_visible()

    mette = open_context().new_page()
    sign_in(mette, METTE)
    mette.goto("/blogs/")
    expect(mette.get_by_text(title)).to_have_count(0)
    mette.goto(draft)
    mette.get_by_text("Send back…").click()
    mette.get_by_label("What is missing? The writer reads this.").fill("Say when.")
    mette.get_by_role("button", name="Send it back").click()
    expect(mette.get_by_text("Say when.")).to_be_visible()

    bo.goto(draft)
    bo.get_by_role("link", name="Edit").click()
    write_plainly(bo, title, "What we do about it, this spring.", "First we **listen**.")
    bo.get_by_role("button", name="Ask for the nod").click()

    mette.goto(draft)
    mette.get_by_role("button", name="Publish now").click()
    expect(mette).to_have_url(re.compile(r"/articles/\d+/$"))
    check_no_sideways_scrolling(mette)
    expect(mette.get_by_role("heading", level=1)).to_have_text(title)
    expect(mette.locator(".article-standfirst")).to_have_text("What we do about it, this spring.")
    expect(
        mette.locator(".article-head").get_by_text("written by Bo Dijkstra for Mette Dahl")
    ).to_be_visible()

    ada = open_context(java_script_enabled=False).new_page()
    sign_in(ada, ADMIN)
    ada.goto(mette.url)
    ada.locator("#comment textarea").fill("Which spring?")
    ada.locator("#comment").get_by_role("button", name="Comment").click()
    ada.goto(mette.url)
    expect(ada.get_by_text("Which spring?")).to_be_visible()
    ada.locator(".acts summary").click()
    ada.locator(".picker button").first.click()
    number = re.search(r"/articles/(\d+)/", mette.url)
    assert number
    mette.goto(f"/e/{number[1]}/reactions/")
    expect(mette.get_by_text("Nobody sees who gave them")).to_be_visible()
    expect(mette.locator("main").get_by_text("Ada")).to_have_count(0)


@BOTH_WIDTHS
def test_comments_are_closed_with_a_reason_that_everybody_sees(
    open_context: Open, town: Town, colleagues: Colleagues
) -> None:
    made = blog_of_mette(town, colleagues, "From the shed", FURTHER)
    mette, bo = open_context().new_page(), open_context(java_script_enabled=False).new_page()
    sign_in(mette, METTE)
    mette.goto(f"/e/{made['article']}/closing/")
    check_no_sideways_scrolling(mette)
    mette.get_by_label("Why? Everybody sees this where they would have written.").fill(
        "We meet on Friday instead."
    )
    mette.get_by_role("button", name="Close the comments").click()
    sign_in(bo, BO)
    bo.goto(f"/articles/{made['article']}/")
    expect(bo.get_by_text("We meet on Friday instead.")).to_be_visible()
    expect(bo.locator("#comment textarea")).to_have_count(0)
    mette.get_by_role("button", name="Open them again").click()
    bo.reload()
    expect(bo.locator("#comment textarea")).to_be_visible()


def test_a_feed_reader_is_given_an_address_that_can_be_ended(
    open_context: Open, town: Town, colleagues: Colleagues
) -> None:
    made = blog_of_mette(town, colleagues, "From the roof", FURTHER)
    bo = open_context(java_script_enabled=False).new_page()
    sign_in(bo, BO)
    bo.goto(f"/blogs/{made['blog']}/")
    bo.get_by_role("button", name="Make an address").click()
    address = re.sub(r"^https?://[^/]+", "", bo.get_by_label("The address").input_value())
    stranger = open_context()
    answer = stranger.request.get(address)
    assert answer.status == 200 and "Out on the quay" in answer.text()
    bo.goto(f"/blogs/{made['blog']}/")
    bo.get_by_role("button", name="End it").click()
    assert stranger.request.get(address).status == 404


FURTHER = f"""
{COVER}
first = blogs.write_draft(by=house(mette), blog=blog, title="Out on the quay", lead="A lead that says it.",
    body="Words.\\n\\n## More\\n\\n> Said so.\\n\\n- one\\n- two\\n\\n#crane", cover=key, alt="Water", series="The quay")
article = blogs.publish_draft(by=house(mette), draft=first, version=1)
second = blogs.write_draft(by=house(bo), blog=blog, title="Back from the quay", lead="Another lead.", body="Words. #crane",
    series="The quay")
blogs.publish_draft(by=house(mette), draft=second, version=1)
blogs.publish_draft(by=house(mette), version=1,
    draft=blogs.write_draft(by=house(mette), blog=blog, title="Elsewhere", body="Words. #crane"))
entries.add_comment(by=house(bo), on=article.entry, body="Yes")
entries.react(by=house(bo), entry=article.entry, emoji="\\N{{THUMBS UP SIGN}}")
draft = blogs.write_draft(by=house(bo), blog=blog, title="Waits", lead="It waits.", body="Words.")
blogs.submit_draft(by=house(bo), draft=draft, version=1)
made |= {{"article": article.pk, "draft": draft.pk}}
"""


def addresses(made: dict[str, int]) -> list[str]:
    blog, article, draft = (
        f"/blogs/{made['blog']}/",
        f"/articles/{made['article']}/",
        f"/drafts/{made['draft']}/",
    )
    return [
        "/blogs/", "/leaders/", "/blogs/new/", blog, f"{blog}settings/", f"{blog}delegates/", f"{blog}drafts/",
        f"{blog}drafts/new/", draft, f"{draft}edit/", f"{draft}removal/", article, f"{article}edit/", f"{article}history/",
        f"{article}history/1/", f"/e/{made['article']}/closing/", f"/e/{made['article']}/reactions/", "/",
    ]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page_of_a_blog(
    open_context: Open, town: Town, colleagues: Colleagues, scheme: str
) -> None:
    made = blog_of_mette(town, colleagues, f"From the {scheme}", FURTHER)
    page = open_context(color_scheme=scheme).new_page()
    phone = open_context(viewport=PHONE, has_touch=True, is_mobile=True, color_scheme=scheme).new_page()
    look_at: dict[str, object] = {} if scheme == "light" else {"runOnly": ["color-contrast"]}
    found: list[str] = []
    for one in (page, phone):
        sign_in(one, METTE)
        for address in addresses(made):
            answer = one.goto(address)
            assert answer and answer.status == 200, address
            found += [f"{address}: {line}" for line in violations(one, **look_at)]
            check_no_sideways_scrolling(one)
    assert not found, "\n".join(found)
