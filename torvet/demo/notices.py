"""What the people of the demo company are asked to confirm: one must-read that runs, one whose date has passed, and
somebody on holiday with a colleague who stands in."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from torvet.demo.founding import FOLDER
from torvet.demo.plan import Plan
from torvet.demo.stage import Stage
from torvet.demo.times import moment
from torvet.notices import actions
from torvet.notices.models import Notice
from torvet.notices.queries.audience import Audience, people_of
from torvet.people import away
from torvet.people.actions import as_house
from torvet.wiki.models import Page

READ_WITHIN = timedelta(hours=40)  # all who confirm do it in this time


def plan_notices(plan: Plan, stage: Stage) -> None:
    """Plan all of company/notices.toml."""
    told = tomllib.loads((FOLDER / "notices.toml").read_text(encoding="utf-8"))
    for absence in told["away"]:
        plan.add(moment(absence["set"], plan.now), partial(_go_away, plan, stage, absence))
    for asked in told["notices"]:
        sent = moment(asked["sent"], plan.now)
        plan.add(sent, partial(_send, plan, stage, asked))
        readers = _readers(stage, asked)
        for place, handle in enumerate(readers, 1):
            at = sent + READ_WITHIN * place / len(readers)
            plan.add(at, partial(_confirm, stage, asked, handle))


def _day(plan: Plan, days: int) -> date:
    return timezone.localdate(plan.now) + timedelta(days=days)


def _go_away(plan: Plan, stage: Stage, absence: dict[str, Any]) -> None:
    away.set_away(
        by=stage.viewer(absence["who"]), member=stage.members[absence["who"]],
        from_on=_day(plan, absence["from"]), until_on=_day(plan, absence["until"]),
        deputy=stage.members[absence["deputy"]],
    )  # fmt: skip


def _audience(stage: Stage, asked: dict[str, Any]) -> Audience:
    return Audience(units=frozenset(stage.units[key].pk for key in asked["units"]))


def _readers(stage: Stage, asked: dict[str, Any]) -> list[str]:
    if "confirmed" in asked:
        return list(asked["confirmed"])
    everybody = people_of(_audience(stage, asked)).order_by("pk").values_list("handle", flat=True)
    return [handle for handle in everybody if handle not in asked["all_but"]]


def _send(plan: Plan, stage: Stage, asked: dict[str, Any]) -> None:
    entry = Page.objects.select_related("entry__space").get(entry__title=asked["title"]).entry
    actions.send_notice(
        by=stage.viewer(asked["by"]), entry=entry, audience=_audience(stage, asked),
        due_on=_day(plan, asked["due"]), note=asked["note"], leaves_out=True,
    )  # fmt: skip


def _confirm(stage: Stage, asked: dict[str, Any], handle: str) -> None:
    notice = Notice.objects.select_related("entry").get(entry__title=asked["title"])
    member = stage.members[handle]
    actions.confirm(by=as_house(member), notice=notice, version=notice.entry.version)
