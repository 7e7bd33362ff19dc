"""The bulk forms for importers: years of talk in a few statements, with all that the single actions write beside it.

Times are those of the old home, so nothing jumps to the top of a feed; nothing is recorded entry by entry, so nobody
is told. One IMPORTED activity stands for the whole run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count, F, Max
from django.utils import timezone

from torvet.base import language, text
from torvet.base.rules import require
from torvet.entries.actions.beside import keep_beside
from torvet.entries.models import Attachment, Entry, EntryTopic, Mention, Reaction, Revision, Topic, Watch
from torvet.entries.words import Words, link_mentions_and_topics
from torvet.people.bulk import can_bring_in
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space

BATCH = 500


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something said elsewhere. `entry` carries its id (`reserve_ids`), author, space and times, but not its words."""

    entry: Entry
    words: Words
    reactions: tuple[tuple[int, str], ...] = ()  # (member id, emoji), none twice
    attachments: tuple[Attachment, ...] = ()


def reserve_ids(number: int) -> list[int]:
    """Ids for new entries, rising, so that answers can name their opener before either is written.

    Inside a transaction; on SQLite that transaction is the only writer until it ends.
    """
    if not number:
        return []
    table = Entry._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, number],
            )
            return sorted(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        first = (row[0] if row else 0) + 1
        return list(range(first, first + number))


def read_said(html: str, *, named: Mapping[int, str], hint: str = "", longest: int = text.MAX_TEXT) -> Words:
    """Clean HTML from elsewhere, as `entries.words.read` does for a writer; `named` are the members it may name.

    Raises TextTooLong.
    """

    def resolve(refs: Sequence[text.MentionRef]) -> dict[text.MentionRef, text.Resolved]:
        found = {}
        for ref in refs:
            member = int(ref.key[3:]) if ref.kind == "member" and ref.key.startswith("id:") else 0
            if member in named:
                found[ref] = text.Resolved("member", member, named[member], f"/people/{member}/")
        return found

    read = text.read_html(html, resolve=resolve, most=longest * text.SOURCE_PER_TEXT)
    if len(read.plain) > longest:
        raise text.TextTooLong(longest)
    return Words(
        body=read.html,
        text=read.plain,
        language=language.detect(read.plain, hint=hint or None),
        members=tuple(int(ref.key[3:]) for ref in read.mentions if ref.kind == "member"),
        units=(),
        topics=read.topics,
    )


@transaction.atomic
def add_entries(*, by: Viewer, arrivals: Sequence[Arrival]) -> None:
    """Write new entries with their words, mentions, topics, reactions and files. Watches and counts come after."""
    require(can_bring_in(by))
    for arrival in arrivals:
        entry, words = arrival.entry, arrival.words
        entry.body, entry.text, entry.language = words.body, words.text, words.language
        entry.reactions = _counted(arrival.reactions)
    Entry.objects.bulk_create([arrival.entry for arrival in arrivals], batch_size=BATCH)
    now = timezone.now()
    Reaction.objects.bulk_create(
        [
            Reaction(
                entry_id=a.entry.pk, member_id=member, emoji=emoji, created_at=a.entry.published_at or now
            )
            for a in arrivals
            for member, emoji in a.reactions
        ],
        batch_size=BATCH,
    )
    Mention.objects.bulk_create(
        [Mention(entry_id=a.entry.pk, member_id=member) for a in arrivals for member in a.words.members],
        batch_size=BATCH,
    )
    _link_topics(arrivals)
    _attach(arrivals)


def _counted(reactions: Iterable[tuple[int, str]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for _member, emoji in reactions:
        counts[emoji] = counts.get(emoji, 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _link_topics(arrivals: Sequence[Arrival]) -> None:
    openers = [arrival for arrival in arrivals if arrival.words.topics and not arrival.entry.is_reply]
    names = sorted({name for arrival in openers for name in arrival.words.topics})
    if not names:
        return
    Topic.objects.bulk_create([Topic(name=name, label=name) for name in names], ignore_conflicts=True)
    known: dict[str, int] = {}
    for start in range(0, len(names), BATCH):
        known.update(Topic.objects.filter(name__in=names[start : start + BATCH]).values_list("name", "pk"))
    EntryTopic.objects.bulk_create(
        [
            EntryTopic(
                entry_id=arrival.entry.pk,
                topic_id=known[name],
                space_id=arrival.entry.space_id,
                published_at=arrival.entry.published_at or arrival.entry.created_at,
                active_at=arrival.entry.active_at,
            )
            for arrival in openers
            for name in arrival.words.topics
        ],
        batch_size=BATCH,
    )


def _attach(arrivals: Sequence[Arrival]) -> None:
    rows = []
    for arrival in arrivals:
        for position, attachment in enumerate(arrival.attachments):
            attachment.entry_id, attachment.position = arrival.entry.pk, position
            rows.append(attachment)
    Attachment.objects.bulk_create(rows, batch_size=BATCH)


@transaction.atomic
def add_revisions(*, by: Viewer, revisions: Sequence[Revision]) -> None:
    """Words that entries from elsewhere had before; their versions are below the entry's own."""
    require(can_bring_in(by))
    Revision.objects.bulk_create(revisions, batch_size=BATCH)


@transaction.atomic
def change_entry(*, by: Viewer, arrival: Arrival, title: str | None = None) -> None:
    """Give an entry that came from elsewhere the words that it has there now; the earlier ones stay in its history.

    `arrival.entry` is the row as it stands, with new author, times and pins already set. Reactions and files are added,
    never taken away: somebody here may have given them.
    """
    require(can_bring_in(by))
    entry, words = arrival.entry, arrival.words
    title = entry.title if title is None else title
    if (entry.body, entry.text, entry.title) != (words.body, words.text, title):
        Revision.objects.create(
            entry=entry,
            version=entry.version,
            title=entry.title,
            body=entry.body,
            text=entry.text,
            replaced_by_id=entry.author_id,
            replaced_at=entry.edited_at or timezone.now(),
        )
        entry.version += 1
    entry.title, entry.body, entry.text, entry.language = title, words.body, words.text, words.language
    entry.revision += 1
    _react(entry, arrival.reactions)
    entry.save()
    link_mentions_and_topics(entry, words)
    _attach([arrival])


@transaction.atomic
def settle_entry(*, by: Viewer, entry: Entry, reactions: Iterable[tuple[int, str]] = ()) -> None:
    """Store what is counted or settled anew of an entry from elsewhere: kind, votes, closing, reactions (member id,
    emoji). Its words stay, and so does its version."""
    require(can_bring_in(by))
    entry.revision += 1
    _react(entry, reactions)
    entry.save()


def _react(entry: Entry, reactions: Iterable[tuple[int, str]]) -> None:
    at = entry.published_at or timezone.now()
    rows = [
        Reaction(entry=entry, member_id=member, emoji=emoji, created_at=at) for member, emoji in reactions
    ]
    Reaction.objects.bulk_create(rows, ignore_conflicts=True)
    entry.reactions = _counted(Reaction.objects.filter(entry=entry).values_list("member_id", "emoji"))


@transaction.atomic
def watch_for(*, by: Viewer, pairs: Iterable[tuple[int, int]], read_at: datetime) -> None:
    """Let members be told of new answers in threads they wrote in: (thread id, member id). A mute set here stays."""
    require(can_bring_in(by))
    rows = [
        Watch(thread_id=thread, member_id=member, read_at=read_at) for thread, member in sorted(set(pairs))
    ]
    Watch.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


@transaction.atomic
def pin_entries(*, by: Viewer, pins: Mapping[int, datetime]) -> None:
    """Put openers on top of their spaces, since these times."""
    require(can_bring_in(by))
    openers = list(Entry.objects.roots().filter(pk__in=list(pins), removed_at=None))
    for entry in openers:
        entry.pinned_at = pins[entry.pk]
    Entry.objects.bulk_update(openers, ["pinned_at"], batch_size=BATCH)


@transaction.atomic
def count_answers_again(*, by: Viewer, threads: Sequence[int]) -> None:
    """Set answer counts and times of last activity anew, from the rows, for threads that got further answers."""
    require(can_bring_in(by))
    for start in range(0, len(threads), BATCH):
        some = threads[start : start + BATCH]
        standing = Entry.objects.filter(root__in=some, removed_at=None, published_at__isnull=False)
        counted = standing.values_list("root").annotate(Count("id"), Max("published_at")).order_by()
        answers = {root: (number, last) for root, number, last in counted}
        openers = list(Entry.objects.filter(pk__in=some))
        for entry in openers:
            entry.reply_count, last = answers.get(entry.pk, (0, None))
            entry.active_at = max(entry.active_at, last or entry.active_at)
            entry.revision += 1
        Entry.objects.bulk_update(openers, ["reply_count", "active_at", "revision"], batch_size=200)
        for entry in openers:
            EntryTopic.objects.filter(entry=entry).update(active_at=entry.active_at)
        for kind in {entry.kind for entry in openers}:
            keep_beside(kind, [entry.pk for entry in openers if entry.kind == kind])


@transaction.atomic
def show_new_names(*, by: Viewer, members: Sequence[int] = (), spaces: Sequence[int] = ()) -> None:
    """Let the cards that show these members or spaces be rendered anew: their names have changed."""
    require(can_bring_in(by))
    for start in range(0, len(members), BATCH):
        some = members[start : start + BATCH]
        Entry.objects.filter(author__in=some).update(revision=F("revision") + 1)
        Entry.objects.filter(reply_to__author__in=some).update(revision=F("revision") + 1)
    Entry.objects.roots().filter(space__in=list(spaces)).update(revision=F("revision") + 1)


@transaction.atomic
def note_newest(*, by: Viewer, spaces: Sequence[int]) -> None:
    """Set the newest times of spaces anew from their openers: the feed on PostgreSQL relies on them being real."""
    require(can_bring_in(by))
    newest = (
        Entry.objects.roots()
        .filter(space_id__in=list(spaces), removed_at=None, published_at__isnull=False)
        .values("space_id")
        .annotate(published=Max("published_at"), active=Max("active_at"))
        .order_by()
    )
    for row in newest:
        Space.objects.filter(pk=row["space_id"]).update(
            last_published_at=row["published"], last_active_at=row["active"]
        )
