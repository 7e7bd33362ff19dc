"""The fora of the demo company: spaces that became one, a new one, their parts, and what is discussed in them."""

from __future__ import annotations

import tomllib
from datetime import datetime
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
from torvet.forum.models import Forum, SubForum, Thread
from torvet.forum.queries import threads
from torvet.spaces import actions as spaces
from torvet.spaces.models import Membership, Standing


def plan_fora(plan: Plan, stage: Stage) -> None:
    """Plan all of company/fora.toml."""
    told = tomllib.loads((FOLDER / "fora.toml").read_text(encoding="utf-8"))
    for key, forum in told["fora"].items():
        Talk(plan, stage, key, forum).plan_all()


class Talk:
    """Puts one forum into a plan."""

    def __init__(self, plan: Plan, stage: Stage, key: str, told: dict[str, Any]) -> None:
        self.plan, self.stage, self.key, self.told = plan, stage, key, told
        self.forum: Forum | None = None
        self.parts: dict[str, SubForum] = {}

    def plan_all(self) -> None:
        self._at(self.told["opened"], self._open)
        for one in self.told.get("discussions", ()):
            said: list[Entry] = []
            self._at(one["when"], self._start, one, said)
            for comment in one.get("comments", ()):
                self._at(comment[0], self._answer, comment, said)
            if "solved" in one:
                self._at(one["solved"], self._solve, one, said)

    def _at(self, when: str, do: Any, *said: Any) -> datetime:
        at = moment(when, self.plan.now)
        self.plan.add(at, partial(do, *said))
        return at

    def _open(self) -> None:
        told, by = self.told, self.stage.viewer(self.told["by"])
        sort = told.get("sort", "work")
        if "space" in told:
            self.forum = actions.open_forum(by=by, space=self.stage.spaces[told["space"]], sort=sort)
        else:
            self.forum = actions.open_space_with_forum(
                by=by, name=told["name"], purpose=told["purpose"], audience=told["audience"], sort=sort,
                responsible=self.stage.members[told["by"]],
            )  # fmt: skip
            self._let_in(self.forum)
        for name, about in told.get("parts", ()):
            self.parts[name] = actions.add_sub_forum(by=by, forum=self.forum, name=name, about=about)

    def _let_in(self, forum: Forum) -> None:
        inside = {handle for who in self.told["who"] for handle in self.stage.meant_by(who)}
        self.stage.spaces[self.key] = forum.space
        self.stage.inside[self.key] = [self.told["by"], *sorted(inside - {self.told["by"]})]
        for handle in self.stage.inside[self.key][1:]:
            spaces.join(by=self.stage.viewer(handle), space=forum.space)
        for handle in self.told.get("moderators", ()):
            member = self.stage.members[handle]
            rows = Membership.objects.select_related("space", "member")
            spaces.change_standing(
                by=self.stage.viewer(self.told["by"]),
                membership=rows.get(space=forum.space, member=member),
                standing=Standing.MODERATOR,
            )

    def _start(self, told: dict[str, Any], said: list[Entry]) -> None:
        assert self.forum is not None
        by = self.stage.viewer(told["by"])
        thread = actions.start_discussion(
            by=by, space=self.forum.space, title=told["title"], body=told["body"].strip(),
            sub_forum=self.parts[told["part"]] if "part" in told else None,
        )  # fmt: skip
        said.append(thread.entry)
        if told.get("pinned"):
            entries.pin(by=by, entry=thread.entry)
        if "closed" in told:
            entries.close_comments(by=by, entry=thread.entry, why=told["closed"])

    def _answer(self, told: list[Any], said: list[Entry]) -> None:
        _when, handle, words, *to = told
        by = self.stage.viewer(handle)
        on = get_visible(by, said[1 + to[0] if to else 0].pk)
        assert on is not None
        said.append(entries.add_comment(by=by, on=on, body=words))

    def _solve(self, told: dict[str, Any], said: list[Entry]) -> None:
        by = self.stage.viewer(told["by"])
        thread: Thread | None = threads.get_visible(by, said[0].pk)
        assert thread is not None
        actions.mark_solved(by=by, thread=thread)
