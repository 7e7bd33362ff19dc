"""The fixed cast: the same people in the same four spaces in every test.

                      open    closed   secret   guests
    leader            owner     -        -        -
    anna              mod.    owner    member   owner
    bo                member  member   owner    member
    outsider            -       -        -        -
    guest               -       -        -      member      (from outside)
    removed             -     was in     -        -
    deactivated       member    -        -        -         (account closed)

The administrator and the community manager are in no space but the open one, which newcomers join by themselves.
All of it is made through the actions that people use.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client

from torvet.people import actions as people
from torvet.people.models import Member, Role
from torvet.people.viewer import NOBODY, Via, Viewer
from torvet.spaces import actions as spaces
from torvet.spaces.models import JoinRequest, Membership, Space, Standing

PASSWORD = "correct-horse-7"  # everybody's, in tests
COMPANY = "Nordhavn"


@dataclass(frozen=True)
class Cast:
    """Everybody, and the spaces they are in."""

    administrator: Member
    community_manager: Member
    leader: Member
    anna: Member
    bo: Member
    outsider: Member
    guest: Member
    removed: Member
    deactivated: Member
    open: Space
    closed: Space
    secret: Space
    guests: Space

    @property
    def people(self) -> dict[str, Member]:
        return {name: who for name, who in vars(self).items() if isinstance(who, Member)}

    @property
    def spaces(self) -> dict[str, Space]:
        return {name: where for name, where in vars(self).items() if isinstance(where, Space)}


def viewer_of(member: Member | None) -> Viewer:
    """The viewer of a signed-in browser, read anew; None is a visitor."""
    return Viewer.of(Member.objects.get(pk=member.pk)) if member else NOBODY


def house(member: Member) -> Viewer:
    return Viewer.of(member, via=Via.HOUSE)


def newcomer(name: str, role: str = Role.MEMBER, **fields: object) -> Member:
    """Somebody more, in no space."""
    address = f"{name.split()[0].lower()}.{Member.objects.count()}@nordhavn.example"
    return people.make_member(email=address, name=name, password=PASSWORD, role=role, **fields)


def signed_in(member: Member) -> Client:
    """A browser in which this member has signed in."""
    client = Client()
    client.force_login(member)
    return client


def let_in(space: Space, member: Member, by: Member) -> None:
    """Through the front door: asked, and let in."""
    spaces.ask_to_join(by=house(member), space=space, answer="Please")
    spaces.answer_request(
        by=house(by), asked=JoinRequest.objects.select_related("space", "member").get(space=space, member=member),
        is_let_in=True,
    )  # fmt: skip


def make_cast() -> Cast:
    """Found the company and let everybody in. Needs an empty database; about 80 ms."""
    administrator = people.found_company(
        name=COMPANY, email="admin@nordhavn.example", member_name="Ada Minde", password=PASSWORD
    )
    community_manager = newcomer("Camilla Mørk", Role.COMMUNITY_MANAGER)
    leader = newcomer("Leif Strand", Role.LEADER, title="Director")
    anna = newcomer("Anna Åberg", title="Engineer")
    bo = newcomer("Bo Dijkstra", title="Welder")
    outsider = newcomer("Ulla Udenfor")
    removed = newcomer("Rolf Fjernet")
    deactivated = newcomer("Dora Borte")

    square = spaces.open_space(
        by=house(leader), name="Town square", purpose="What everybody should know", audience="All of us",
        responsible=leader,
    )  # fmt: skip
    for member in (administrator, community_manager, anna, bo, deactivated):
        spaces.join(by=house(member), space=square)
    spaces.change_standing(
        by=house(leader), standing=Standing.MODERATOR,
        membership=Membership.objects.select_related("space", "member").get(space=square, member=anna),
    )  # fmt: skip
    closed = spaces.open_space(
        by=house(anna), name="Board room", purpose="Preparing decisions", audience="Those who prepare them",
        responsible=anna, access="closed", question="Why do you want to come in?",
    )  # fmt: skip
    let_in(closed, bo, by=anna)
    let_in(closed, removed, by=anna)
    spaces.remove_member(
        by=house(anna),
        membership=Membership.objects.select_related("space", "member").get(space=closed, member=removed),
    )
    secret = spaces.open_space(
        by=house(bo), name="Project Heron", purpose="Buying the yard in Brest", audience="The deal team",
        responsible=bo, access="secret",
    )  # fmt: skip
    spaces.accept_invitation(
        by=house(anna), invitation=spaces.invite_member(by=house(bo), space=secret, member=anna)
    )
    guests = spaces.open_space(
        by=house(anna), name="Customers of the crane", purpose="Hearing from those who use it",
        audience="Customers and the crane team", responsible=anna, access="closed", has_guests=True,
    )  # fmt: skip
    let_in(guests, bo, by=anna)
    invitation, _key = spaces.invite_by_link(by=house(anna), role=Role.GUEST, space=guests)
    guest = spaces.sign_up(
        invitation=invitation, email="gertrud@customer.example", name="Gertrud Gast", password=PASSWORD
    )
    people.deactivate(by=house(administrator), member=deactivated)
    return Cast(
        *(Member.objects.get(pk=member.pk) for member in (
            administrator, community_manager, leader, anna, bo, outsider, guest, removed, deactivated,
        )),
        *(Space.objects.get(pk=space.pk) for space in (square, closed, secret, guests)),
    )  # fmt: skip


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()
