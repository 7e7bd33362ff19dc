"""What every page of a space begins with: the space, the viewer's place in it, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest

from torvet.people.viewer import Viewer, viewer_of
from torvet.spaces import queries, rules
from torvet.spaces.models import JoinRequest, Membership, Space


@dataclass(frozen=True)
class Here:
    """A space as its viewer meets it; `asked` is their own open request to come in."""

    viewer: Viewer
    space: Space
    membership: Membership | None
    may: dict[str, bool]
    asked: JoinRequest | None

    def context(self, tab: str, **more: Any) -> dict[str, Any]:
        """What `spaces/_header.html` needs, and more."""
        return {
            "space": self.space, "membership": self.membership, "may": self.may, "asked": self.asked, "tab": tab,
            **more,
        }  # fmt: skip


def enter(request: HttpRequest, pk: int) -> Here:
    """The space, when the viewer may know of it; 404 otherwise, as if there were none."""
    viewer = viewer_of(request)
    space = queries.get_visible(viewer, pk)
    if space is None:
        raise Http404
    membership = queries.membership_of(viewer, space)
    may = rules.abilities(viewer, space, membership)
    asked = queries.asked_by(viewer, space) if may["ask"] else None
    return Here(viewer, space, membership, may, asked)


def enter_to_read(request: HttpRequest, pk: int) -> Here:
    """The same for what only readers see."""
    here = enter(request, pk)
    if not here.may["read"]:
        raise Http404
    return here
