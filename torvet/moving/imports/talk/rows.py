"""A message as it lies between the export and our tables: its row, its digests, and what became of it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any

from torvet.moving.imports.talk.shapes import Credit, Said
from torvet.moving.imports.wiki.authors import short
from torvet.moving.origins import digest_of
from torvet.moving.report import Outcome

MILLION = 1_000_000
COLUMNS = "number, digest, facts, parent, root, depth, above, top, outcome, local, micros"
_FACTS = tuple(field.name for field in fields(Said))


@dataclass(frozen=True, slots=True)
class Staged:
    """A message with its place: `parent` and `root` are keys in the same export, `above` and `top` ids of entries that
    an earlier import brought. One that neither opens a thread nor has a place has `depth` -1."""

    said: Said
    number: int
    digest: str
    parent: str
    root: str
    depth: int
    above: int
    top: int
    outcome: str
    local: int

    @property
    def is_answer(self) -> bool:
        return self.depth > 0

    @property
    def kind(self) -> str:
        return self.said.answers_as if self.is_answer else self.said.opens_as

    @property
    def source_id(self) -> str:
        return short(self.said.key)


@dataclass(frozen=True, slots=True)
class Where:
    """What became of something staged: `local` is the id of its entry, 0 while it has none."""

    outcome: str
    local: int
    root: str
    top: int

    @property
    def is_here(self) -> bool:
        """It is an entry here, or will be one when everything is written."""
        return bool(self.local) or self.outcome == Outcome.IMPORTED


def facts_of(said: Said) -> str:
    """All that is known of a message, as JSON."""
    facts = {name: getattr(said, name) for name in _FACTS}
    facts["credit"] = asdict(said.credit) if said.credit else None
    # What UTF-8 cannot carry (halves of surrogate pairs) comes apart in the import, not in the database.
    return json.dumps(facts, default=datetime.isoformat, ensure_ascii=True, separators=(",", ":"))


def staged_of(row: tuple[Any, ...]) -> Staged:
    """From the columns of COLUMNS."""
    number, digest, facts, parent, root, depth, above, top, outcome, local, _micros = row
    return Staged(
        _said_of(json.loads(facts)), number, digest, parent, root, depth, above, top, outcome, local
    )


def _said_of(facts: dict[str, Any]) -> Said:
    for name in ("at", "edited_at", "closed_at", "accepted_at"):
        facts[name] = datetime.fromisoformat(facts[name]) if facts[name] else None
    for name in ("lines", "answers", "topics", "files"):
        facts[name] = tuple(facts[name])
    facts["reactions"] = tuple((who, emoji) for who, emoji in facts["reactions"])
    facts["credit"] = Credit(**facts["credit"]) if facts["credit"] else None
    return Said(**facts)


def micros_of(at: datetime) -> int:
    """Never through a float, which has too few digits."""
    past = at - datetime(1970, 1, 1, tzinfo=UTC)
    return (past.days * 86_400 + past.seconds) * MILLION + past.microseconds


def digest_of_said(said: Said) -> str:
    """Two digests in one: of the words, which a change makes a new version of, and of what is counted or settled."""
    credit = asdict(said.credit) if said.credit else None
    words = digest_of(
        said.title, said.html, said.author, sorted(said.topics), said.files, credit, said.is_gone
    )
    facts = digest_of(
        said.opens_as, said.answers_as, said.score, said.accepted, sorted(said.reactions), said.part,
        said.closed_at.isoformat() if said.closed_at else "", said.is_pinned,
    )  # fmt: skip
    return words[:16] + facts[:16]


def words_of(digest: str) -> str:
    """That of the two which a change of words changes."""
    return digest[:16]
