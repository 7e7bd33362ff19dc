"""Reads about spaces that shape a page."""

from __future__ import annotations

from django.utils import timezone

from torvet.people.queries import digest_of
from torvet.people.viewer import Viewer
from torvet.spaces.models import Invitation, JoinRequest, Membership, Space


def get_visible(viewer: Viewer, pk: int) -> Space | None:
    """The space, when the viewer may know of it; else None, the same as when there is none."""
    return Space.objects.visible_to(viewer).select_related("responsible").filter(pk=pk).first()


def membership_of(viewer: Viewer, space: Space) -> Membership | None:
    """The viewer's own membership of a space, or None."""
    if not viewer.is_signed_in:
        return None
    return Membership.objects.filter(space=space, member_id=viewer.id).first()


def memberships_of(viewer: Viewer) -> list[Membership]:
    """The viewer's own memberships of living spaces, most recently active space first, with their spaces."""
    if not viewer.can_read:
        return []
    return list(
        Membership.objects.filter(member_id=viewer.id, space__archived_at=None)
        .select_related("space")
        .order_by("-space__last_active_at", "space_id")
    )


def live_invitation(key: str) -> Invitation | None:
    """The invitation behind a link, when it still works."""
    found = Invitation.objects.select_related("space", "invited_by", "member").filter(digest=digest_of(key)).first()
    return found if found and found.is_live and found.invited_by.is_active else None


def waiting_requests(space: Space) -> list[JoinRequest]:
    """Those who ask to be let in, the oldest first."""
    return list(JoinRequest.objects.filter(space=space, member__is_active=True).select_related("member")[:200])


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
