"""When somebody leaves: what they were to decide falls to those who run the space."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from torvet.ideas.actions.room import pass_on_rooms
from torvet.people.models import Member
from torvet.people.viewer import Viewer


class Leavers:
    """Called by torvet.people.leaving, in the transaction that closes the accounts."""

    def day_was_set(self, *, by: Viewer, member: Member, leaves_on: date | None) -> None:
        """Nothing: until the last day it is theirs."""

    def have_left(self, *, by: Viewer, members: Sequence[Member]) -> None:
        pass_on_rooms(by=by, members=members)


LEAVERS = Leavers()
