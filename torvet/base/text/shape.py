"""What reading a text gives, and what it asks for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

MAX_TEXT = 40_000
"""Most characters of plain text in one entry; forms check it, reading does not."""
MAX_SOURCE = 200_000
"""Most characters of HTML or Markdown that are read at all, unless the caller allows more."""
SOURCE_PER_TEXT = 5
"""Characters of source allowed for each character of text: tags, addresses, tables."""

CALLOUTS = ("note", "tip", "warning", "danger")
"""The sorts of callout: `<aside data-callout="note">`."""

MentionKind = Literal["member", "unit"]


class TextTooLong(ValueError):
    """The source has more than `limit` characters."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"The text has more than {limit} characters.")
        self.limit = limit


@dataclass(frozen=True, slots=True)
class MentionRef:
    """Somebody named in a text.

    `key` is `id:12` when an editor picked them, `handle:mette.dahl` (casefolded) when somebody typed @Mette.Dahl.
    A typed handle does not say what it names, so its kind is `member` until it is resolved. Two refs are the same
    when kind and key are; `label` is the name as it was written, without the @.
    """

    kind: MentionKind
    key: str
    label: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Resolved:
    """Whom a mention names: shown as @label, linked to `href`, a path on this site."""

    kind: MentionKind
    id: int
    label: str
    href: str


Resolve = Callable[[Sequence[MentionRef]], Mapping[MentionRef, Resolved]]


@dataclass(frozen=True, slots=True)
class Text:
    """A text that has been read.

    `html` is sanitised and canonical. `plain` has line breaks. `mentions` are unique, in order; with a resolver they
    are those it knew, with keys `id:12` and current labels; without one, all that were found. `topics` are casefolded
    names without '#'. `links` are the addresses (http, https or a path on this site) a person put in.
    """

    html: str
    plain: str
    mentions: tuple[MentionRef, ...] = ()
    topics: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
