"""Settings that cannot work, and what to do about them: what `torvet check` says."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import Error, connection
from django.utils import timezone

from torvet.activity import chain
from torvet.activity.models import Activity
from torvet.config import database
from torvet.config.settings import options
from torvet.realtime import shared

PROBLEM, WARNING = "problem", "warning"
OLDEST_SQLITE = (3, 35, 0)
# Locks and shared memory do not work across these, and SQLite in WAL mode needs both.
NETWORK_FILE_SYSTEMS = frozenset({
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs", "fuse.glusterfs", "lustre",
    "virtiofs", "davfs", "fuse.s3fs", "fuse.rclone", "afpfs", "webdav",
})  # fmt: skip
LITTLE_ROOM, NO_ROOM = 1 << 30, 100 << 20  # bytes
CLOCKS_APART = timedelta(seconds=10)
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Finding:
    """Something that cannot work (`problem`) or should be looked at (`warning`), and what to do."""

    level: str
    about: str
    says: str
    do: str


def findings() -> Iterator[Finding]:
    """Everything that was found, in the order of the checks."""
    for look in LOOKS:
        yield from look()


def data_folder() -> Iterator[Finding]:
    data = Path(settings.DATA)
    if not data.is_dir():
        yield Finding(PROBLEM, "TORVET_DATA", f"The data folder {data} is not there.", "Run: torvet init")
        return
    if not os.access(data, os.W_OK | os.X_OK):
        yield Finding(
            PROBLEM,
            "TORVET_DATA",
            f"{data} cannot be written.",
            "Give it to the account that runs Torvet (chown).",
        )
    if data.stat().st_mode & 0o007:
        yield Finding(
            WARNING, "TORVET_DATA", f"Everybody on this machine can look into {data}.", f"chmod 700 {data}"
        )
    secret = data / "secret"
    if secret.is_file() and secret.stat().st_mode & 0o077:
        yield Finding(WARNING, "secret", f"Others on this machine can read {secret}.", f"chmod 600 {secret}")
    kind = file_system_of(data)
    if kind in NETWORK_FILE_SYSTEMS and connection.vendor == "sqlite":
        yield Finding(
            PROBLEM,
            "TORVET_DATA",
            f"{data} lies on a network file system ({kind}); SQLite loses data there.",
            "Use a local disk, or PostgreSQL through TORVET_DATABASE_URL.",
        )


def file_system_of(path: Path, mounts: str = "/proc/self/mounts") -> str:
    """The kind of file system a path lies on, or an empty string where the system does not say."""
    try:
        lines = Path(mounts).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    best, kind = -1, ""
    for line in lines:
        _device, where, named, *_rest = line.split(" ")
        where = where.replace("\\040", " ")
        if path.resolve().is_relative_to(where) and len(where) >= best:
            best, kind = len(where), named
    return kind


def room_on_disk() -> Iterator[Finding]:
    data = Path(settings.DATA)
    free = shutil.disk_usage(data).free if data.is_dir() else LITTLE_ROOM
    if free < LITTLE_ROOM:
        yield Finding(
            PROBLEM if free < NO_ROOM else WARNING,
            "disk",
            f"Only {free >> 20} MB are free where {data} lies.",
            "Make room, or move the data folder.",
        )


def secret() -> Iterator[Finding]:
    if not options.secret():
        yield Finding(
            PROBLEM,
            "TORVET_SECRET",
            "There is no secret: every start would sign everybody out.",
            "Run: torvet init",
        )
    elif len(settings.SECRET_KEY) < 32:
        yield Finding(
            PROBLEM,
            "TORVET_SECRET",
            "The secret is shorter than 32 characters.",
            "Leave it empty and run: torvet init",
        )


def database_works() -> Iterator[Finding]:
    about = "TORVET_DATABASE_URL"
    if connection.vendor == "sqlite" and not Path(str(settings.DATABASES["default"]["NAME"])).exists():
        yield Finding(PROBLEM, "database", "There is no database yet.", "Run: torvet init")
        return
    try:
        yield from sqlite() if connection.vendor == "sqlite" else postgresql()
        if database.is_from_a_newer_version():
            yield Finding(
                PROBLEM, "database", "The database was made by a newer Torvet.", "Install that version again."
            )
        elif database.steps_to_go():
            yield Finding(PROBLEM, "database", "The database is not up to date.", "Run: torvet init")
        else:
            yield from waiting_work()
            yield from log_of_changes()
    except Error as error:
        yield Finding(
            PROBLEM,
            about,
            f"The database cannot be used: {' '.join(str(error).split())}",
            "Check address and rights.",
        )


def sqlite() -> Iterator[Finding]:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        yield Finding(
            PROBLEM,
            "SQLite",
            f"SQLite {sqlite3.sqlite_version} is too old.",
            "Use a Python with SQLite 3.35 or later, or PostgreSQL.",
        )
    if not asked("SELECT sqlite_compileoption_used('ENABLE_FTS5')"):
        yield Finding(
            PROBLEM,
            "SQLite",
            "This SQLite cannot search text (no FTS5).",
            "Use another Python, or PostgreSQL.",
        )
    if asked("PRAGMA journal_mode") != "wal":
        yield Finding(
            PROBLEM, "SQLite", "The database is not in WAL mode.", "Put the data folder on a local disk."
        )


def postgresql() -> Iterator[Finding]:
    for name, lost in (("fsync", "the whole database"), ("synchronous_commit", "the last posts")):
        if asked(f"SELECT current_setting('{name}')") == "off":
            yield Finding(
                PROBLEM,
                "PostgreSQL",
                f"{name} is off: a power cut loses {lost}.",
                f"Set {name} = on in postgresql.conf.",
            )
    if asked("SHOW server_encoding") != "UTF8":
        yield Finding(
            PROBLEM,
            "PostgreSQL",
            "The database is not in UTF8.",
            "Create it with: createdb --encoding UTF8 …",
        )
    version = int(asked("SHOW server_version_num"))
    if version < 140_000:
        yield Finding(
            PROBLEM, "PostgreSQL", "Django 5.2 needs PostgreSQL 14 or later.", "Upgrade the server."
        )
    apart = abs(asked("SELECT clock_timestamp()") - timezone.now())
    if apart > CLOCKS_APART:
        yield Finding(
            PROBLEM,
            "clock",
            f"The clocks of this machine and the database are {int(apart.total_seconds())} s apart.",
            "Keep both in time with NTP.",
        )


def waiting_work() -> Iterator[Finding]:
    newest = Activity.objects.order_by("-id").values_list("created_at", flat=True).first()
    if newest and newest > timezone.now() + CLOCKS_APART:
        yield Finding(
            PROBLEM,
            "clock",
            f"This machine's clock says {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, but something happened here later.",
            "Keep the clock in time with NTP.",
        )
    oldest = Activity.objects.waiting().filter(created_at__lt=timezone.now() - timedelta(minutes=5))
    number = oldest.count()
    if number:
        yield Finding(
            WARNING,
            "worker",
            f"{number} things that happened wait for the worker since more than five minutes.",
            "Is `torvet serve` or `torvet worker` running?",
        )


def log_of_changes() -> Iterator[Finding]:
    broken_at = chain.look_through().broken_at
    if broken_at is not None:
        yield Finding(
            PROBLEM,
            "log",
            f"The log of changes was altered: from number {broken_at} on it does not fit its seals.",
            "Compare it with a backup: somebody wrote to the database past Torvet.",
        )


def asked(question: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
    return row[0] if row else None


def valkey() -> Iterator[Finding]:
    if not settings.VALKEY_URL:
        return
    about = "TORVET_VALKEY_URL"
    try:
        with shared.connect(timeout=2) as client:
            client.ping()
    except ImportError:
        yield Finding(
            PROBLEM, about, "The package for Valkey is not installed.", 'pip install "torvet[valkey]"'
        )
    except Exception as error:
        # The library has many kinds of failure; all of them mean the same here.
        yield Finding(
            PROBLEM, about, f"Valkey cannot be reached: {error}", "Check the address, or leave it empty."
        )


def public_address() -> Iterator[Finding]:
    about = "TORVET_URL"
    parts = urlsplit(settings.TORVET_URL)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        yield Finding(
            PROBLEM, about, f"{settings.TORVET_URL!r} is no address.", "Write https://torvet.example.com"
        )
        return
    if parts.path or parts.query:
        yield Finding(
            PROBLEM, about, "The address has a path.", "Give Torvet a host name of its own, without a path."
        )
    if parts.scheme == "http" and parts.hostname not in LOCAL:
        yield Finding(
            PROBLEM,
            about,
            "People's passwords would travel unencrypted.",
            "Put a proxy with a certificate in front and write https:// (docs/running.md).",
        )
    if parts.scheme == "https" and not settings.TRUSTED_PROXIES:
        yield Finding(
            WARNING,
            "TORVET_TRUSTED_PROXIES",
            "The address is https, but no proxy is trusted: all visitors seem to come from one address.",
            "Set it to 1 when one proxy stands in front.",
        )


def mail() -> Iterator[Finding]:
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    try:
        if sender != "torvet@localhost":
            validate_email(sender)
    except ValidationError:
        yield Finding(
            PROBLEM,
            "TORVET_MAIL_FROM",
            f"{settings.DEFAULT_FROM_EMAIL!r} is no mail address.",
            "Write Torvet <torvet@example.com>",
        )
    given = options.text("MAIL_URL")
    if not given:
        yield Finding(
            WARNING,
            "TORVET_MAIL_URL",
            "No mail is sent.",
            "Write smtp://user:password@host:587 when it should.",
        )
    elif urlsplit(given).scheme not in {"smtp", "smtps"} or not urlsplit(given).hostname:
        yield Finding(
            PROBLEM,
            "TORVET_MAIL_URL",
            "The mail server's address is none.",
            "Write smtp://user:password@host:587",
        )


def choices() -> Iterator[Finding]:
    if settings.DEBUG:
        yield Finding(
            PROBLEM if urlsplit(settings.TORVET_URL).hostname not in LOCAL else WARNING,
            "TORVET_DEBUG",
            "Errors show the program and its settings to whoever meets them.",
            "Never in a company: set it to off.",
        )
    if not settings.RATE_LIMITS:
        yield Finding(
            WARNING,
            "TORVET_RATE_LIMITS",
            "Nothing limits how often passwords are tried.",
            "Only behind something that does.",
        )


def machinery() -> Iterator[Finding]:
    """Django's own checks, and that every route has its policy."""
    for message in checks.run_checks():
        if (
            message.level >= checks.WARNING and message.id != "auth.W004"
        ):  # unique in lower case, which it cannot see
            level = PROBLEM if message.level >= checks.ERROR else WARNING
            yield Finding(
                level, message.id or "Django", str(message.msg), str(message.hint or "Please report this.")
            )


LOOKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    data_folder, room_on_disk, secret, database_works, valkey, public_address, mail, choices, machinery,
)  # fmt: skip
