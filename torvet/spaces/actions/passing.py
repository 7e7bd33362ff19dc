"""Spaces change hands: to a successor who said yes, or, when an account is closed, to whoever stands nearest.

Nobody is let into a closed or secret space by this. One that nobody active is in has an administrator to answer for it
by name, who still does not read it: closing an account must not be a way into what its owner wrote in confidence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, Subquery

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.people.models import Member, Role
from torvet.people.viewer import Viewer
from torvet.spaces import rules
from torvet.spaces.actions.coming import add_member
from torvet.spaces.models import Access, Membership, Space, Standing


@dataclass(frozen=True)
class Fallen:
    """A space that fell to `heir` because `left` did; `why` as in the words of HandedLine."""

    space: Space
    left_id: int
    heir_id: int
    why: str


def make_owner(*, by: Viewer, space: Space, member: Member, instead_of: Collection[int]) -> None:
    """The step itself: one more owner, who also answers for it where one of `instead_of` did.

    To be called where a rule has said that the space changes hands.
    """
    membership = add_member(space, member, Standing.OWNER)
    if membership.standing != Standing.OWNER:
        membership.standing = Standing.OWNER
        membership.save(update_fields=["standing"])
    _answer_for(space, member.pk, instead_of)
    record(verbs.CHANGED_STANDING, by=by, about=member, space_id=space.pk, standing=Standing.OWNER)


def _answer_for(space: Space, member_id: int, instead_of: Collection[int]) -> None:
    if space.responsible_id in instead_of:
        Space.objects.filter(pk=space.pk).update(responsible=member_id)
        space.responsible_id = member_id


def pass_spaces_on(*, by: Viewer, members: Sequence[Member], heads: dict[int, list[int]]) -> list[Fallen]:
    """Give the spaces of closed accounts an active owner. `heads`: who leads the units above each of `members`.

    A handful of statements, whatever the number of spaces, and two for each one that falls.
    """
    ids = {member.pk for member in members}
    owners = Membership.objects.filter(standing=Standing.OWNER, space=OuterRef("pk"))
    is_theirs = Exists(owners.filter(member__in=ids)) & ~Exists(owners.filter(member__is_active=True))
    spaces = list(Space.objects.filter(Q(responsible__in=ids) | is_theirs).select_related("responsible"))
    if not spaces:
        return []
    inside = _inside(spaces, {pk for leads in heads.values() for pk in leads})
    administrators = _administrators(by)
    left_owners = dict(
        Membership.objects.filter(space__in=spaces, member__in=ids, standing=Standing.OWNER)
        .order_by("-joined_at", "-id").values_list("space_id", "member_id")
    )  # fmt: skip
    fallen = []
    for space in spaces:
        left_id = space.responsible_id if space.responsible_id in ids else left_owners[space.pk]
        heir = next(_heirs(space, inside.get(space.pk, []), heads.get(left_id, []), administrators), None)
        if heir is None:
            continue
        member, why, may_enter = heir
        if may_enter and why != "space_owner":
            make_owner(by=by, space=space, member=member, instead_of=ids)
        elif space.responsible_id in ids:
            _answer_for(space, member.pk, ids)
            record(verbs.CHANGED_SPACE, by=by, space_id=space.pk, fields=["responsible"])
        else:
            continue  # nobody is inside, and somebody active answers for it already
        fallen.append(Fallen(space, left_id, member.pk, why))
    return fallen


def _inside(spaces: Sequence[Space], heads: set[int]) -> dict[int, list[Membership]]:
    """Of each space those inside who come first: who runs it, is responsible, leads the unit, or came first."""
    able = Membership.objects.filter(member__is_active=True, member__is_bot=False).exclude(
        member__role=Role.GUEST
    )
    longest = able.filter(space=OuterRef("space")).order_by("joined_at", "id").values("pk")[:1]
    runs = Q(standing__in=[Standing.OWNER, Standing.MODERATOR])
    named = Q(member__in={space.responsible_id for space in spaces} | heads)
    found: dict[int, list[Membership]] = {}
    rows = able.filter(runs | named | Q(pk=Subquery(longest)), space__in=spaces)
    for row in rows.select_related("member").order_by("joined_at", "id"):
        found.setdefault(row.space_id, []).append(row)
    return found


def _heirs(
    space: Space, inside: list[Membership], heads: Sequence[int], administrators: Sequence[Member]
) -> Iterator[tuple[Member, str, bool]]:
    """(who, why, whether they may be put inside), the nearest first."""
    by_standing = {
        standing: [row.member for row in inside if row.standing == standing] for standing in Standing
    }
    yield from ((member, "space_owner", True) for member in by_standing[Standing.OWNER])
    within = {row.member_id: row.member for row in inside}
    if rules.can_be_responsible(space.responsible) and (space.responsible_id in within or space.is_open):
        yield space.responsible, "responsible", True
    yield from ((member, "moderator", True) for member in by_standing[Standing.MODERATOR])
    yield from ((within[pk], "lead", True) for pk in heads if pk in within)
    yield from ((member, "longest", True) for member in within.values())
    yield from ((member, "administrator", space.access == Access.OPEN) for member in administrators)


def _administrators(by: Viewer) -> list[Member]:
    """The one who closes the account first."""
    found = Member.objects.active().filter(role=Role.ADMINISTRATOR).order_by("pk")[:20]
    return sorted(found, key=lambda member: member.pk != by.id)
