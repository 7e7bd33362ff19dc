"""What is asked in the demo company, who answers, and what helped; one question without a name."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from functools import partial
from typing import Any

from torvet.demo.founding import FOLDER
from torvet.demo.plan import Plan
from torvet.demo.stage import Stage
from torvet.demo.times import moment
from torvet.entries import actions as entries
from torvet.entries.models import Entry
from torvet.entries.queries import get_visible
from torvet.forum import actions
from torvet.forum.keys import new_key
from torvet.forum.models import Thread
from torvet.forum.queries import questions
from torvet.people.actions import as_house
from torvet.people.viewer import Viewer

LATEST = timedelta(hours=7)  # by then what was asked without a name has appeared


def plan_questions(plan: Plan, stage: Stage) -> None:
    """Plan all of company/questions.toml."""
    told = tomllib.loads((FOLDER / "questions.toml").read_text(encoding="utf-8"))
    first = min(moment(question["when"], plan.now) for question in told["questions"])
    plan.add(first - timedelta(hours=1), partial(_allow_anonymous, stage, told["anonymous"]["space"]))
    for question in told["questions"]:
        Asker(plan, stage, question).plan_all()


def _allow_anonymous(stage: Stage, key: str) -> None:
    space = stage.spaces[key]
    actions.open_forum(by=as_house(space.responsible), space=space, allows_anonymous=True)


class Asker:
    """Puts one question, its answers and what was said of them into a plan."""

    def __init__(self, plan: Plan, stage: Stage, told: dict[str, Any]) -> None:
        self.plan, self.stage, self.told = plan, stage, told
        self.answers: list[Entry] = []

    def plan_all(self) -> None:
        told = self.told
        at = moment(told["when"], self.plan.now)
        self.plan.add(at, self._ask)
        if told.get("unnamed"):
            self.plan.add(at + LATEST, actions.publish_waiting)
        for when, handle, words, _number in told.get("comments", ()):
            self._at(when, self._comment, handle, words, 0)
        for number, answer in enumerate(told.get("answers", ()), 1):
            self._at(answer["when"], self._answer, answer)
            for when, handle, words in answer.get("comments", ()):
                self._at(when, self._comment, handle, words, number)
            for handle in answer.get("votes", ()):
                later = moment(answer["when"], self.plan.now) + timedelta(minutes=20)
                self.plan.add(later, partial(self._vote, handle, number))
        if "accepted" in told:
            self._at(told["accepted"][0], self._accept, told["accepted"][1])
        if "confirmed" in told:
            self._at(told["confirmed"][0], self._confirm, *told["confirmed"][1:])
        if "same" in told:
            self._at(told["same"][0], self._mark_same, *told["same"][1:])

    def _at(self, when: str, do: Any, *said: Any) -> None:
        self.plan.add(moment(when, self.plan.now), partial(do, *said))

    def _ask(self) -> None:
        by, space = self.stage.viewer(self.told["by"]), self.stage.spaces[self.told["space"]]
        said = {"title": self.told["title"], "body": self.told["body"]}
        if self.told.get("unnamed"):
            actions.ask_without_name(by=by, space=space, key=new_key(), **said)
        else:
            actions.ask_question(by=by, space=space, **said)

    def _question(self, by: Viewer, title: str = "") -> Thread:
        found = Thread.objects.filter(entry__title=title or self.told["title"]).first()
        shown = questions.get_visible(by, found.pk) if found else None
        assert shown is not None, self.told["title"]
        return shown

    def _answer(self, told: dict[str, Any]) -> None:
        by = self.stage.viewer(told["by"])
        self.answers.append(
            actions.give_answer(by=by, question=self._question(by), body=told["body"].strip())
        )

    def _said(self, by: Viewer, number: int) -> Entry:
        """The question itself for 0, else the answer with this number."""
        found = get_visible(by, self.answers[number - 1].pk if number else self._question(by).pk)
        assert found is not None, self.told["title"]
        return found

    def _comment(self, handle: str, words: str, number: int) -> None:
        by = self.stage.viewer(handle)
        entries.add_comment(by=by, on=self._said(by, number), body=words)

    def _vote(self, handle: str, number: int) -> None:
        by = self.stage.viewer(handle)
        actions.vote_for_answer(by=by, answer=self._said(by, number))

    def _accept(self, number: int) -> None:
        by = self.stage.viewer(self.told["by"])
        actions.accept_answer(by=by, question=self._question(by), answer=self._said(by, number))

    def _confirm(self, handle: str, number: int) -> None:
        by = self.stage.viewer(handle)
        actions.confirm_answer(by=by, question=self._question(by), answer=self._said(by, number))

    def _mark_same(self, handle: str, title: str) -> None:
        by = self.stage.viewer(handle)
        actions.mark_same(by=by, question=self._question(by), other=self._question(by, title))
