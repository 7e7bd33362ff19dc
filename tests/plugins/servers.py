"""A real Torvet, started with the `torvet` command as a company would, for tests that look from outside."""

from __future__ import annotations

import contextlib
import functools
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import valkey

from tests.plugins import machine, postgres

COMPANY = "Nordhavn"
ADMIN = "admin@nordhavn.example"
PASSWORD = "a-long-quiet-harbour"
ANSWERS_WITHIN = 40  # seconds; two cores may be busy with other tests
TORVET = Path(sys.executable).with_name("torvet")


@dataclass
class Town:
    """One installation: its own data folder, database and port. `start()` before use; `stop()` ends all of it."""

    data: Path
    port: int = 0
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    command: tuple[str, ...] = ("serve",)
    program: Path = TORVET

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        path = self.data.with_suffix(".log")
        return path.read_text(errors="replace") if path.exists() else ""

    def all_environment(self) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("TORVET_", "DJANGO_"))
        }
        return kept | {"TORVET_DATA": str(self.data), "TORVET_URL": self.url} | self.environment

    def torvet(
        self, *arguments: str, check: bool = True, timeout: float = 300
    ) -> subprocess.CompletedProcess[str]:
        """Run `torvet …` for this installation; with `check`, anything but exit code 0 fails the test."""
        ran = subprocess.run(
            [self.program, *arguments], env=self.all_environment(), capture_output=True, text=True,
            cwd=self.data.parent, stdin=subprocess.DEVNULL, timeout=timeout, check=False,
        )  # fmt: skip
        if check and ran.returncode:
            pytest.fail(f"torvet {' '.join(arguments)} ended with {ran.returncode}\n{ran.stdout}{ran.stderr}")
        return ran

    def init(self, company: str = COMPANY, admin: str = ADMIN, password: str = PASSWORD) -> None:
        self.environment["TORVET_ADMIN_PASSWORD"] = password
        self.torvet("init", "--company", company, "--admin", admin, "--no-input")

    def start(self) -> None:
        """Returns when pages are answered."""
        with self.data.with_suffix(".log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.program, *self.command, "--port", str(self.port)], env=self.all_environment(), stdout=log, stderr=log,
                cwd=self.data.parent, stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + ANSWERS_WITHIN
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with urllib.request.urlopen(self.url, timeout=5):
                    return
            except urllib.error.HTTPError as answer:
                if answer.code < 500:
                    return
                time.sleep(0.2)
            except OSError:
                time.sleep(0.1)
        ended = self.process.poll()
        self.stop()
        pytest.fail(
            f"torvet {' '.join(self.command)} did not answer (it ended with {ended})\n{self.log[-4000:]}"
        )

    def stop(self, within: float = 15) -> int | None:
        """Ask it to stop, as an operator would; what then still runs is killed. Returns its exit code."""
        if not self.process:
            return None
        process, self.process = self.process, None
        if process.poll() is None:
            process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=within)
        self._kill_all_of(process)
        return process.wait()

    def kill(self) -> None:
        """End every process of it at once, in the middle of whatever it does."""
        if self.process:
            self._kill_all_of(self.process)
            self.process.wait()
            self.process = None

    @staticmethod
    def _kill_all_of(process: subprocess.Popen[bytes]) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(
                process.pid, signal.SIGKILL
            )  # its own session, so its process group is it and its children


@pytest.fixture(scope="session")
def found_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Town]]:
    """Makes installations: `found_town()` is empty, as on the first day; `found_town(founded=True)` has a company.

    Further arguments are TORVET_ settings, without the prefix: `found_town(RATE_LIMITS="off")`. On a PostgreSQL run
    each has a database of its own.
    """
    made: list[tuple[Town, str]] = []
    server = os.environ.get("TORVET_TEST_POSTGRES") if machine.database() == "postgres" else None

    def empty(like: str = "template1") -> tuple[Town, str]:
        town = Town(data=tmp_path_factory.mktemp("town") / "data", port=postgres.free_port())
        database = ""
        if server:
            database = f"town_{secrets.token_hex(6)}"
            town.environment["TORVET_DATABASE_URL"] = postgres.create_database(server, database, like)
        made.append((town, database))
        return town, database

    @functools.cache
    def pattern() -> tuple[Town, str]:
        town, database = empty()
        town.init()
        return town, database

    def found(*, founded: bool = False, **settings: str) -> Town:
        if founded:
            # Founding takes three seconds, a copy of what it left a tenth of one.
            first, database = pattern()
            town = empty(database or "template1")[0]
            shutil.copytree(first.data, town.data)
            town.environment["TORVET_ADMIN_PASSWORD"] = PASSWORD
        else:
            town = empty()[0]
        town.environment |= {f"TORVET_{name}": value for name, value in settings.items()}
        return town

    yield found
    for town, database in made:
        town.stop()
        if database and server:
            postgres.drop_database(server, database)
        shutil.rmtree(town.data, ignore_errors=True)


@pytest.fixture(scope="session")
def town(found_town: Callable[..., Town]) -> Town:
    """A running company with an administrator (ADMIN, PASSWORD), shared by all tests of the session."""
    town = found_town(founded=True, RATE_LIMITS="off")
    town.start()
    return town


@pytest.fixture
def fresh_town(found_town: Callable[..., Town]) -> Iterator[Town]:
    """A Torvet on its first day, running, with no company and no member yet."""
    town = found_town(RATE_LIMITS="off")
    town.start()
    yield town
    town.stop()


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """The address of a Valkey (or Redis) server of our own; with a password, so it cannot be anybody else's."""
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    if not program:
        machine.skip("Valkey")
    port, password = postgres.free_port(), secrets.token_hex(16)
    process = subprocess.Popen(
        [
            program, "--port", str(port), "--bind", "127.0.0.1", "--requirepass", password,
            "--save", "", "--appendonly", "no",
        ],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
        preexec_fn=postgres.die_with_the_tests,
    )  # fmt: skip
    client = valkey.Valkey(host="127.0.0.1", port=port, password=password)
    until = time.monotonic() + 15
    while True:
        try:
            client.ping()
            break
        except valkey.exceptions.ConnectionError:
            if time.monotonic() > until or process.poll() is not None:
                process.kill()
                pytest.fail(f"{program} did not start")
            time.sleep(0.05)
    client.close()
    yield f"valkey://:{password}@127.0.0.1:{port}/0"
    process.terminate()
    process.wait(timeout=10)
