"""A PostgreSQL server of our own: made in a temporary folder, on a free port, and gone when the tests are."""

from __future__ import annotations

import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
from psycopg import sql

STARTS_WITHIN = 30  # seconds


class Missing(Exception):
    """PostgreSQL cannot be had here; the message says what is missing."""


def programs() -> Path:
    """The folder with initdb and postgres, newest version first. Raises Missing."""
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    if found:
        return max(found, key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0)
    for folder in ("/opt/homebrew/opt/postgresql/bin", "/usr/local/opt/postgresql/bin", "/usr/pgsql/bin"):
        if (Path(folder) / "initdb").exists():
            return Path(folder)
    on_path = shutil.which("initdb")
    if on_path and (Path(on_path).parent / "postgres").exists():
        return Path(on_path).parent
    raise Missing("PostgreSQL is not installed on this machine")


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def die_with_the_tests() -> None:
    # A test run that is killed outright must not leave a database server behind. SIGINT is a fast, clean stop.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGINT)


class Cluster:
    """One server with one superuser, `torvet`. What it has said to be written survives its own end: fsync stays on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.password = secrets.token_hex(16)
        self.name = f"torvet-{secrets.token_hex(8)}"
        self.port = 0
        self.version = ""
        self.process: subprocess.Popen[bytes] | None = None
        # PostgreSQL refuses to run as root.
        self.account: pwd.struct_passwd | None = None
        if os.getuid() == 0:
            self.account = next((one for one in map(_account, ("postgres", "nobody")) if one), None)
            if self.account is None:
                raise Missing("PostgreSQL does not run as root, and there is no other account here")

    def url(self, database: str) -> str:
        return f"postgresql://torvet:{self.password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Raises Missing when there is no PostgreSQL, RuntimeError with its log when it does not start."""
        binaries = programs()
        self.folder.mkdir(parents=True)
        if self.account:
            os.chown(self.folder, self.account.pw_uid, self.account.pw_gid)
        self.folder.chmod(0o700)
        password_file = self.folder / "password"
        password_file.write_text(self.password)
        if self.account:
            os.chown(password_file, self.account.pw_uid, self.account.pw_gid)
        made = self._run(
            [
                str(binaries / "initdb"), "--pgdata", str(self.folder / "data"), "--username", "torvet",
                "--auth", "scram-sha-256", "--pwfile", str(password_file), "--encoding", "UTF8", "--locale", "C.UTF-8",
            ]
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr.decode(errors='replace')}")
        for _ in range(3):  # somebody may take the free port between our looking and PostgreSQL's
            self.port = free_port()
            if self._serve(binaries):
                return
        raise RuntimeError(f"PostgreSQL did not start: {self.log()}")

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait()
        self.process = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text(errors="replace")[-2000:] if path.exists() else ""

    def _serve(self, binaries: Path) -> bool:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.folder),
            "cluster_name": self.name,
            "fsync": "on",
            "max_connections": "60",
            "log_min_messages": "warning",
            # Nobody copies this server and nothing in it grows old.
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "full_page_writes": "off",
            "max_wal_size": "4GB",
            "checkpoint_timeout": "1h",
            "autovacuum": "off",
        }
        command = [str(binaries / "postgres"), "-D", str(self.folder / "data")]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder,
                preexec_fn=die_with_the_tests, **self._as_account(),
            )  # fmt: skip
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with psycopg.connect(self.url("postgres"), connect_timeout=3) as connection:
                    self._insist_on_our_own(connection)
                    self.version = connection.info.parameter_status("server_version") or ""
                return True
            except psycopg.OperationalError:
                time.sleep(0.1)
        return False

    def _insist_on_our_own(self, connection: psycopg.Connection) -> None:
        """Tests drop databases: never in somebody else's server."""
        row = connection.execute(
            "SELECT current_setting('cluster_name'), current_setting('data_directory'), current_setting('fsync')"
        ).fetchone()
        if row != (self.name, str(self.folder / "data"), "on"):
            raise RuntimeError(f"the server on port {self.port} is not the one we started: {row}")

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            command, capture_output=True, cwd=self.folder, check=False, **self._as_account()
        )

    def _as_account(self) -> dict:
        if not self.account:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}


def _account(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def create_database(server: str, name: str, like: str = "template1") -> str:
    """Make a database on the server at this address (that of any of its databases); returns its address.

    Empty, or a copy of the one named `like`, which nobody may be using.
    """
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(like))
        )
    return f"{server.rpartition('/')[0]}/{name}"


def drop_database(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
