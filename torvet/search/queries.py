"""Finding. The reading rule stands inside each query; what is shown is fetched through `visible_to` once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

from torvet.base.pages import BadCursor, Cursor
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.search.asking import Asked, Clause, Term, understand
from torvet.search.found import (
    COUNTED_TO,
    ENTRY_KINDS,
    KINDS,
    PERSON,
    POST,
    SPACE,
    TOPIC,
    WEIGHED,
    Found,
    Hit,
)
from torvet.search.index import BEST, NEWEST, Place, Scope, index
from torvet.search.marking import Marker
from torvet.search.reading import few_spaces, rule
from torvet.search.showing import shown
from torvet.spaces.models import Space

FEW = 5  # people, spaces and topics above the posts
FEW_OF = 100  # the best few are chosen among so many
MOST_LONGER_WORDS = 24  # compounds looked for with one word
# How far a page that follows reads: in a list by time, or in one sorted by how well it fits.
_BY_TIME, _BY_FIT, _LOOSE = 0, 1, 2


def search(
    viewer: Viewer,
    q: str,
    *,
    kind: str | None = None,
    space: int | None = None,
    person: int | None = None,
    order: str = NEWEST,
    after: str | None = None,
    size: int = 20,
) -> Found:
    """What the viewer may see of what was asked; see `torvet.search.found.Found`.

    `kind` one of KINDS or None, `space` and `person` ids, `order` "newest" or "best", `after` the cursor of the page
    before. Any text may be asked. Raises BadCursor, and ValueError for a kind or an order that there is not.
    """
    if (kind is not None and kind not in KINDS) or order not in {NEWEST, BEST}:
        raise ValueError("no such kind or order")
    if not viewer.can_read:
        return Found()
    asked = understand(q)
    if asked.is_empty and space is None and person is None:
        return Found()
    wanted = _resolve(viewer, asked, kind, space, person)
    if wanted.unknown:
        return Found(unknown=wanted.unknown)
    return _Search(viewer, wanted, order, size).page(after)


@dataclass(frozen=True)
class Wanted:
    """A question with its filters looked up."""

    asked: Asked
    kind: str | None
    spaces: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_narrowed(self) -> bool:
        return bool(self.spaces or self.people)


def _resolve(viewer: Viewer, asked: Asked, kind: str | None, space: int | None, person: int | None) -> Wanted:
    """Look up from: and in: among what the viewer may see. What they may not see is as unknown as what is not there."""
    people, spaces, unknown = [person] if person else [], [space] if space else [], []
    for name in asked.people:
        found = _named(Member.objects.visible_to(viewer), Q(handle__iexact=name), name)
        people += found
        unknown += [] if found else [f"from:{name}"]
    for name in asked.spaces:
        found = _named(Space.objects.visible_to(viewer).listed(), Q(name__iexact=name), name)
        spaces += found
        unknown += [] if found else [f"in:{name}"]
    if spaces:
        inner = Space.objects.joined_by(viewer).filter(within__in=spaces)
        spaces += inner.values_list("pk", flat=True)
    return Wanted(asked, kind, tuple(spaces), tuple(people), tuple(unknown))


def _named(rows: QuerySet[Any], exactly: Q, name: str) -> list[int]:
    """The one of exactly this name or handle, else those whose name contains it."""
    found = list(rows.filter(exactly).order_by("pk").values_list("pk", flat=True)[:FEW])
    return found or list(
        rows.filter(name__icontains=name).order_by("pk").values_list("pk", flat=True)[: FEW * 4]
    )


@dataclass(frozen=True)
class _Search:
    """One question of one viewer."""

    viewer: Viewer
    wanted: Wanted
    order: str
    size: int

    @cached_property
    def marker(self) -> Marker:
        return Marker.of(self.wanted.asked)

    def page(self, after: str | None) -> Found:
        clauses = with_longer_words(self.wanted.asked.clauses)
        if self.wanted.kind in ENTRY_KINDS or self.wanted.kind is None:
            found = self._entries(clauses, after)
            return self._with_names(found, clauses) if self.wanted.kind is None and after is None else found
        return self._names(self.wanted.kind, clauses, after)

    def _entries(self, clauses: Sequence[Clause], after: str | None) -> Found:
        mode, at = self._cursor(after)
        if mode == _BY_TIME:
            found = self._by_time(clauses, at if after else None)
            if found is not None:
                return found
            # Nothing has all of the words: those that have some of them, the best first.
            mode, at, clauses = _LOOSE, 0, with_longer_words(self.wanted.asked.loosened)
        elif mode == _LOOSE:
            clauses = with_longer_words(self.wanted.asked.loosened)
        found = self._by_fit(clauses, mode, at)
        if not found.hits and mode == _BY_FIT and not after and len(clauses) > 1:
            found = self._by_fit(with_longer_words(self.wanted.asked.loosened), _LOOSE, 0)
        return found

    def _cursor(self, after: str | None) -> tuple[int, int]:
        """How the list is sorted and where in it the page begins."""
        first = _BY_FIT if self.order == BEST and self.wanted.asked.clauses else _BY_TIME
        if after is None:
            return first, 0
        mode, at = Cursor.read(after, [int, int])
        if mode not in {first, _LOOSE} or at < 0:
            raise BadCursor
        return mode, at

    def _scope(self) -> Scope:
        kinds = ENTRY_KINDS if self.wanted.kind is None else frozenset({self.wanted.kind})
        return Scope(
            kinds=kinds,
            rule=rule(POST, self.viewer),
            space_ids=self.wanted.spaces or self._few_spaces(),
            author_ids=self.wanted.people,
            topics=self.wanted.asked.topics,
        )

    def _few_spaces(self) -> tuple[int, ...]:
        return few_spaces(self.viewer) if self.wanted.asked.clauses else ()

    def _by_time(self, clauses: Sequence[Clause], before: int | None) -> Found | None:
        """The newest; None when the first page finds nothing and there are words to let go of."""
        limit = COUNTED_TO + 1 if before is None else self.size + 1
        places = index().find(clauses, self._scope(), order=NEWEST, limit=limit, before=before)
        if not places and before is None and len(clauses) > 1:
            return None
        part = places[: self.size]
        more = Cursor.write([_BY_TIME, part[-1].place]) if len(places) > self.size else None
        return self._found(part, places, more)

    def _by_fit(self, clauses: Sequence[Clause], mode: int, at: int) -> Found:
        """The best of the newest WEIGHED."""
        places = index().find(clauses, self._scope(), order=BEST, limit=WEIGHED + 1)
        part = places[at : at + self.size]
        more = Cursor.write([mode, at + self.size]) if len(places) > at + self.size else None
        return replace(self._found(part, places, more), is_loose=mode == _LOOSE and bool(part))

    def _found(self, part: Sequence[Place], places: Sequence[Place], more: str | None) -> Found:
        return Found(
            hits=self._hits(part),
            next=more,
            number=min(len(places), COUNTED_TO),
            is_more=len(places) > COUNTED_TO,
        )

    def _with_names(self, found: Found, clauses: Sequence[Clause]) -> Found:
        """The first page of everything also brings the best few people, spaces and topics."""
        names = self._name_clauses(clauses)
        if self.wanted.is_narrowed or not names:
            return found
        few = {kind: self._find_names(kind, names, FEW_OF)[:FEW] for kind in (PERSON, SPACE, TOPIC)}
        return replace(
            found,
            people=self._hits(few[PERSON]),
            spaces=self._hits(few[SPACE]),
            topics=self._hits(few[TOPIC]),
        )

    def _name_clauses(self, clauses: Sequence[Clause]) -> list[Clause]:
        """A #topic is also a word in names."""
        return [
            *clauses,
            *(
                understand(topic).clauses[0]
                for topic in self.wanted.asked.topics
                if understand(topic).clauses
            ),
        ]

    def _find_names(self, kind: str, clauses: Sequence[Clause], limit: int) -> list[Place]:
        scope = Scope(
            kinds=frozenset({kind}),
            rule=rule(kind, self.viewer),
            only_titles=kind == PERSON and self.viewer.is_guest,
        )
        return index().find(clauses, scope, order=BEST, limit=limit)

    def _names(self, kind: str, clauses: Sequence[Clause], after: str | None) -> Found:
        """A page of people, spaces or topics, the best first. Filters by place and author do not apply to them."""
        names = self._name_clauses(clauses)
        if not names:
            return Found()
        at = 0
        if after is not None:
            mode, at = Cursor.read(after, [int, int])
            if mode != _BY_FIT or at < 0:
                raise BadCursor
        places = self._find_names(kind, names, WEIGHED + 1)
        more = Cursor.write([_BY_FIT, at + self.size]) if len(places) > at + self.size else None
        return self._found(places[at : at + self.size], places, more)

    def _hits(self, places: Sequence[Place]) -> tuple[Hit, ...]:
        return shown(self.viewer, places, self.marker) if places else ()


def with_longer_words(clauses: Sequence[Clause]) -> tuple[Clause, ...]:
    """The clauses, and in each the compounds of which its word is a part."""
    parts = [clause.part for clause in clauses if clause.part]
    longer = index().longer_words(dict.fromkeys(parts), MOST_LONGER_WORDS) if parts else {}
    return tuple(
        Clause(clause.terms + tuple(Term((word,)) for word in longer.get(clause.part, ())), clause.part)
        for clause in clauses
    )
