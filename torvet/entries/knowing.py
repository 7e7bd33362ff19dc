"""Who seems to know something, and why: asked of the features about entries that are like a question.

The core does not know the features; they register here in their AppConfig.ready().
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from torvet.entries.models import Entry
from torvet.people.models import Member
from torvet.people.viewer import Viewer


@dataclass(frozen=True)
class Sign:
    """One sign that a member knows something of what an entry speaks of.

    `what` says what they did there: one of OWNS (they answer for the page), ANSWERED (they gave an answer that was
    accepted, confirmed or voted for), WROTE. Lower `place` in the list of similar entries weighs more.
    """

    member: Member
    entry: Entry
    what: str


OWNS, ANSWERED, WROTE = "owns", "answered", "wrote"
Source = Callable[[Viewer, Sequence[Entry]], list[Sign]]
_sources: dict[Source, frozenset[str]] = {}


def ask_with(source: Source, kinds: Collection[str] = ()) -> None:
    """Ask this too, about openers of these kinds; registering the same twice changes nothing."""
    _sources[source] = frozenset(kinds)


def telling_kinds() -> frozenset[str]:
    """Kinds of openers that tell who knows something: what to look for before asking for signs."""
    return frozenset().union(*_sources.values())


def signs(viewer: Viewer, entries: Sequence[Entry]) -> list[Sign]:
    """All signs in entries that were read through `visible_to`; members whom the viewer may not see are left out."""
    return [sign for source in _sources for sign in source(viewer, entries)]
