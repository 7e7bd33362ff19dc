"""From what somebody typed to what is kept: clean HTML, plain text, language, and whom and what it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from torvet.base import language, text
from torvet.base.rules import Refused
from torvet.base.text.characters import clean_line
from torvet.entries.models import Entry, EntryTopic, Mention, Topic
from torvet.entries.queries import bodies_merged_into
from torvet.people.models import Member, Unit
from torvet.people.viewer import Viewer

MAX_TITLE = 200


@dataclass(frozen=True)
class Words:
    """What an action stores: the columns of an entry, and whom and what it names."""

    body: str
    text: str
    language: str
    members: tuple[int, ...]
    units: tuple[int, ...]
    topics: tuple[str, ...]

    @property
    def columns(self) -> dict[str, str]:
        return {"body": self.body, "text": self.text, "language": self.language}


def read(body: str, *, by: Viewer, format: str = "markdown", longest: int = text.MAX_TEXT) -> Words:
    """Read Markdown or HTML as this viewer writes it. Only people whom the writer may see can be named.

    `longest` is that of the kind, in characters of plain text. Raises Refused, with what
    to do, when the text is too long.
    """
    named: list[text.Resolved] = []

    def resolve(refs: Sequence[text.MentionRef]) -> Mapping[text.MentionRef, text.Resolved]:
        found = find_named(refs, by)
        named.extend(found.values())
        return found

    reader = text.read_html if format == "html" else text.read_markdown
    try:
        read_text = reader(body, resolve=resolve, most=longest * text.SOURCE_PER_TEXT)
    except text.TextTooLong as error:
        raise Refused(_("The text is too long. Please shorten it or attach it as a file.")) from error
    if len(read_text.plain) > longest:
        raise Refused(
            _("The text has %(length)s characters; %(most)s fit. Please shorten it or attach it as a file.")
            % {"length": len(read_text.plain), "most": longest}
        )
    hint = by.member.language if by.member else ""
    return Words(
        body=read_text.html,
        text=read_text.plain,
        language=language.detect(read_text.plain, hint=hint or None),
        members=tuple(dict.fromkeys(found.id for found in named if found.kind == "member")),
        units=tuple(dict.fromkeys(found.id for found in named if found.kind == "unit")),
        topics=read_text.topics,
    )


def clean_title(typed: str) -> str:
    """A title as it is kept: one line, without signs that no database takes, cut where it is too long."""
    return clean_line(typed)[:MAX_TITLE].rstrip()


def find_named(refs: Sequence[text.MentionRef], by: Viewer) -> dict[text.MentionRef, text.Resolved]:
    """The members and units that references speak of, as far as `by` may see them; two statements at most."""
    members = [ref for ref in refs if ref.kind == "member"]
    units = [ref for ref in refs if ref.kind == "unit" and ref.key.startswith("id:")]
    found: dict[text.MentionRef, text.Resolved] = {}
    if members:
        ids = [int(ref.key[3:]) for ref in members if ref.key.startswith("id:")]
        handles = [ref.key[7:].casefold() for ref in members if ref.key.startswith("handle:")]
        seen = Member.objects.visible_to(by).active()
        rows = list(seen.filter(pk__in=ids)) if ids else []
        rows += list(seen.filter(handle__in=handles)) if handles else []
        by_key = {f"id:{row.pk}": row for row in rows} | {
            f"handle:{row.handle.casefold()}": row for row in rows
        }
        for ref in members:
            member = by_key.get(ref.key if ref.key.startswith("id:") else ref.key.casefold())
            if member:
                found[ref] = text.Resolved("member", member.pk, member.name, member.get_absolute_url())
    if units and by.is_colleague:
        known = {unit.pk: unit for unit in Unit.objects.filter(pk__in=[int(ref.key[3:]) for ref in units])}
        for ref in units:
            unit = known.get(int(ref.key[3:]))
            if unit:
                found[ref] = text.Resolved("unit", unit.pk, unit.name, f"/units/{unit.pk}/")
    return found


def link_mentions_and_topics(entry: Entry, words: Words) -> None:
    """Make the rows for whom and what an entry names equal to its words; new rows first, stale ones removed."""
    _link_mentions(entry, words)
    if not entry.is_reply:
        link_topics(entry, words.topics)


def _link_mentions(entry: Entry, words: Words) -> None:
    stale = (
        Mention.objects.filter(entry=entry).exclude(member__in=words.members).exclude(unit__in=words.units)
    )
    if entry.version > 1:
        stale.delete()
    rows = [Mention(entry=entry, member_id=pk) for pk in words.members]
    rows += [Mention(entry=entry, unit_id=pk) for pk in words.units]
    if rows:
        Mention.objects.bulk_create(rows, ignore_conflicts=True)


def link_topics(entry: Entry, names: Sequence[str]) -> None:
    """Make the topics of an opener equal to the #words of its text and of what was merged into it."""
    published_at = entry.published_at or entry.created_at
    if entry.version > 1:
        stale = EntryTopic.objects.filter(entry=entry).exclude(topic__name__in=names)
        if stale.exists():
            merged = {name for body in bodies_merged_into(entry) for name in text.read_html(body).topics}
            stale.exclude(topic__name__in=merged).delete()
    if not names:
        return
    Topic.objects.bulk_create([Topic(name=name, label=name) for name in names], ignore_conflicts=True)
    EntryTopic.objects.bulk_create(
        [
            EntryTopic(
                entry=entry,
                topic_id=pk,
                space_id=entry.space_id,
                published_at=published_at,
                active_at=entry.active_at,
            )
            for pk in Topic.objects.filter(name__in=names).values_list("pk", flat=True)
        ],
        ignore_conflicts=True,
    )
