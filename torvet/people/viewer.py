"""A viewer: who is looking, how they came in, and in what state. Every read and every write is asked of one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest

    from torvet.people.models import Member

READ, WRITE = "read", "write"
SCOPES = frozenset({READ, WRITE})


class Via(StrEnum):
    """How a viewer came in."""

    NOBODY = "nobody"
    SESSION = "session"
    TOKEN = "token"  # noqa: S105  # a way to come in, not a secret
    ADDRESSEE = "addressee"  # something is rendered to be sent to this member
    FEED = "feed"  # a feed reader with the key of one blog; reads, and never writes
    HOUSE = "house"  # importers and the demo, acting as this member


@dataclass(frozen=True)
class Viewer:
    """Who is looking. `member` is None for a visitor who has not signed in.

    `joined` counts on the member's epoch: it moves with every grant or removal (see Member.epoch).
    """

    member: Member | None = None
    via: Via = Via.NOBODY
    scopes: frozenset[str] = SCOPES

    @classmethod
    def of(cls, member: Member, via: Via = Via.SESSION) -> Viewer:
        return cls(member=member, via=via)

    @property
    def id(self) -> int:
        """The member's id, or 0: no row has it, so a query with it finds nothing."""
        return self.member.pk if self.member else 0

    @property
    def shape(self) -> tuple[str | None, bool, Via, frozenset[str]]:
        """All that a rule asks of a viewer, apart from who they are: role, open account, way in, scopes."""
        role = str(self.member.role) if self.member else None
        return (role, self.is_signed_in, self.via, self.scopes)

    @property
    def is_signed_in(self) -> bool:
        return self.member is not None and self.member.is_active

    @property
    def can_read(self) -> bool:
        return self.is_signed_in and READ in self.scopes

    @property
    def can_write(self) -> bool:
        return self.is_signed_in and WRITE in self.scopes

    @property
    def is_guest(self) -> bool:
        return self.member is not None and self.member.role == "guest"

    @property
    def is_colleague(self) -> bool:
        """Signed in and of the company: not a guest."""
        return self.is_signed_in and not self.is_guest

    @property
    def is_administrator(self) -> bool:
        return self.is_signed_in and self.member is not None and self.member.role == "administrator"

    @property
    def is_community(self) -> bool:
        """Community managers and administrators."""
        return (
            self.is_signed_in
            and self.member is not None
            and self.member.role
            in {
                "administrator",
                "community_manager",
            }
        )


NOBODY = Viewer()


def viewer_of(request: HttpRequest) -> Viewer:
    """Who is looking at this page; the middleware has found out."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # set by ViewerMiddleware
    return viewer
