"""What stands around every page: company, viewer, their spaces, what is new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject, cached_property

from torvet.base.compiled import counted_together
from torvet.base.csrf import token_of
from torvet.forum.queries.being_asked import waiting_by
from torvet.notices.queries import number_to_confirm
from torvet.notifications.queries import counted_by, in_badge
from torvet.people.models import Member, Theme
from torvet.people.queries import company
from torvet.people.viewer import NOBODY, Viewer
from torvet.spaces.models import Membership
from torvet.spaces.queries import memberships_of

SPACES_IN_NAVIGATION = 12


@dataclass(frozen=True)
class SpaceLine:
    """A space in the left navigation."""

    name: str
    url: str
    initials: str
    hue: int
    unread: bool


class Shell:
    """Asked by base.html. Every part is read when it is used, and once."""

    def __init__(self, request: HttpRequest) -> None:
        self.viewer: Viewer = getattr(request, "viewer", NOBODY)
        self.path = request.path
        self.cookies = request.COOKIES

    @cached_property
    def member(self) -> Member | None:
        return self.viewer.member if self.viewer.is_signed_in else None

    @cached_property
    def company_name(self) -> str:
        found = company()
        return found.name if found else "Torvet"

    @cached_property
    def brand_version(self) -> int:
        found = company()
        return found.version if found else 0

    @cached_property
    def spaces(self) -> list[SpaceLine]:
        return [
            SpaceLine(
                name=row.space.name,
                url=row.space.url,
                initials=row.space.initials,
                hue=row.space.hue,
                unread=row.involvement != "nothing"
                and row.space.last_published_at is not None
                and row.space.last_published_at > row.read_at,
            )
            for row in islice(_listed(memberships_of(self.viewer)), SPACES_IN_NAVIGATION)
        ]

    @cached_property
    def _waiting(self) -> list[int]:
        """What was told and not read, and what the viewer is asked; every page asks both, so in one statement."""
        if not self.viewer.can_read:
            return [0, 0]
        return counted_together(counted_by(self.viewer), waiting_by(self.viewer), given=[self.viewer.id])

    @cached_property
    def told_count(self) -> str:
        return in_badge(self._waiting[0])

    @cached_property
    def asked_count(self) -> str:
        return in_badge(self._waiting[1])

    @cached_property
    def has_asked(self) -> bool:
        return bool(self.asked_count)

    @cached_property
    def to_confirm_count(self) -> str:
        return in_badge(number_to_confirm(self.viewer))

    @cached_property
    def has_to_confirm(self) -> bool:
        return bool(self.to_confirm_count)

    @cached_property
    def theme(self) -> str:
        # The menu's choice is a cookie, so that the very next page is drawn right; the settings page writes both.
        chosen = self.cookies.get("theme", "")
        if chosen in Theme.values:
            return chosen
        return self.member.theme if self.member else "auto"

    @cached_property
    def live_url(self) -> str:
        return "/live/" if self.member else ""

    @cached_property
    def is_administrator(self) -> bool:
        return self.viewer.is_administrator

    @cached_property
    def is_community(self) -> bool:
        return self.viewer.is_community

    @cached_property
    def is_guest(self) -> bool:
        return self.viewer.is_guest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    return {
        "shell": Shell(request),
        "viewer": getattr(request, "viewer", NOBODY),
        # In place of Django's own, which masks it a second time.
        "csrf_token": SimpleLazyObject(lambda: token_of(request)),
    }


def _listed(memberships: Iterable[Membership]) -> Iterator[Membership]:
    return (row for row in memberships if not row.space.is_inner)
