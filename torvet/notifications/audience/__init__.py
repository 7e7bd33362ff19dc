"""Whom something that happened is told to, and as what. Reads only; a constant number of statements.

Nobody is told of what they may not read, of what they did themselves, or after their account was closed. Each person
is told once: as mentioned rather than as answered, as answered rather than as one who watches. A unit of more than
LARGEST_UNIT is not told person by person: its leader alone is, and the writer is shown that before posting. Pins write
no rows at all: the mark beside the space says that something is new there, whether it has 5 members or 47,000.
"""

from __future__ import annotations

from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.notifications.audience import (
    blogs,
    experts,
    forum,
    ideas,
    notices,
    pages,
    people,
    said,
)
from torvet.notifications.audience.telling import (
    LARGEST_UNIT,
    Addressed,
    Telling,
    Wish,
    members_of_units,
    wishes,
)

__all__ = ["LARGEST_UNIT", "Telling", "Wish", "members_of_units", "tellings", "wishes"]

_ADDRESSED: Addressed = {
    **said.ADDRESSED, **people.ADDRESSED, **pages.ADDRESSED, **blogs.ADDRESSED, **notices.ADDRESSED,
    **experts.ADDRESSED, **forum.ADDRESSED, **ideas.ADDRESSED,
}  # fmt: skip


def tellings(activity: Activity) -> list[Telling]:
    """What an activity is told as, and to whom; empty for what concerns nobody."""
    # The next of many who are told the same.
    verb = activity.details["of_verb"] if activity.verb == verbs.TOLD_SOME else activity.verb
    address = _ADDRESSED.get(verb)
    found = address(activity) if address else []
    return [telling for telling in found if telling.members or telling.goes_on_after]
