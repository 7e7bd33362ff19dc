"""Who may know the answer to a question."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from torvet.base.compiled import STAND_INS
from torvet.entries import knowing
from torvet.entries import queries as entries
from torvet.entries.knowing import ANSWERED, OWNS, Sign
from torvet.entries.models import EntryTopic
from torvet.entries.similar import similar
from torvet.forum import because as reasons
from torvet.forum.because import Because
from torvet.forum.kinds import QUESTION
from torvet.forum.models import Asked, NotMyField, Thread
from torvet.forum.queries.being_asked import asked_among, with_enough_to_answer
from torvet.people.looking import compiled_for_viewer
from torvet.people.models import Absence, Member, Unit
from torvet.people.viewer import Viewer
from torvet.spaces.models import Access
from torvet.spaces.reading import readers_among

MOST_SHOWN = 5  # people who are suggested at once
MOST_ASKED = 5  # for one question, in all
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


def knows_field(viewer: Viewer, thread: Thread) -> bool:
    """Whether the viewer seems to know what a question is about: they were asked, or own or answered something like it.

    This searches: for what somebody is about to do, not for a page that everybody opens.
    """
    if not viewer.can_read:
        return False
    return bool(asked_among(viewer, [thread.pk])) or any(
        sign.member.pk == viewer.id and sign.what in {OWNS, ANSWERED} for sign in _signs(viewer, thread)
    )
