"""The lists of fora: `python -m bench.forum` in a data folder made by bench.company.

Makes half of the openers discussions and questions, once: their spaces become fora with four sub-fora each, 70 of a
hundred threads are answered, a third of those solved. Then asks for each list as an employee and as somebody of few
spaces, at the top and deep down, and prints median and 95th percentile of milliseconds on the clock: of the list alone,
and of the whole page through the application, with the statements.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable
from functools import partial

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torvet.config.settings")
os.environ.setdefault("TORVET_RATE_LIMITS", "off")

import django

django.setup()

from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from bench.pages import cookie, get
from torvet.entries.models import Entry, Topic
from torvet.forum.models import Forum, SubForum, Thread, copied_from
from torvet.forum.queries import threads
from torvet.forum.queries.threads import ACTIVE, NEW, UNANSWERED, Subject
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space

LOOKS = 40
PARTS = 4
BATCH = 5000


def fill(dice: random.Random) -> None:
    """Turn openers into threads, unless that was done before."""
    if Forum.objects.exists():
        return
    with transaction.atomic():
        spaces = list(Space.objects.values_list("pk", flat=True))
        Forum.objects.bulk_create(Forum(space_id=pk) for pk in spaces)
        SubForum.objects.bulk_create(
            SubForum(forum_id=pk, name=f"Part {n}", place=n) for pk in spaces for n in range(PARTS)
        )
        parts: dict[int, list[int]] = {}
        for pk, forum in SubForum.objects.values_list("pk", "forum_id"):
            parts.setdefault(forum, []).append(pk)
        Entry.objects.roots().filter(pk__gt=0).annotate(odd=F("pk") % 4).filter(odd=0).update(
            kind="discussion"
        )
        Entry.objects.roots().annotate(odd=F("pk") % 4).filter(odd=1).update(kind="question")
        rows = Entry.objects.roots().filter(kind__in=["discussion", "question"]).defer("body", "text")
        made: list[Thread] = []
        for entry in rows.iterator(BATCH):
            made.append(_thread(entry, parts[entry.space_id], dice))
            if len(made) == BATCH:
                Thread.objects.bulk_create(made)
                made = []
        Thread.objects.bulk_create(made)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _thread(entry: Entry, parts: list[int], dice: random.Random) -> Thread:
    is_answered = bool(entry.reply_count) and dice.random() < 0.9
    is_solved = is_answered and dice.random() < 0.33
    return Thread(
        entry=entry, sub_forum_id=dice.choice([*parts, None]), **copied_from(entry),
        answered_at=entry.active_at if is_answered else None, solved_at=entry.active_at if is_solved else None,
    )  # fmt: skip


def timed(ask: Callable[[], object]) -> tuple[float, float]:
    ask()
    found = []
    for _look in range(LOOKS):
        moment = time.process_time()
        ask()
        found.append((time.process_time() - moment) * 1000)
    found.sort()
    return statistics.median(found), found[int(LOOKS * 0.95)]


def deep(viewer: Viewer, which: str, subject: Subject) -> str | None:
    """A cursor forty pages down, or the last there is."""
    after = None
    for _page in range(40):
        page = threads.listed(viewer, which, subject, after)
        if page.next is None:
            break
        after = page.next
    return after


def main() -> None:
    fill(random.Random(11))
    busiest = Thread.objects.values_list("space_id", flat=True).order_by("space_id")[
        Thread.objects.count() // 2
    ]
    space = (
        Space.objects.filter(access="open", pk__gte=busiest).first() or Space.objects.filter(access="open")[0]
    )
    part = SubForum.objects.filter(forum=space.pk)[0]
    print(f"{Entry.objects.count()} entries, {Thread.objects.count()} threads, {Forum.objects.count()} fora")
    print(
        f"{Thread.objects.unanswered().count()} unanswered; {Thread.objects.filter(space=space).count()} in one forum"
    )
    topic = Topic.objects.order_by("pk").first()
    employee = Member.objects.filter(is_active=True, role="member").order_by("pk")[5]
    guest = Member.objects.filter(is_active=True, role="member").order_by("-pk")[0]
    Member.objects.filter(pk=guest.pk).update(role="guest")
    guest.refresh_from_db()
    subjects = {
        "everywhere": Subject(),
        "forum": Subject(space),
        "sub-forum": Subject(space, part),
        "topic": Subject(topic=topic),
    }
    for name, member in (("employee", employee), ("guest", guest)):
        viewer = Viewer.of(member)
        for place, subject in subjects.items():
            for which in (ACTIVE, NEW, UNANSWERED):
                top = timed(partial(threads.listed, viewer, which, subject))
                after = deep(viewer, which, subject)
                down = timed(partial(threads.listed, viewer, which, subject, after))
                print(
                    f"{name:9} {place:11} {which:11} {top[0]:6.1f} ms  p95 {top[1]:6.1f}   deep {down[0]:6.1f} p95 {down[1]:6.1f}"
                )
    Member.objects.filter(pk=guest.pk).update(role="member")
    key = cookie(employee)
    for address in (
        "/forum/",
        "/forum/threads/",
        "/forum/threads/?list=unanswered",
        f"/spaces/{space.pk}/forum/",
        "/forum/answers/",
    ):
        median, last = timed(partial(get, address, key))
        with CaptureQueriesContext(connection) as captured:
            get(address, key)
        print(f"{address:34} {median:6.1f} ms  p95 {last:6.1f}   {len(captured)} statements")


if __name__ == "__main__":
    main()
