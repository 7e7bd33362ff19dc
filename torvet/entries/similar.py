"""What has been said before that is like what somebody is about to say.

The core does not know how things are found; the search registers itself here in its AppConfig.ready(). Without one
nothing is similar to anything.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from torvet.entries.models import Entry
from torvet.people.viewer import Viewer


class Finder(Protocol):
    def __call__(
        self, viewer: Viewer, title: str, body: str, *, kinds: Collection[str], without: int, limit: int
    ) -> list[Entry]: ...


_finder: Finder | None = None


def find_with(finder: Finder) -> None:
    """Have similar entries found by this."""
    global _finder
    _finder = finder


def similar(
    viewer: Viewer, title: str, body: str = "", *, kinds: Collection[str], without: int = 0, limit: int = 5
) -> list[Entry]:
    """Openers of these kinds (keys of entries.kinds) that the viewer may read, the most similar first.

    `title` and `body` are plain text, as far as they are typed. An opener also counts as similar for what was answered
    in its thread. `without` is the id of an entry that is not to be found: the one that is asked for.
    """
    if _finder is None or not title.strip():
        return []
    return _finder(viewer, title, body, kinds=kinds, without=without, limit=limit)
