"""The ground that the other tests stand on: is the database what we say, is a skip heard, does axe see anything."""

from __future__ import annotations

import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import valkey
from django.conf import settings
from django.contrib.auth.hashers import identify_hasher, make_password
from django.db import connection
from playwright.sync_api import Browser

from tests.plugins import browser, machine
from tests.source import ROOT

SKIPS = "import pytest\n\n\ndef test_one(): pass\n\n\ndef test_two(): pytest.skip('not today')\n"


def asked(question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


@pytest.mark.only_sqlite
def test_sqlite_keeps_what_it_acknowledged_and_lets_readers_read(transactional_db: None) -> None:
    assert asked("PRAGMA journal_mode") == "wal"
    assert asked("PRAGMA synchronous") == 2  # FULL
    assert asked("PRAGMA foreign_keys") == 1


@pytest.mark.only_postgres
def test_postgresql_is_our_own_and_keeps_what_it_acknowledged(db: None) -> None:
    assert str(asked("SELECT current_setting('cluster_name')")).startswith("torvet-")
    assert str(asked("SELECT current_setting('data_directory')")).startswith(os.environ["TORVET_TEST_FOLDER"])
    assert asked("SELECT current_setting('fsync')") == "on"
    assert asked("SELECT current_setting('synchronous_commit')") == "on"
    assert connection.settings_dict["NAME"].startswith("test_")


def test_tests_keep_away_from_the_installation_of_this_shell() -> None:
    assert Path(settings.DATA).is_relative_to(os.environ["TORVET_TEST_FOLDER"])
    strange = {name for name in os.environ if name.startswith("TORVET_")} - machine.STEERING
    assert strange <= {"TORVET_DATA", "TORVET_LANGUAGE", "TORVET_DATABASE_URL"}


def test_passwords_are_hashed_with_argon2_outside_of_tests(real_passwords: None) -> None:
    assert identify_hasher(make_password("a-long-quiet-harbour")).algorithm == "argon2"
    assert settings.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


def test_valkey_is_our_own(valkey_url: str) -> None:
    with valkey.Valkey.from_url(valkey_url.replace("valkey://", "redis://")) as client:
        assert client.ping()
        assert client.info("server")["tcp_port"] == int(valkey_url.rpartition(":")[2].partition("/")[0])


def run_inner(folder: Path, source: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_inner.py").write_text(source, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    # Nor does the inner run know that it may be started by a worker of a larger one.
    strange = ("TORVET_", "PYTEST_", "CI")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
    return subprocess.run(
        [
            sys.executable, "-m", "pytest", "-p", "no:django", "-p", "tests.plugins.machine",
            "-p", "tests.plugins.told", "--rootdir", folder, folder / "test_inner.py",
        ],
        cwd=folder, env=kept | {"PYTHONPATH": str(ROOT)} | environment, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip


def test_a_skip_is_fine_on_somebodys_own_machine(tmp_path: Path) -> None:
    ran = run_inner(tmp_path, SKIPS)
    assert ran.returncode == 0, ran.stdout
    assert "1 passed, 1 skipped" in ran.stdout.splitlines()[-1]


@pytest.mark.parametrize("strict", [{"CI": "true"}, {"TORVET_REQUIRE_ALL": "1"}], ids=["CI", "required"])
def test_a_skip_is_a_failure_where_nothing_may_be_skipped(tmp_path: Path, strict: dict[str, str]) -> None:
    ran = run_inner(tmp_path, SKIPS, **strict)
    assert ran.returncode == 1, ran.stdout
    assert "1 failed, 1 passed" in ran.stdout.splitlines()[-1]


def test_a_file_of_tests_that_is_skipped_whole_is_a_failure_there_too(tmp_path: Path) -> None:
    source = "import pytest\n\npytest.importorskip('surely_not_there')\n\n\ndef test_one(): pass\n"
    assert run_inner(tmp_path, source).returncode in {0, 5}
    assert run_inner(tmp_path, source, CI="true").returncode not in {0, 5}


def test_what_the_machine_lacks_is_told(tmp_path: Path) -> None:
    source = "from tests.plugins import machine\n\n\ndef test_one(): machine.skip('a browser')\n"
    ran = run_inner(tmp_path, source)
    assert "a browser: 1 tests skipped: install Chromium" in ran.stdout
    assert ran.stdout.splitlines()[-1].startswith("=")
    assert run_inner(tmp_path, source, CI="true").returncode == 1


def test_the_last_run_tells_of_all_checks_and_closes_as_pytest_does(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(
        "passed\t3\tTypes (mypy)\t\nFAILED\t1\tFloors\t\nlacking\t4\ta browser\tsqlite\n", encoding="utf-8"
    )
    ran = run_inner(tmp_path, "def test_one(): pass\n", TORVET_CHECK_LOG=str(log), TORVET_CHECK_LAST="1")
    assert "FAILED" in ran.stdout
    assert "a browser is not on this machine" in ran.stdout
    assert ran.stdout.splitlines()[-1].strip("= ").startswith("1 passed")


class StrictPage(http.server.BaseHTTPRequestHandler):
    """Two small pages under a policy as strict as ours."""

    def do_GET(self) -> None:
        fault = "<img src=/boat.png>" if self.path == "/fault" else '<img src=/boat.png alt="A boat">'
        body = (
            f"<!doctype html><html lang=en><title>Harbour</title><main><h1>Harbour</h1>{fault}"
            f"<script src=/none.js></script></main></html>"
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", "default-src 'self'; script-src 'self'; style-src 'self'")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def strict_pages() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), StrictPage) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.journey
def test_axe_sees_a_fault_under_a_strict_policy_and_only_a_fault(
    chromium: Browser, strict_pages: str
) -> None:
    page = chromium.new_page()
    page.goto(f"{strict_pages}/fault")
    found = browser.violations(page)
    assert [line.partition(" ")[0] for line in found] == ["image-alt"]
    with pytest.raises(pytest.fail.Exception, match="image-alt"):
        browser.check_axe(page)
    page.goto(f"{strict_pages}/")
    browser.check_axe(page)
    page.close()


@pytest.mark.journey
def test_a_page_wider_than_a_phone_is_noticed(chromium: Browser) -> None:
    page = chromium.new_page(viewport=browser.PHONE)
    page.set_content("<main><p>narrow</p></main>")
    browser.check_no_sideways_scrolling(page)
    page.set_content("<main><table width=900><tr><td>wide</td></tr></table></main>")
    with pytest.raises(pytest.fail.Exception, match="in a window of 360 px"):
        browser.check_no_sideways_scrolling(page)
    page.close()
