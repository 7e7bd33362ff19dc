"""What is shown of what was found: fetched through the reading rule once more, with the words marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection

from torvet.base.text import excerpt
from torvet.blogs import kinds as blogs
from torvet.entries.models import Topic
from torvet.forum import kinds as forum
from torvet.ideas import kinds as ideas
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.search.found import (
    ARTICLE,
    DISCUSSION,
    ENTRY_KINDS,
    IDEA,
    PAGE,
    PERSON,
    POST,
    QUESTION,
    SPACE,
    TOPIC,
    Hit,
    Written,
)
from torvet.search.index import Place
from torvet.search.marking import LOOKED_AT, Marker
from torvet.search.reading import rule, visible
from torvet.spaces.models import Space
from torvet.wiki import kinds as pages

_ADDRESSES = {
    PAGE: pages.PAGE.address,
    ARTICLE: blogs.ARTICLE.address,
    QUESTION: forum.QUESTION.address,
    DISCUSSION: forum.DISCUSSION.address,
    IDEA: ideas.IDEA.address,
}
TITLE = 90  # characters, when a post has none of its own

# Rows, not model objects: a page of twenty entries with author, space and thread costs Django as much as the search.
ENTRIES = """
SELECT d.thing_id, d.kind, e.title, substr(e.text, 1, {most}), e.published_at, r.title, substr(r.text, 1, 400),
  e.space_id, s.name, s.within_id, e.author_id, a.name, a.photo, a.version, w.name,
  t.accepted_id IS NOT NULL OR t.confirmed_id IS NOT NULL OR t.solved_at IS NOT NULL
FROM search_document d JOIN entries_entry e ON e.id = d.thing_id JOIN spaces_space s ON s.id = e.space_id
  JOIN people_member a ON a.id = e.author_id LEFT JOIN entries_entry r ON r.id = e.root_id
  LEFT JOIN people_member w ON w.id = e.written_by_id LEFT JOIN forum_thread t ON t.entry_id = e.id
WHERE d.id IN ({places}) AND {rule}
"""


def shown(viewer: Viewer, places: Sequence[Place], marker: Marker) -> tuple[Hit, ...]:
    """The hits at these places, in their order."""
    hits: dict[tuple[str, int], Hit] = {}
    written = [place for place in places if place.kind in ENTRY_KINDS]
    if written:
        hits |= {(hit.kind, hit.id): hit for hit in _entries(viewer, written, marker)}
    for kind in (PERSON, SPACE, TOPIC):
        ids = [place.pk for place in places if place.kind == kind]
        if ids:
            hits |= {
                (kind, thing.pk): _SHOWN[kind](viewer, thing, marker) for thing in _things(kind, viewer, ids)
            }
    found = (hits.get((place.kind, place.pk)) for place in places)
    return tuple(hit for hit in found if hit is not None)


def _entries(viewer: Viewer, places: Sequence[Place], marker: Marker) -> list[Hit]:
    allowed = rule(POST, viewer)
    marks = ",".join(["%s"] * len(places))
    statement = ENTRIES.format(most=LOOKED_AT, places=marks, rule=allowed.sql)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*(place.place for place in places), *allowed.values])
        return [_entry(row, marker) for row in cursor.fetchall()]


def _entry(row: Sequence[Any], marker: Marker) -> Hit:
    (
        pk,
        kind,
        title,
        text,
        at,
        root_title,
        root_text,
        space_id,
        space,
        within,
        author_id,
        author,
        photo,
        version,
        written_by,
        is_settled,
    ) = row
    title = title or root_title or excerpt(text if root_text is None else root_text, TITLE)
    plain, html = marker.snippet(text)
    return Hit(
        kind=kind,
        id=pk,
        url=_ADDRESSES.get(kind, "/e/{}/").format(pk),
        title=title,
        snippet=plain,
        title_html=marker.marked(title),
        snippet_html=html,
        at=_moment(at),
        thing=Written(
            author=_author(author_id, author, photo, version),
            space=_place(space_id, space, within),
            written_by=written_by or "",
        ),
        is_settled=bool(is_settled),
    )


# Twenty of each on a page, mostly the same ones, and Django takes its time to make them.
@lru_cache(maxsize=4096)
def _author(pk: int, name: str, photo: str, version: int) -> Member:
    return Member.from_db(DEFAULT_DB_ALIAS, ("id", "name", "photo", "version"), (pk, name, photo, version))


@lru_cache(maxsize=1024)
def _place(pk: int, name: str, within: int | None) -> Space:
    return Space.from_db(DEFAULT_DB_ALIAS, ("id", "name", "within_id"), (pk, name, within))


def _moment(at: Any) -> datetime | None:
    """SQLite gives a text in UTC, PostgreSQL a time."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def _things(kind: str, viewer: Viewer, ids: Sequence[int]) -> Iterable[Any]:
    things = visible(kind, viewer).filter(pk__in=ids)
    return things.select_related("unit", "site") if kind == PERSON else things


def _person(viewer: Viewer, member: Member, marker: Marker) -> Hit:
    # Guests are not told where in the company somebody works.
    place = [member.unit, member.site] if viewer.is_colleague else []
    said = [member.title, *(str(part) for part in place if part)]
    return _hit(PERSON, member, member.name, " · ".join(part for part in said if part), marker)


def _space(viewer: Viewer, space: Space, marker: Marker) -> Hit:
    return _hit(SPACE, space, space.name, space.purpose, marker)


def _topic(viewer: Viewer, topic: Topic, marker: Marker) -> Hit:
    return _hit(TOPIC, topic, f"#{topic.label}", "", marker)


def _hit(kind: str, thing: Any, title: str, text: str, marker: Marker) -> Hit:
    plain, html = marker.snippet(text)
    return Hit(
        kind=kind,
        id=thing.pk,
        url=thing.get_absolute_url(),
        title=title,
        snippet=plain,
        title_html=marker.marked(title),
        snippet_html=html,
        at=None,
        thing=thing,
    )


_SHOWN: dict[str, Callable[[Viewer, Any, Marker], Hit]] = {PERSON: _person, SPACE: _space, TOPIC: _topic}
