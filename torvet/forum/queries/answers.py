"""How long questions wait for an answer, by subject.

A figure is about questions, never about people: it is shown only for at least five questions, asked by some and
answered by some, so that it never says how quick or slow one colleague is. Where fewer were involved nothing is shown,
and nothing says how far from being shown it is. Shares are told in steps of five.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from torvet.agreement.queries import smallest_group
from torvet.entries import queries as entries
from torvet.entries.models import EntryTopic, Topic
from torvet.forum.kinds import ANSWER, QUESTION
from torvet.forum.models import SubForum, Thread
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space

SINCE = timedelta(days=90)
FEWEST = 5  # questions
FEWEST_PEOPLE = 3  # who asked, and who answered
MOST = 20_000  # questions looked at, the newest
STEP = 5  # percent


@dataclass
class Tally:
    """What is known of the questions of one subject."""

    waits: list[timedelta | None] = field(default_factory=list)
    asked_by: set[int] = field(default_factory=set)
    answered_by: set[int] = field(default_factory=set)

    def add(self, wait: timedelta | None, askers: Iterable[int], answerers: Iterable[int]) -> None:
        self.waits.append(wait)
        self.asked_by.update(askers)
        self.answered_by.update(answerers)

    def may_be_shown(self, least: int) -> bool:
        """`least` is the smallest group that the company has agreed on."""
        few = min(len(self.asked_by), len(self.answered_by)) < FEWEST_PEOPLE
        return len(self.waits) >= FEWEST and len(self.asked_by | self.answered_by) >= least and not few


@dataclass(frozen=True)
class Answering:
    """One line: of which subject, from how many questions, and how they were answered.

    `median` is None where more than half still wait.
    """

    subject: Space | SubForum | Topic
    questions: int
    within_a_day: int
    within_a_week: int
    median: timedelta | None

    @property
    def within(self) -> str:
        """The name of the forum that a sub-forum is a part of."""
        return self.subject.forum.space.name if isinstance(self.subject, SubForum) else ""


@dataclass(frozen=True)
class Figures:
    """`everything` is None where too little was asked to say anything."""

    everything: Answering | None
    spaces: list[Answering]
    sub_fora: list[Answering]
    topics: list[Answering]


def figures(viewer: Viewer) -> Figures:
    """The last ninety days, of what the viewer may read; six statements however much was asked."""
    now = timezone.now()
    asked = Thread.objects.visible_to(viewer).standing()
    asked = asked.filter(published_at__gte=now - SINCE, entry__kind=QUESTION.key)
    rows = list(
        asked.order_by("-published_at", "-pk").values_list(
            "pk", "space_id", "sub_forum_id", "published_at", "answered_at", "entry__author_id", "key_digest"
        )[:MOST]
    )
    answerers = _answerers(viewer, now - SINCE)
    topics = _topics([row[0] for row in rows])
    all_of_it = Tally()
    by_space: dict[int, Tally] = defaultdict(Tally)
    by_part: dict[int, Tally] = defaultdict(Tally)
    by_topic: dict[int, Tally] = defaultdict(Tally)
    for pk, space, part, asked_at, answered_at, author, key in rows:
        tallies = [all_of_it, by_space[space], *([by_part[part]] if part else [])]
        tallies += [by_topic[topic] for topic in topics.get(pk, ())]
        for tally in tallies:
            # Who asked without a name may be any of the others, so they are counted as nobody.
            tally.add(_wait(asked_at, answered_at), {author} if not key else set(), answerers.get(pk, ()))
    least = smallest_group()
    spaces = Space.objects.readable_by(viewer).in_bulk(list(by_space))
    parts = SubForum.objects.select_related("forum__space").in_bulk(list(by_part))
    return Figures(
        everything=_line(Space(name=""), all_of_it) if all_of_it.may_be_shown(least) else None,
        spaces=_lines(spaces, by_space, least),
        sub_fora=_lines(parts, by_part, least),
        topics=_lines(Topic.objects.in_bulk(list(by_topic)), by_topic, least),
    )


def _wait(asked_at: datetime, answered_at: datetime | None) -> timedelta | None:
    return max(answered_at - asked_at, timedelta(0)) if answered_at else None


def _answerers(viewer: Viewer, since: datetime) -> dict[int, set[int]]:
    """question id -> who else answered it; counted and never shown."""
    said = entries.visible(viewer).filter(kind=ANSWER.key, published_at__gte=since)
    said = said.exclude(author=F("root__author"))
    found: dict[int, set[int]] = defaultdict(set)
    for question, author in said.order_by().values_list("root_id", "author_id").distinct():
        found[question].add(author)
    return found


def _topics(threads: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for start in range(0, len(threads), 5000):
        rows = EntryTopic.objects.filter(entry__in=threads[start : start + 5000])
        for entry, topic in rows.values_list("entry_id", "topic_id"):
            found[entry].append(topic)
    return found


def _lines(
    named: Mapping[int, Space | SubForum | Topic], tallies: dict[int, Tally], least: int
) -> list[Answering]:
    shown = [
        _line(named[pk], tally) for pk, tally in tallies.items() if pk in named and tally.may_be_shown(least)
    ]
    return sorted(shown, key=lambda line: (-line.questions, str(line.subject)))[:100]


def _line(subject: Space | SubForum | Topic, tally: Tally) -> Answering:
    number = len(tally.waits)
    known = [wait for wait in tally.waits if wait is not None]
    # What still waits has waited longer than all that was answered.
    in_order = sorted([*known, *[timedelta.max] * (number - len(known))])
    middle = in_order[(number - 1) // 2]
    return Answering(
        subject,
        questions=number,
        within_a_day=_share(known, timedelta(days=1), number),
        within_a_week=_share(known, timedelta(days=7), number),
        median=None if middle == timedelta.max else middle,
    )


def _share(waits: list[timedelta], limit: timedelta, number: int) -> int:
    share = 100 * sum(1 for wait in waits if wait <= limit) / number
    return round(share / STEP) * STEP
