"""What a viewer may see of each kind, as a condition for one row of the index: `visible_to` itself, compiled.

The condition is asked for every hit, inside the query, before limit and count. It is compiled once for each way of
looking (role, session or token, scopes); see torvet/base/compiled.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from torvet.entries import queries as entries
from torvet.entries.models import Entry, EntryTopic, Topic
from torvet.people.looking import compiled_for_viewer
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.search.found import ARTICLE, COMMENT, DISCUSSION, IDEA, PAGE, PERSON, POST, QUESTION, SPACE, TOPIC
from torvet.spaces.models import Space

MOST_SPACES = 60  # of a guest, as a filter of the index


@dataclass(frozen=True)
class Rule:
    """SQL that is true for a row `d` of the index when its viewer may see the thing, and its values."""

    sql: str
    values: tuple[Any, ...]


def visible(kind: str, viewer: Viewer) -> QuerySet[Any]:
    """All things of a kind that a viewer may find."""
    return _VISIBLE[kind](viewer)


def rule(kind: str, viewer: Viewer) -> Rule:
    """The same as the condition of one row."""
    if viewer.member is None or not viewer.can_read:
        return Rule("1 = 0", ())
    compiled = _condition(viewer, kind)
    return Rule(f"EXISTS ({compiled.sql})", compiled.values(viewer.id))


def few_spaces(viewer: Viewer) -> tuple[int, ...]:
    """For a guest the spaces they are in: the index then skips all other hits. The rule decides all the same."""
    if not viewer.is_guest:
        return ()
    joined = Space.objects.joined_by(viewer).order_by("pk").values_list("pk", flat=True)
    mine = tuple(joined[: MOST_SPACES + 1])
    return mine if len(mine) <= MOST_SPACES else ()


@compiled_for_viewer
def _condition(viewer: Viewer, kind: str) -> QuerySet[Any]:
    return condition(visible(kind, viewer))


def condition(things: QuerySet[Any]) -> QuerySet[Any]:
    """`things` as far as they are that of a row of search_document named d."""
    return things.filter(pk=RawSQL("d.thing_id", ())).order_by().values("pk")


def _visible_entries(viewer: Viewer) -> QuerySet[Entry]:
    """Entries of threads that stand: an answer to what was removed is not found."""
    return entries.visible(viewer).filter(Q(root=None) | Q(root__removed_at=None))


def _visible_people(viewer: Viewer) -> QuerySet[Member]:
    return Member.objects.visible_to(viewer).active()


def _visible_spaces(viewer: Viewer) -> QuerySet[Space]:
    return Space.objects.visible_to(viewer).listed()


def _visible_topics(viewer: Viewer) -> QuerySet[Topic]:
    """Topics of at least one thread that the viewer may read."""
    threads = entries.visible(viewer).filter(pk=OuterRef("entry_id"))
    return Topic.objects.filter(Exists(EntryTopic.objects.filter(Exists(threads), topic=OuterRef("pk"))))


_VISIBLE: dict[str, Callable[[Viewer], QuerySet[Any]]] = {
    POST: _visible_entries,
    QUESTION: _visible_entries,
    DISCUSSION: _visible_entries,
    IDEA: _visible_entries,
    ARTICLE: _visible_entries,
    PAGE: _visible_entries,
    COMMENT: _visible_entries,
    PERSON: _visible_people,
    SPACE: _visible_spaces,
    TOPIC: _visible_topics,
}
