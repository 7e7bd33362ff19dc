"""Who was asked whether they know, what somebody is asked, and the fields in which they are not asked any more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.utils import timezone

from torvet.base.compiled import STAND_INS, compiled
from torvet.base.pages import Page, paginate
from torvet.entries import queries as entries
from torvet.entries.models import Topic
from torvet.forum import because as reasons
from torvet.forum.because import Because
from torvet.forum.models import Asked, AskedBecause, NotMyField, Thread
from torvet.people.looking import compiled_for_viewer
from torvet.people.models import Member
from torvet.people.viewer import Viewer

COUNTED_TO = 100  # beyond, the menu says "99+"
MOST_WAITING = 5  # questions that wait for one person: whoever has so many is left alone
WAITS_FOR = timedelta(days=30)  # whoever has said nothing by then is not kept from being asked again


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


def waiting_for(viewer: Viewer) -> QuerySet[Any, Any]:
    """What the menu counts: what waits for the viewer and was asked lately. Older ones stand in the list alone, so that
    nobody is reminded for ever."""
    read = Exists(entries.visible(viewer).filter(pk=OuterRef("question_id")))
    rows = Asked.objects.waiting().filter(read, member=viewer.id).annotate(until=F("asked_at") + WAITS_FOR)
    rows = rows.filter(until__gt=timezone.now())
    return rows.order_by().values("pk")[:COUNTED_TO]


waiting_by = compiled_for_viewer(waiting_for)


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
