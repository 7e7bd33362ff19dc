"""What views of fora begin with: the forum or the thread, when this viewer may see it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from torvet.entries import queries as entries
from torvet.forum import rules
from torvet.forum.models import Forum, Thread
from torvet.forum.queries import fora, threads
from torvet.people.viewer import viewer_of
from torvet.spaces.models import Membership
from torvet.spaces.views.doors import Here, enter, enter_to_read


def forum_or_404(request: HttpRequest, pk: int) -> tuple[Here, Forum]:
    """The forum of a space that the viewer may read. What they may not see and what is not there answer alike."""
    here = enter_to_read(request, pk)
    forum = fora.get_visible(here.viewer, pk)
    if forum is None:
        raise Http404
    return here, forum


def kept_or_404(request: HttpRequest, pk: int) -> Here:
    """The space, forum or not, for those who may make it one and set it up."""
    here = enter(request, pk)
    if not rules.can_keep_forum(here.viewer, here.space, here.membership):
        raise Http404
    return here


def kept_forum_or_404(request: HttpRequest, pk: int) -> tuple[Here, Forum]:
    here = kept_or_404(request, pk)
    forum = fora.get_visible(here.viewer, pk)
    if forum is None:
        raise Http404
    return here, forum


def thread_or_404(request: HttpRequest, pk: int) -> tuple[Thread, Membership | None]:
    """A discussion or question that the viewer may read, and their membership of its space."""
    viewer = viewer_of(request)
    found = threads.get_visible(viewer, pk)
    if found is None:
        raise Http404
    return found, entries.membership_for(viewer, found.entry)


def number(given: Any) -> int:
    """An id from an address; 0 for anything else."""
    text = str(given or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def is_more(request: HttpRequest) -> bool:
    """Whether the rest of a list is asked for by a page that shows its beginning."""
    return "after" in request.GET and bool(request.headers.get("HX-Request"))


def way_on(request: HttpRequest, cursor: str | None) -> str:
    if not cursor:
        return ""
    kept = request.GET.copy()
    kept["after"] = cursor
    return f"{request.path}?{kept.urlencode()}"
