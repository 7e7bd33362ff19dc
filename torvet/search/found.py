"""What a search gives: small, frozen, and already allowed for its reader."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString

from torvet.people.models import Member
from torvet.spaces.models import Space

POST, ARTICLE, PAGE, COMMENT = "post", "article", "page", "comment"
QUESTION, DISCUSSION, IDEA = "question", "discussion", "idea"
PERSON, SPACE, TOPIC = "person", "space", "topic"
KINDS = (POST, QUESTION, DISCUSSION, IDEA, ARTICLE, PAGE, COMMENT, PERSON, SPACE, TOPIC)
ENTRY_KINDS = frozenset({POST, QUESTION, DISCUSSION, IDEA, ARTICLE, PAGE, COMMENT})
COUNTED_TO = 100  # beyond, it is "more than 100": each hit counted costs its reading rule
WEIGHED = 500  # the newest of which the best are chosen


@dataclass(frozen=True)
class Written:
    """In whose name an entry stands, and where; loaded with name and picture only.

    `written_by` is the name of who wrote it for them, empty when they did.
    """

    author: Member
    space: Space
    written_by: str = ""


@dataclass(frozen=True)
class Hit:
    """One thing that was found.

    `title` and `snippet` are plain text for programs; `title_html` and `snippet_html` the same, escaped, with <mark>
    around what was searched for. `thing` is the Member, Space or Topic, read through `visible_to`; for posts and
    comments who wrote them and where. `is_settled`: an answer to this question was accepted or confirmed.
    """

    kind: str
    id: int
    url: str
    title: str
    snippet: str
    title_html: SafeString
    snippet_html: SafeString
    at: datetime | None
    thing: Any = field(repr=False, compare=False)
    is_settled: bool = False


@dataclass(frozen=True)
class Found:
    """One page of a search.

    `hits` is the page: posts and comments, or the one kind that was asked for. With no kind asked, the first page also
    brings the best few `people`, `spaces` and `topics`. `number` counts what matches, up to COUNTED_TO; `is_more` says
    that there are more than that. `next` is the cursor of the following page, None at the end. `is_loose`: nothing had
    all of the words, so these have some of them. `unknown` are filters in the text that name nothing for this viewer.
    """

    hits: tuple[Hit, ...] = ()
    next: str | None = None
    number: int = 0
    is_more: bool = False
    is_loose: bool = False
    people: tuple[Hit, ...] = ()
    spaces: tuple[Hit, ...] = ()
    topics: tuple[Hit, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_sorted_by_choice(self) -> bool:
        """Posts and comments, which can be sorted in two ways; others and loose ones are always the best first."""
        return bool(self.hits) and self.hits[0].kind in ENTRY_KINDS and not self.is_loose

    @property
    def is_empty(self) -> bool:
        return not (self.hits or self.people or self.spaces or self.topics)
