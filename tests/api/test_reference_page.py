"""The readable page of the API in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.plugins.browser import DESKTOP, PHONE, check_axe, check_no_sideways_scrolling

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"]
)
def test_the_reference_can_be_read_by_everybody(
    open_context: Callable[..., BrowserContext], viewport: dict[str, int], scheme: str
) -> None:
    page = open_context(viewport=viewport, color_scheme=scheme).new_page()
    page.goto("/api/v1/")
    check_axe(page)
    check_no_sideways_scrolling(page)
    page.get_by_role("link", name="Post in a space").click()
    assert page.url.endswith("#post")
    expect(page.locator("#post")).to_contain_text("POST /api/v1/spaces/{id}/entries")
