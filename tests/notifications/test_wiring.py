"""From an action to the badge: the worker tells, and only then are open pages nudged."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.notifications.telling import post
from torvet.activity import outbox
from torvet.config import wiring
from torvet.notifications.models import Notification


@pytest.mark.django_db(transaction=True)
def test_the_worker_tells_and_nudges_those_who_were_told(
    cast: Cast,
    quiet: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nudged = []

    def told(member_id: int) -> None:
        assert Notification.objects.filter(member=member_id).exists()
        nudged.append(member_id)

    monkeypatch.setattr(wiring, "told", told)
    post(cast.anna, cast.open, f"@{cast.bo.handle} @{cast.outsider.handle} @{cast.deactivated.handle}")
    assert nudged == []
    outbox.drain()
    assert sorted(nudged) == sorted([cast.bo.pk, cast.outsider.pk])
    outbox.drain()
    assert len(nudged) == 2
