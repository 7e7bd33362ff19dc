"""Server time of a question with 50 answers: `python -m bench.questions` in any data folder with members and a space.

Adds one question with 50 answers, two comments on each and up to ten votes, once; then asks for its page, for the page of
its last answer and for the form as one of its readers through the whole application, and prints median and 95th
percentile of milliseconds on the clock, the statements, and the time of the processor, which others do not lengthen.
"""

from __future__ import annotations

import os
import statistics
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torvet.config.settings")
os.environ.setdefault("TORVET_RATE_LIMITS", "off")

import django

django.setup()

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.pages import cookie, get
from torvet.entries import actions as entries
from torvet.entries.queries import get_visible
from torvet.forum import actions
from torvet.forum.models import Thread
from torvet.forum.queries import questions
from torvet.people.models import Member
from torvet.people.viewer import Via, Viewer
from torvet.spaces.models import Space

ANSWERS, COMMENTS, VOTES = 50, 2, 10
LOOKS = 60
TITLE = "Bench: how long may the crane stand in the wind?"
WORDS = (
    "It depends on the wind: up to twelve metres a second an hour, above that it is laid down at once. " * 3
)


def filled(people: list[Member]) -> Thread:
    """The question, made when it is not there yet."""
    standing = Thread.objects.filter(entry__title=TITLE).first()
    if standing is not None:
        return standing
    space = Space.objects.filter(access="open", archived_at=None, within=None).order_by("pk")[0]
    viewers = [Viewer.of(member, via=Via.HOUSE) for member in people]
    question = actions.ask_question(
        by=viewers[0], space=space, title=TITLE, body="The board says otherwise. #crane"
    )
    for number in range(ANSWERS):
        by = viewers[1 + number % (len(viewers) - 1)]
        shown = questions.get_visible(by, question.pk)
        assert shown is not None
        answer = actions.give_answer(by=by, question=shown, body=f"{WORDS} ({number})")
        standing_answer = get_visible(by, answer.pk)
        assert standing_answer is not None
        for _comment in range(COMMENTS):
            entries.add_comment(by=viewers[0], on=standing_answer, body="And at night?")
        for voter in viewers[1 : 1 + number % VOTES]:
            if voter.id != by.id:
                actions.vote_for_answer(by=voter, answer=standing_answer)
    return question


def main() -> None:
    people = list(Member.objects.active().exclude(role="guest").filter(is_bot=False).order_by("pk")[:20])
    question = filled(people)
    last = Thread.objects.get(pk=question.pk).entry.thread_entries.filter(kind="answer").order_by("pk").last()
    assert last is not None
    key = cookie(people[2])
    print(f"one question, {ANSWERS} answers, {ANSWERS * COMMENTS} comments, on {connection.vendor}")
    for name, address in (
        ("the question", f"/questions/{question.pk}/"),
        ("at its last answer", f"/questions/{question.pk}/?at={last.pk}"),
        ("the form", "/questions/ask/"),
    ):
        get(address, key)
        taken, worked = [], []
        for _look in range(LOOKS):
            start, cpu = time.perf_counter(), time.process_time()
            get(address, key)
            taken.append((time.perf_counter() - start) * 1000)
            worked.append((time.process_time() - cpu) * 1000)
        with CaptureQueriesContext(connection) as counted:
            get(address, key)
        p95 = statistics.quantiles(taken, n=20)[18]
        print(
            f"{name:20} {statistics.median(taken):6.1f} ms, p95 {p95:6.1f}, {len(counted)} statements; "
            f"of the processor {statistics.median(worked):.1f} ms"
        )


if __name__ == "__main__":
    main()
