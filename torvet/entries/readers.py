"""What entries do when something happened: keep their cards."""

from __future__ import annotations

from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.entries import queries
from torvet.entries.actions.keep import keep_cards_of, refresh_cards_by, refresh_cards_in

WRITTEN = frozenset({verbs.POSTED, verbs.COMMENTED, verbs.EDITED, verbs.RESTORED})
SHOWN_OF_MEMBER = frozenset({"name", "title", "photo"})
SHOWN_OF_SPACE = frozenset({"name"})


def keep_cards(activity: Activity) -> None:
    """Render what was written before the first reader comes; name cards anew when a name on them has changed."""
    changed = set(activity.details.get("fields", ()))
    if activity.verb in WRITTEN and activity.entry_id:
        keep_cards_of(queries.with_cards_due([activity.entry_id]))
    elif activity.about_id and (changed & SHOWN_OF_MEMBER or activity.verb == verbs.CHANGED_ROLE):
        refresh_cards_by(activity.about_id)
    elif activity.verb == verbs.CHANGED_SPACE and activity.space_id and changed & SHOWN_OF_SPACE:
        refresh_cards_in(activity.space_id)
