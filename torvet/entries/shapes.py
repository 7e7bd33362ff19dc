"""Entries, topics and files as other programs see them; also used by the feed's and the search's API."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.encoding import iri_to_uri

from torvet.base import text
from torvet.base.api import Problem, Shown, absolute
from torvet.entries import models, queries, rules
from torvet.entries.own import Own, marks_on
from torvet.people.models import Member
from torvet.people.shapes import MemberLine, member_line
from torvet.people.viewer import Viewer
from torvet.spaces.models import Membership
from torvet.spaces.shapes import SpaceLine, own_memberships, space_line


class File(Shown):
    """A picture or a file. Its addresses take the same session or token as the API."""

    key: str
    url: str
    thumb_url: str
    name: str
    mime: str
    size: int
    is_picture: bool
    width: int
    height: int
    alt: str


class Mention(Shown):
    """Somebody named in a text, as far as the reader may know of them."""

    kind: Literal["member", "unit"]
    id: int
    name: str
    url: str


class Entry(Shown):
    """Something a member wrote. Of a removed one (`removed_at`) no word is left, only the notice."""

    id: int
    url: str
    kind: str
    title: str
    html: str
    text: str
    markdown: str
    language: str
    author: MemberLine
    written_by: MemberLine | None
    space: SpaceLine
    thread_id: int
    reply_to_id: int | None
    topics: list[str]
    mentions: list[Mention]
    attachments: list[File]
    reactions: dict[str, int]
    own_reactions: list[str]
    reply_count: int
    comments_closed: str | None
    is_bookmarked: bool
    is_pinned: bool
    version: int
    published_at: datetime
    edited_at: datetime | None
    active_at: datetime
    removed_at: datetime | None
    abilities: dict[str, bool]


class Topic(Shown):
    """A #word that stands in at least one thread the viewer may read."""

    name: str
    label: str
    url: str
    is_followed: bool


class EntryList(Shown):
    items: list[Entry]
    next: str | None


class Conflict(Problem):
    """Somebody saved other words meanwhile; `current` is what stands now."""

    current: Entry


class TopicList(Shown):
    items: list[Topic]
    next: str | None


@dataclass(frozen=True)
class Surroundings:
    """What hangs on a page of entries, read once for all of them."""

    memberships: dict[int, Membership]
    own: Own
    topics: dict[int, list[str]]
    mentions: dict[int, list[Mention]]
    files: dict[int, list[models.Attachment]]
    spoken_for: set[int]


def surroundings(viewer: Viewer, entries: Sequence[models.Entry]) -> Surroundings:
    """Five statements however many entries there are; these must have been read through `visible_to`.

    One more for the openers of comments, which say whether comments are closed, and one for kinds that are spoken for.
    """
    queries.load_openers(entries)
    speaking = [entry.pk for entry in entries if not entry.is_removed]
    topics: dict[int, list[str]] = {}
    named = models.EntryTopic.objects.filter(entry__in=speaking).order_by("topic__name")
    for entry_id, name in named.values_list("entry_id", "topic__name"):
        topics.setdefault(entry_id, []).append(name)
    return Surroundings(
        memberships=own_memberships(viewer, (entry.space_id for entry in entries)),
        own=marks_on(viewer, [entry.pk for entry in entries]),
        topics=topics,
        mentions=_mentions(viewer, speaking),
        files=queries.attachments_of(speaking),
        spoken_for=queries.spoken_for(viewer, entries),
    )


def _mentions(viewer: Viewer, entry_ids: Sequence[int]) -> dict[int, list[Mention]]:
    rows = models.Mention.objects.filter(entry__in=entry_ids).select_related("member", "unit").order_by("id")
    if viewer.is_guest:
        rows = rows.filter(member__in=Member.objects.visible_to(viewer))
    found: dict[int, list[Mention]] = {}
    for row in rows:
        if row.member:
            shown = Mention(
                kind="member", id=row.member.pk, name=row.member.name, url=absolute(row.member.url)
            )
        else:
            assert row.unit is not None  # a constraint of the table: one of the two
            shown = Mention(
                kind="unit", id=row.unit.pk, name=row.unit.name, url=absolute(f"/units/{row.unit.pk}/")
            )
        found.setdefault(row.entry_id, []).append(shown)
    return found


def entry_shapes(viewer: Viewer, entries: Iterable[models.Entry]) -> list[Entry]:
    """Entries, loaded with author and space and read through `visible_to` or `noticed_by`, in their order."""
    entries = list(entries)
    around = surroundings(viewer, entries)
    return [_entry_shape(viewer, entry, around) for entry in entries]


def entry_shape(viewer: Viewer, entry: models.Entry) -> Entry:
    return entry_shapes(viewer, [entry])[0]


def shapes_in_order(viewer: Viewer, ids: Sequence[int]) -> list[Entry]:
    """Entries by id, in this order; those that the viewer may not read are left out."""
    rows = (
        queries.visible(viewer).filter(pk__in=ids).select_related("author", "space", "written_by").in_bulk()
    )
    return entry_shapes(viewer, [rows[pk] for pk in ids if pk in rows])


def _entry_shape(viewer: Viewer, entry: models.Entry, around: Surroundings) -> Entry:
    own = around.memberships.get(entry.space_id)
    gone = entry.is_removed
    return Entry(
        id=entry.pk,
        url=absolute(entry.url),
        kind=entry.kind,
        title="" if gone else entry.title,
        html="" if gone else entry.body,
        text="" if gone else entry.text,
        markdown="" if gone else text.to_markdown(entry.body),
        language=entry.language,
        author=member_line(viewer, entry.author),
        written_by=member_line(viewer, entry.written_by) if entry.written_by else None,
        space=space_line(viewer, entry.space, own),
        thread_id=entry.thread_id,
        reply_to_id=entry.reply_to_id,
        topics=around.topics.get(entry.pk, []),
        mentions=around.mentions.get(entry.pk, []),
        attachments=[file_shape(found) for found in around.files.get(entry.pk, [])],
        reactions={} if gone else entry.reactions,
        own_reactions=[] if gone else sorted(around.own.reactions.get(entry.pk, ())),
        reply_count=entry.reply_count,
        comments_closed=(entry.root or entry).closed_why if entry.is_closed else None,
        is_bookmarked=entry.pk in around.own.bookmarks,
        is_pinned=entry.pinned_at is not None,
        version=entry.version,
        published_at=entry.published_at,  # type: ignore[arg-type]  # visible entries are published
        edited_at=None if gone else entry.edited_at,
        active_at=entry.active_at,
        removed_at=entry.removed_at,
        abilities=rules.abilities(viewer, entry, own, speaks=entry.pk in around.spoken_for),
    )


def file_shape(attachment: models.Attachment) -> File:
    return File(
        key=attachment.key,
        url=absolute(iri_to_uri(attachment.url)),
        thumb_url=absolute(attachment.thumb),
        name=attachment.name,
        mime=attachment.mime,
        size=attachment.size,
        is_picture=attachment.is_picture,
        width=attachment.width,
        height=attachment.height,
        alt=attachment.alt,
    )


def topic_shapes(viewer: Viewer, topics: Iterable[models.Topic]) -> list[Topic]:
    topics = list(topics)
    mine = models.TopicFollow.objects.filter(member_id=viewer.id, topic__in=topics)
    followed = set(mine.values_list("topic_id", flat=True))
    return [
        Topic(
            name=topic.name,
            label=topic.label,
            url=absolute(topic.get_absolute_url()),
            is_followed=topic.pk in followed,
        )
        for topic in topics
    ]
