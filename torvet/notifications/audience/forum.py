"""Fora: those who run one are told once a week what waits there. Those who hear nothing of the space are left alone."""

from __future__ import annotations

from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.notifications.audience.telling import Addressed, Telling
from torvet.notifications.models import Told
from torvet.spaces.models import Involvement, Membership, Standing


def _what_waits(activity: Activity) -> list[Telling]:
    running = Membership.objects.filter(
        space=activity.space_id,
        standing__in=[Standing.OWNER, Standing.MODERATOR],
        member__is_active=True,
        member__is_bot=False,
    ).exclude(involvement=Involvement.NOTHING)
    members = tuple(running.order_by("member_id").values_list("member_id", flat=True))
    return [Telling(Told.UNANSWERED, f"s{activity.space_id}", members, activity.space_id, None, None)]


ADDRESSED: Addressed = {verbs.LISTED_UNANSWERED: _what_waits}
