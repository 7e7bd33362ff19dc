"""The words of a page as they stand here: links, pictures and people of the old wiki become those of this one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape, unescape
from urllib.parse import quote, unquote

from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.base.text import SOURCE_PER_TEXT, TextTooLong
from torvet.base.text.names import topic_name
from torvet.entries.actions import bulk
from torvet.entries.models import Attachment, Entry, Revision
from torvet.entries.words import Words
from torvet.moving.imports.wiki.anchors import find_anchor, headings_of
from torvet.moving.imports.wiki.authors import Accounts, short
from torvet.moving.imports.wiki.loose import rewritten
from torvet.moving.imports.wiki.planning import Plan, Planned
from torvet.moving.imports.wiki.shapes import Person, SourceComment, SourcePage
from torvet.moving.imports.wiki.staging import Spool
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.wiki.kinds import PAGE

BEGINNING = 20_000
"""Characters of an over-long page that stand in it; all of it lies beside it as a file."""
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LONGEST = PAGE.longest
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr|/pre)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_ALT = re.compile(r"<img\b(?=[^>]*\bsrc=[\"']file:([^\"']*)[\"'])(?=[^>]*\balt=[\"']([^\"']*)[\"'])[^>]*>")


class Wording:
    def __init__(self, plan: Plan, spool: Spool, *, by: Viewer, space: Space, accounts: Accounts) -> None:
        self._plan = plan
        self._spool = spool
        self._by = by
        self._space = space
        self._accounts = accounts
        self._headings: dict[str, dict[str, str]] = {}
        self._by_mail: dict[str, Member | None] = {}
        self.now = timezone.now()

    # People

    @property
    def importer(self) -> Member:
        assert self._by.member is not None  # an import always acts as an administrator
        return self._by.member

    def member(self, person: Person | None) -> Member:
        account = self._accounts.find(short(person.key)) if person else None
        return account.member if account else self.importer

    def _hint(self, person: Person | None) -> str:
        return self._space.language or self.member(person).language

    def at(self, at: datetime | None) -> datetime | None:
        if at is None:
            return None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return min(at, self.now) if at >= EARLIEST else None

    # Words

    def words(self, planned: Planned, source: SourcePage, kept: dict[str, Attachment]) -> Words:
        """What the entry says. Raises TextTooLong."""
        hint = self._hint(source.by)
        html = source.html
        if planned.whole_title:
            html = f"<p><strong>{escape(planned.whole_title)}</strong></p>{html}"
        named: dict[int, str] = {}
        html = self._rewritten(html, kept, named)
        return self._read(html, named, hint, source.topics)

    def _read(self, html: str, named: dict[int, str], hint: str, topics: Iterable[str] = ()) -> Words:
        words = bulk.read_said(html, named=named, hint=hint, longest=LONGEST)
        # Topics are words in a text here; those that stood beside it over there get a line at the end.
        missing = [name for name in map(as_topic, topics) if name and topic_name(name) not in words.topics]
        if not missing:
            return words
        said = " ".join(f"#{name}" for name in dict.fromkeys(missing))
        return bulk.read_said(f"{html}<p>{escape(said)}</p>", named=named, hint=hint, longest=LONGEST)

    def _rewritten(self, html: str, kept: dict[str, Attachment], named: dict[int, str]) -> str:
        def person(key: str) -> int | None:
            account = self._accounts.find(short(key))
            member = account.member if account else self._with_address(key)
            if member is not None:
                named[member.pk] = member.name
            return member.pk if member is not None else None

        def file(name: str) -> tuple[str, bool] | None:
            row = kept.get(name)
            return (f"/files/{row.key}/{quote(row.name)}", row.is_picture) if row else None

        return rewritten(html, page=self._address, file=file, person=person)

    def _with_address(self, key: str) -> Member | None:
        """Somebody who is named but wrote nothing, when the source's name for them is an address of somebody here."""
        if key not in self._by_mail:
            found = Member.objects.active().filter(email__iexact=key).first() if "@" in key else None
            self._by_mail[key] = found
        return self._by_mail[key]

    def _address(self, key: str, anchor: str) -> str | None:
        planned = self._plan.pages.get(key)
        if planned is None or not planned.local:
            return None
        address = f"/pages/{planned.local}/"
        if not anchor:
            return address
        if key not in self._headings:
            source = self._spool.get(planned.at)
            self._headings[key] = headings_of(source.html, LONGEST * SOURCE_PER_TEXT)
        found = find_anchor(self._headings[key], anchor, planned.title)
        return f"{address}#{found}" if found else address

    def beginning(self, source: SourcePage, plain: str, name: str) -> Words:
        """The first words of a page that is too long, and where the whole of it lies."""
        more = _("This page has %(number)s characters. All of it lies in the file %(name)s.") % {
            "number": len(plain), "name": name,
        }  # fmt: skip
        lines = "".join(f"<p>{escape(line)}</p>" for line in plain[:BEGINNING].split("\n") if line.strip())
        return bulk.read_said(
            f"<p><em>{escape(more)}</em></p>{lines}<p>…</p>",
            named={},
            hint=self._hint(source.by),
            longest=LONGEST,
        )

    def revisions(
        self, planned: Planned, source: SourcePage, entry: Entry, kept: dict[str, Attachment]
    ) -> list[Revision]:
        """Earlier words. A revision says who replaced it and when: that is what the next version tells."""
        found: list[Revision] = []
        for number, version in enumerate(source.versions):
            after = source.versions[number + 1] if number + 1 < len(source.versions) else None
            at = self.at(after.at if after else source.edited_at) or entry.edited_at or entry.created_at
            who = self.member(after.by if after else source.edited_by or source.by)
            html = self._rewritten(version.html, kept, {})
            try:
                words = bulk.read_said(html, named={}, hint="", longest=LONGEST)
            except TextTooLong:
                words = bulk.read_said(f"<p>{escape(plain_of(version.html)[:BEGINNING])} …</p>", named={})
            found.append(
                Revision(
                    entry_id=entry.pk,
                    version=number + 1,
                    title=" ".join(version.title.split())[:200],
                    body=words.body,
                    text=words.text,
                    replaced_by_id=who.pk,
                    replaced_at=at,
                )
            )
        return found

    def said(self, one: SourceComment) -> Words:
        """A comment's words. One that is longer than comments may be keeps its beginning."""
        named: dict[int, str] = {}
        html = self._rewritten(one.html, {}, named)
        try:
            return bulk.read_said(html, named=named, hint=self._hint(one.by))
        except TextTooLong:
            return bulk.read_said(f"<p>{escape(plain_of(one.html)[:BEGINNING])} …</p>", named={})


def plain_of(html: str) -> str:
    """The bare text of HTML of any length, a line for each block."""
    return unescape(_TAG.sub("", _BREAK.sub("\n", html))).strip()


def alts_in(html: str) -> dict[str, str]:
    """What the pictures of a page are said to show, by the file's name."""
    return {unquote(unescape(name)): unescape(alt) for name, alt in _ALT.findall(html)}


def as_topic(name: str) -> str:
    """A word that works as a topic: what a topic may not hold becomes an underscore."""
    return re.sub(r"[^\w-]+", "_", name.strip().lstrip("#")).strip("_-")
