"""When somebody leaves: the day, and what the floors above do about what they leave behind.

A floor above registers a `Follower` in its AppConfig.ready(). It is called in the transaction that sets the day or
closes the account, so that no moment passes in which something has no owner.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.people import rules
from torvet.people.models import LeavingDate, Member
from torvet.people.viewer import Viewer

FURTHEST = timedelta(days=3 * 366)


class Follower(Protocol):
    """What a floor above does when somebody leaves."""

    def day_was_set(self, *, by: Viewer, member: Member, leaves_on: date | None) -> None:
        """The last day was set or moved; None: they stay after all."""

    def have_left(self, *, by: Viewer, members: Sequence[Member]) -> None:
        """These accounts have just been closed."""


_followers: list[Follower] = []


def follow_leavers(follower: Follower) -> None:
    """Have a floor above called; registering the same one twice changes nothing."""
    if follower not in _followers:
        _followers.append(follower)


@transaction.atomic
def set_leaving(*, by: Viewer, member: Member, leaves_on: date, is_public: bool = False) -> LeavingDate:
    """Say when somebody leaves, or move the day. Only they themselves let everybody know (`is_public`).

    Raises Refused for a day that has passed or lies years ahead.
    """
    require(rules.can_set_leaving(by, member))
    today = timezone.localdate()
    if leaves_on < today:
        raise Refused(_("That day has passed. Choose today or a later day."))
    if leaves_on > today + FURTHEST:
        raise Refused(_("That is more than three years ahead. Choose an earlier day."))
    known = LeavingDate.objects.select_for_update().filter(member=member).first()
    row = known or LeavingDate(member=member)
    is_moved = row.leaves_on != leaves_on
    row.leaves_on = leaves_on
    if by.id == member.pk:
        row.is_public = is_public
    row.save()
    if is_moved:
        record(verbs.SET_LEAVING, by=by, about=member)
        for follower in _followers:
            follower.day_was_set(by=by, member=member, leaves_on=leaves_on)
    return row


@transaction.atomic
def withdraw_leaving(*, by: Viewer, member: Member) -> None:
    """They stay after all. What has been handed over by then stays handed over."""
    require(rules.can_set_leaving(by, member))
    gone, _kinds = LeavingDate.objects.filter(member=member).delete()
    if gone:
        for follower in _followers:
            follower.day_was_set(by=by, member=member, leaves_on=None)


def have_left(*, by: Viewer, members: Sequence[Member]) -> None:
    """The step shared by all that closes accounts, in its transaction: nobody's last day is kept longer than needed."""
    for follower in _followers:
        follower.have_left(by=by, members=members)
    LeavingDate.objects.filter(member__in=[member.pk for member in members]).delete()
