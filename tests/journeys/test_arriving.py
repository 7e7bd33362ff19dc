"""The first day: founding the company, inviting colleagues, and letting a guest into one space alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.people import BOTH_WIDTHS, Colleagues, sign_in
from tests.plugins.servers import ADMIN, PASSWORD, Town

pytestmark = [pytest.mark.journey, BOTH_WIDTHS]

Open = Callable[..., BrowserContext]


def sign_up(page: Page, link: str, name: str, email: str) -> None:
    page.goto(urlsplit(link).path)
    page.locator("input[name=name]").fill(name)
    if page.locator("input[name=email]").is_editable():
        page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Join", exact=True).click()
    page.wait_for_url(lambda address: "/invitations/" not in address)


def open_space(page: Page, name: str, access: str, *, with_guests: bool = False) -> str:
    """Returns the address of the new space."""
    page.goto("/spaces/new/")
    page.locator("input[name=name]").fill(name)
    page.locator("[name=purpose]").fill("So that we find one another")
    page.locator("[name=audience]").fill("All who come")
    page.locator(f"input[name=access][value={access}]").check()
    if with_guests:
        page.locator("input[name=has_guests]").check()
    page.get_by_role("button", name="Open the space").click()
    page.wait_for_url(re.compile(r"/spaces/\d+/"))
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    return urlsplit(page.url).path


def test_a_company_is_founded_and_a_colleague_finds_and_joins_a_space(
    open_context: Open, fresh_town: Town
) -> None:
    founder = open_context(base_url=fresh_town.url).new_page()
    founder.goto("/")
    founder.wait_for_url("**/first-run/")
    founder.locator("input[name=company]").fill("Nordhavn")
    founder.locator("input[name=name]").fill("Ada Minde")
    founder.locator("input[name=email]").fill("ada@nordhavn.example")
    founder.locator("input[name=password]").fill(PASSWORD)
    founder.get_by_role("button", name="Open Torvet").click()
    founder.wait_for_url(f"{fresh_town.url}/")
    open_space(founder, "The harbour cranes", "open")
    founder.goto("/manage/invitations/")
    founder.get_by_role("button", name="Make the invitation").click()
    link = founder.get_by_label("The link").input_value()

    newcomer = open_context(base_url=fresh_town.url).new_page()
    sign_up(newcomer, link, "Nils Ny", "nils@nordhavn.example")
    expect(newcomer.get_by_text("Nils Ny: your menu")).to_be_attached()
    newcomer.goto("/spaces/")
    newcomer.get_by_label("Name or purpose").fill("cranes")
    newcomer.get_by_role("button", name="Find", exact=True).click()
    newcomer.get_by_role("link", name="The harbour cranes").first.click()
    newcomer.wait_for_url(re.compile(r"/spaces/\d+/"))
    newcomer.locator("main").get_by_role("button", name="Join", exact=True).click()
    expect(newcomer.get_by_text("You are in The harbour cranes now.")).to_be_visible()
    expect(newcomer.get_by_text(re.compile("2 members"))).to_be_visible()


def test_a_guest_sees_the_space_they_were_invited_to_and_nothing_else(
    open_context: Open, colleagues: Colleagues, screen: dict[str, Any]
) -> None:
    host = open_context().new_page()
    sign_in(host, ADMIN)
    space = open_space(host, "Customers of the crane", "closed", with_guests=True)
    host.goto(f"{space}members/")
    host.locator("section", has=host.get_by_role("heading", name="Invite a guest")).get_by_role(
        "button", name="Make a link"
    ).click()
    link = host.get_by_label("The link").input_value()

    guest = open_context().new_page()
    width = screen["viewport"]["width"]  # the same town serves both
    sign_up(guest, link, "Gertrud Gast", f"gertrud.{width}@customer.example")
    assert urlsplit(guest.url).path == space
    expect(guest.get_by_text("You are a guest at")).to_be_visible()
    expect(guest.get_by_role("heading", name="Customers of the crane", level=1)).to_be_visible()
    guest.goto("/spaces/")
    expect(guest.get_by_role("link", name="Customers of the crane").first).to_be_visible()
    expect(guest.get_by_text("The quay")).to_have_count(0)
    for address in (
        f"/spaces/{colleagues.space}/", f"/e/{colleagues.post}/", f"/people/{colleagues.mette}/", "/company/",
    ):  # fmt: skip
        answer = guest.goto(address)
        assert answer and answer.status in {403, 404}, address
        assert "The crane is back" not in guest.content() and "Mette Dahl" not in guest.content(), address
    guest.goto("/search/?q=crane")
    expect(guest.get_by_text("The crane is back")).to_have_count(0)
