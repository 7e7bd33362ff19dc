from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings

from tests.realtime.pages import Switchboard


@pytest.fixture
def switchboard(transactional_db: None) -> Iterator[Switchboard]:
    """The live part, running; what the test does is told to it as in production."""
    with override_settings(RATE_LIMITS=False, TORVET_URL="http://127.0.0.1:8000"):
        board = Switchboard()
        yield board
        board.end()


@pytest.fixture
def deaf_switchboard(switchboard: Switchboard) -> Switchboard:
    """The same when no bus works: only the table of activities is left."""
    for end in switchboard.live.ends:
        switchboard.soon(end)
    switchboard.live.ends.clear()
    return switchboard
