"""Somebody in the demo company leaves: pages of theirs, a last day, a hand-over that has begun."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone, translation

from torvet.demo.founding import FOLDER
from torvet.demo.plan import Plan
from torvet.demo.stage import Stage
from torvet.demo.times import moment
from torvet.people import leaving
from torvet.people.models import Member
from torvet.wiki import actions
from torvet.wiki.actions import handing, noting
from torvet.wiki.models import HandedLine, HandOver, Note, Page
from torvet.wiki.queries.handover import thing_named


def plan_leaving(plan: Plan, stage: Stage) -> None:
    """Plan all of company/leaving.toml."""
    told = tomllib.loads((FOLDER / "leaving.toml").read_text(encoding="utf-8"))
    for page in told["pages"]:
        plan.add(moment(page["when"], plan.now), partial(_write, stage, told, page))
    plan.add(moment(told["set"], plan.now), partial(_set, plan, stage, told))
    for answer in told["answers"]:
        plan.add(moment(answer["when"], plan.now), partial(_answer, stage, told, answer))
        if "published" in answer:
            plan.add(moment(answer["published"], plan.now), partial(_publish, stage, told, answer))
    plan.add(moment(told["showed"], plan.now), partial(_show, stage, told))
    for asked in told["asked"]:
        plan.add(moment(asked["when"], plan.now), partial(_ask, stage, told, asked))
        if "accepts" in asked:
            plan.add(moment(asked["accepts"], plan.now), partial(_accept, stage, asked))


def _hand_over(told: dict[str, Any]) -> HandOver:
    return HandOver.objects.select_related("member__manager").get(member__handle=told["who"])


def _write(stage: Stage, told: dict[str, Any], page: dict[str, Any]) -> None:
    actions.write_page(
        by=stage.viewer(told["who"]), space=stage.spaces[told["space"]], title=page["title"], body=page["body"],
        sort=page["sort"],
    )  # fmt: skip


def _set(plan: Plan, stage: Stage, told: dict[str, Any]) -> None:
    last = timezone.localdate(plan.now) + timedelta(days=told["days_from_now"])
    leaving.set_leaving(by=stage.administrator, member=Member.objects.get(handle=told["who"]), leaves_on=last)


def _answer(stage: Stage, told: dict[str, Any], answer: dict[str, Any]) -> None:
    noting.keep_answer(
        by=stage.viewer(told["who"]),
        hand_over=_hand_over(told),
        question=answer["question"],
        text=answer["text"],
    )


def _publish(stage: Stage, told: dict[str, Any], answer: dict[str, Any]) -> None:
    note = Note.objects.select_related("hand_over__member").get(question=answer["question"])
    with translation.override("da"):  # the page that holds the others is named as its writer would see it
        noting.publish_note(
            by=stage.viewer(told["who"]), note=note, space=stage.spaces[told["space"]], title=answer["title"],
            text=note.text, successor=stage.members[answer["successor"]],
        )  # fmt: skip


def _show(stage: Stage, told: dict[str, Any]) -> None:
    handing.show_hand_over(by=stage.viewer(told["who"]), hand_over=_hand_over(told))


def _ask(stage: Stage, told: dict[str, Any], asked: dict[str, Any]) -> None:
    by, found = stage.viewer(told["who"]), _hand_over(told)
    page = Page.objects.visible_to(by).get(entry__title=asked["title"])
    thing = thing_named(by, found, f"page-{page.pk}")
    assert thing is not None, asked["title"]
    handing.ask_successor(by=by, hand_over=found, thing=thing, successor=stage.members[asked["successor"]])


def _accept(stage: Stage, asked: dict[str, Any]) -> None:
    line = HandedLine.objects.select_related("hand_over").get(page__entry__title=asked["title"])
    handing.take_over(by=stage.viewer(asked["successor"]), line=line)
