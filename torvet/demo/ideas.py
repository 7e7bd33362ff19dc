"""The idea rooms of the demo company: what was proposed, supported, merged and decided, at its time."""

from __future__ import annotations

import random
import tomllib
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from torvet.demo.founding import FOLDER
from torvet.demo.plan import Plan
from torvet.demo.stage import Stage
from torvet.demo.times import moment
from torvet.entries import actions as entries
from torvet.ideas import actions
from torvet.ideas.models import Idea
from torvet.ideas.queries import one, rooms
from torvet.people.viewer import Viewer

VOTED_WITHIN = timedelta(hours=30)  # all who vote do it in this time


class Ideas:
    """What has been proposed so far, by its key."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.ids: dict[str, int] = {}

    def idea(self, viewer: Viewer, key: str) -> Idea:
        """As this viewer would load it. Raises LookupError: the text of the company has changed."""
        found = one.get_visible(viewer, self.ids[key])
        if found is None:
            raise LookupError(f"nobody reads: {key}")
        return found


def plan_ideas(plan: Plan, stage: Stage, dice: random.Random) -> None:
    """Plan all of company/ideas.toml."""
    told = tomllib.loads((FOLDER / "ideas.toml").read_text(encoding="utf-8"))
    ideas = Ideas(stage)
    for room in told["rooms"]:
        plan.add(moment(room["when"], plan.now), partial(_open, ideas, room))
    for idea in told["ideas"]:
        _plan_idea(plan, ideas, idea, dice)


def _plan_idea(plan: Plan, ideas: Ideas, idea: dict[str, Any], dice: random.Random) -> None:
    at, key = moment(idea["when"], plan.now), idea["key"]
    plan.add(at, partial(_propose, ideas, idea))
    for handle, later in _voters(ideas, idea, at, plan.now, dice):
        plan.add(later, partial(_vote, ideas, key, handle))
    for when, handle, words in idea.get("support", ()):
        plan.add(moment(when, plan.now), partial(_say_why, ideas, key, handle, words))
    for when, handle, sort, words in idea.get("input", ()):
        plan.add(moment(when, plan.now), partial(_give_input, ideas, key, handle, sort, words))
    for when, handle, words in idea.get("comments", ()):
        plan.add(moment(when, plan.now), partial(_comment, ideas, key, handle, words))
    for when, handle, stage, reason in idea.get("moves", ()):
        plan.add(moment(when, plan.now), partial(_move, ideas, key, handle, stage, reason))
    if "decide" in idea:
        when, handle, decider, days = idea["decide"]
        plan.add(moment(when, plan.now), partial(_name, ideas, key, handle, decider, days))
    if "merged" in idea:
        when, handle, into = idea["merged"]
        plan.add(moment(when, plan.now), partial(_merge, ideas, key, handle, into))


def _voters(
    ideas: Ideas, idea: dict[str, Any], at: datetime, now: datetime, dice: random.Random
) -> list[tuple[str, datetime]]:
    """Who says yes without words, drawn by lot, and when; all before it was merged, and before now."""
    named = {idea["by"], *(line[1] for line in idea.get("support", ()))}
    inside = sorted(set(ideas.stage.inside[idea["room"]]) - named)
    drawn = dice.sample(inside, min(idea["votes"], len(inside)))
    ends = [at + VOTED_WITHIN, now - timedelta(minutes=5)]
    ends += [moment(idea["merged"][0], now) - timedelta(minutes=5)] if "merged" in idea else []
    step = (min(ends) - at) / (len(drawn) + 1)
    return [(handle, at + step * (place + 1)) for place, handle in enumerate(drawn)]


def _open(ideas: Ideas, room: dict[str, Any]) -> None:
    actions.open_room(
        by=ideas.stage.viewer(room["by"]), space=ideas.stage.spaces[room["space"]], question=room["question"],
        about=room["about"], decider=ideas.stage.members[room["decider"]], days_to_decide=room["days"],
    )  # fmt: skip


def _propose(ideas: Ideas, idea: dict[str, Any]) -> None:
    by = ideas.stage.viewer(idea["by"])
    room = rooms.get_visible(by, ideas.stage.spaces[idea["room"]].pk)
    assert room is not None  # it was opened before
    made = actions.propose_idea(
        by=by, room=room, title=idea["title"], body=idea["body"].strip(), concern=idea.get("concern", "")
    )
    ideas.ids[idea["key"]] = made.pk


def _vote(ideas: Ideas, key: str, handle: str) -> None:
    by = ideas.stage.viewer(handle)
    actions.support(by=by, idea=ideas.idea(by, key))


def _say_why(ideas: Ideas, key: str, handle: str, words: str) -> None:
    by = ideas.stage.viewer(handle)
    actions.say_why(by=by, idea=ideas.idea(by, key), body=words)


def _give_input(ideas: Ideas, key: str, handle: str, sort: str, words: str) -> None:
    by = ideas.stage.viewer(handle)
    actions.give_input(by=by, idea=ideas.idea(by, key), sort=sort, body=words)


def _comment(ideas: Ideas, key: str, handle: str, words: str) -> None:
    by = ideas.stage.viewer(handle)
    entries.add_comment(by=by, on=ideas.idea(by, key).entry, body=words)


def _move(ideas: Ideas, key: str, handle: str, stage: str, reason: str) -> None:
    by = ideas.stage.viewer(handle)
    actions.move_idea(by=by, idea=ideas.idea(by, key), stage=stage, reason=reason)


def _name(ideas: Ideas, key: str, handle: str, decider: str, days: int) -> None:
    """By a day that many days after it was said."""
    by = ideas.stage.viewer(handle)
    actions.name_decider(
        by=by, idea=ideas.idea(by, key), decider=ideas.stage.members[decider],
        decide_by=timezone.localdate() + timedelta(days=days),
    )  # fmt: skip


def _merge(ideas: Ideas, key: str, handle: str, into: str) -> None:
    by = ideas.stage.viewer(handle)
    actions.merge_ideas(by=by, idea=ideas.idea(by, key), into=ideas.idea(by, into))
