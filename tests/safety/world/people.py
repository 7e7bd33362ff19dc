"""People in the world: what they say of themselves, their keys, and one who leaves."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from tests.cast import house
from tests.safety.world.canaries import World
from tests.safety.world.who import COLLEAGUES
from torvet.people import actions as people
from torvet.people import away, leaving
from torvet.people.models import AccessToken, Member
from torvet.wiki.actions import handing, noting
from torvet.wiki.models import HandOver, Page
from torvet.wiki.queries import handover as hand_overs


def what_they_say_of_themselves(world: World) -> None:
    cast = world.cast
    people.change_profile(
        by=house(cast.bo),
        member=cast.bo,
        changes={"about": world.canary(COLLEAGUES | {"guest"}, f"/people/{cast.bo.pk}/")},
    )
    people.change_profile(
        by=house(cast.outsider), member=cast.outsider,
        changes={"about": world.canary(COLLEAGUES, f"/people/{cast.outsider.pk}/"), "phone": world.canary(COLLEAGUES)},
    )  # fmt: skip


def one_who_is_away(world: World) -> None:
    cast = world.cast
    away.set_away(
        by=house(cast.outsider), member=cast.outsider, from_on=timezone.localdate(),
        until_on=timezone.localdate() + timedelta(days=9), deputy=cast.anna,
    )  # fmt: skip


def tokens(world: World) -> None:
    """Bo's keys: one that reads, one that writes, one that has ended."""
    by = house(world.cast.bo)
    for name, scopes in (
        ("token_read", {"read"}),
        ("token_write", {"read", "write"}),
        ("token_ended", {"read", "write"}),
    ):
        row, key = people.make_token(by=by, name=name, scopes=frozenset(scopes))
        world.tokens[name] = key
        if name == "token_ended":
            AccessToken.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(days=1))


def one_who_leaves(world: World) -> None:
    """Bo leaves and has shown it: what others may not read of it stays hidden from them. Anna is asked for all of it."""
    bo, anna = world.cast.bo, world.cast.anna
    leaving.set_leaving(
        by=house(bo), member=Member.objects.get(pk=bo.pk), leaves_on=timezone.localdate() + timedelta(days=50)
    )
    found = HandOver.objects.select_related("member").get(member=bo)
    for page in Page.objects.filter(owner=bo, entry__removed_at=None):
        thing = hand_overs.thing_named(house(bo), found, f"page-{page.pk}")
        if thing is not None:
            handing.ask_successor(by=house(bo), hand_over=found, thing=thing, successor=anna)
    handing.show_hand_over(by=house(bo), hand_over=found)
    noted = world.canary({"bo"}, "/handover/interview/1/")
    noting.keep_answer(by=house(bo), hand_over=found, question="called_about", text=f"Mine {noted}")
