"""Whether the database fits this version, and bringing it up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from torvet.config.prepare import alone

# Any fixed number of our own: two machines on one PostgreSQL must not change its tables at the same time.
LOCK = 8_472_061


def steps_to_go() -> int:
    """How many migrations the database still needs."""
    if connection.vendor == "sqlite" and not Path(str(settings.DATABASES["default"]["NAME"])).exists():
        # Asking would make an empty file.
        return 1
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def is_up_to_date() -> bool:
    return steps_to_go() == 0


def is_from_a_newer_version() -> bool:
    """Whether the database has seen migrations that this Torvet does not know."""
    loader = MigrationExecutor(connection).loader
    ours = {app for app, _name in loader.disk_migrations}
    return any(
        app in ours and (app, name) not in loader.disk_migrations for app, name in loader.applied_migrations
    )


def bring_up_to_date() -> bool:
    """Make or change the tables. Gives whether there was anything to do."""
    if is_up_to_date():
        return False
    with alone(settings.DATA), _alone_everywhere():
        if is_up_to_date():
            return False
        call_command("migrate", interactive=False, verbosity=0)
    return True


@contextmanager
def _alone_everywhere() -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
