"""Spaces in the world, and who waits at their doors."""

from __future__ import annotations

from tests.cast import Cast, house, let_in
from tests.safety.world.canaries import World
from tests.safety.world.who import COLLEAGUES, INSIDE
from torvet.people.models import Member
from torvet.spaces import actions as spaces
from torvet.spaces.models import Space


def an_old_project(cast: Cast) -> Space:
    """Anna's and Bo's; archived when all is written (`archive`)."""
    anna = house(cast.anna)
    archived = spaces.open_space(
        by=anna,
        name="Old project",
        purpose="Done",
        audience="Those who did it",
        responsible=cast.anna,
        access="closed",
    )
    let_in(archived, cast.bo, by=cast.anna)
    return archived


def archive(world: World, space: Space) -> None:
    spaces.archive_space(by=house(world.cast.anna), space=space)


def say_what_it_is(world: World, name: str, space: Space) -> None:
    """Its name and what it is for: of a secret one not even these are known outside."""
    if name == "open":
        return
    inside, anna, bo = INSIDE[name], house(world.cast.anna), house(world.cast.bo)
    listed = inside if name == "secret" else COLLEAGUES | inside
    spaces.change_space(
        by=bo if name == "secret" else anna, space=space,
        changes={"name": f"Space {world.canary(listed, '/spaces/' if name == 'secret' else space.url)}", "purpose": f"Why {world.canary(listed)}"},
    )  # fmt: skip


def elsewhere(world: World, guest: Member) -> None:
    """A guest who is in another guests' space and must see nothing of the first."""
    anna = house(world.cast.anna)
    other = spaces.open_space(
        by=anna, name="Suppliers", purpose="Parts", audience="Suppliers", responsible=world.cast.anna,
        access="secret", has_guests=True,
    )  # fmt: skip
    spaces.accept_invitation(
        by=house(guest), invitation=spaces.invite_member(by=anna, space=other, member=guest)
    )


def who_waits(world: World, asking: Member, invited: Member) -> None:
    cast = world.cast
    spaces.ask_to_join(
        by=house(asking), space=world.spaces["closed"], answer=f"Please {world.canary({'anna', 'asking'})}"
    )
    spaces.invite_member(by=house(cast.bo), space=world.spaces["secret"], member=invited)
    # Who is invited reads the name of the place and what it is for, and nothing else of it.
    secret = world.spaces["secret"]
    secret.refresh_from_db()
    for text in (secret.name, secret.purpose):
        world.secrets[text.split()[-1]] |= {"invited"}
