"""A must-read in the browser: sent at a desk, confirmed with one tap on a phone, taken along as a table."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.people import Colleagues, run_inside, sign_in
from tests.plugins.browser import DESKTOP, PHONE, check_no_sideways_scrolling, violations
from tests.plugins.servers import ADMIN, Town

pytestmark = pytest.mark.journey

Open = Callable[..., BrowserContext]
METTE, BO = "mette@nordhavn.example", "bo@nordhavn.example"
ON_PHONE = {"viewport": PHONE, "has_touch": True, "is_mobile": True}


def written(town: Town, colleagues: Colleagues, title: str) -> int:
    """A page of Mette's in The quay, which everybody reads."""
    code = f"""
from torvet.spaces.models import Space
from torvet.wiki import actions as wiki
mette = Member.objects.get(pk={colleagues.mette})
page = wiki.write_page(
    by=house(mette), space=Space.objects.get(pk={colleagues.space}), title={title!r}, body="Look up before you lift.")
print(page.pk)
"""
    return int(run_inside(town, code))


def open_soon(page: Page, address: str, wanted: str) -> None:
    """Each process of the server keeps what is asked for some seconds."""
    for _try in range(30):
        page.goto(address)
        if page.locator(wanted).count():
            return
        page.wait_for_timeout(400)
    pytest.fail(f"{address} does not show {wanted}")


def test_sent_at_a_desk_confirmed_on_a_phone_and_taken_along(
    open_context: Open, town: Town, colleagues: Colleagues
) -> None:
    title = "Before the crane"
    pk = written(town, colleagues, title)
    ada = open_context(viewport=DESKTOP).new_page()
    sign_in(ada, ADMIN)
    ada.goto(f"/pages/{pk}/")
    ada.get_by_role("link", name="Have it confirmed").click()
    ada.locator("summary", has_text="Members of spaces").click()
    ada.get_by_label("The quay", exact=True).check()
    ada.get_by_label("To be confirmed by").fill("2020-01-01")
    ada.get_by_role("button", name="See whom it reaches").click()
    expect(ada.locator("[data-errors]")).to_contain_text("That day has passed")
    expect(ada.get_by_label("The quay", exact=True)).to_be_checked()
    ada.get_by_label("To be confirmed by").fill(
        str(run_inside(town, "from django.utils import timezone\nprint(timezone.localdate())"))
    )
    ada.get_by_role("button", name="See whom it reaches").click()
    expect(ada.get_by_text("people will be asked")).to_be_visible()
    assert not violations(ada)
    ada.get_by_role("button", name="Send", exact=True).click()
    expect(ada).to_have_url(re.compile(r"/notices/\d+/$"))
    assert not violations(ada)
    number = ada.url.rstrip("/").rpartition("/")[2]

    bo = open_context(**ON_PHONE).new_page()
    sign_in(bo, BO)
    open_soon(bo, "/", ".bottom .menu-list a[href='/to-confirm/']")
    bo.locator(".bottom summary").click()
    bo.locator(".bottom .menu-list").get_by_role("link", name="To confirm").click()
    line = bo.locator(".to-confirm li", has_text=title)
    check_no_sideways_scrolling(bo)
    button = line.get_by_role("button", name="I have read this")
    box = button.bounding_box()
    assert box and box["height"] >= 44
    button.tap()
    expect(line.get_by_role("status")).to_contain_text("you have read it")
    bo.goto(f"/pages/{pk}/")
    expect(bo.get_by_text("You confirmed that you have read this")).to_be_visible()
    check_no_sideways_scrolling(bo)

    run_inside(
        town,
        f"""
from datetime import timedelta
from django.utils import timezone
from torvet.notices.models import Notice
Notice.objects.filter(pk={number}).update(due_on=timezone.localdate() - timedelta(days=1))
print(1)
""",
    )
    ada.goto(f"/notices/{number}/")
    expect(ada.get_by_role("heading", name="Not yet confirmed")).to_be_visible()
    expect(ada.locator(".not-yet")).to_contain_text("Mette Dahl")
    expect(ada.locator(".not-yet")).not_to_contain_text("Bo Dijkstra")
    with ada.expect_download() as waited:
        ada.get_by_role("link", name="Table (CSV)").click()
    text = waited.value.path().read_text(encoding="utf-8-sig")
    assert [line for line in text.splitlines() if line.startswith('"Bo Dijkstra"') and '"confirmed"' in line]


def test_words_that_changed_meanwhile_are_shown_before_anything_is_noted(
    open_context: Open, town: Town, colleagues: Colleagues
) -> None:
    pk = written(town, colleagues, "Before the winch")
    run_inside(
        town,
        f"""
from django.utils import timezone
from torvet.entries.models import Entry
from torvet.notices import actions
from torvet.notices.queries.audience import Audience
ada = Member.objects.get(role="administrator")
entry = Entry.objects.select_related("space", "author").get(pk={pk})
actions.send_notice(by=house(ada), entry=entry, audience=Audience(members=frozenset({{{colleagues.bo}}})), due_on=timezone.localdate())
print(1)
""",
    )
    bo = open_context(**ON_PHONE).new_page()
    sign_in(bo, BO)
    open_soon(bo, f"/pages/{pk}/", ".to-read button")
    run_inside(
        town,
        f"""
from torvet.wiki import actions as wiki
from torvet.wiki.models import Page
page = Page.objects.select_related("entry__space").get(pk={pk})
wiki.edit_page(by=house(Member.objects.get(pk={colleagues.mette})), page=page, title="Before the winch", body="Look down, too.", version=1)
print(1)
""",
    )
    panel = bo.locator(".to-read")
    panel.get_by_role("button", name="I have read this").tap()
    expect(panel.get_by_role("alert")).to_contain_text("changed since you opened it")
    expect(panel.locator(".prose")).to_contain_text("Look down, too.")
    panel.get_by_role("button", name="I have read this").tap()
    expect(panel.get_by_role("status")).to_contain_text("you have read it")


@pytest.mark.parametrize("options", [{"viewport": DESKTOP}, ON_PHONE], ids=["desk", "phone"])
def test_by_keyboard_alone_and_without_a_script(
    open_context: Open, town: Town, colleagues: Colleagues, options: dict[str, object]
) -> None:
    pk = written(town, colleagues, f"Before the hoist {len(options)}")
    run_inside(
        town,
        f"""
from django.utils import timezone
from torvet.entries.models import Entry
from torvet.notices import actions
from torvet.notices.queries.audience import Audience
ada = Member.objects.get(role="administrator")
entry = Entry.objects.select_related("space", "author").get(pk={pk})
actions.send_notice(by=house(ada), entry=entry, audience=Audience(members=frozenset({{{colleagues.mette}}})), due_on=timezone.localdate())
print(1)
""",
    )
    mette = open_context(java_script_enabled=False, **options).new_page()
    sign_in(mette, METTE)
    mette.goto("/to-confirm/")
    line = mette.locator(".to-confirm li", has_text="Before the hoist")
    line.get_by_role("button", name="I have read this").focus()
    mette.keyboard.press("Enter")
    expect(mette).to_have_url(re.compile(r"/to-confirm/$"))
    expect(line).to_have_count(0)
    mette.goto("/settings/away/")
    mette.get_by_label("First day away").fill("2027-01-04")
    mette.get_by_label("Last day away").fill("2027-01-02")
    mette.get_by_role("button", name="Save").click()
    expect(mette.get_by_text("The last day comes before the first one.")).to_be_visible()
    check_no_sideways_scrolling(mette)
