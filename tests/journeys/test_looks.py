"""Every main page: nobody is kept out, light or dark, and nothing has to be dragged sideways on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.journeys.people import Colleagues, sign_in
from tests.plugins.browser import PHONE, check_no_sideways_scrolling, violations
from tests.plugins.servers import ADMIN

pytestmark = pytest.mark.journey

Open = Callable[..., BrowserContext]


def addresses(of: Colleagues) -> list[str]:
    space, post = f"/spaces/{of.space}/", f"/e/{of.post}/"
    return [
        "/", "/company/", space, f"{space}members/", f"{space}settings/", f"{space}files/", "/spaces/", "/spaces/new/",
        post, f"{post}edit/", f"{post}history/", f"{post}reactions/", f"{post}removal/", f"{post}answer/", "/compose/",
        f"/spaces/{of.space}/pages/", f"/spaces/{of.space}/pages/new/?sort=procedure", f"/pages/{of.page}/",
        f"/pages/{of.page}/edit/", f"/pages/{of.page}/history/", f"/pages/{of.page}/place/", f"/pages/{of.page}/owner/",
        "/pages/to-confirm/", f"/pages/{of.kept}/", f"/pages/{of.kept}/working/", f"/pages/{of.kept}/approval/setting/",
        f"/pages/{of.kept}/linked/", f"/spaces/{of.space}/pages/care/", f"/spaces/{of.space}/pages/care/?what=orphans",
        f"/spaces/{of.space}/pages/?under={of.page}",
        "/pages/to-confirm/", f"{post}history/1/", f"{post}history/2/", f"/pages/{of.page}/history/1/",
        f"/pages/{of.page}/suggestions/", f"/pages/{of.page}/suggestions/new/", f"/pages/{of.page}/remarks/",
        f"/pages/{of.page}/remarks/new/?section=h-first",
        "/handover/", f"/people/{of.mette}/leaving/",
        "/people/", f"/people/{of.mette}/", f"/people/{of.mette}/posts/", f"/people/{of.mette}/spaces/",
        "/units/", f"/units/{of.unit}/",
        "/settings/", "/settings/look/", "/settings/password/", "/settings/browsers/", "/settings/tokens/", "/settings/leaving/", "/settings/away/", f"/people/{of.bo}/away/", "/to-confirm/", "/notices/", f"/e/{of.post}/must-read/",
        f"/notices/{of.notice}/", f"/notices/{of.notice}/audit/", f"/notices/{of.notice}/print/", f"/notices/{of.notice}/paper/",
        "/manage/", f"/manage/members/{of.bo}/", "/manage/units/", f"/manage/units/{of.unit}/",
        "/manage/sites/", "/manage/company/",
        "/manage/invitations/", "/manage/log/",
        "/agreement/", "/told/", "/search/", "/search/?q=crane", "/search/?q=zebra", "/topics/", "/topics/crane/",
        "/bookmarks/", "/no-such-page/",
    ]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_main_page(open_context: Open, colleagues: Colleagues, scheme: str) -> None:
    page = open_context(color_scheme=scheme).new_page()
    # The dark look changes colours and nothing else.
    look_at: dict[str, object] = {} if scheme == "light" else {"runOnly": ["color-contrast"]}
    found: list[str] = []
    page.goto("/sign-in/")
    found += [f"/sign-in/: {line}" for line in violations(page, **look_at)]
    sign_in(page, ADMIN)
    for address in addresses(colleagues):
        answer = page.goto(address)
        assert answer and answer.status == (404 if "no-such" in address else 200), address
        found += [f"{address}: {line}" for line in violations(page, **look_at)]
    assert not found, "\n".join(found)


def test_no_main_page_scrolls_sideways_on_a_phone(open_context: Open, colleagues: Colleagues) -> None:
    page = open_context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    page.goto("/sign-in/")
    check_no_sideways_scrolling(page)
    sign_in(page, ADMIN)
    for address in addresses(colleagues):
        page.goto(address)
        check_no_sideways_scrolling(page)
