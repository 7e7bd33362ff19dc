"""What other features show on the page of an entry. The core asks them all and knows none, as with kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import import_string

from torvet.entries.models import Entry
from torvet.people.viewer import Viewer


@dataclass(frozen=True)
class Beside:
    """`question` is the dotted name of `(viewer, entry) -> what to show, or None`; `template` draws it as `shown`."""

    question: str
    template: str


_features: list[Beside] = []


def show_beside(question: str, template: str) -> None:
    """Make a feature's part known; a second time changes nothing."""
    part = Beside(question, template)
    if part not in _features:
        _features.append(part)


def beside(viewer: Viewer, entry: Entry) -> list[tuple[str, Any]]:
    """(template, what it shows) of those features that have something to say of an entry that the viewer may read."""
    asked = ((part.template, import_string(part.question)(viewer, entry)) for part in _features)
    return [(template, shown) for template, shown in asked if shown is not None]
