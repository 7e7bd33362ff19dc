"""Every test here begins with nothing unread."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.notifications.telling import tell_all
from torvet.notifications.models import Notification


@pytest.fixture
def quiet(cast: Cast) -> None:
    """How the cast came together is told and forgotten."""
    tell_all()
    Notification.objects.all().delete()
