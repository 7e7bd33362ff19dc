"""Nudges: something moved, ids only."""

from torvet.activity.models import Activity


def nudge(activity: Activity) -> None:
    """Tell open pages that something moved."""
