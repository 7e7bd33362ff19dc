"""A real browser for the journeys, at the two widths people use, and axe to look for what keeps somebody out."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from tests.plugins import machine
from tests.plugins.servers import Town

# Chromium keeps a page ready for the list below its address bar, which nobody sees here: two thirds of what opening a
# window costs. The others are those that Playwright switches off; the last list given is the one that counts.
FEATURES_OFF = (
    "WebUIOmniboxPopup", "WebUIOmniboxFullPopup", "WebUIOmniboxAimPopup", "OmniboxPopupWebUI",
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "DialMediaRouteProvider",
    "GlobalMediaControls", "HttpsUpgrades", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "Translate", "AutoDeElevate", "RenderDocument", "OptimizationHints",
)  # fmt: skip
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage", f"--disable-features={','.join(FEATURES_OFF)}",
]  # fmt: skip
DESKTOP = {"width": 1400, "height": 900}
PHONE = {"width": 360, "height": 740}
AXE = machine.ROOT / "tests" / "vendor" / "axe.min.js"
PICTURES = machine.ROOT / "test-results"
# What lies half below a bar that stands still is looked at again after scrolling, as a person would: how much of it shows
# depends on the fonts of the machine.
LOOK = """async options => {
  const ran = await axe.run(document, options)
  const small = ran.violations.find(found => found.id === "target-size")
  if (small) {
    const still = []
    for (const node of small.nodes) {
      const element = document.querySelector(node.target[0])
      element.scrollIntoView({block: "center", behavior: "instant"})
      const again = await axe.run(element, {runOnly: ["target-size"], resultTypes: ["violations"]})
      if (again.violations.length) still.push(node)
    }
    small.nodes = still
    ran.violations = ran.violations.filter(found => found.nodes.length)
  }
  return ran
}"""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ACTION_TAKES_AT_MOST = 15_000  # milliseconds, on two busy cores


def executable() -> str | None:
    for name in (
        os.environ.get("TORVET_CHROMIUM"),
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ):
        if name and (found := shutil.which(name)):
            return found
    return None


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for the session; tests open contexts in it."""
    path = executable()
    # Playwright's client runs an event loop in this thread; without this, later tests could not use the database.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        except Error as problem:
            if path:
                raise
            # No browser of the machine's and none that Playwright brought along.
            assert "Executable doesn't exist" in str(problem), problem
            machine.skip("a browser")
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_context(
    chromium: Browser, town: Town, request: pytest.FixtureRequest
) -> Iterator[Callable[..., BrowserContext]]:
    """Opens a browser of somebody's own, with its own cookies: `open_context(viewport=PHONE, color_scheme="dark")`.

    Paths are relative to `town`; pass `base_url` for another. When the test ends, every error of a page's scripts and
    every refusal by the content security policy fails it. A failed test leaves pictures in test-results/.
    """
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(**options: Any) -> BrowserContext:
        options = {
            "viewport": DESKTOP,
            "base_url": town.url,
            "locale": "en-GB",
            "reduced_motion": "reduce",
        } | options
        context = chromium.new_context(**options)
        context.set_default_timeout(ACTION_TAKES_AT_MOST)
        context.on("weberror", lambda error: complaints.append(f"script error: {error.error}"))
        context.on("console", lambda said: _note(complaints, said.type, said.text))
        opened.append(context)
        return context

    yield open_one
    failed = getattr(request.node, "failed_call", False)
    for number, context in enumerate(opened):
        if failed:
            _keep_pictures(context, request.node.name, number)
        context.close()
    if complaints and not failed:
        pytest.fail("\n".join(["the pages complained:", *complaints]), pytrace=False)


def _note(complaints: list[str], kind: str, text: str) -> None:
    # Answers of 4xx are console errors too, and many tests ask for them on purpose.
    if kind == "error" and ("Content Security Policy" in text or "Uncaught" in text):
        complaints.append(text)


def _keep_pictures(context: BrowserContext, name: str, number: int) -> None:
    PICTURES.mkdir(exist_ok=True)
    for at, page in enumerate(context.pages):
        if not page.is_closed():
            page.screenshot(path=PICTURES / f"{re.sub('[^a-zA-Z0-9_-]+', '-', name)}-{number}-{at}.png")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[pytest.TestReport]:
    report = yield
    if report.when == "call" and report.failed:
        item.failed_call = True  # type: ignore[attr-defined]
    return report


@pytest.fixture
def desktop(open_context: Callable[..., BrowserContext]) -> Page:
    """A page 1400 px wide."""
    return open_context().new_page()


@pytest.fixture
def phone(open_context: Callable[..., BrowserContext]) -> Page:
    """A page 360 px wide, with touch."""
    return open_context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, open_context: Callable[..., BrowserContext]) -> Page:
    """A page at each of both widths: the test runs twice."""
    is_phone = request.param is PHONE
    return open_context(viewport=request.param, has_touch=is_phone, is_mobile=is_phone).new_page()


def violations(page: Page, **options: Any) -> list[str]:
    """What axe finds on the page as it stands (WCAG 2.2 AA): one line each, with the elements concerned.

    axe goes in through the browser's own debugging door, so the page's content security policy stays as it is.
    """
    if not page.evaluate("typeof window.axe === 'object'"):
        # The trailing value keeps Playwright from trying to bring all of axe back as the result.
        page.evaluate(AXE.read_text(encoding="utf-8") + "\n;void 0")
    ran = page.evaluate(
        LOOK, {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]} | options
    )
    return [
        f"{found['id']} ({found['impact']}): {found['help']}\n    "
        + "\n    ".join(
            f"{' '.join(map(str, node['target']))}  {node['html'][:160]}  {_why(node)}"
            for node in found["nodes"][:8]
        )
        for found in ran["violations"]
    ]


def _why(node: dict[str, Any]) -> str:
    """What axe measured: which colours, or how many pixels."""
    return " ".join(check["message"] for check in node["any"][:1])[:200]


def check_axe(page: Page, **options: Any) -> None:
    """Fail unless axe finds nothing on this page."""
    found = violations(page, **options)
    if found:
        pytest.fail("\n".join([f"axe on {page.url}:", *found]), pytrace=False)


def check_no_sideways_scrolling(page: Page) -> None:
    """Fail when the page is wider than the window: on a phone its text would have to be dragged to and fro."""
    # Between two pages there is no document to ask.
    page.wait_for_load_state()
    wide, window = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    if wide > window:
        pytest.fail(f"{page.url} is {wide} px wide in a window of {window} px", pytrace=False)
