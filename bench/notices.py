"""A must-read to a whole company: `python -m bench.notices` on a company made by bench.company (`--members 50000`).

Measures through the whole application and on the clock: sending it, telling everybody from the worker's outbox, the tap
that confirms, the leader's view before and after the date, the list *To confirm*, home, what keeping the roll true costs,
and the audit. Closes what it made, so that it can be run again.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torvet.config.settings")
os.environ.setdefault("TORVET_RATE_LIMITS", "off")

import django

django.setup()

from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from torvet.activity import outbox
from torvet.entries import actions as entries
from torvet.notices.actions.look import look_again
from torvet.notices.models import Confirmation, Notice
from torvet.notices.queries.waiting import forget_open
from torvet.notifications.models import Notification
from torvet.people.actions import as_house
from torvet.people.models import Member, Role
from torvet.spaces.models import Space


def signed_in(member: Member) -> Client:
    client = Client(HTTP_HOST="127.0.0.1", HTTP_ACCEPT_ENCODING="gzip")
    client.force_login(member)
    return client


def clocked(run: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    answer = run()
    return (time.perf_counter() - began) * 1000, answer


def say(name: str, times: list[float], note: str = "") -> None:
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95) - 1] if len(ordered) > 4 else ordered[-1]
    print(f"{name:44} median {statistics.median(ordered):8.1f} ms   p95 {p95:8.1f} ms   {note}")


def send(sender: Client, title: str, by: Member) -> Notice:
    space = Space.objects.filter(access="open").order_by("pk")[0]
    post = entries.publish_post(
        by=as_house(by), space=space, title=title, body="Læs det her, før du begynder."
    )
    sent = {
        "roles": ["member", "leader", "administrator", "community_manager"], "send": "1",
        "due_on": (timezone.localdate() + timedelta(days=5)).isoformat(),
    }  # fmt: skip
    taken, answer = clocked(lambda: sender.post(f"/e/{post.pk}/must-read/", sent))
    assert answer.status_code == 302, answer.content[:2000]
    notice = Notice.objects.select_related("roll").latest("pk")
    say(
        "stored and answered",
        [taken],
        f"{notice.roll.number:,} people, roll of {len(notice.roll.packed):,} bytes",
    )
    return notice


def tell() -> None:
    before = Notification.objects.count()
    steps: list[float] = []
    began = time.perf_counter()
    while True:
        taken, done = clocked(lambda: outbox.drain(1))
        if not done:
            break
        steps.append(taken)
    whole = time.perf_counter() - began
    told = Notification.objects.count() - before
    say("one step of telling", steps, f"{told:,} told in {whole:.1f} s: {told / whole:,.0f} a second")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--taps", type=int, default=100)
    asked = parser.parse_args()
    with override_settings(
        ALLOWED_HOSTS=["127.0.0.1"], PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]
    ):
        measure(asked.taps)


def measure(taps: int) -> None:
    while outbox.drain():
        pass
    by = Member.objects.filter(role=Role.ADMINISTRATOR).order_by("pk")[0]
    sender = signed_in(by)
    sender.get("/")
    sender.get("/to-confirm/")
    print(f"{connection.vendor}, {Member.objects.count():,} members")
    crowd = random.Random(5).sample(list(Member.objects.active().filter(role=Role.MEMBER)), taps)
    browsers = [signed_in(member) for member in crowd]
    home(browsers, "home, nobody is asked anything")
    notice = send(sender, "En tekst til alle", by)
    tell()
    home(browsers, "home, one waits")
    say("To confirm", [clocked(lambda one=one: one.get("/to-confirm/"))[0] for one in browsers])
    address = f"/notices/{notice.pk}/confirmation/"
    say(
        "the tap",
        [
            clocked(lambda one=one: one.post(address, {"version": 1}, HTTP_HX_REQUEST="true"))[0]
            for one in browsers
        ],
    )
    fill(notice)
    home(browsers, "home, half have confirmed")
    view(sender, notice, "the leader's view before the date")
    Notice.objects.filter(pk=notice.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    view(sender, notice, "the leader's view with names")
    say("the roll held against its audience", [clocked(look_again)[0] for _ in range(5)])
    taken, lines = clocked(
        lambda: sum(
            part.count(b"\r\n") for part in sender.get(f"/notices/{notice.pk}/export.csv").streaming_content
        )
    )
    say("the audit, whole", [taken], f"{lines:,} lines")
    sender.post(f"/notices/{notice.pk}/closing/")
    forget_open()


def home(browsers: list[Client], name: str) -> None:
    for one in browsers[:3]:
        one.get("/")
    number = statements(browsers[0], "/")
    best = [min(clocked(lambda one=one: one.get("/"))[0] for _ in range(3)) for one in browsers[:40]]
    say(name, best, f"{number} statements")


def statements(browser: Client, address: str) -> int:
    """How many a request asks; each request forgets those of the one before."""
    connection.force_debug_cursor = True
    browser.get(address)
    connection.force_debug_cursor = False
    return len(connection.queries)


def fill(notice: Notice) -> None:
    """Some half of all have confirmed."""
    known = set(Confirmation.objects.filter(notice=notice).values_list("member_id", flat=True))
    half = [pk for pk in Member.objects.active().values_list("pk", flat=True) if pk % 2 and pk not in known]
    Confirmation.objects.bulk_create(
        [
            Confirmation(notice=notice, member_id=pk, version=1, checksum=notice.judged_checksum)
            for pk in half
        ],
        batch_size=5000,
    )


def view(sender: Client, notice: Notice, name: str) -> None:
    address = f"/notices/{notice.pk}/"
    number = statements(sender, address)
    say(name, [clocked(lambda: sender.get(address))[0] for _ in range(15)], f"{number} statements")


if __name__ == "__main__":
    main()
