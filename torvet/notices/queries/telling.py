"""Whom something that happened with a must-read is told to, some at a time, in the order of their ids."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from django.utils import timezone

from torvet.activity import verbs
from torvet.notices.models import Confirmation, Notice, Roll
from torvet.notices.packing import unpack
from torvet.notices.queries.audience import is_agreed
from torvet.notices.queries.waiting import own_since
from torvet.people.models import Absence

SOON = 3  # days: whose own date lies further ahead need not be reminded


def to_tell(
    verb: str, notice_id: int, *, members: Sequence[int] = (), after: int = 0, size: int = 2000
) -> tuple[list[int], int]:
    """Ids of those to tell among the next `size` who are asked (or of `members`), and the last id looked at, else 0.

    Nobody who has confirmed, nobody who is away, and for a reminder nobody whose own date is still far.
    """
    notice = Notice.objects.open().filter(pk=notice_id).first()
    roll = Roll.objects.filter(notice=notice_id).first()
    if notice is None or roll is None or not is_agreed():
        return [], 0
    asked = unpack(roll.packed)
    wanted = sorted(set(members) & set(asked)) if members else asked
    start = bisect_right(wanted, after)
    part = list(wanted[start : start + size])
    if not part:
        return [], 0
    first, last = part[0], part[-1]
    rows = Confirmation.objects.filter(
        notice=notice, version__gte=notice.counts_from, member__gte=first, member__lte=last
    )
    skipped = set(rows.own().values_list("member_id", flat=True))
    away = Absence.objects.on(timezone.localdate()).filter(member__gte=first, member__lte=last)
    skipped |= set(away.values_list("member_id", flat=True))
    if verb == verbs.REMINDED_READERS:
        skipped |= _not_soon(notice)
    return [pk for pk in part if pk not in skipped], last if start + size < len(wanted) else 0


def _not_soon(notice: Notice) -> set[int]:
    today = timezone.localdate()
    return {
        member_id
        for (_notice, member_id), since in own_since([notice.pk]).items()
        if (Notice.own_due(notice.due_on, since) - today).days > SOON
    }


def roll_of(notice_id: int) -> list[int]:
    """Ids of everybody who is asked; empty when the notice is gone."""
    roll = Roll.objects.filter(notice=notice_id).first()
    return list(unpack(roll.packed)) if roll else []
