"""The world of canaries, made once for all tests of a file: each test's own changes are taken back after it."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings

from tests.cast import make_cast
from tests.safety.world import World, make_world
from torvet.base import compiled


@pytest.fixture(scope="module")
def whole_world(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder = str(tmp_path_factory.mktemp("world"))
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder, RATE_LIMITS=False):  # type: ignore[attr-defined]
        outer = transaction.atomic()
        outer.__enter__()
        try:
            yield make_world(make_cast())
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


@pytest.fixture
def world(whole_world: World, db: None) -> World:
    return whole_world


@pytest.fixture(autouse=True)
def only_failures_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Tens of thousands of answers are refusals, each a line in the log."""
    caplog.set_level(logging.ERROR, logger="django.request")


@pytest.fixture
def compiled_anew() -> Iterator[None]:
    """For seeded faults: a rule that was compiled before would hide them, and one compiled now would stay."""
    compiled.forget_all()
    yield
    compiled.forget_all()
