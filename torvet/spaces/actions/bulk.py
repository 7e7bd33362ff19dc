"""The bulk forms for importers: spaces and memberships by the hundred, under the same rules as the single actions.

Nothing here opens a space wider than it is, lets a guest in where guests are not welcome, or makes a default space.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from torvet.base.rules import Refused, require
from torvet.people.bulk import can_bring_in
from torvet.people.models import Member, Role
from torvet.people.viewer import Viewer
from torvet.spaces.models import JoinRequest, Membership, Space, Standing

BATCH = 500


@transaction.atomic
def add_spaces(*, by: Viewer, spaces: Sequence[Space]) -> None:
    """New spaces, which get their ids. Raises Refused when one does not say why it is there and for whom."""
    require(can_bring_in(by))
    require(not any(space.is_default or space.member_count for space in spaces))
    if not all(space.purpose.strip() and space.audience.strip() for space in spaces):
        raise Refused(_("Say why the space is there and for whom. People see it where they write."))
    Space.objects.bulk_create(spaces, batch_size=BATCH)


@transaction.atomic
def change_spaces(*, by: Viewer, spaces: Sequence[Space]) -> None:
    """Store names, purposes and being archived. Who may read stays as it is."""
    require(can_bring_in(by))
    for space in spaces:
        space.version += 1
    Space.objects.bulk_update(spaces, ["name", "purpose", "archived_at", "version"], batch_size=100)


@transaction.atomic
def add_memberships(*, by: Viewer, memberships: Sequence[Membership]) -> None:
    """Let members in, with the counts and epochs that hang on it; who is in already must not be among them."""
    require(can_bring_in(by))
    for membership in memberships:
        if membership.member.role == Role.GUEST:
            require(membership.space.has_guests and membership.standing == Standing.MEMBER)
    Membership.objects.bulk_create(memberships, batch_size=BATCH)
    for space, number in Counter(membership.space_id for membership in memberships).items():
        Space.objects.filter(pk=space).update(member_count=F("member_count") + number, epoch=F("epoch") + 1)
        inside = [membership.member_id for membership in memberships if membership.space_id == space]
        for start in range(0, len(inside), BATCH):
            some = inside[start : start + BATCH]
            Member.objects.filter(pk__in=some).update(epoch=F("epoch") + 1)
            JoinRequest.objects.filter(space=space, member__in=some).delete()
