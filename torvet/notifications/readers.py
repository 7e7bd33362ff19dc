"""Telling people."""

from torvet.activity.models import Activity


def notify(activity: Activity) -> None:
    """Write notifications for those an activity is addressed to."""
