"""Server time of a question with 50 answers: `python -m bench.questions` in any data folder with members and a space.

Adds one question with 50 answers, two comments on each and up to ten votes, and one like it that nobody has answered,
once; then asks for the page of the first, for that of its last answer and for the form as one of its readers, and for both
questions as the one who asked them: below the second are those who may know. All goes through the whole application.
Printed are median and 95th percentile of milliseconds on the clock and of the processor, which others do not lengthen
(without that of PostgreSQL), and the statements.
"""

from __future__ import annotations

import gzip
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
from torvet.entries.queries import get_visible, ids_in_thread
from torvet.forum import actions
from torvet.forum.models import Thread
from torvet.forum.queries import questions
from torvet.people.models import Member
from torvet.people.viewer import Via, Viewer
from torvet.search.actions import keep_entries
from torvet.spaces.models import Space

ANSWERS, COMMENTS, VOTES = 50, 2, 10
LOOKS = 60
TITLE = "Bench: how long may the crane stand in the wind?"
WAITING = "Bench: may the crane stand in the wind at night?"
WORDS = (
    "It depends on the wind: up to twelve metres a second an hour, above that it is laid down at once. " * 3
)


def standing(title: str) -> Thread | None:
    return Thread.objects.filter(entry__title=title).first()


def asked(by: Viewer, title: str) -> Thread:
    space = Space.objects.filter(access="open", archived_at=None, within=None).order_by("pk")[0]
    return actions.ask_question(by=by, space=space, title=title, body="The board says otherwise. #crane")


def filled(people: list[Member]) -> Thread:
    """The question with its answers, made when it is not there yet; the index knows it at once."""
    found = standing(TITLE)
    if found is not None:
        return found
    viewers = [Viewer.of(member, via=Via.HOUSE) for member in people]
    question = asked(viewers[0], TITLE)
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
    keep_entries(ids_in_thread(question.pk))
    return question


def main() -> None:
    people = list(Member.objects.active().exclude(role="guest").filter(is_bot=False).order_by("pk")[:20])
    question = filled(people)
    last = Thread.objects.get(pk=question.pk).entry.thread_entries.filter(kind="answer").order_by("pk").last()
    assert last is not None
    waiting = standing(WAITING) or asked(Viewer.of(people[0], via=Via.HOUSE), WAITING)
    reader, asker = cookie(people[2]), cookie(people[0])
    print(
        f"one question, {ANSWERS} answers, {ANSWERS * COMMENTS} comments, on {connection.vendor}, load {os.getloadavg()[0]:.1f}"
    )
    for name, address, key in (
        ("the question", f"/questions/{question.pk}/", reader),
        ("at its last answer", f"/questions/{question.pk}/?at={last.pk}", reader),
        ("the form", "/questions/ask/", reader),
        ("for its asker", f"/questions/{question.pk}/", asker),
        ("without answers, for its asker", f"/questions/{waiting.pk}/", asker),
    ):
        get(address, key)
        clock, worked = [], []
        for _look in range(LOOKS):
            start, cpu = time.perf_counter(), time.process_time()
            _status, page = get(address, key)
            clock.append((time.perf_counter() - start) * 1000)
            worked.append((time.process_time() - cpu) * 1000)
        with CaptureQueriesContext(connection) as counted:
            get(address, key)
        print(f"{name:31} clock {told(clock)}   processor {told(worked)}   {len(counted)} statements")
    assert b"who-may-know" in gzip.decompress(page), "nobody is suggested"


def told(taken: list[float]) -> str:
    return f"median {statistics.median(taken):6.1f} ms, p95 {statistics.quantiles(taken, n=20)[18]:6.1f}"


if __name__ == "__main__":
    main()
