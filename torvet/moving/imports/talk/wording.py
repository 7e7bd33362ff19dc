"""The words of a message as they stand here: people, rooms and files of the old home become those of this one."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from urllib.parse import quote

from django.utils.translation import gettext as _

from torvet.base.text.names import topic_name
from torvet.entries.actions import bulk
from torvet.entries.models import Attachment
from torvet.entries.words import MAX_TITLE, Words
from torvet.moving.imports.talk.accounts import Accounts
from torvet.moving.imports.talk.shapes import Credit, Said
from torvet.moving.imports.wiki.authors import short
from torvet.moving.imports.wiki.loose import rewritten
from torvet.moving.imports.wiki.wording import as_topic, plain_of
from torvet.people.models import Member
from torvet.spaces.models import Access, Space

BEGINNING = 4_000
"""Characters of an over-long message that stand in the entry; all of it lies beside it as a file."""


class Wording:
    def __init__(self, accounts: Accounts, spaces: Mapping[str, Space]) -> None:
        self._accounts = accounts
        self._spaces = spaces

    def member(self, person: str) -> Member:
        account = self._accounts.find(short(person))
        assert account is not None  # who is not listed was noted while reading
        return account.member

    def words(self, said: Said, kept: Mapping[str, Attachment]) -> Words:
        """What the entry says. `kept` are its files by the names that its words use. Raises TextTooLong."""
        return self._read(self._whole(said), said, kept)

    def beginning(self, said: Said, name: str) -> Words:
        """The first words of a message that is too long, and where the whole of it lies."""
        plain = self.plain(said)
        more = _("The message has %(number)s characters. All of it lies in the file %(name)s.") % {
            "number": len(plain), "name": name,
        }  # fmt: skip
        lines = "<br>".join(escape(line, quote=False) for line in plain[:BEGINNING].split("\n"))
        html = f"<p>{lines} …</p><p><em>{escape(more, quote=False)}</em></p>{_credit(said.credit)}"
        return self._read(html, said, {})

    @staticmethod
    def plain(said: Said) -> str:
        return plain_of(said.html)

    def _whole(self, said: Said) -> str:
        html = said.html
        if len(said.title) > MAX_TITLE:
            html = f"<p><strong>{escape(said.title, quote=False)}</strong></p>{html}"
        # Topics are words in a text here; those that stood beside it over there get a line at the end.
        topics = list(dict.fromkeys(name for name in map(as_topic, said.topics) if topic_name(name)))
        if topics:
            html += f"<p>{' '.join(f'#{escape(name)}' for name in topics)}</p>"
        return html + _credit(said.credit)

    def _read(self, html: str, said: Said, kept: Mapping[str, Attachment]) -> Words:
        named: dict[int, str] = {}

        def person(id: str) -> int | None:
            account = self._accounts.find(short(id))
            if account is None:
                return None
            named[account.member.pk] = account.member.name
            return account.member.pk

        def room(id: str, _anchor: str) -> str | None:
            space = self._spaces.get(id)
            # A secret space's name is known to those inside; the words of a message may be read by others.
            return None if space is None or space.access == Access.SECRET else f"/spaces/{space.pk}/"

        def file(name: str) -> tuple[str, bool] | None:
            row = kept.get(name)
            return (f"/files/{row.key}/{quote(row.name)}", row.is_picture) if row else None

        html = rewritten(html, page=room, file=file, person=person)
        return bulk.read_said(html, named=named, hint=self.member(said.author).language)


def title_of(said: Said) -> str:
    """One line, shortened where it is too long; the whole of it then stands in the words."""
    return said.title if len(said.title) <= MAX_TITLE else said.title[: MAX_TITLE - 1].rstrip() + "…"


def _credit(credit: Credit | None) -> str:
    """A line that says where something stood and who wrote it, as its licence asks; it stays in the words for good."""
    if credit is None:
        return ""
    line = _("From %(place)s, by %(name)s") % {
        "place": _linked(credit.place, credit.address),
        "name": _linked(credit.name, credit.name_address),
    }
    more = f" ({escape(credit.licence, quote=False)})" if credit.licence else ""
    return f"<p><em>{line}{more}</em></p>"


def _linked(said: str, address: str) -> str:
    shown = escape(said, quote=False)
    return f'<a href="{escape(address)}">{shown}</a>' if address else shown
