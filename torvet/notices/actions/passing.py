"""Whoever asked leaves: somebody else answers for it, in the transaction that closes the account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.notices.models import Notice
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Membership, Space, Standing


class Leavers:
    """Called by torvet.people.leaving."""

    def day_was_set(self, *, by: Viewer, member: Member, leaves_on: date | None) -> None:
        """Nothing yet: until the last day it is theirs."""

    def have_left(self, *, by: Viewer, members: Sequence[Member]) -> None:
        pass_on(by=by, members=members)


LEAVERS = Leavers()


def pass_on(*, by: Viewer, members: Sequence[Member]) -> int:
    """Give the open notices of closed accounts to who owns the space of the text, else to who closed the account.

    Gives how many.
    """
    rows = (
        Notice.objects.open()
        .filter(asked_by__in=[member.pk for member in members])
        .select_related("entry__space")
    )
    passed = 0
    for notice in rows:
        heir = _heir(notice.entry.space) or by.member
        if heir is None:
            continue
        notice.asked_by = heir
        notice.save(update_fields=["asked_by"])
        record(
            verbs.PASSED_NOTICE, by=by, about=heir, space_id=notice.entry.space_id, entry_id=notice.entry_id,
            thread_id=notice.entry_id, notice=notice.pk,
        )  # fmt: skip
        passed += 1
    return passed


def _heir(space: Space) -> Member | None:
    owners = Membership.objects.filter(space=space, standing=Standing.OWNER, member__is_active=True)
    owner = owners.exclude(member__role="guest").select_related("member").order_by("joined_at", "id").first()
    return owner.member if owner else None
