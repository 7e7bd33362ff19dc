"""What features show with entries that are not theirs: above the words, below them, and something one may do.

The core does not know the features; they register here in their AppConfig.ready(). Pages that show one entry (a
thread, a page of the wiki, an article) put it in with `{% extras_above entry %}`, `{% extras_below entry %}` and
`{% extra_acts entry %}`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.safestring import SafeString

from torvet.entries.models import Entry
from torvet.people.viewer import Viewer


@dataclass(frozen=True)
class Act:
    """A link in the menu of an entry: something that this viewer may do with it."""

    words: str
    url: str
    icon: str


Part = Callable[[HttpRequest, Entry], SafeString]  # empty for those who need see nothing
Offer = Callable[[Viewer, Entry], Act | None]
_above: list[Part] = []
_below: list[Part] = []
_offers: list[Offer] = []


def show_above(part: Part) -> None:
    """Have something shown above the words of an entry; registering the same twice changes nothing."""
    if part not in _above:
        _above.append(part)


def show_below(part: Part) -> None:
    """Have something shown between the words of an entry and what was said to it."""
    if part not in _below:
        _below.append(part)


def show_act(offer: Offer) -> None:
    """Offer something in the menu of an entry; registering the same twice changes nothing."""
    if offer not in _offers:
        _offers.append(offer)


def above(request: HttpRequest, entry: Entry) -> list[SafeString]:
    """What stands above the words of an entry that was read through `visible_to`."""
    return [drawn for show in _above if (drawn := show(request, entry))]


def below(request: HttpRequest, entry: Entry) -> list[SafeString]:
    """What stands below the words of an entry that was read through `visible_to`."""
    return [drawn for show in _below if (drawn := show(request, entry))]


def acts(viewer: Viewer, entry: Entry) -> list[Act]:
    """What features let this viewer do with an entry that was read through `visible_to`."""
    return [act for offer in _offers if (act := offer(viewer, entry)) is not None]
