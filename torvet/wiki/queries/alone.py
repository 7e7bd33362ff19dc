"""Answers that only one person gave: what a thread asked, and nobody else in the company answered."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from torvet.entries import queries as entries
from torvet.entries.models import Entry, Reaction
from torvet.people.models import Member, Role
from torvet.people.viewer import Viewer
from torvet.wiki.models import HandOver, Note

MOST = 50
THANKED = 3  # reactions from which on an answer counts as one that helped, also when others answered too


@dataclass(frozen=True)
class Answer:
    """A comment, what it answers, and how many thanked for it (to sort by; it is not shown)."""

    entry: Entry
    asked: str
    thanks: int


def only_they_answered(viewer: Viewer, member: Member, most: int = MOST) -> list[Answer]:
    """The weightiest answers of a member that the viewer may read: one for each thread, in one statement.

    In threads that others opened with a question: where no other colleague answered, or where many thanked for it.
    """
    answered = entries.visible(viewer).filter(author=member, root__isnull=False, root__removed_at=None)
    asks = Q(root__title__contains="?") | Q(root__text__contains="?")
    others = (
        entries.standing()
        .filter(root=OuterRef("root"))
        .exclude(author__in=[member.pk])
        .exclude(author=OuterRef("root__author"))
        .exclude(author__role=Role.GUEST)
    )
    # Counted beside and not joined: PostgreSQL would group by everything that the other question asks.
    given = Reaction.objects.filter(entry=OuterRef("pk")).order_by().values("entry")
    thanks = given.annotate(number=Count("pk")).values("number")
    rows = (
        answered.exclude(root__author=member)
        .filter(asks)
        .annotate(thanks=Coalesce(Subquery(thanks), 0), is_alone=~Exists(others))
        .filter(Q(is_alone=True) | Q(thanks__gte=THANKED))
        .annotate(asked=F("root__title"), asked_text=F("root__text"))
        .select_related("space")
        .order_by("-thanks", "-published_at", "-id")[: most * 3]
    )
    found: dict[int, Answer] = {}
    for row in rows:
        asked = row.asked or row.asked_text
        found.setdefault(row.thread_id, Answer(row, asked, row.thanks))
    return list(found.values())[:most]


def open_answers(viewer: Viewer, hand_over: HandOver) -> list[Answer]:
    """Those that have not become a page and were not set aside."""
    done = Note.objects.filter(hand_over=hand_over, answer_of__isnull=False)
    settled = set(done.filter(Q(page__isnull=False) | Q(is_skipped=True)).values_list("answer_of", flat=True))
    found = only_they_answered(viewer, hand_over.member)
    return [answer for answer in found if answer.entry.pk not in settled]
