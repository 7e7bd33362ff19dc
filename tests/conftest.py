"""What every test starts from: an empty database, no memory of the test before, English."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import override_settings
from django.utils import translation

from tests.cast import cast  # noqa: F401  # the fixture `cast`, for every test
from tests.plugins.machine import SHARED_DATA
from torvet.entries import cards
from torvet.notices.queries.waiting import forget_open
from torvet.people import queries as people

REAL_HASHERS = list(settings.PASSWORD_HASHERS)
QUICK_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *REAL_HASHERS]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """SQLite in a file, as in production: in memory it has neither WAL nor its locks, and tests would prove little."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(Path(settings.DATA) / "test.db")


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Argon2 is slow on purpose; hundreds of members made for tests need not wait for it. See `real_passwords`."""
    with override_settings(PASSWORD_HASHERS=QUICK_HASHERS):
        yield


@pytest.fixture
def real_passwords() -> Iterator[None]:
    """The hashers of production, for the tests that are about them."""
    with override_settings(PASSWORD_HASHERS=REAL_HASHERS):
        yield


@pytest.fixture(scope="session", autouse=True)
def no_model() -> Iterator[None]:
    """A model of meaning takes tenths of a second for each text; see `by_meaning` in tests/search."""
    with override_settings(SIMILAR_BY_MEANING=False):
        yield


@pytest.fixture(autouse=True)
def no_memory_of_the_test_before() -> Iterator[None]:
    """Rate limits, the company's name and the language are kept in the process; a test must not meet another's."""
    cache.clear()
    people.forget_company()
    cards.forget_all()
    forget_open()
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with real export files. Mark the test `shareddata`: it is skipped, and told, where there is none."""
    return SHARED_DATA


@pytest.fixture
def one_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits count as if all of the test happened at once: no window ends while it runs."""
    monkeypatch.setattr("torvet.base.limits.time", SimpleNamespace(time=lambda: 1_900_000_000.0))
