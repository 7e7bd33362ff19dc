"""What views of must-reads begin with."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from torvet.entries.models import Entry
from torvet.entries.queries import get_visible as visible_entry
from torvet.notices import queries, rules
from torvet.notices.models import Notice
from torvet.people.viewer import viewer_of


def notice_or_404(request: HttpRequest, pk: int) -> Notice:
    """The notice, when this viewer may read what it is about. Whatever they may not see answers like what is absent."""
    found = queries.get_visible(viewer_of(request), pk)
    if found is None:
        raise Http404
    return found


def kept_notice_or_404(request: HttpRequest, pk: int) -> Notice:
    """The same for those who see its numbers."""
    found = notice_or_404(request, pk)
    if not rules.can_see_notice(viewer_of(request), found):
        raise Http404
    return found


def opener_or_404(request: HttpRequest, pk: int) -> Entry:
    found = visible_entry(viewer_of(request), pk)
    if found is None or found.is_reply:
        raise Http404
    return found
