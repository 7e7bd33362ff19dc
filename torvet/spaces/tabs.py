"""Tabs that features add to the head of some spaces.

Spaces do not know the features; they register here in their AppConfig.ready(). The head of a space asks with
`{% extra_tabs space %}`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torvet.people.viewer import Viewer
from torvet.spaces.models import Space


@dataclass(frozen=True)
class Tab:
    """A part of a space with a page of its own; `key` is what that page gives as `tab`."""

    key: str
    words: str
    url: str


Offer = Callable[[Viewer, Space], Tab | None]
_offers: list[Offer] = []


def show_tab(offer: Offer) -> None:
    """Offer a tab; registering the same twice changes nothing."""
    if offer not in _offers:
        _offers.append(offer)


def tabs(viewer: Viewer, space: Space) -> list[Tab]:
    """The tabs of features for this viewer, who may read the space."""
    return [tab for offer in _offers if (tab := offer(viewer, space)) is not None]
