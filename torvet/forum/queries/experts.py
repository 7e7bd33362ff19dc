"""Who may know the answer to a question, who was asked, and what somebody is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from torvet.base.compiled import STAND_INS, compiled
from torvet.base.pages import Page, paginate
from torvet.entries import knowing
from torvet.entries import queries as entries
from torvet.entries.knowing import ANSWERED, OWNS, Sign
from torvet.entries.models import EntryTopic, Topic
from torvet.entries.similar import similar
from torvet.forum import because as reasons
from torvet.forum.because import Because
from torvet.forum.kinds import QUESTION
from torvet.forum.models import Asked, AskedBecause, NotMyField, Thread
from torvet.people.looking import compiled_for_viewer
from torvet.people.models import Absence, Member, Unit
from torvet.people.viewer import Viewer
from torvet.spaces.models import Access
from torvet.spaces.reading import readers_among

MOST_SHOWN = 5  # people who are suggested at once
MOST_ASKED = 5  # for one question, in all
MOST_WAITING = 5  # questions that wait for one person: whoever has so many is left alone
WAITS_FOR = timedelta(days=30)  # whoever has said nothing by then is not kept from being asked again
LOOKED_AT = 8  # entries like the question; what comes further down is mostly chance
WEIGHT = {OWNS: 3.0, ANSWERED: 2.0}


@dataclass(frozen=True)
class Suggestion:
    """Somebody who may know, and why. `unit` is where they work, None for nowhere."""

    member: Member
    because: tuple[Because, ...]
    unit: Unit | None

    @property
    def reasons(self) -> str:
        return reasons.of_them(self.because)


def get_question(viewer: Viewer, pk: int) -> Thread | None:
    """The question, when the viewer may read it; else None, as when there is none."""
    return _question(viewer).first(viewer.id, pk)


@compiled_for_viewer
def _question(viewer: Viewer) -> QuerySet[Thread]:
    """Asked by everybody who opens a question of their own."""
    rows = Thread.objects.visible_to(viewer).filter(pk=STAND_INS[1], entry__kind=QUESTION.key)
    return rows.select_related("entry__space", "entry__author__unit").order_by()


def is_anonymous(thread: Thread) -> bool:
    """Whether nobody knows who asked: then nothing that is kept may depend on who looks."""
    return bool(thread.key_digest)


def suggestions(viewer: Viewer, thread: Thread) -> list[Suggestion]:
    """A few who may know, those of other units than the asker's first.

    For the asker. Who is away, has enough to answer, is asked already, cannot read the question or said "not my field"
    is left out, and looks like anybody else who is not there.
    """
    return candidates(viewer, thread)[:MOST_SHOWN]


def candidates(viewer: Viewer, thread: Thread) -> list[Suggestion]:
    """As `suggestions`, all of them."""
    found = _signs(viewer, thread)
    by_member: dict[int, list[Sign]] = {}
    for sign in found:
        by_member.setdefault(sign.member.pk, []).append(sign)
    fit = {member.pk: member for member in _fit_to_be_asked(viewer, thread, by_member)}
    place = {entry: at for at, entry in enumerate(dict.fromkeys(sign.entry.pk for sign in found))}
    asker = None if is_anonymous(thread) else thread.entry.author

    def rank(pk: int) -> tuple[bool, float, int]:
        weight = sum(WEIGHT.get(sign.what, 1.0) / (1 + place[sign.entry.pk]) for sign in by_member[pk])
        is_near = asker is not None and asker.unit_id is not None and fit[pk].unit_id == asker.unit_id
        return is_near, -weight, pk

    return [
        Suggestion(
            fit[pk], tuple(Because(sign.entry, sign.what) for sign in by_member[pk]), fit[pk].unit
        )
        for pk in sorted(fit, key=rank)
    ]  # fmt: skip


def _signs(viewer: Viewer, thread: Thread) -> list[Sign]:
    """Signs in entries like the question, without those in which somebody said that it is not their field any more."""
    question = thread.entry
    alike = similar(
        viewer, question.title, question.text, kinds=knowing.telling_kinds(), without=question.pk, limit=LOOKED_AT
    )  # fmt: skip
    # Read once more through the rule: a reason names what it finds.
    readable = entries.visible(viewer).filter(pk__in=[entry.pk for entry in alike])
    if is_anonymous(thread):
        # A reason that few can read would tell those who are asked where the asker is in.
        readable = readable.filter(Q(space=question.space_id) | Q(space__access=Access.OPEN))
    kept = set(readable.values_list("pk", flat=True))
    place = {entry.pk: at for at, entry in enumerate(alike) if entry.pk in kept}
    if not place:
        return []
    found = [
        sign for sign in knowing.signs(viewer, [entry for entry in alike if entry.pk in kept])
        if sign.entry.pk in place
    ]  # fmt: skip
    found = _still_their_field(found, question.pk)
    return sorted(found, key=lambda sign: (place[sign.entry.pk], sign.member.pk))


def _still_their_field(signs: list[Sign], question: int) -> list[Sign]:
    left = NotMyField.objects.filter(member__in={sign.member.pk for sign in signs})
    struck = set(left.values_list("member_id", "entry_id", "topic_id"))
    if not struck:
        return signs
    rows = EntryTopic.objects.filter(entry__in=[question, *(sign.entry.pk for sign in signs)])
    topics: dict[int, set[int]] = {}
    for entry, topic in rows.values_list("entry_id", "topic_id"):
        topics.setdefault(entry, set()).add(topic)
    of_entries = {(member, entry) for member, entry, _topic in struck if entry}
    of_topics = {(member, topic) for member, _entry, topic in struck if topic}
    return [
        sign
        for sign in signs
        if (sign.member.pk, sign.entry.pk) not in of_entries
        and not any(
            (sign.member.pk, topic) in of_topics
            for topic in topics.get(question, set()) | topics.get(sign.entry.pk, set())
        )
    ]


def _fit_to_be_asked(viewer: Viewer, thread: Thread, ids: Collection[int]) -> list[Member]:
    if not ids:
        return []
    away = Absence.objects.on(timezone.localdate()).filter(member=OuterRef("pk"))
    asked = Asked.objects.filter(question=thread.pk, member=OuterRef("pk"))
    people = (
        Member.objects.visible_to(viewer).active().filter(pk__in=ids, is_bot=False)
        .exclude(pk=thread.entry.author_id).filter(~Exists(away), ~Exists(asked)).select_related("unit")
    )  # fmt: skip
    found = list(people)
    reading = readers_among([thread.entry.space], found)
    busy = with_enough_to_answer(member.pk for member in found)
    return [
        member for member in found
        if (thread.entry.space_id, member.pk) in reading and member.pk not in busy
    ]  # fmt: skip


def with_enough_to_answer(ids: Iterable[int]) -> set[int]:
    """Of these members, those for whom as many questions wait as may."""
    waiting = Asked.objects.waiting().filter(
        member__in=list(ids), asked_at__gt=timezone.now() - WAITS_FOR
    )  # fmt: skip
    counted = waiting.order_by().values("member").annotate(number=Count("pk"))
    return set(counted.filter(number__gte=MOST_WAITING).values_list("member", flat=True))


def asked_among(viewer: Viewer, questions: Iterable[int]) -> set[int]:
    """Of these questions, those of which somebody thought that the viewer may know."""
    rows = Asked.objects.filter(question__in=list(questions), member=viewer.id)
    return set(rows.values_list("question_id", flat=True))


def knows_field(viewer: Viewer, thread: Thread) -> bool:
    """Whether the viewer seems to know what a question is about: they were asked, or own or answered something like it.

    This searches: for what somebody is about to do, not for a page that everybody opens.
    """
    if not viewer.can_read:
        return False
    return bool(asked_among(viewer, [thread.pk])) or any(
        sign.member.pk == viewer.id and sign.what in {OWNS, ANSWERED} for sign in _signs(viewer, thread)
    )


@dataclass(frozen=True)
class AskedLine:
    """Somebody who was asked, or a question that somebody is asked, with the reason in words."""

    asked: Asked
    because: tuple[Because, ...]
    has_answered: bool

    @property
    def reasons(self) -> str:
        return reasons.of_you(self.because)


def asked_for(viewer: Viewer, thread: Thread) -> list[AskedLine]:
    """Whom the asker asked; for the asker. Closed accounts are gone."""
    rows = Asked.objects.filter(
        question=thread.pk, member__in=Member.objects.visible_to(viewer).active()
    ).select_related("member__unit")  # fmt: skip
    found = list(rows.order_by("id"))
    if not found:
        return []
    done = set(Asked.objects.answered().filter(pk__in=[row.pk for row in found]).values_list("pk", flat=True))
    return [AskedLine(row, (), row.pk in done) for row in found]


def number_asked(thread: Thread) -> int:
    """How many were asked, with those whose accounts were closed since."""
    return Asked.objects.filter(question=thread.pk).count()


def asked_of(
    viewer: Viewer, *, is_waiting: bool, after: str | None = None, size: int = 20
) -> Page[AskedLine]:
    """What the viewer is asked, the newest first: what waits for them, or the rest. Raises BadCursor."""
    rows = Asked.objects.visible_to(viewer).filter(member=viewer.id)
    waiting = Asked.objects.waiting()
    rows = rows.filter(pk__in=waiting) if is_waiting else rows.exclude(pk__in=waiting)
    part = paginate(
        rows.select_related("question__entry__author", "question__entry__space"), order=("-id",), after=after,
        size=size,
    )  # fmt: skip
    because = because_of(viewer, part.things)
    done: set[int] = set()
    if not is_waiting:
        answered = Asked.objects.answered().filter(pk__in=[row.pk for row in part.things])
        done = set(answered.values_list("pk", flat=True))
    return Page([AskedLine(row, because.get(row.pk, ()), row.pk in done) for row in part.things], part.next)


def because_of(viewer: Viewer, asked: Sequence[Asked]) -> dict[int, tuple[Because, ...]]:
    """Why they were asked, as far as the viewer may read it today; one statement."""
    if not asked:
        return {}
    read = Exists(entries.visible(viewer).filter(pk=OuterRef("entry_id")))
    rows = AskedBecause.objects.filter(read, asked__in=[row.pk for row in asked]).select_related("entry")
    found: dict[int, tuple[Because, ...]] = {}
    for row in rows:
        found[row.asked_id] = (*found.get(row.asked_id, ()), Because(row.entry, row.what))
    return found


def why_asked(viewer: Viewer, ids: Collection[int]) -> dict[int, str]:
    """Why the viewer is asked, in words, of those of these that are theirs."""
    own = list(Asked.objects.filter(member=viewer.id, pk__in=ids))
    return {pk: reasons.of_you(because) for pk, because in because_of(viewer, own).items()}


def own_asked(viewer: Viewer, question: int) -> AskedLine | None:
    """What the viewer is asked of this question and has not answered yet, or None."""
    row: Asked | None = _own_waiting().first(question, viewer.id) if viewer.can_read else None
    return AskedLine(row, because_of(viewer, [row]).get(row.pk, ()), has_answered=False) if row else None


@compiled
def _own_waiting() -> QuerySet[Asked]:
    """Asked by everybody who opens a question."""
    rows = Asked.objects.waiting().filter(question=STAND_INS[0], member=STAND_INS[1])
    return rows.select_related("question__entry__author").order_by()


def get_asked(viewer: Viewer, pk: int) -> AskedLine | None:
    """What the viewer was asked, or None."""
    rows = Asked.objects.visible_to(viewer).filter(pk=pk, member=viewer.id)
    row = rows.select_related("question__entry__space", "question__entry__author").first()
    return AskedLine(row, because_of(viewer, [row]).get(row.pk, ()), has_answered=False) if row else None


def topics_of(thread: Thread) -> list[Topic]:
    """The topics that a question, which the viewer may read, speaks of."""
    return list(Topic.objects.filter(entry_topics__entry=thread.pk).distinct())


def own_field(viewer: Viewer, pk: int) -> NotMyField | None:
    return NotMyField.objects.filter(pk=pk, member=viewer.id).first() if viewer.can_read else None


def fields_left(viewer: Viewer) -> list[NotMyField]:
    """In what the viewer is not asked any more, the newest first. What they may no longer read has no `.shown`."""
    rows = list(
        NotMyField.objects.filter(member=viewer.id).select_related("topic").order_by("-id")[:500]
    )  # fmt: skip
    readable = {
        entry.pk: entry
        for entry in entries.visible(viewer).filter(pk__in=[row.entry_id for row in rows if row.entry_id])
    }
    for row in rows:
        row.shown = readable.get(row.entry_id or 0)  # type: ignore[attr-defined]
    return rows
