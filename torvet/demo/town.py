"""The spaces: opened, filled, one with guests; and who follows whom."""

from __future__ import annotations

import random
import secrets
import tomllib
from datetime import timedelta
from functools import partial
from typing import Any

from torvet.demo.founding import FOLDER
from torvet.demo.plan import Plan
from torvet.demo.stage import Stage
from torvet.demo.times import moment
from torvet.people import actions as people
from torvet.people.models import Member, Role
from torvet.spaces import actions as spaces
from torvet.spaces.models import Membership, Space, Standing

OPENED = "D26 08:30"
WITHIN = 6 * 60  # minutes in which people came in


def open_spaces(plan: Plan, stage: Stage, dice: random.Random) -> None:
    """Plan all of company/spaces.toml."""
    told = tomllib.loads((FOLDER / "spaces.toml").read_text(encoding="utf-8"))
    opened = moment(OPENED, plan.now)
    for number, (key, space) in enumerate(told["spaces"].items()):
        at = opened + timedelta(minutes=4 * number)
        plan.add(at, partial(_open, stage, key, space))
        inside = _who(stage, space, dice)
        stage.inside[key] = [space["responsible"], *inside]
        come_in = _join if space.get("access", "open") == "open" else _invite
        for handle in inside:
            plan.add(
                at + timedelta(minutes=dice.randrange(2, WITHIN)), partial(come_in, stage, key, handle, space)
            )
        for handle in space.get("moderators", ()):
            plan.add(at + timedelta(minutes=WITHIN + 5), partial(_make_moderator, stage, key, handle))
        for guest in space.get("guests", ()):
            stage.inside[key].append(guest["handle"])
            plan.add(at + timedelta(minutes=WITHIN + 20), partial(_let_guest_in, stage, key, guest))
    for follower, followed in told["follows"].items():
        for handle in followed:
            later = moment(f"D{dice.randrange(3, 25)} 09:50", plan.now)
            plan.add(later, partial(_follow, stage, follower, handle))
    for when, key, handle in told["late"]["invited"]:
        plan.add(moment(when, plan.now), partial(_ask_in, stage, key, handle))
    for when, key, handle, answer in told["late"]["asked"]:
        plan.add(moment(when, plan.now), partial(_knock, stage, key, handle, answer))
    for when, follower, handle in told["late"]["followed"]:
        plan.add(moment(when, plan.now), partial(_follow, stage, follower, handle))


def _who(stage: Stage, space: dict[str, Any], dice: random.Random) -> list[str]:
    """Everybody who is meant; of `some`, a part that is drawn by lot."""
    meant = {handle for who in space["who"] for handle in stage.meant_by(who)}
    drawn = sorted({handle for who in space.get("some", ()) for handle in stage.meant_by(who)} - meant)
    meant |= set(dice.sample(drawn, round(len(drawn) * space.get("share", 0.35))))
    return sorted(meant - {space["responsible"]} - set(space.get("without", ())))


def _open(stage: Stage, key: str, space: dict[str, Any]) -> None:
    responsible = stage.members[space["responsible"]]
    stage.spaces[key] = spaces.open_space(
        by=people.as_house(responsible),
        name=space["name"],
        purpose=space["purpose"],
        audience=space["audience"],
        responsible=responsible,
        access=space.get("access", "open"),
        has_guests="guests" in space,
        question=space.get("question", ""),
        language=space.get("language", ""),
    )
    if space.get("is_default"):
        stage.spaces[key] = spaces.change_space(
            by=stage.administrator, space=stage.spaces[key], changes={"is_default": True}
        )


def _join(stage: Stage, key: str, handle: str, space: dict[str, Any]) -> None:
    spaces.join(by=stage.viewer(handle), space=stage.spaces[key])


def _invite(stage: Stage, key: str, handle: str, space: dict[str, Any]) -> None:
    invitation = spaces.invite_member(
        by=stage.viewer(space["responsible"]), space=stage.spaces[key], member=stage.members[handle]
    )
    spaces.accept_invitation(by=stage.viewer(handle), invitation=invitation)


def _make_moderator(stage: Stage, key: str, handle: str) -> None:
    space = stage.spaces[key]
    membership = Membership.objects.select_related("space", "member").get(
        space=space, member=stage.members[handle]
    )
    by = people.as_house(space.responsible)
    spaces.change_standing(by=by, membership=membership, standing=Standing.MODERATOR)


def _let_guest_in(stage: Stage, key: str, guest: dict[str, str]) -> None:
    space = stage.spaces[key]
    invitation, _key = spaces.invite_by_link(
        by=people.as_house(space.responsible), role=Role.GUEST, space=space, email=guest["email"]
    )
    member = spaces.sign_up(
        invitation=invitation,
        email=guest["email"],
        name=guest["name"],
        # Nobody signs in as a guest of the demo.
        password=secrets.token_urlsafe(20),
        language=guest["language"],
    )
    member = people.change_profile(
        by=people.as_house(member), member=member, changes={"title": guest["title"]}
    )
    stage.members[guest["handle"]] = Member.objects.get(pk=member.pk)


def _follow(stage: Stage, follower: str, followed: str) -> None:
    people.follow(by=stage.viewer(follower), member=stage.members[followed])


def _ask_in(stage: Stage, key: str, handle: str) -> None:
    space: Space = stage.spaces[key]
    spaces.invite_member(by=people.as_house(space.responsible), space=space, member=stage.members[handle])


def _knock(stage: Stage, key: str, handle: str, answer: str) -> None:
    spaces.ask_to_join(by=stage.viewer(handle), space=stage.spaces[key], answer=answer)
