"""The pages around one entry. What all of them need stands here."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from torvet.entries import queries
from torvet.entries.models import Entry
from torvet.people.viewer import Viewer


def viewer_of(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


def entry_or_404(request: HttpRequest, pk: int) -> Entry:
    """The entry, when this viewer may read it. What they may not see and what is not there answer alike."""
    entry = queries.get_visible(viewer_of(request), pk)
    if entry is None:
        raise Http404
    return entry


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page."""
    return bool(request.headers.get("HX-Request"))
