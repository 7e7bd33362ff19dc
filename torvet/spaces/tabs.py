"""What features add to the head of a space: a tab beside its posts and pages.

The spaces do not know the features; they register here in their AppConfig.ready().
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torvet.people.viewer import Viewer
from torvet.spaces.models import Space


@dataclass(frozen=True)
class Tab:
    """`key` is what the page itself calls it, to mark where one is."""

    key: str
    words: str
    url: str


Offer = Callable[[Viewer, Space], Tab | None]
_offers: list[Offer] = []


def show_tab(offer: Offer) -> None:
    """Offer a tab; registering the same twice changes nothing."""
    if offer not in _offers:
        _offers.append(offer)


def tabs_of(viewer: Viewer, space: Space) -> list[Tab]:
    """For a space whose entries the viewer may read."""
    return [tab for offer in _offers if (tab := offer(viewer, space)) is not None]
