"""What `torvet check` finds, one cause at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from torvet.activity.models import Activity
from torvet.config import checkup
from torvet.config.checkup import PROBLEM, WARNING, Finding


def found(findings: Iterator[Finding]) -> set[tuple[str, str]]:
    return {(finding.level, finding.about) for finding in findings}


@pytest.fixture
def postgres_says(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A server that answers like this; each test changes one answer."""
    answers: dict[str, Any] = {
        "SELECT current_setting('fsync')": "on",
        "SELECT current_setting('synchronous_commit')": "on",
        "SHOW server_encoding": "UTF8",
        "SHOW server_version_num": "150020",
        "SELECT clock_timestamp()": timezone.now(),
    }
    monkeypatch.setattr(checkup, "asked", answers.__getitem__)
    return answers


@pytest.mark.parametrize(
    ("question", "answer", "about"),
    [
        ("SELECT current_setting('fsync')", "off", "PostgreSQL"),
        ("SELECT current_setting('synchronous_commit')", "off", "PostgreSQL"),
        ("SHOW server_encoding", "SQL_ASCII", "PostgreSQL"),
        ("SHOW server_version_num", "130001", "PostgreSQL"),
        ("SELECT clock_timestamp()", timezone.now() - timedelta(hours=1), "clock"),
    ],
)
def test_a_postgresql_that_loses_data_is_named(
    postgres_says: dict[str, Any], question: str, answer: Any, about: str
) -> None:
    assert found(checkup.postgresql()) == set()
    postgres_says[question] = answer
    assert found(checkup.postgresql()) == {(PROBLEM, about)}


@pytest.mark.only_postgres
def test_our_own_postgresql_is_fine(db: None) -> None:
    assert found(checkup.postgresql()) == set()


@pytest.mark.only_sqlite
def test_our_own_sqlite_is_fine(db: None) -> None:
    assert found(checkup.sqlite()) == set()


@pytest.mark.only_sqlite
@pytest.mark.parametrize(
    ("question", "answer"),
    [("SELECT sqlite_compileoption_used('ENABLE_FTS5')", 0), ("PRAGMA journal_mode", "delete")],
)
def test_a_sqlite_that_cannot_work_is_named(
    monkeypatch: pytest.MonkeyPatch, question: str, answer: Any
) -> None:
    fine = {"SELECT sqlite_compileoption_used('ENABLE_FTS5')": 1, "PRAGMA journal_mode": "wal"}
    monkeypatch.setattr(checkup, "asked", (fine | {question: answer}).__getitem__)
    assert found(checkup.sqlite()) == {(PROBLEM, "SQLite")}


@pytest.mark.only_sqlite
def test_sqlite_on_a_network_share_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with override_settings(DATA=tmp_path):
        assert found(checkup.data_folder()) == set()
        monkeypatch.setattr(checkup, "file_system_of", lambda path: "nfs4")
        assert found(checkup.data_folder()) == {(PROBLEM, "TORVET_DATA")}


def test_what_others_can_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (tmp_path / "secret").chmod(0o644)
    tmp_path.chmod(0o755)
    with override_settings(DATA=tmp_path):
        assert found(checkup.data_folder()) == {(WARNING, "TORVET_DATA"), (WARNING, "secret")}
    with override_settings(DATA=tmp_path / "none"):
        assert found(checkup.data_folder()) == {(PROBLEM, "TORVET_DATA")}


def test_a_full_disk_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for free, expected in (
        (10 << 30, set()),
        (500 << 20, {(WARNING, "disk")}),
        (50 << 20, {(PROBLEM, "disk")}),
    ):
        usage = type("Usage", (), {"free": free})
        monkeypatch.setattr(checkup.shutil, "disk_usage", lambda path, usage=usage: usage)
        assert found(checkup.room_on_disk()) == expected


@pytest.mark.parametrize(
    ("url", "proxies", "expected"),
    [
        ("http://127.0.0.1:8000", 0, set()),
        ("https://torvet.example", 1, set()),
        ("https://torvet.example", 0, {(WARNING, "TORVET_TRUSTED_PROXIES")}),
        ("http://torvet.example", 1, {(PROBLEM, "TORVET_URL")}),
        ("https://torvet.example/intranet", 1, {(PROBLEM, "TORVET_URL")}),
        ("torvet.example", 0, {(PROBLEM, "TORVET_URL")}),
    ],
)
def test_a_public_address_that_cannot_work_is_named(
    url: str, proxies: int, expected: set[tuple[str, str]]
) -> None:
    with override_settings(TORVET_URL=url, TRUSTED_PROXIES=proxies):
        assert found(checkup.public_address()) == expected


def test_work_that_waits_and_a_clock_that_went_back_are_named(db: None) -> None:
    assert found(checkup.waiting_work()) == set()
    Activity.objects.create(verb="posted", created_at=timezone.now() - timedelta(minutes=6))
    assert found(checkup.waiting_work()) == {(WARNING, "worker")}
    Activity.objects.create(
        verb="posted", created_at=timezone.now() + timedelta(hours=1), fanned_out_at=timezone.now()
    )
    assert found(checkup.waiting_work()) == {(WARNING, "worker"), (PROBLEM, "clock")}


def test_a_database_from_a_newer_version_is_named(db: None) -> None:
    assert "newer" not in " ".join(finding.says for finding in checkup.database_works())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('people', '9999_later', %s)",
            [timezone.now()],
        )
    (finding,) = (one for one in checkup.database_works() if one.about == "database")
    assert (finding.level, "newer Torvet" in finding.says) == (PROBLEM, True)


def test_the_routes_of_torvet_and_its_settings_pass_djangos_own_checks() -> None:
    assert found(checkup.machinery()) == set()
