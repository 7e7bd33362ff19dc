"""Inner spaces: what of a space is kept to fewer of its readers. Who may not read the space is never in one."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from torvet.base.rules import require
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces import queries, rules
from torvet.spaces.actions.coming import add_member, drop_member, keep_an_owner
from torvet.spaces.models import Access, Membership, Space, Standing


@transaction.atomic
def open_inner(*, by: Viewer, space: Space, members: Iterable[Member]) -> Space:
    """An inner space for these readers and whoever opens it, who says from then on who reads there.

    Raises Refused when one of them cannot read the space itself.
    """
    require(rules.can_keep_to_fewer(by, space, queries.membership_of(by, space)))
    assert by.member is not None  # the rule said so
    inner = Space.objects.create(
        name=space.name,
        purpose=space.purpose,
        audience=space.audience,
        responsible=by.member if rules.can_be_responsible(by.member) else space.responsible,
        access=Access.SECRET,
        language=space.language,
        opened_by=by.member,
        within=space,
    )
    add_member(inner, by.member, Standing.OWNER)
    for member in members:
        add_member(inner, member)
    return inner


@transaction.atomic
def change_readers(*, by: Viewer, inner: Space, members: Iterable[Member]) -> None:
    """Let exactly these read, and whoever says so. Raises Refused when one of them cannot read the outer space."""
    require(rules.can_change_who_reads(by, inner, queries.membership_of(by, inner)))
    wanted = {member.pk: member for member in members}
    for row in Membership.objects.filter(space=inner).exclude(member_id=by.id):
        if row.member_id not in wanted:
            drop_member(row)
    for member in wanted.values():
        add_member(inner, member)


@transaction.atomic
def make_owner(*, by: Viewer, inner: Space, member: Member) -> None:
    """Let somebody else, too, say who reads. Raises Refused when they cannot read the outer space."""
    require(rules.can_change_who_reads(by, inner, queries.membership_of(by, inner)))
    add_member(inner, member)
    Membership.objects.filter(space=inner, member=member).update(standing=Standing.OWNER)


def follow_outer(space: Space) -> None:
    """Bring the inner spaces after a change of the outer one: name, archive, and who may read at all."""
    inner = Space.objects.filter(within=space)
    inner.exclude(name=space.name).update(name=space.name, version=F("version") + 1)
    inner.update(archived_at=space.archived_at)
    rows = Membership.objects.filter(space__within=space).select_related("member", "space")
    inside = set(Membership.objects.filter(space=space).values_list("member_id", flat=True))
    for row in rows:
        if row.member_id not in inside and (not space.is_open or row.member.role == "guest"):
            drop_member(row)
            keep_an_owner(row.space)
