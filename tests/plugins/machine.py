"""Chooses the database and the data folder of a test run, before Django reads its settings.

`TORVET_TEST_DATABASE=sqlite` (the default) or `postgres`. PostgreSQL is a server of our own, made for this run in a
temporary folder and removed afterwards. With `CI=true` or `TORVET_REQUIRE_ALL=1` a machine that cannot give something
is a failure; elsewhere those tests are skipped and told at the end.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.plugins import postgres

ROOT = Path(__file__).resolve().parents[2]
SHARED_DATA = ROOT.parent / "shared" / "data"
# What a test run itself is steered by; every other TORVET_ variable belongs to somebody's own installation.
ROOM = 6 * 1024**3  # bytes
STEERING = {
    "TORVET_TEST_DATABASE",
    "TORVET_TEST_FOLDER",
    "TORVET_TEST_POSTGRES",
    "TORVET_REQUIRE_ALL",
    "TORVET_CHECK_LOG",
    "TORVET_CHECK_LAST",
    "TORVET_CHROMIUM",
}
CANNOT = "this machine cannot give "

_cluster: postgres.Cluster | None = None
_folder: Path | None = None
_missing_database = ""


def requires_all() -> bool:
    """Whether a missing piece of the machine is a failure."""
    return os.environ.get("CI", "").lower() in {"1", "true"} or os.environ.get("TORVET_REQUIRE_ALL") == "1"


def database() -> str:
    return os.environ.get("TORVET_TEST_DATABASE") or "sqlite"


def skip(what: str) -> None:
    """Skip the test that asks, because the machine lacks `what`; a failure where everything is required."""
    if requires_all():
        pytest.fail(f"{CANNOT}{what}, and nothing may be skipped here", pytrace=False)
    pytest.skip(f"{CANNOT}{what}")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(args: list[str]) -> Iterator[None]:
    # A wrapper, so that it runs before pytest-django imports the settings.
    global _cluster, _folder, _missing_database
    chosen = database()
    if chosen not in {"sqlite", "postgres"}:
        raise pytest.UsageError(f"TORVET_TEST_DATABASE is sqlite or postgres, not {chosen!r}")
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    if not is_worker:
        forget_own_installation()
        _folder = Path(tempfile.mkdtemp(prefix="torvet-tests-", dir=in_memory()))
        # The server of the database and the one that serves pages may run as somebody else.
        _folder.chmod(0o755)
        os.environ["TORVET_TEST_FOLDER"] = str(_folder)
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(_folder)  # where tmp_path is made; gone with the rest
    folder = Path(os.environ["TORVET_TEST_FOLDER"])
    own = folder / os.environ.get("PYTEST_XDIST_WORKER", "main")
    own.mkdir(exist_ok=True)
    os.environ["TORVET_DATA"] = str(own)
    os.environ["TORVET_LANGUAGE"] = "en"
    if chosen == "postgres":
        if not is_worker:
            try:
                _cluster = postgres.Cluster(folder / "postgres")
                _cluster.start()
            except postgres.Missing as missing:
                if requires_all():
                    raise pytest.UsageError(f"{missing}, and nothing may be skipped here") from None
                _missing_database = str(missing)
                _cluster = None
            else:
                os.environ["TORVET_TEST_POSTGRES"] = _cluster.url("postgres")
                os.environ["TORVET_DATABASE_URL"] = _cluster.url("torvet")
        elif "TORVET_TEST_POSTGRES" not in os.environ:
            _missing_database = "PostgreSQL"
    return (yield)


def in_memory() -> str | None:
    """A file system in memory, where there is one with room; None for the usual place. Writers are killed in our tests,
    never the machine: a disk that is waited for at each commit proves nothing here, and takes minutes."""
    memory = Path("/dev/shm")  # a folder of our own is made in it
    try:
        known = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
        available = int(known["MemAvailable"].split()[0]) * 1024
        has_room = min(available, shutil.disk_usage(memory).free) > ROOM and os.access(memory, os.W_OK)
    except (OSError, KeyError, ValueError):
        return None
    return str(memory) if has_room else None


def forget_own_installation() -> None:
    """Tests must never touch the company that this shell is set up for."""
    for name in list(os.environ):
        if name.startswith("TORVET_") and name not in STEERING:
            del os.environ[name]
    os.environ.pop("TORVET_TEST_POSTGRES", None)
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


# One of these stands behind every fixture that reaches a database, or a server that does.
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "found_town"}


def asks_a_database(item: pytest.Item) -> bool:
    """Whether a test could say something else on another database. What looks at the source or at text cannot."""
    is_marked = item.get_closest_marker("django_db") is not None
    return is_marked or not DATABASE_FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    other = "only_postgres" if database() == "sqlite" else "only_sqlite"
    # What is about the other database is another run's work, not something this machine lacks.
    left_out = [item for item in items if item.get_closest_marker(other)]
    if database() == "postgres":
        left_out += [item for item in items if item.get_closest_marker("once") or not asks_a_database(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        gone = set(left_out)
        items[:] = [item for item in items if item not in gone]
    # bin/check has xdist hand the files out in this order.
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    for item in items:
        if _missing_database:
            item.add_marker(pytest.mark.skip(reason=f"{CANNOT}PostgreSQL"))
        elif item.get_closest_marker("shareddata") and not SHARED_DATA.is_dir():
            item.add_marker(pytest.mark.skip(reason=f"{CANNOT}../shared/data"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and requires_all():
        # A skip nobody reads is how a check dies; where everything is required it is a failure.
        report.outcome = "failed"
        report.longrepr = f"skipped, and nothing may be skipped here: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[pytest.CollectReport]:
    report = yield
    if report.outcome == "skipped" and requires_all():
        report.outcome = "failed"
        report.longrepr = f"skipped, and nothing may be skipped here: {report.longrepr}"
    return report


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    global _cluster, _folder
    if _cluster:
        _cluster.stop()
        _cluster = None
    if _folder:
        shutil.rmtree(_folder, ignore_errors=True)
        _folder = None


def pytest_report_header() -> str:
    if _missing_database:
        return f"torvet: PostgreSQL was asked for and is not here ({_missing_database})"
    shown = f"PostgreSQL {_cluster.version} (our own, {_cluster.folder})" if _cluster else database()
    return f"torvet: {shown}, Python {sys.version.split()[0]}"
