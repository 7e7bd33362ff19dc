"""Which replies of a thread are worth keeping: asked of the feature that the thread belongs to.

The core does not know the features; they register here in their AppConfig.ready().
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from torvet.entries.models import Entry
from torvet.people.viewer import Viewer

Source = Callable[[Viewer, Entry], Iterable[int]]
_sources: list[Source] = []


def keep_with(source: Source) -> None:
    """Ask this too: (viewer, opener) -> ids of replies; registering the same twice changes nothing."""
    if source not in _sources:
        _sources.append(source)


def worth_keeping(viewer: Viewer, thread: Entry) -> set[int]:
    """The replies of a thread, read through `visible_to`, that its feature marks: an accepted answer."""
    return {pk for source in _sources for pk in source(viewer, thread)}
