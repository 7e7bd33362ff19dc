"""What views of ideas begin with: the room or the idea, when this viewer may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest

from torvet.base.pages import LARGEST_ID
from torvet.entries import queries as entries
from torvet.entries.models import Entry
from torvet.ideas import rules
from torvet.ideas.models import Idea, IdeaRoom
from torvet.ideas.queries import one, rooms
from torvet.people.viewer import Viewer, viewer_of
from torvet.spaces import queries as spaces
from torvet.spaces import rules as space_rules
from torvet.spaces.models import Membership


@dataclass(frozen=True)
class Seat:
    """A viewer before a room: what the rules ask for."""

    viewer: Viewer
    room: IdeaRoom
    membership: Membership | None

    @property
    def may(self) -> dict[str, bool]:
        return rules.room_abilities(self.viewer, self.room, self.membership)

    @property
    def head(self) -> dict[str, Any]:
        """What the head of the space needs."""
        space = self.room.space
        return {
            "room": self.room,
            "space": space,
            "membership": self.membership,
            "may": space_rules.abilities(self.viewer, space, self.membership),
            "may_propose": self.may["propose"],
            "may_keep": self.may["keep"],
        }


def room_or_404(request: HttpRequest, pk: int) -> Seat:
    """The room of a space, when this viewer may read it. What they may not see and what is not there answer alike."""
    viewer = viewer_of(request)
    found = rooms.get_visible(viewer, pk)
    if found is None:
        raise Http404
    return Seat(viewer, found, spaces.membership_of(viewer, found.space))


def kept_room_or_404(request: HttpRequest, pk: int) -> Seat:
    """The room, for those who run its space."""
    seat = room_or_404(request, pk)
    if not seat.may["keep"]:
        raise Http404
    return seat


def idea_or_404(request: HttpRequest, pk: int) -> tuple[Idea, Membership | None]:
    viewer = viewer_of(request)
    found = one.get_visible(viewer, pk)
    if found is None:
        raise Http404
    return found, spaces.membership_of(viewer, found.entry.space)


def decided_or_404(request: HttpRequest, pk: int) -> Idea:
    """The idea, for those who decide about it."""
    idea, membership = idea_or_404(request, pk)
    if not rules.can_decide(viewer_of(request), idea, membership):
        raise Http404
    return idea


def may_separate(viewer: Viewer, idea: Idea, membership: Membership | None) -> bool:
    """Whether this viewer may take an idea out of the one in which it goes on."""
    into = idea.merge.into if idea.is_merged else idea
    return rules.can_separate(viewer, idea, into, membership, spaces.membership_of(viewer, into.entry.space))


def number_in(text: str) -> int | None:
    """The id that a form or an address names."""
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ID)) - 1
    return int(text) if is_number else None


def source_in(request: HttpRequest, text: str) -> Entry | None:
    """What an idea is to be captured from, when the viewer may read it."""
    pk = number_in(text)
    return entries.get_visible(viewer_of(request), pk) if pk else None
