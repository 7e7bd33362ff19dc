"""CPU per page, in process, through every middleware: `python -m bench.pages` on a company made by bench.company.

Prints, for each page, the median and 95th percentile of thread CPU milliseconds over members (each the best of three),
the first (cold) wall time, the statements, and the bytes sent; beside them a bare view and the feed's statement alone.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torvet.config.settings")
os.environ.setdefault("TORVET_RATE_LIMITS", "off")

import django

django.setup()

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext

from torvet.config.wsgi import application
from torvet.entries import cards, queries
from torvet.entries.actions import add_comment
from torvet.entries.actions.keep import keep_cards_of
from torvet.entries.models import Card, Entry
from torvet.feed import queries as feed
from torvet.people.models import Member
from torvet.people.sessions import SessionStore
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space


def cookie(member: Member) -> str:
    """A session of this member, as signing in makes it."""
    session = SessionStore()
    session[SESSION_KEY] = str(member.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def get(path: str, key: str) -> tuple[str, bytes]:
    """One GET through the WSGI application, as a browser would send it."""
    path, _mark, query = path.partition("?")
    status: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "127.0.0.1:8000", "HTTP_ACCEPT_ENCODING": "gzip", "HTTP_ACCEPT_LANGUAGE": "da",
        "HTTP_COOKIE": f"sessionid={key}", "REMOTE_ADDR": "127.0.0.1", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "wsgi.multithread": False, "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
    answer = application(environ, lambda line, headers, info=None: status.append(line))
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    return status[0], body


def measure(run: Callable[[Any], Any], over: list[Any], best_of: int = 3) -> dict[str, float]:
    """Median and p95 over things, each the best of some runs; CPU in milliseconds. The first run's wall time apart."""
    start = time.perf_counter()
    run(over[0])
    cold = (time.perf_counter() - start) * 1000
    taken = []
    for thing in over:
        times = []
        for _ in range(best_of):
            begun = time.thread_time()
            run(thing)
            times.append((time.thread_time() - begun) * 1000)
        taken.append(min(times))
    taken.sort()
    return {
        "median": round(statistics.median(taken), 2),
        "p95": round(taken[int(len(taken) * 0.95)], 2),
        "cold_wall": round(cold, 1),
    }


def store_cards(limit: int) -> None:
    """As the worker does after each post: the newest cards stand in the table."""
    ids = list(Entry.objects.order_by("-published_at").values_list("pk", flat=True)[:limit])
    for start in range(0, len(ids), 500):
        keep_cards_of(queries.with_cards_due(ids[start : start + 500]))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--members", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    if not Card.objects.exists():
        store_cards(20_000)
    people = random.Random(7).sample(list(Member.objects.all()), asked.members)
    keys = [cookie(member) for member in people]
    cards.forget_all()
    report: dict[str, Any] = {"database": connection.vendor}
    report["bare view"] = measure(lambda key: get("/healthz", key), keys)
    report["home statement alone"] = measure(lambda m: feed.home(Viewer.of(m)), people)
    report["home"] = measure(lambda key: get("/", key), keys)
    report["home by activity"] = measure(lambda key: get("/?order=active", key), keys)
    report["company"] = measure(lambda key: get("/company/", key), keys)
    whole = Space.objects.order_by("pk")[0]
    report["space"] = measure(lambda key: get(whole.url, key), keys)
    open_threads = Entry.objects.roots().filter(space__access="open")
    for size in (20, 100, 2500):
        thread = open_threads.filter(reply_count__gte=size * 0.9, reply_count__lte=size * 1.2).first()
        if thread:
            report[f"thread of {thread.reply_count}"] = measure(
                lambda key, url=thread.url: get(url, key), keys
            )
    report["search"] = measure(lambda key: get("/search/?q=rapporten", key), keys)
    for name, path in (("home", "/"), ("space", whole.url), ("search", "/search/?q=rapporten")):
        reset_queries()
        with CaptureQueriesContext(connection) as captured:
            status, body = get(path, keys[0])
        report[name] |= {"statements": len(captured), "bytes": len(body), "status": status}
    thread = Entry.objects.roots().filter(space=whole).order_by("-pk")[0]
    writers = [Viewer.of(member) for member in people]
    report["comment in a large space"] = measure(
        lambda by: add_comment(by=by, on=thread, body="Tak for det!"), writers, 1
    )
    print(
        json.dumps(report, indent=1)
        if asked.json
        else "\n".join(f"{name:28} {value}" for name, value in report.items())
    )


if __name__ == "__main__":
    main()
