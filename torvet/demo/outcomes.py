"""What became of what people said in the demo company: told at their time, linked to what led to them."""

from __future__ import annotations

import tomllib
from functools import partial
from typing import Any

from torvet.blogs import actions
from torvet.demo.founding import FOLDER
from torvet.demo.plan import Plan
from torvet.demo.stage import Stage
from torvet.demo.times import moment
from torvet.entries import actions as entries
from torvet.entries.models import Entry
from torvet.entries.queries import standing


def plan_outcomes(plan: Plan, stage: Stage) -> None:
    """Plan all of company/outcomes.toml."""
    told = tomllib.loads((FOLDER / "outcomes.toml").read_text(encoding="utf-8"))
    for outcome in told["outcomes"]:
        said: list[Entry] = []
        plan.add(moment(outcome["when"], plan.now), partial(_tell, stage, outcome, said))
        for when, handle, words in outcome.get("comments", ()):
            plan.add(moment(when, plan.now), partial(_answer, stage, handle, words, said))


def _tell(stage: Stage, told: dict[str, Any], said: list[Entry]) -> None:
    outcome = actions.tell_outcome(
        by=stage.viewer(told["by"]),
        space=stage.spaces[told["space"]],
        title=told["title"],
        body=told["body"].strip(),
        sources=[_said(words).pk for words in told["led"]],
    )
    said.append(outcome.entry)


def _said(words: str) -> Entry:
    """The entry that begins like this. Raises LookupError: the text of the company has changed."""
    found = standing().filter(title=words).first() or standing().filter(text__startswith=words).first()
    if found is None:
        raise LookupError(f"nobody has said: {words}")
    return found


def _answer(stage: Stage, handle: str, words: str, said: list[Entry]) -> None:
    entries.add_comment(by=stage.viewer(handle), on=said[0], body=words)
