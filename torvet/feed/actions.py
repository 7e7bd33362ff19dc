"""Moving one's own reading position. Recorded nowhere: nobody asks who has read what."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from torvet.base.rules import require
from torvet.feed.models import HomePosition
from torvet.people.viewer import Viewer


def mark_home_seen(*, by: Viewer, seen_at: datetime) -> None:
    """Everything on the home page up to this time has been seen; the position never goes back or into the future."""
    require(by.can_read)
    seen_at = min(seen_at, timezone.now())
    position, is_new = HomePosition.objects.get_or_create(member_id=by.id, defaults={"seen_at": seen_at})
    if not is_new:
        HomePosition.objects.filter(pk=position.pk, seen_at__lt=seen_at).update(seen_at=seen_at)
