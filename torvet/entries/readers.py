"""What entries do when something happened: keep their cards fresh."""

from torvet.activity.models import Activity


def keep_cards(activity: Activity) -> None:
    """Render the cards of what was written or changed, before the first reader comes."""
