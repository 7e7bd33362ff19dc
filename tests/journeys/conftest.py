"""What the journeys share: one running company with a few colleagues in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.journeys.people import Colleagues, make_colleagues
from tests.plugins.servers import Town


@pytest.fixture(scope="session")
def colleagues(town: Town) -> Colleagues:
    return make_colleagues(town)


@pytest.fixture
def screen() -> dict[str, Any]:
    """What the browsers of a test are like. Files marked with BOTH_WIDTHS run once on a desk and once on a phone."""
    return {}


@pytest.fixture
def open_context(
    open_context: Callable[..., BrowserContext], screen: dict[str, Any]
) -> Callable[..., BrowserContext]:
    return lambda **options: open_context(**(screen | options))
