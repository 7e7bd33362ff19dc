"""What the journeys share: one running company with a few colleagues in it."""

from __future__ import annotations

import pytest

from tests.journeys.people import Colleagues, make_colleagues
from tests.plugins.servers import Town


@pytest.fixture(scope="session")
def colleagues(town: Town) -> Colleagues:
    return make_colleagues(town)
