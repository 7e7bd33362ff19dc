"""What concerns a person: told to the one it is about, or to those who must do something for them."""

from __future__ import annotations

from collections.abc import Callable

from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.notifications.audience.telling import Addressed, Telling
from torvet.notifications.models import Told
from torvet.people.models import Member
from torvet.spaces.models import Membership, Standing


def _about_person(verb: Told) -> Callable[[Activity], list[Telling]]:
    """Told to the one it is about."""

    def telling(activity: Activity) -> list[Telling]:
        about = activity.about
        if about is None or not about.is_active or about.is_bot or about.pk == activity.by_id:
            return []
        bundle = f"s{activity.space_id}" if activity.space_id else ""
        return [Telling(verb, bundle, (about.pk,), activity.space_id)]

    return telling


def _handed(verb: Told) -> Callable[[Activity], list[Telling]]:
    """Told to the one it is about, with the page it speaks of; in one bundle for each person who leaves and space."""

    def telling(activity: Activity) -> list[Telling]:
        about = activity.about
        if about is None or not about.is_active or about.is_bot:
            return []
        if about.pk == activity.by_id and verb != Told.FELL_TO:
            return []
        # Pages apart from the space itself: a row that joins a bundle keeps the first one's thread.
        place = f"s{activity.space_id}{'p' if activity.entry_id else ''}" if activity.space_id else ""
        bundle = f"m{activity.details.get('leaver', '')}{place}"
        return [Telling(verb, bundle, (about.pk,), activity.space_id, activity.thread_id, activity.entry_id)]

    return telling


def _lost_leader(activity: Activity) -> list[Telling]:
    """Told to administrators: they name who leads a unit."""
    members = Member.objects.active().filter(role="administrator").order_by("pk")
    unit = activity.details.get("unit", "")
    return [Telling(Told.LOST_LEADER, f"u{unit}", tuple(members.values_list("pk", flat=True)[:50]))]


def _asked_to_join(activity: Activity) -> list[Telling]:
    """Told to those who run the space, also when they want to hear nothing else of it: somebody waits."""
    running = Membership.objects.filter(
        space=activity.space_id, standing__in=[Standing.OWNER, Standing.MODERATOR], member__is_active=True
    ).exclude(member=activity.by_id)
    members = tuple(running.order_by("member_id").values_list("member_id", flat=True))
    return [Telling(Told.ASKED_TO_JOIN, f"s{activity.space_id}", members, activity.space_id)]


ADDRESSED: Addressed = {
    verbs.FOLLOWED: _about_person(Told.FOLLOWED),
    verbs.INVITED: _about_person(Told.INVITED),
    verbs.LET_IN: _about_person(Told.LET_IN),
    verbs.TURNED_DOWN: _about_person(Told.TURNED_DOWN),
    verbs.ADDED_MEMBER: _about_person(Told.ADDED),
    verbs.ASKED_TO_JOIN: _asked_to_join,
    verbs.ASKED_TO_TAKE_OVER: _handed(Told.ASKED_OVER),
    verbs.TOOK_OVER: _handed(Told.TAKEN_OVER),
    verbs.DECLINED_TO_TAKE_OVER: _handed(Told.NOT_TAKEN),
    verbs.FELL_TO: _handed(Told.FELL_TO),
    verbs.SET_LEAVING: _about_person(Told.LAST_DAY_SET),
    verbs.REMINDED_LEAVER: _about_person(Told.LAST_DAY_NEAR),
    verbs.SHOWED_HAND_OVER: _handed(Told.SHOWED_HAND_OVER),
    verbs.LOST_LEADER: _lost_leader,
}
