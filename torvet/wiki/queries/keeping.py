"""Pages that wait for somebody to look them through."""

from __future__ import annotations

from django.utils import timezone

from torvet.base.pages import Page as Part
from torvet.base.pages import paginate
from torvet.people.viewer import Viewer
from torvet.wiki.models import Page


def overdue(viewer: Viewer, after: str | None = None, size: int = 40) -> Part[Page]:
    """Pages that nobody has looked through in time, the longest waiting first. Raises BadCursor."""
    rows = Page.objects.visible_to(viewer).to_confirm(timezone.localdate())
    rows = rows.select_related("entry", "space", "owner", "unit")
    return paginate(rows, order=("confirmed_until", "entry_id"), after=after, size=size)
