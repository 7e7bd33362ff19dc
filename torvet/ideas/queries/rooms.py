"""Idea rooms: the list, one of them, and where a viewer may propose."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from torvet.base.pages import Page, paginate
from torvet.ideas.models import Idea, IdeaRoom
from torvet.ideas.models.idea import UNDECIDED
from torvet.people.viewer import Viewer
from torvet.spaces.models import Membership, Space, Standing
from torvet.spaces.queries import memberships_of

SHOWN = 12
CHOICES = 100


def get_visible(viewer: Viewer, space_id: int) -> IdeaRoom | None:
    """The idea room of a space, when the viewer may read there; else None, as when there is none."""
    rows = IdeaRoom.objects.visible_to(viewer).select_related("space__responsible", "decider")
    return rows.filter(pk=space_id).first()


@dataclass(frozen=True)
class RoomLine:
    """A room with how many ideas are in it, and how many of them wait for a decision."""

    room: IdeaRoom
    ideas: int
    waiting: int


def rooms(viewer: Viewer, after: str | None = None, size: int = SHOWN) -> Page[RoomLine]:
    """The newest first; two statements. Raises BadCursor."""
    rows = IdeaRoom.objects.visible_to(viewer).select_related("space", "decider")
    page = paginate(rows, order=("-opened_at", "-space_id"), after=after, size=size)
    counted = counts(viewer, [room.pk for room in page.things])
    return Page([RoomLine(room, *counted.get(room.pk, (0, 0))) for room in page.things], page.next)


def counts(viewer: Viewer, rooms: Collection[int]) -> dict[int, tuple[int, int]]:
    """room -> (ideas, those that are not decided), in one statement."""
    if not rooms:
        return {}
    rows = Idea.objects.visible_to(viewer).standing_alone().filter(room__in=rooms).order_by().values("room")
    counted = rows.annotate(ideas=Count("pk"), waiting=Count("pk", filter=Q(stage__in=UNDECIDED)))
    return {row["room"]: (row["ideas"], row["waiting"]) for row in counted}


def rooms_to_propose_in(viewer: Viewer) -> list[IdeaRoom]:
    """Open rooms in which the viewer may write, their own spaces first, then by question."""
    if not viewer.can_write:
        return []
    own = {row.space_id for row in memberships_of(viewer)}
    rows = IdeaRoom.objects.visible_to(viewer).open_on(timezone.localdate()).select_related("space")
    found = list(rows.order_by("question", "pk")[:CHOICES])
    return sorted(found, key=lambda room: room.pk not in own)


def may_propose_somewhere(viewer: Viewer) -> bool:
    return viewer.can_write and IdeaRoom.objects.visible_to(viewer).open_on(timezone.localdate()).exists()


def spaces_without_room(viewer: Viewer) -> list[Space]:
    """Living spaces that the viewer runs and that ask nothing yet, by name."""
    running = [row.space for row in memberships_of(viewer) if row.runs_it and not row.space.is_inner]
    asking = set(IdeaRoom.objects.filter(pk__in=[space.pk for space in running]).values_list("pk", flat=True))
    return sorted((one for one in running if one.pk not in asking), key=lambda one: one.name.casefold())


def those_who_run(space_id: int) -> list[int]:
    """Ids of owners and moderators with an open account."""
    rows = Membership.objects.filter(
        space=space_id, standing__in=[Standing.OWNER, Standing.MODERATOR], member__is_active=True
    )
    return list(rows.order_by("member_id").values_list("member_id", flat=True)[:50])
