"""What a reader of an old wiki gives: pages in a tree, with loose HTML in which links name pages and files.

In the HTML a link to another page of the same source is `href="page:KEY"` or `href="page:KEY#anchor"` (`page_href`),
a link to a file `href="file:NAME"`, a picture `<img src="file:NAME" alt="…">`, a person named
`<span data-type="mention" data-person="KEY">Name</span>`. A callout is `<aside data-callout="note">`, or tip, warning,
danger. The importer turns these into addresses here; all HTML is cleaned when it is stored, so readers need not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Protocol
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who wrote over there. `key` is the source's own id; an e-mail is what an account here is found by."""

    key: str
    name: str
    email: str = ""


@dataclass(slots=True)
class Version:
    """Words that a page had once. `at` is when they were written, `by` who wrote them."""

    title: str
    html: str
    at: datetime | None = None
    by: Person | None = None


@dataclass(slots=True)
class SourceComment:
    """Something said below a page over there."""

    key: str
    html: str
    at: datetime | None = None
    by: Person | None = None
    reply_to: str | None = None


@dataclass(slots=True)
class SourcePage:
    """A page over there. `key` never changes between exports of the same wiki; `order` sorts it among its siblings.

    `versions` are the earlier ones, oldest first, without the standing one. `where` names the file or the row for the
    report, never anybody's words. `names_used` are files that the page shows or offers.
    """

    key: str
    title: str
    html: str
    parent: str | None = None
    order: tuple[float, str] = (0.0, "")
    sort: str = "plain"
    created_at: datetime | None = None
    edited_at: datetime | None = None
    by: Person | None = None
    edited_by: Person | None = None
    versions: list[Version] = field(default_factory=list)
    comments: list[SourceComment] = field(default_factory=list)
    topics: tuple[str, ...] = ()
    attached: tuple[str, ...] = ()  # files that belong to the page without being named in its words
    where: str = ""


@dataclass(slots=True)
class Losses:
    """What a reader could not carry, counted by a plain reason, with the place it first stood."""

    links_found: int = 0  # links between pages in the source, whether or not they lead anywhere
    links_resolved: int = 0
    broken: list[tuple[str, str]] = field(default_factory=list)  # (where, target)
    left_out: list[tuple[str, str, str]] = field(default_factory=list)  # (line of the report, where, why)


class Source(Protocol):
    """One old wiki, opened. Readers stream: no archive is ever in memory as a whole."""

    name: str  # "markdown", "mediawiki", "confluence", …: part of where a page came from
    instance: str  # which wiki of that sort; "" when the export does not say
    losses: Losses

    def pages(self) -> Iterable[SourcePage]:
        """Parents need not come before children. Raises BadInput for an export that cannot be read."""

    def open_file(self, name: str) -> IO[bytes] | None:
        """The bytes of a file named by `file:NAME`, or None when the export does not hold it."""

    def close(self) -> None:
        """Let go of what is open."""


def page_href(key: str, anchor: str = "") -> str:
    """The address of another page of this source, for the HTML of a `SourcePage`."""
    return f"page:{quote(key, safe='')}" + (f"#{quote(anchor, safe='')}" if anchor else "")


def file_href(name: str) -> str:
    """The address of a file of this source."""
    return f"file:{quote(name, safe='')}"
