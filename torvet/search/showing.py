"""What is shown of what was found: fetched through the reading rule, with the words marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from torvet.base.text import excerpt
from torvet.entries import queries as entries
from torvet.entries.models import Entry, EntryTopic, Topic
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.search.found import COMMENT, PERSON, POST, SPACE, TOPIC, Hit
from torvet.search.index import Place
from torvet.search.marking import Marker
from torvet.spaces.models import Space

TITLE = 90  # characters, when a post has none of its own


def visible(kind: str, viewer: Viewer) -> QuerySet[Any]:
    """What a viewer may see of a kind, as the condition of one row: the index asks it for every hit."""
    return _VISIBLE[kind](viewer)


def shown(viewer: Viewer, places: Sequence[Place], marker: Marker) -> tuple[Hit, ...]:
    """Fetch what is shown, through the rule once more, in the order of the places."""
    hits: dict[tuple[str, int], Hit] = {}
    for kind in dict.fromkeys(_shape(place.kind) for place in places):
        ids = [place.pk for place in places if _shape(place.kind) == kind]
        for thing in _FETCH[kind](viewer, ids):
            hits[kind, thing.pk] = _SHOWN[kind](thing, marker)
    found = (hits.get((_shape(place.kind), place.pk)) for place in places)
    return tuple(hit for hit in found if hit is not None)


def _visible_entries(viewer: Viewer) -> QuerySet[Entry]:
    """Entries of threads that stand: an answer to what was removed is not found."""
    return entries.visible(viewer).filter(Q(root=None) | Q(root__removed_at=None))


def _visible_people(viewer: Viewer) -> QuerySet[Member]:
    return Member.objects.visible_to(viewer).active()


def _visible_spaces(viewer: Viewer) -> QuerySet[Space]:
    return Space.objects.visible_to(viewer)


def _visible_topics(viewer: Viewer) -> QuerySet[Topic]:
    """Topics of at least one thread that the viewer may read."""
    threads = entries.visible(viewer).filter(pk=OuterRef("entry_id"))
    return Topic.objects.filter(Exists(EntryTopic.objects.filter(Exists(threads), topic=OuterRef("pk"))))


_VISIBLE: dict[str, Callable[[Viewer], QuerySet[Any]]] = {
    POST: _visible_entries,
    COMMENT: _visible_entries,
    PERSON: _visible_people,
    SPACE: _visible_spaces,
    TOPIC: _visible_topics,
}


def _shape(kind: str) -> str:
    return POST if kind == COMMENT else kind


def _fetch_entries(viewer: Viewer, ids: Iterable[int]) -> QuerySet[Entry]:
    return (
        _visible_entries(viewer)
        .filter(pk__in=list(ids))
        .select_related("space", "author", "root")
        .only(
            "kind", "title", "text", "published_at", "root__title", "root__text", "space__name", "author__name",
            "author__photo", "author__version",
        )
    )  # fmt: skip


_FETCH: dict[str, Callable[[Viewer, Iterable[int]], Iterable[Any]]] = {
    POST: _fetch_entries,
    PERSON: lambda viewer, ids: _visible_people(viewer).filter(pk__in=ids).select_related("unit", "site"),
    SPACE: lambda viewer, ids: _visible_spaces(viewer).filter(pk__in=ids),
    TOPIC: lambda viewer, ids: _visible_topics(viewer).filter(pk__in=ids),
}


def _hit(kind: str, thing: Any, title: str, text: str, marker: Marker, at: Any = None) -> Hit:
    plain, html = marker.snippet(text)
    return Hit(
        kind=kind,
        id=thing.pk,
        url=thing.get_absolute_url(),
        title=title,
        snippet=plain,
        title_html=marker.marked(title),
        snippet_html=html,
        at=at,
        thing=thing,
    )


def _show_entry(entry: Entry, marker: Marker) -> Hit:
    kind = COMMENT if entry.is_reply else POST
    opener = entry.root if entry.root is not None else entry
    title = entry.title or opener.title or excerpt(opener.text, TITLE)
    return _hit(kind, entry, title, entry.text, marker, entry.published_at)


def _show_person(member: Member, marker: Marker) -> Hit:
    place = [member.title, member.unit.name if member.unit else "", member.site.name if member.site else ""]
    return _hit(PERSON, member, member.name, " · ".join(part for part in place if part), marker)


def _show_space(space: Space, marker: Marker) -> Hit:
    return _hit(SPACE, space, space.name, space.purpose, marker)


def _show_topic(topic: Topic, marker: Marker) -> Hit:
    return _hit(TOPIC, topic, f"#{topic.label}", "", marker)


_SHOWN: dict[str, Callable[[Any, Marker], Hit]] = {
    POST: _show_entry,
    PERSON: _show_person,
    SPACE: _show_space,
    TOPIC: _show_topic,
}
