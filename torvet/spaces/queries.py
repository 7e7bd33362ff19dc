"""Reads about spaces that shape a page."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from torvet.base.compiled import STAND_IN, STAND_INS, compiled
from torvet.base.pages import Page, paginate
from torvet.people.looking import compiled_for_viewer
from torvet.people.models import Member, MemberQuerySet, Role
from torvet.people.queries import digest_of
from torvet.people.viewer import Viewer
from torvet.spaces.models import Invitation, JoinRequest, Membership, Space, Standing


def get_visible(viewer: Viewer, pk: int) -> Space | None:
    """The space, when the viewer may know of it; else None, the same as when there is none."""
    return _visible(viewer).first(viewer.id, pk)


@compiled_for_viewer
def _visible(viewer: Viewer) -> QuerySet[Space]:
    known = Space.objects.visible_to(viewer).listed()
    return known.select_related("responsible").filter(pk=STAND_INS[1]).order_by()


def membership_of(viewer: Viewer, space: Space) -> Membership | None:
    """The viewer's own membership of a space, or None."""
    if not viewer.is_signed_in:
        return None
    return _membership().first(viewer.id, space.pk)


@compiled
def _membership() -> QuerySet[Membership]:
    return Membership.objects.filter(member_id=STAND_INS[0], space_id=STAND_INS[1]).order_by()


def memberships_of(viewer: Viewer) -> list[Membership]:
    """The viewer's own memberships of living spaces, inner ones too, most recently active first, with their spaces.

    Kept on the member that the request loaded: the navigation and the page ask for the same rows.
    """
    member = viewer.member
    if not viewer.can_read or member is None:
        return []
    kept: list[Membership] | None = member.__dict__.get("_own_memberships")
    if kept is None:
        kept = sorted(_living().things(viewer.id), key=_latest_first)
        member.__dict__["_own_memberships"] = kept
    return kept


@compiled
def _living() -> QuerySet[Membership]:
    rows = Membership.objects.filter(member_id=STAND_IN, space__archived_at=None)
    return rows.select_related("space").order_by()


def _latest_first(membership: Membership) -> tuple[float, int]:
    active_at = membership.space.last_active_at
    return (-active_at.timestamp() if active_at else 0.0, membership.space_id)


def who_can_read(space: Space) -> MemberQuerySet:
    """Everybody with an open account who may read in a space: `readable_by`, asked from the other side."""
    inside = Q(Exists(Membership.objects.filter(space=space, member=OuterRef("pk"))))
    # The role first: then memberships are looked up for guests alone.
    return Member.objects.active().filter(~Q(role=Role.GUEST) | inside if space.is_open else inside)


def have_same_readers(one: Space, other: Space) -> bool:
    """Whether the same people read in both, so that nothing is told to anybody new when something moves across."""
    if one.pk == other.pk:
        return True
    if one.is_open != other.is_open or one.is_archived or other.is_archived:
        return False
    inside = Membership.objects.filter(member__role=Role.GUEST) if one.is_open else Membership.objects.all()
    here, there = (
        set(inside.filter(space=space).values_list("member_id", flat=True)) for space in (one, other)
    )
    return here == there


def live_invitation(key: str) -> Invitation | None:
    """The invitation behind a link, when it still works."""
    found = (
        Invitation.objects.select_related("space", "invited_by", "member")
        .filter(digest=digest_of(key))
        .first()
    )
    return found if found and found.is_live and found.invited_by.is_active else None


def waiting_requests(space: Space) -> list[JoinRequest]:
    """Those who ask to be let in, the oldest first."""
    return list(
        JoinRequest.objects.filter(space=space, member__is_active=True).select_related("member")[:200]
    )


def asked_by(viewer: Viewer, space: Space) -> JoinRequest | None:
    return JoinRequest.objects.filter(space=space, member_id=viewer.id).first()


def invitations_for(viewer: Viewer) -> list[Invitation]:
    """Spaces a colleague has been asked into and has not answered yet."""
    if not viewer.can_read:
        return []
    return list(
        Invitation.objects.filter(member_id=viewer.id, accepted_at=None, expires_at__gt=timezone.now())
        .select_related("space", "invited_by")
        .order_by("-created_at")[:50]
    )


def directory(
    viewer: Viewer, words: str, which: str, after: str | None = None, size: int = 24
) -> Page[Space]:
    """Spaces the viewer may know of, by name. `which`: "mine", "all" or "archived". Raises BadCursor."""
    found = Space.objects.visible_to(viewer).listed()
    found = found.exclude(archived_at=None) if which == "archived" else found.living()
    if which == "mine":
        found = found.joined_by(viewer)
    for word in words.split()[:8]:
        found = found.filter(Q(name__icontains=word) | Q(purpose__icontains=word))
    return paginate(found, order=("name", "id"), after=after, size=size)


def own_memberships(viewer: Viewer, spaces: Iterable[Space]) -> dict[int, Membership]:
    """The viewer's memberships among `spaces`, by the space's id."""
    rows = Membership.objects.filter(member_id=viewer.id, space__in=[space.pk for space in spaces])
    return {row.space_id: row for row in rows}


def asked_among(viewer: Viewer, spaces: Iterable[Space]) -> set[int]:
    """The ids of those of `spaces` that the viewer asks to be let into."""
    rows = JoinRequest.objects.filter(member_id=viewer.id, space__in=[space.pk for space in spaces])
    return set(rows.values_list("space_id", flat=True))


def spaces_of(viewer: Viewer, member: Member) -> list[Space]:
    """The living spaces a member is in, as far as the viewer may know who is in them."""
    rows = Membership.objects.visible_to(viewer).filter(
        member=member, space__archived_at=None, space__within=None
    )
    return [row.space for row in rows.select_related("space").order_by("space__name", "space_id")[:200]]


def who_run(viewer: Viewer, space: Space) -> list[Membership]:
    """Owners, then moderators, by name."""
    rows = (
        Membership.objects.visible_to(viewer)
        .filter(space=space, member__is_active=True)
        .exclude(standing=Standing.MEMBER)
        .select_related("member")
    )
    return sorted(rows, key=lambda row: (row.standing != Standing.OWNER, row.member.name.casefold(), row.pk))


def other_members(
    viewer: Viewer, space: Space, words: str, after: str | None = None, size: int = 40
) -> Page[Membership]:
    """Those who do not run it, by name. Raises BadCursor."""
    rows = Membership.objects.visible_to(viewer).filter(
        space=space, member__is_active=True, standing=Standing.MEMBER
    )
    if words:
        rows = rows.filter(member__in=Member.objects.named_like(words))
    rows = rows.select_related("member", "member__unit", "member__site")
    return paginate(rows, order=("member__name", "id"), after=after, size=size)


def number_of_guests(space: Space) -> int:
    """How many people from outside are in a space: whoever writes there sees it."""
    return Membership.objects.filter(space=space, member__role="guest", member__is_active=True).count()


def open_invitations(space: Space) -> list[Invitation]:
    """Invitations into a space that have been sent and not answered."""
    rows = Invitation.objects.filter(space=space, expires_at__gt=timezone.now())
    rows = rows.filter(Q(accepted_at=None) | Q(email="", member=None))
    return list(rows.select_related("member", "invited_by")[:100])


def company_invitations() -> list[Invitation]:
    """Invitations to the company that still work."""
    rows = Invitation.objects.filter(space=None, member=None, expires_at__gt=timezone.now())
    return list(rows.filter(Q(accepted_at=None) | Q(email="")).select_related("invited_by")[:200])
