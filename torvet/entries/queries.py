"""Reads about entries that shape a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from torvet.base.compiled import STAND_IN, STAND_INS, compiled
from torvet.entries.kinds import apart, kind_of
from torvet.entries.models import (
    Attachment,
    Entry,
    EntryQuerySet,
    EntryTopic,
    Reaction,
    Revision,
    Topic,
    TopicFollow,
    Watch,
)
from torvet.people import queries as people_queries
from torvet.people.looking import compiled_for_viewer
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Access, Membership, Space
from torvet.spaces.queries import membership_of, memberships_of

THREAD_PAGE = 50  # comments shown at once, the newest


def get_visible(viewer: Viewer, pk: int) -> Entry | None:
    """The entry with its space and author, when the viewer may read it; else None, as when there is none."""
    return _visible(viewer).first(viewer.id, pk)


@compiled_for_viewer
def _visible(viewer: Viewer) -> QuerySet[Entry]:
    return (
        Entry.objects.visible_to(viewer)
        .select_related("space", "author", "written_by", "closed_by", "root")
        .filter(pk=STAND_INS[1])
        .order_by()
    )


def visible(viewer: Viewer) -> QuerySet[Entry]:
    """All entries that the viewer may read, for apps above that ask for some of them."""
    return Entry.objects.visible_to(viewer)


def standing() -> EntryQuerySet:
    """Published and not removed, whoever looks: for what is derived, and asked again for each person."""
    return Entry.objects.filter(published_at__lte=timezone.now(), removed_at=None)


def whoever_looks() -> EntryQuerySet:
    """All rows, whoever looks: for a feature that keeps copies of them beside its own, and shows them to nobody."""
    return Entry.objects.all()


def ids_in_thread(thread: int) -> list[int]:
    """The opener and all that was said in the thread, whoever looks: for what is derived."""
    return list(Entry.objects.filter(Q(pk=thread) | Q(root=thread)).values_list("pk", flat=True))


def bodies_merged_into(thread: Entry) -> list[str]:
    """The words of what opened a thread of its own before it was merged into this one, whoever looks: for what is
    derived. It had a title then, which no comment ever has."""
    titled = Revision.objects.filter(entry=OuterRef("pk")).exclude(title="")
    merged = Entry.objects.filter(Exists(titled), root=thread, removed_at=None)
    return list(merged.order_by().values_list("body", flat=True))


def has_answers_of_others(viewer: Viewer, threads: Sequence[int]) -> bool:
    """Whether somebody else than the viewer has said something in these threads, that stands."""
    return (
        Entry.objects.replies()
        .filter(root__in=threads, removed_at=None)
        .exclude(author_id=viewer.id)
        .exists()
    )


def standing_version(pk: int, version: int) -> Entry | None:
    """The entry, if this version of it is the one that stands, whoever looks; for merging what two people wrote."""
    return Entry.objects.filter(pk=pk, version=version).first()


def removed_reply(pk: int) -> Entry | None:
    """The comment with this id if it is removed, whoever looks; else None."""
    return Entry.objects.replies().filter(pk=pk, removed_at__isnull=False).first()


def get_noticed(viewer: Viewer, pk: int) -> Entry | None:
    """As `get_visible`, also when it was removed: for the notice and for undoing it."""
    return _noticed(viewer).first(viewer.id, pk)


@compiled_for_viewer
def _noticed(viewer: Viewer) -> QuerySet[Entry]:
    rows = Entry.objects.noticed_by(viewer)
    rows = rows.select_related("space", "author", "removed_by", "written_by", "closed_by", "root")
    return rows.filter(pk=STAND_INS[1]).order_by()


def load_openers(entries: Iterable[Entry]) -> None:
    """Put the opener at hand of each comment, without its words, in one statement at most. For entries that were read
    through `visible_to`: an opener and its comments have the same readers."""
    waiting = [entry for entry in entries if entry.root_id and not Entry.root.is_cached(entry)]
    if waiting:
        found = Entry.objects.defer("body", "text").in_bulk({entry.root_id for entry in waiting})
        for entry in waiting:
            entry.root = found[entry.root_id]


def spoken_for(viewer: Viewer, entries: Iterable[Entry]) -> set[int]:
    """The ids of those of `entries` in whose author's name the viewer may act: asked of the features they belong to."""
    asked: dict[str, list[Entry]] = {}
    for entry in entries:
        question = kind_of(entry.kind).spoken_for_by
        if question:
            asked.setdefault(question, []).append(entry)
    return {pk for question, some in asked.items() for pk in import_string(question)(viewer, some)}


def speaks_for(viewer: Viewer, entry: Entry) -> bool:
    """Whether the viewer may act in the author's name; asks the database only for kinds in which that is possible."""
    return entry.pk in spoken_for(viewer, [entry])


def membership_for(viewer: Viewer, entry: Entry) -> Membership | None:
    """The viewer's membership of the entry's space, or None."""
    return membership_of(viewer, entry.space)


def replies_of(viewer: Viewer, thread: Entry) -> QuerySet[Entry]:
    """All replies of a thread in order, with notices of removed ones; read through the thread's own space."""
    return (
        Entry.objects.noticed_by(viewer)
        .filter(root_id=thread.pk)
        .select_related("author")
        .order_by("published_at", "id")
    )


def comments_of(viewer: Viewer, thread: Entry) -> QuerySet[Entry]:
    """As `replies_of`, without those that a feature shows in a place of their own."""
    return replies_of(viewer, thread).exclude(kind__in=apart())


def own_watch(viewer: Viewer, thread_id: int) -> Watch | None:
    return _own_watch().first(viewer.id, thread_id)


@compiled
def _own_watch() -> QuerySet[Watch]:
    return Watch.objects.filter(member_id=STAND_INS[0], thread_id=STAND_INS[1]).order_by()


def reacted(viewer: Viewer, entry: Entry) -> list[Reaction]:
    """Who reacted to an entry that the viewer may read; people whom the viewer may not see are left out.

    Nobody is named where the kind says that reactions are counted only.
    """
    if not kind_of(entry.kind).names_reactions:
        return []
    return list(
        Reaction.objects.filter(entry=entry, member__in=Member.objects.visible_to(viewer))
        .select_related("member")
        .order_by("created_at", "id")[:200]
    )


@dataclass(frozen=True)
class Readers:
    """Who can read what is written in a space: said in words, always in sight while writing."""

    words: str
    number: int
    guests: int


def readers_of(space: Space) -> Readers:
    """Counts the people, in two statements at most."""
    guests = _guests_in().count(space.pk) if space.has_guests else 0
    if space.access == Access.OPEN:
        number = _colleagues().count() + guests
        company = people_queries.company()
        words = _("Everyone at %(company)s") % {"company": company.name if company else "Torvet"}
    elif space.is_inner:
        number = _inside().count(space.pk)
        words = _("Only chosen people in %(space)s") % {"space": space.name}
    else:
        number = _inside().count(space.pk)
        words = _("Only the members of %(space)s") % {"space": space.name}
    return Readers(words=words, number=number, guests=guests)


@compiled
def _colleagues() -> QuerySet[Member, Any]:
    return Member.objects.active().exclude(role="guest").order_by().values("pk")


@compiled
def _inside() -> QuerySet[Membership, Any]:
    return Membership.objects.filter(space=STAND_IN, member__is_active=True).order_by().values("pk")


@compiled
def _guests_in() -> QuerySet[Membership, Any]:
    rows = Membership.objects.filter(space=STAND_IN, member__is_active=True, member__role="guest")
    return rows.order_by().values("pk")


def topic_named(name: str) -> Topic | None:
    return Topic.objects.filter(name=name.casefold()).first()


def topics_visible_to(viewer: Viewer) -> QuerySet[Topic]:
    """Topics that stand in at least one entry the viewer may read; a secret space's words stay inside."""
    spaces = Space.objects.readable_by(viewer)
    used = EntryTopic.objects.filter(space__in=spaces, entry__removed_at=None)
    return Topic.objects.filter(pk__in=used.values("topic_id"))


def busiest_topics(viewer: Viewer, limit: int = 30) -> list[Topic]:
    """Topics by how many threads speak of them that the viewer may read; each with `.entries`."""
    spaces = Space.objects.readable_by(viewer)
    counted = Count(
        "entry_topics", filter=Q(entry_topics__space__in=spaces, entry_topics__entry__removed_at=None)
    )
    return list(topics_visible_to(viewer).annotate(entries=counted).order_by("-entries", "name")[:limit])


def uses_of(topic: Topic) -> int:
    """How many threads `busiest_topics` counted for this one."""
    return int(getattr(topic, "entries", 0))


def topics_beginning(viewer: Viewer, begun: str, limit: int) -> list[Topic]:
    """As `busiest_topics`, those whose name begins like this."""
    return [topic for topic in busiest_topics(viewer, 300) if topic.name.startswith(begun)][:limit]


def followed_topics(viewer: Viewer) -> list[Topic]:
    """Topics the viewer follows and may still know of."""
    return list(topics_visible_to(viewer).filter(follows__member_id=viewer.id)[:100])


def follows_topic(viewer: Viewer, topic: Topic) -> bool:
    return TopicFollow.objects.filter(member_id=viewer.id, topic=topic).exists()


def attachments_of(entry_ids: Iterable[int]) -> dict[int, list[Attachment]]:
    """entry id -> its pictures and files in order. Ask only for entries that were read through `visible_to`."""
    found: dict[int, list[Attachment]] = {}
    for attachment in Attachment.objects.filter(entry_id__in=list(entry_ids)).order_by("position", "id"):
        found.setdefault(attachment.entry_id or 0, []).append(attachment)
    return found


def waiting_uploads(viewer: Viewer, keys: Iterable[str]) -> list[Attachment]:
    """The viewer's own uploads with these keys that stand on no entry yet, in this order."""
    found = {row.key: row for row in Attachment.objects.waiting_for(viewer).filter(key__in=list(keys))}
    return [found[key] for key in keys if key in found]


def files_in_space(viewer: Viewer, space: Space) -> QuerySet[Attachment]:
    """Pictures and files of the entries in a space that the viewer may read."""
    return Attachment.objects.filter(
        entry__in=Entry.objects.visible_to(viewer).in_space(space)
    ).select_related("entry__author")


def with_cards_due(ids: Iterable[int]) -> list[Entry]:
    """Entries by id with what their card shows; for ids that were read through `visible_to`."""
    return list(
        Entry.objects.filter(pk__in=list(ids)).select_related(
            "author__unit", "author__site", "space", "reply_to__author", "written_by"
        )
    )


def earlier_than(at: datetime, number: int) -> Q:
    """Published before a place in a thread; the id decides within one moment."""
    return Q(published_at__lt=at) | Q(published_at=at, id__lt=number)


def revisions_of(entry: Entry) -> list[Revision]:
    """Earlier words of an entry that was read through `visible_to`, newest first."""
    return list(Revision.objects.filter(entry=entry).select_related("replaced_by")[:100])


def likeliest_space(viewer: Viewer, spaces: Sequence[Space]) -> Space | None:
    """Which of these the viewer most likely wants to write in: where they last did, else one that everybody is in."""
    by_id = {space.pk: space for space in spaces}
    own = Entry.objects.roots().filter(author_id=viewer.id, removed_at=None, published_at__isnull=False)
    last = own.order_by("-published_at", "-id").values_list("space_id", flat=True).first()
    everybodys = next((space for space in spaces if space.is_default), None)
    return by_id.get(last or 0) or everybodys or next(iter(spaces), None)


def spaces_to_write_in(viewer: Viewer) -> list[Space]:
    """Where the viewer may post: their own living spaces, by name."""
    mine = (row.space for row in memberships_of(viewer) if not row.space.is_inner)
    return sorted(mine, key=lambda space: space.name.casefold())
