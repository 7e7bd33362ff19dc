"""What was said and reacted to: told to those who are named, answered, or watch."""

from __future__ import annotations

from django.db.models import Q

from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.entries.kinds import kind_of
from torvet.entries.models import Entry, Mention, Watch
from torvet.notifications.audience.telling import (
    Addressed,
    Telling,
    about_entry,
    members_of_units,
    standing,
    wishes,
)
from torvet.notifications.models import Notification, Told


def _written(activity: Activity) -> list[Telling]:
    """Those named by a post, a comment or an edit; for a comment also the one answered and those who watch."""
    entry = standing(activity)
    if entry is None:
        return []
    named, in_units = _named(entry, is_edit=activity.verb == verbs.EDITED)
    answered: set[int] = set()
    watching: set[int] = set()
    muted: set[int] = set()
    rows = Watch.objects.filter(thread_id=entry.thread_id)
    if activity.verb == verbs.COMMENTED:
        answered = {entry.reply_to.author_id} if entry.reply_to else set()
        # Whoever is past it already (they wrote later, or have the thread open) need not be called back.
        for member_id, is_muted in rows.filter(
            Q(is_muted=True) | Q(read_at__lt=activity.created_at)
        ).values_list("member_id", "is_muted"):
            (muted if is_muted else watching).add(member_id)
    elif in_units:
        muted = set(rows.filter(is_muted=True).values_list("member_id", flat=True))
    everybody = (named | in_units | answered | watching) - {activity.by_id or 0}
    wish = wishes(entry.space, everybody, muted)
    told: set[int] = set()
    found = []
    for verb, members in (
        (Told.MENTIONED, named),
        (Told.ANSWERED, answered),
        (Told.MENTIONED_UNIT, in_units),
        (Told.COMMENTED, watching),
    ):
        heard = {
            pk for pk in members - told if pk in wish and (verb is Told.MENTIONED or not wish[pk].only_named)
        }
        told |= heard
        found.append(about_entry(verb, f"t{entry.thread_id}", entry, heard))
    return found


def _named(entry: Entry, *, is_edit: bool) -> tuple[set[int], set[int]]:
    members: set[int] = set()
    units: set[int] = set()
    for member_id, unit_id in Mention.objects.filter(entry=entry).values_list("member_id", "unit_id"):
        (members if member_id else units).add(member_id or unit_id)
    in_units = members_of_units(units)[0] if units else set()
    if is_edit and (members or in_units):
        # Mending a spelling must not tell everybody again.
        told = Notification.objects.filter(
            member__in=members | in_units, thread_id=entry.thread_id, updated_at__gte=entry.published_at,
            verb__in=[Told.MENTIONED, Told.MENTIONED_UNIT],
        )  # fmt: skip
        before = set(told.values_list("member_id", flat=True))
        members, in_units = members - before, in_units - before
    return members, in_units


def _reacted(activity: Activity) -> list[Telling]:
    entry = standing(activity)
    if entry is None or entry.author_id == activity.by_id or not kind_of(entry.kind).names_reactions:
        return []
    muted = Watch.objects.filter(thread_id=entry.thread_id, member_id=entry.author_id, is_muted=True)
    wish = wishes(entry.space, [entry.author_id], muted.values_list("member_id", flat=True))
    heard = [pk for pk, wanted in wish.items() if not wanted.only_named]
    return [about_entry(Told.REACTED, f"e{entry.pk}", entry, heard)]


ADDRESSED: Addressed = {
    verbs.POSTED: _written,
    verbs.COMMENTED: _written,
    verbs.EDITED: _written,
    verbs.REACTED: _reacted,
}
