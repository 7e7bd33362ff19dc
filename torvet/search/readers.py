"""Keeping the index."""

from torvet.activity.models import Activity


def index(activity: Activity) -> None:
    """Bring the index up to date with what happened."""
