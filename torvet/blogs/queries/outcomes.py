"""Outcomes: what became of what people said, with as many of the entries that led to it as the reader may read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from torvet.base.compiled import STAND_INS
from torvet.base.pages import Page, paginate
from torvet.blogs.kinds import OUTCOME
from torvet.blogs.models import Outcome, OutcomeQuerySet, OutcomeSource
from torvet.entries import queries as entries
from torvet.entries.became import Became
from torvet.entries.models import Entry, Reaction
from torvet.people.looking import compiled_for_viewer
from torvet.people.models import Member, Role
from torvet.people.viewer import Viewer
from torvet.spaces.models import Involvement, Membership, Space

SHOWN = 12
MOST_SOURCES = 50  # of one outcome
DEEPEST = 200  # outcomes of outcomes that are followed when somebody links one


def get_visible(viewer: Viewer, pk: int) -> Outcome | None:
    """The outcome, when the viewer may read it; else None, as when there is none."""
    return _in_full(Outcome.objects.visible_to(viewer)).filter(pk=pk).first()


def _in_full(rows: OutcomeQuerySet) -> OutcomeQuerySet:
    return rows.select_related("entry__author__unit", "entry__space", "entry__root")


@dataclass(frozen=True)
class Told:
    """An outcome with those of its sources that the viewer may read."""

    outcome: Outcome
    sources: list[Entry]

    @property
    def at(self) -> datetime:
        assert self.outcome.entry.published_at is not None  # it was read through `visible_to`
        return self.outcome.entry.published_at


def outcomes(
    viewer: Viewer, space: Space | None = None, after: str | None = None, size: int = SHOWN
) -> Page[Told]:
    """The newest first, of all spaces or of one; two statements. Raises BadCursor."""
    rows = _in_full(Outcome.objects.visible_to(viewer))
    if space is not None:
        rows = rows.filter(entry__space=space)
    page = paginate(rows, order=("-entry__published_at", "-entry_id"), after=after, size=size)
    sources = _sources(viewer, [outcome.pk for outcome in page.things])
    return Page([Told(outcome, sources[outcome.pk]) for outcome in page.things], page.next)


def together(page: Page[Told], also: Iterable[Became]) -> list[Told | Became]:
    """The first page with what other features tell, the newest first: as far back as the page goes."""
    until = page.things[-1].at if page.next else None
    rows: list[Told | Became] = [*page.things, *(one for one in also if until is None or one.at > until)]
    return sorted(rows, key=lambda one: one.at, reverse=True)


def spaces_with_outcomes(viewer: Viewer) -> list[Space]:
    """Spaces in which the viewer may read an outcome, by name."""
    # From the outcomes, which are few: asked of each space, the database would go through its entries.
    told = set(Outcome.objects.visible_to(viewer).values_list("entry__space_id", flat=True).distinct())
    return list(Space.objects.readable_by(viewer).listed().filter(pk__in=told).order_by("name", "id")[:100])


def sources_of(viewer: Viewer, outcome: Outcome) -> list[Entry]:
    """Those that the viewer may read, in the order in which they were linked."""
    return _sources(viewer, [outcome.pk])[outcome.pk]


def _sources(viewer: Viewer, outcomes: Collection[int]) -> dict[int, list[Entry]]:
    found: dict[int, list[Entry]] = defaultdict(list)
    for row in _readable(viewer).filter(outcome__in=outcomes) if outcomes else ():
        found[row.outcome_id].append(row.entry)
    return found


def _readable(viewer: Viewer) -> QuerySet[OutcomeSource]:
    rows = OutcomeSource.objects.filter(Exists(entries.visible(viewer).filter(pk=OuterRef("entry_id"))))
    return rows.select_related("entry__author", "entry__space", "entry__root").order_by("outcome_id", "id")


@dataclass(frozen=True)
class Beside:
    """On the page of an outcome what led to it, on any other what became of it."""

    sources: list[Entry]
    outcomes: list[Entry]
    is_outcome: bool
    may_link: bool


def beside(viewer: Viewer, entry: Entry) -> Beside | None:
    """For the page of a thread; one statement, two for an outcome. None where there is nothing to show."""
    became = [outcome.entry for outcome in _became_of(viewer).things(viewer.id, entry.pk)]
    is_outcome = entry.kind == OUTCOME.key
    led = [row.entry for row in _led_to(viewer).things(viewer.id, entry.pk)] if is_outcome else []
    may_link = is_outcome and entry.author_id == viewer.id and viewer.can_write
    return Beside(led, became, is_outcome, may_link) if became or led or may_link else None


@compiled_for_viewer
def _became_of(viewer: Viewer) -> QuerySet[Outcome, Any]:
    links = OutcomeSource.objects.filter(outcome=OuterRef("pk"), thread=STAND_INS[1])
    rows = Outcome.objects.visible_to(viewer).filter(Exists(links)).select_related("entry__author")
    return rows.order_by("-entry_id")[:20]


@compiled_for_viewer
def _led_to(viewer: Viewer) -> QuerySet[OutcomeSource, Any]:
    return _readable(viewer).filter(outcome=STAND_INS[1])[:MOST_SOURCES]


# --- For linking, and for telling those who took part -----------------------------------------------------------


def readable(viewer: Viewer, ids: Iterable[int]) -> dict[int, Entry]:
    """Those of these entries that the viewer may read."""
    rows = entries.visible(viewer).filter(pk__in=list(ids)).select_related("author", "space", "root")
    return {entry.pk: entry for entry in rows}


def leads_back(outcome: Outcome, entry: Entry) -> bool:
    """Whether an entry stands in the thread of the outcome, or in that of one which this outcome led to."""
    seen: set[int] = set()
    waiting = {entry.thread_id}
    while waiting and len(seen) < DEEPEST:
        if outcome.pk in waiting:
            return True
        seen |= waiting
        rows = OutcomeSource.objects.filter(outcome__in=waiting).values_list("thread_id", flat=True)
        waiting = set(rows) - seen
    return False


def took_part(outcome: Outcome) -> QuerySet[Member]:
    """Everybody who wrote or reacted in what led to an outcome and may read it, whoever looks; to tell them.

    Where a thread was linked, all who took part in the thread; where a comment was, those around the comment.
    Who wants to hear nothing of the space is left alone.
    """
    sources = OutcomeSource.objects.filter(outcome=outcome).values("entry")
    said = entries.standing().filter(Q(pk__in=sources) | Q(root__in=sources) | Q(reply_to__in=sources))
    reacted = Reaction.objects.filter(entry__in=said.values("pk"))
    people = Member.objects.active().filter(is_bot=False)
    people = people.filter(Q(pk__in=said.values("author")) | Q(pk__in=reacted.values("member")))
    inside = Membership.objects.filter(space=outcome.entry.space_id, member=OuterRef("pk"))
    may_read: Q | Exists = Exists(inside)
    if outcome.entry.space.is_open:
        may_read = may_read | ~Q(role=Role.GUEST)
    return people.filter(may_read).exclude(Exists(inside.filter(involvement=Involvement.NOTHING)))
