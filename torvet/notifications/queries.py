"""What somebody has been told."""

from __future__ import annotations

from torvet.notifications.models import Notification
from torvet.people.viewer import Viewer

COUNTED_TO = 100  # beyond, the badge says "99+"


def told_count(viewer: Viewer) -> int:
    """Unread notifications, counted to COUNTED_TO."""
    if not viewer.can_read:
        return 0
    return Notification.objects.filter(member_id=viewer.id, read_at=None)[:COUNTED_TO].count()
