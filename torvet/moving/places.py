"""Channels to spaces, and who is in them. What a space lets people see is never made wider."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.entries.actions.bulk import show_new_names
from torvet.moving.accounts import Account, Accounts
from torvet.moving.models import Origin
from torvet.moving.origins import Origins, digest_of
from torvet.moving.report import BadInput, Outcome, Report
from torvet.people.models import Member, Role
from torvet.people.queries import company
from torvet.people.viewer import Viewer
from torvet.spaces.actions import bulk
from torvet.spaces.models import Access, Membership, Space, Standing

OPENNESS = {Access.SECRET: 0, Access.CLOSED: 1, Access.OPEN: 2}


class Room(Protocol):
    """What an export says of a channel. `folder` names it in the report; `members` are ids of people over there."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def folder(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def is_private(self) -> bool: ...
    @property
    def is_archived(self) -> bool: ...
    @property
    def creator(self) -> str: ...
    @property
    def created_at(self) -> datetime | None: ...
    @property
    def members(self) -> tuple[str, ...]: ...


@dataclass
class Place:
    """A channel and the space it is here."""

    room: Room
    space: Space
    outcome: Outcome
    origin: Origin | None
    digest: str
    joining: list[tuple[Account[Any], str]] = field(default_factory=list)  # who, and their standing


class Places:
    """All channels of the export in the order that staging numbers them."""

    def __init__(self, origins: Origins, accounts: Accounts[Any], purpose: str) -> None:
        """`purpose` is what a space says of itself when its channel said nothing."""
        self._origins = origins
        self._accounts = accounts
        self._purpose = purpose
        self.places: list[Place] = []

    def plan(
        self, rooms: Iterable[Room], *, by: Viewer, private_as: Access, file: str, report: Report
    ) -> None:
        """Match channels with spaces. Raises BadInput when what is private there would stand in the open here."""
        rooms = list(rooms)
        origins = self._origins.known("space", [room.id for room in rooms])
        kept = Space.objects.in_bulk([origin.local_id for origin in origins.values()])
        joined = self._origins.known("membership")
        for room in rooms:
            report.find("spaces")
            origin = origins.get(room.id)
            space = kept.get(origin.local_id) if origin else None
            digest = digest_of(room.name, room.purpose, room.is_archived)
            if space is None or origin is None:
                access = private_as if room.is_private else Access.OPEN
                place = Place(room, self._new(room, by, access), Outcome.IMPORTED, origin, digest)
            else:
                if room.is_private and space.is_open:
                    raise BadInput(
                        f"{file}: the channel {room.name} is private there, but its space here is open."
                        " Close the space first, or what was said in confidence would be read by everybody."
                    )
                place = Place(room, space, Outcome.UNCHANGED, origin, digest)
                if origin.digest != digest and origin.version == space.version:
                    _renew(place)
            self.places.append(place)
            report.settle("spaces", place.outcome)
            self._plan_memberships(place, joined, private_as, report)

    def _new(self, room: Room, by: Viewer, access: Access) -> Space:
        ours = company()
        who = ours.name if ours else "Torvet"
        assert by.member is not None  # an import always acts as an administrator
        creator = self._accounts.find(room.creator)
        now = timezone.now()
        return Space(
            name=room.name,
            purpose=room.purpose or self._purpose,
            audience=_("Everyone at %(company)s") % {"company": who}
            if access == Access.OPEN
            else _("The members of the former channel"),
            responsible=self._responsible(room, by, access),
            access=access,
            has_guests=any(account.member.role == Role.GUEST for account in self._insiders(room)),
            opened_by=creator.member if creator else by.member,
            opened_at=room.created_at or now,
            archived_at=now if room.is_archived else None,
        )

    def _insiders(self, room: Room) -> Iterator[Account[Any]]:
        """Those in a channel who were not shut out over there."""
        for id in room.members:
            account = self._accounts.find(id)
            if account is not None and not account.person.is_deleted:
                yield account

    def _responsible(self, room: Room, by: Viewer, access: Access) -> Member:
        """The creator, if they are a colleague with an open account; else somebody inside who is.

        A closed space's may be a shell: the importing administrator is responsible for open spaces only, since being
        responsible lets one in.
        """
        assert by.member is not None  # an import always acts as an administrator
        creator = self._accounts.find(room.creator)
        inside = [account.member for account in self._insiders(room) if not account.member.is_bot]
        colleagues = [member for member in inside if member.role != Role.GUEST]
        if creator is not None and creator.member in colleagues:
            colleagues.insert(0, creator.member)
        active = [member for member in colleagues if member.is_active]
        if active:
            return active[0]
        if access == Access.OPEN:
            return by.member
        return (colleagues or inside or [by.member])[0]

    def _plan_memberships(
        self, place: Place, joined: dict[str, Origin], private_as: Access, report: Report
    ) -> None:
        room, space = place.room, place.space
        report.find("memberships", len(room.members))
        here = (
            set()
            if space._state.adding
            else set(Membership.objects.filter(space=space).values_list("member_id", flat=True))
        )
        was = private_as if room.is_private else Access.OPEN
        is_narrower = not space._state.adding and OPENNESS[Access(space.access)] < OPENNESS[was]
        taken: set[int] = set()
        for id in room.members:
            account = self._accounts.find(id)
            problem = ""
            if account is None:
                problem = "the export does not say who this is"
            elif account.person.is_deleted:
                problem = "their account was closed over there"
            elif id_of(account.member) in taken:
                problem = "the same account twice"
            elif account.member.pk not in here or account.member.pk is None:
                problem = self._cannot_join(place, account, f"{room.id}:{id}" in joined, is_narrower)
                if not problem:
                    place.joining.append((account, self._standing(place, account)))
                    report.settle("memberships", Outcome.IMPORTED)
            else:
                report.settle("memberships", Outcome.UNCHANGED)
            if problem:
                report.skip("memberships", f"{room.folder}, {id}", problem)
            elif account is not None:
                taken.add(id_of(account.member))

    def _cannot_join(self, place: Place, account: Account[Any], was_here: bool, is_narrower: bool) -> str:
        if was_here and not place.space._state.adding:
            return "left or was taken out of the space since"
        if is_narrower:
            return "the space was closed further since; invite them there"
        if account.member.role == Role.GUEST and not place.space.has_guests:
            return "a guest, and the space is not open to guests"
        return ""

    def _standing(self, place: Place, account: Account[Any]) -> str:
        is_owner = place.outcome is Outcome.IMPORTED and account.member is place.space.responsible
        return Standing.OWNER if is_owner and account.member.role != Role.GUEST else Standing.MEMBER

    def write(self, *, by: Viewer) -> None:
        new = [place.space for place in self.places if place.outcome is Outcome.IMPORTED]
        for space in new:
            # Their members have ids only now; Django copies them when the attribute is set.
            space.responsible, space.opened_by = space.responsible, space.opened_by
        bulk.add_spaces(by=by, spaces=new)
        bulk.change_spaces(by=by, spaces=[p.space for p in self.places if p.outcome is Outcome.UPDATED])
        show_new_names(by=by, spaces=[p.space.pk for p in self.places if p.outcome is Outcome.UPDATED])
        rows: list[Membership] = []
        origins: list[Origin] = []
        for place in self.places:
            for account, standing in place.joining:
                rows.append(Membership(space=place.space, member=account.member, standing=standing))
                source_id = f"{place.room.id}:{account.person.id}"
                origins.append(self._origins.new("membership", source_id, account.member.pk))
        bulk.add_memberships(by=by, memberships=rows)
        known = self._origins.known("membership", [origin.source_id for origin in origins])
        self._origins.keep([origin for origin in origins if origin.source_id not in known])
        self._keep_spaces()

    def _keep_spaces(self) -> None:
        new, renewed = [], []
        for place in self.places:
            if place.origin is None:
                new.append(
                    self._origins.new(
                        "space", place.room.id, place.space.pk, place.digest, place.space.version
                    )
                )
            elif place.outcome is not Outcome.UNCHANGED:
                place.origin.digest, place.origin.local_id = place.digest, place.space.pk
                place.origin.version = place.space.version
                renewed.append(place.origin)
        self._origins.keep(new)
        self._origins.renew(renewed)


def id_of(member: Member) -> int:
    """Tells two accounts apart, also before they have ids."""
    return member.pk or -id(member)


def _renew(place: Place) -> None:
    """Take over a new name, purpose or end, on a space that nobody changed here."""
    space, room = place.space, place.room
    before = (space.name, space.purpose, space.archived_at)
    space.name, space.purpose = room.name, room.purpose or space.purpose
    if room.is_archived and space.archived_at is None:
        space.archived_at = timezone.now()
    if before != (space.name, space.purpose, space.archived_at):
        place.outcome = Outcome.UPDATED


def spaces_of(places: Iterable[Place]) -> dict[str, Space]:
    """Channel id -> space, for links between channels."""
    return {place.room.id: place.space for place in places}
