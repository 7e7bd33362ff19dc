"""What the address of a search says. An address that somebody mistyped is read as far as it makes sense."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from torvet.search.asking import LONGEST_QUERY
from torvet.search.found import (
    ARTICLE,
    COMMENT,
    DISCUSSION,
    IDEA,
    KINDS,
    PAGE,
    PERSON,
    POST,
    QUESTION,
    SPACE,
    TOPIC,
)
from torvet.search.index import BEST, NEWEST

# What people look for most first: on a narrow screen the others are scrolled to.
LABELS: dict[str | None, str | Promise] = {
    None: _("Everything"),
    POST: _("Posts"),
    QUESTION: _("Questions"),
    PAGE: _("Pages"),
    PERSON: _("People"),
    SPACE: _("Spaces"),
    TOPIC: _("Topics"),
    COMMENT: _("Comments"),
    IDEA: _("Ideas"),
    DISCUSSION: _("Discussions"),
    ARTICLE: _("Articles"),
}


@dataclass(frozen=True)
class Choice:
    """A link that changes one thing about the search."""

    label: str | Promise
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class Sought:
    """One search as its address says it."""

    q: str = ""
    kind: str | None = None
    space: int | None = None
    person: int | None = None
    order: str = NEWEST

    @classmethod
    def read(cls, given: QueryDict) -> Self:
        kind = given.get("kind")
        return cls(
            q=given.get("q", "")[:LONGEST_QUERY].replace("\0", " ").strip(),
            kind=kind if kind in KINDS else None,
            space=_number(given.get("space", "")),
            person=_number(given.get("person", "")),
            order=BEST if given.get("order") == BEST else NEWEST,
        )

    @property
    def url(self) -> str:
        given = {"q": self.q, "kind": self.kind, "space": self.space, "person": self.person}
        order = {"order": self.order} if self.order != NEWEST else {}
        kept = {name: value for name, value in (given | order).items() if value}
        return f"/search/?{urlencode(kept, errors='replace')}"

    @property
    def kinds(self) -> list[Choice]:
        return [
            Choice(label, replace(self, kind=kind).url, kind == self.kind) for kind, label in LABELS.items()
        ]

    @property
    def other_order(self) -> Choice:
        """The way of sorting that is not used now."""
        if self.order == NEWEST:
            return Choice(_("Best match first"), replace(self, order=BEST).url, False)
        return Choice(_("Newest first"), replace(self, order=NEWEST).url, False)

    @property
    def everywhere(self) -> str:
        """The same words without any filter; empty when there is none."""
        return Sought(self.q).url if self.q and (self.kind or self.space or self.person) else ""

    @property
    def anywhere(self) -> str:
        """The same search in all spaces."""
        return replace(self, space=None).url

    @property
    def by_anybody(self) -> str:
        return replace(self, person=None).url

    @property
    def only_people(self) -> str:
        return replace(self, kind=PERSON).url

    @property
    def only_spaces(self) -> str:
        return replace(self, kind=SPACE).url


def _number(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None
