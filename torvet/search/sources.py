"""What the index is given of each thing: its words, read as the house and kept as stems. Nobody is shown these."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, QuerySet

from torvet.blogs import kinds as blogs
from torvet.entries import queries as entries
from torvet.entries.models import Entry, Topic
from torvet.forum import kinds as forum
from torvet.ideas import kinds as ideas
from torvet.people.models import Member
from torvet.search.asking import SHORTEST_PART
from torvet.search.found import (
    ARTICLE,
    COMMENT,
    DISCUSSION,
    ENTRY_KINDS,
    IDEA,
    PAGE,
    PERSON,
    POST,
    QUESTION,
    SPACE,
    TOPIC,
)
from torvet.search.index import Source
from torvet.search.models import Document
from torvet.search.words import LONGEST_WORD, names, stems
from torvet.spaces.models import Space
from torvet.wiki import kinds as pages

_OWN_KINDS = {
    pages.PAGE.key: PAGE,
    blogs.ARTICLE.key: ARTICLE,
    forum.QUESTION.key: QUESTION,
    forum.DISCUSSION.key: DISCUSSION,
    ideas.IDEA.key: IDEA,
}
SHORTEST_COMPOUND = SHORTEST_PART + 3


def of_entries(ids: Iterable[int]) -> list[Source]:
    """Posts and comments among these ids that are published and not removed, with the names of their files."""
    found = list(entries.standing().filter(pk__in=list(ids)).annotate(opened_as=F("root__kind")))
    files = entries.attachments_of(entry.pk for entry in found)
    return [
        _of_entry(
            entry,
            entry.opened_as or entry.kind,
            " ".join(f"{file.name} {file.alt}" for file in files.get(entry.pk, [])),
        )
        for entry in found
    ]


def _of_entry(entry: Entry, opened_as: str, files: str) -> Source:
    title = stems(entry.title, entry.language)
    words = stems(f"{entry.text} {files}" if files else entry.text, entry.language)
    return Source(
        kind=_kind(entry),
        pk=entry.pk,
        title=title,
        words=words,
        at=entry.published_at,
        space_id=entry.space_id,
        author_id=entry.author_id,
        thread_id=entry.thread_id,
        opened_as=opened_as,
        version=entry.version,
        parts=_long_words(title, words),
    )


def texts_of(ids: Iterable[int]) -> list[Entry]:
    """These entries in this order, as far as they stand, for what is made of their words."""
    wanted = list(ids)
    found = entries.standing().in_bulk(wanted)
    return [found[pk] for pk in wanted if pk in found]


def _kind(entry: Entry) -> str:
    if entry.is_reply:
        return COMMENT
    return _OWN_KINDS.get(entry.kind, POST)


def of_people(ids: Iterable[int]) -> list[Source]:
    """Members with an open account: name and handle first, then what they do and where."""
    found = Member.objects.active().filter(pk__in=list(ids)).select_related("unit", "site")
    return [
        Source(
            kind=PERSON,
            pk=member.pk,
            title=names(member.name, member.handle),
            words=_said(
                [
                    member.title,
                    member.unit.name if member.unit else "",
                    member.site.name if member.site else "",
                ],
                member.about,
                member.language,
            ),
            version=member.version,
        )
        for member in found
    ]


def of_spaces(ids: Iterable[int]) -> list[Source]:
    return [
        Source(
            kind=SPACE,
            pk=space.pk,
            title=names(space.name),
            words=_said([space.name], f"{space.purpose} {space.audience}", space.language),
            version=space.epoch,
        )
        for space in Space.objects.listed().filter(pk__in=list(ids))
    ]


def of_topics(ids: Iterable[int]) -> list[Source]:
    return [
        Source(kind=TOPIC, pk=topic.pk, title=names(topic.name), words=stems(topic.name, ""), version=1)
        for topic in Topic.objects.filter(pk__in=list(ids))
    ]


def _said(short: Iterable[str], text: str, language: str) -> str:
    """Short texts as they stand and stemmed: nobody says in which language a job title is."""
    line = " ".join(short)
    return f"{names(line)} {stems(line, language)} {stems(text, language)}"


def _long_words(*texts: str) -> frozenset[str]:
    return frozenset(
        word
        for text in texts
        for word in text.split()
        if SHORTEST_COMPOUND <= len(word) <= LONGEST_WORD and word.isalpha()
    )


def _lacking(rows: QuerySet, kinds: list[str], version: str) -> QuerySet:
    kept = Document.objects.filter(kind__in=kinds, thing_id=OuterRef("pk"), version=OuterRef(version))
    return rows.filter(~Exists(kept)).order_by("pk")


def lacking_entries() -> QuerySet[Entry]:
    """Entries that the index does not have, or has with older words."""
    return _lacking(entries.standing(), list(ENTRY_KINDS), "version")


def lacking_people() -> QuerySet[Member]:
    return _lacking(Member.objects.active(), [PERSON], "version")


def lacking_spaces() -> QuerySet[Space]:
    return _lacking(Space.objects.listed(), [SPACE], "epoch")


def lacking_topics() -> QuerySet[Topic]:
    kept = Document.objects.filter(kind=TOPIC, thing_id=OuterRef("pk"))
    return Topic.objects.filter(~Exists(kept)).order_by("pk")


def without_a_thing() -> QuerySet[Document]:
    """Documents of what has been removed, closed or deleted."""
    return Document.objects.filter(
        ~Exists(entries.standing().filter(pk=OuterRef("thing_id"))), kind__in=ENTRY_KINDS
    ).union(
        Document.objects.filter(
            ~Exists(Member.objects.active().filter(pk=OuterRef("thing_id"))), kind=PERSON
        ),
        Document.objects.filter(~Exists(Space.objects.listed().filter(pk=OuterRef("thing_id"))), kind=SPACE),
        Document.objects.filter(~Exists(Topic.objects.filter(pk=OuterRef("thing_id"))), kind=TOPIC),
    )
