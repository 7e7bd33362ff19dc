"""What an entry said and when: its versions, the one that stands and those before it, each with who wrote it.

Ask only for entries that were read through `visible_to`: whoever reads an entry may read what it said before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from torvet.base.pages import Page, paginate
from torvet.entries.models import Entry, Revision
from torvet.people.models import Member

SHOWN = 20
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Version:
    """One version; `added` and `taken` are the words that came and went with it. `body` is empty in lists.

    `accepted_by` let the words of another in.
    """

    number: int
    title: str
    text: str
    author: Member
    at: datetime
    body: str = ""
    is_standing: bool = False
    added: int = 0
    taken: int = 0
    accepted_by: Member | None = None


def versions(entry: Entry, after: str | None = None, size: int = SHOWN) -> Page[Version]:
    """The newest first, in two statements however many there are. Raises BadCursor."""
    part = paginate(_rows(entry).defer("body"), order=("-version",), after=after, size=size)
    rows = part.things
    oldest = rows[-1].version if rows else entry.version
    before = _rows(entry).defer("body").filter(version__lt=oldest).order_by("-version").first()
    known: list[Entry | Revision] = [*rows, *([before] if before else [])]
    if not after:
        known.insert(0, entry)
    shown = known[:-1] if before else known
    return Page(
        [_version(entry, row, known[place + 1 : place + 2]) for place, row in enumerate(shown)], part.next
    )


def version_of(entry: Entry, number: int) -> Version | None:
    """One version with its words, or None."""
    row: Entry | Revision | None = (
        entry if number == entry.version else _rows(entry).filter(version=number).first()
    )
    if row is None:
        return None
    before = _rows(entry).filter(version__lt=number).order_by("-version").first()
    return _version(entry, row, [before] if before else [], with_body=True)


def version_before(entry: Entry, number: int) -> Version | None:
    """The version that stood before this one, with its words; None for the first."""
    row = _rows(entry).filter(version__lt=number).order_by("-version").first()
    return version_of(entry, row.version) if row else None


def standing(entry: Entry) -> Version:
    """The version that stands, with its words."""
    found = version_of(entry, entry.version)
    assert found is not None  # the entry itself is that row
    return found


def writers_since(entry: Entry, number: int) -> list[Member]:
    """Who saved a change after version `number`, each once, in order."""
    rows = _rows(entry).filter(version__gte=number).order_by("version")
    return list(dict.fromkeys(row.replaced_by for row in rows.only("replaced_by", "version")[:100]))


def _rows(entry: Entry) -> QuerySet[Revision]:
    return Revision.objects.filter(entry=entry).select_related("replaced_by")


def _version(
    entry: Entry, row: Entry | Revision, before: Sequence[Entry | Revision], *, with_body: bool = False
) -> Version:
    """`before` is the row of the version before this one, when there is one: it knows who replaced it, and when."""
    older = before[0] if before else None
    added, taken = _size(older.text if older else "", row.text)
    return Version(
        number=row.version,
        title=row.title,
        text=row.text,
        author=older.replaced_by if isinstance(older, Revision) else entry.author,
        at=older.replaced_at if isinstance(older, Revision) else (entry.published_at or entry.created_at),
        body=row.body if with_body else "",
        is_standing=isinstance(row, Entry),
        added=added,
        taken=taken,
    )


def _size(old: str, new: str) -> tuple[int, int]:
    """Words that are in the one and not in the other: enough to see whether much or little was changed."""
    counted_old, counted_new = Counter(_WORD.findall(old)), Counter(_WORD.findall(new))
    return (counted_new - counted_old).total(), (counted_old - counted_new).total()
