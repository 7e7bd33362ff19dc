"""The blogs of the demo company: who speaks in them, what came out, what was answered, and the drafts that wait."""

from __future__ import annotations

import io
import random
import tomllib
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from torvet.blogs import actions
from torvet.blogs.models import Article, Blog, Draft
from torvet.demo.company.logins import LOGINS
from torvet.demo.founding import FOLDER
from torvet.demo.pictures import draw
from torvet.demo.plan import Plan
from torvet.demo.stage import Stage
from torvet.demo.times import moment
from torvet.entries import actions as entries
from torvet.entries.models import Entry
from torvet.entries.queries import get_visible

REACTIONS = ("👍", "👍", "👍", "❤️", "❤️", "💡", "👏")


def plan_blogs(plan: Plan, stage: Stage, dice: random.Random) -> None:
    """Plan all of company/blogs.toml."""
    told = tomllib.loads((FOLDER / "blogs.toml").read_text(encoding="utf-8"))
    for key, blog in told["blogs"].items():
        Publisher(plan, stage, dice, key, blog).plan_all()


class Publisher:
    """Puts one blog into a plan."""

    def __init__(self, plan: Plan, stage: Stage, dice: random.Random, key: str, told: dict[str, Any]) -> None:
        self.plan, self.stage, self.dice, self.key, self.told = plan, stage, dice, key, told
        self.blog: Blog | None = None
        self.said: dict[str, list[Entry]] = {}

    def plan_all(self) -> None:
        self._at(self.told["opened"], self._open)
        for article in self.told.get("articles", ()):
            at = self._at(article["when"], self._publish, article)
            for comment in article.get("comments", ()):
                self._at(comment[0], self._answer, article, comment)
            self._plan_reactions(article, at)
        for draft in self.told.get("drafts", ()):
            self._at(draft["when"], self._begin, draft)

    def _at(self, when: str, do: Any, *said: Any) -> datetime:
        at = moment(when, self.plan.now)
        self.plan.add(at, partial(do, *said))
        return at

    def _plan_reactions(self, article: dict[str, Any], at: datetime) -> None:
        without = {article["by"], self.told.get("leader"), *(login.handle for login in LOGINS)}
        others = [handle for handle in self.stage.inside[self.told["space"]] if handle not in without]
        for handle in self.dice.sample(others, min(article.get("reactions", 0), len(others))):
            later = timedelta(minutes=1 + min(self.dice.expovariate(1 / 240), 2800))
            self.plan.add(at + later, partial(self._react, article, handle, self.dice.choice(REACTIONS)))

    def _open(self) -> None:
        told = self.told
        leader = self.stage.members[told["leader"]] if "leader" in told else None
        by = self.stage.viewer(told["by"])
        self.blog = actions.open_blog(
            by=by, space=self.stage.spaces[told["space"]], name=told["name"], about=told["about"], leader=leader,
            subject=told.get("subject", ""), promise_days=told.get("promise_days"),
        )  # fmt: skip
        for delegate in told.get("delegates", ()):
            actions.name_delegate(
                by=by, blog=self.blog, member=self.stage.members[delegate["who"]],
                may_publish=delegate.get("may_publish", False), may_answer=delegate.get("may_answer", False),
            )  # fmt: skip

    def _begin(self, told: dict[str, Any]) -> Draft:
        assert self.blog is not None
        by, cover = self.stage.viewer(told["by"]), ""
        if "cover" in told:
            picture = io.BytesIO(draw(told["cover"]))
            cover = entries.upload(by=by, source=picture, name=f"{told['cover']}.png", alt=told["alt"]).key
        draft = actions.write_draft(
            by=by, blog=self.blog, title=told["title"], lead=told["lead"], body=told["body"].strip(), cover=cover,
            alt=told.get("alt", ""), series=told.get("series", ""),
        )  # fmt: skip
        if told.get("state") == "waiting":
            actions.submit_draft(by=by, draft=draft, version=draft.version)
        return draft

    def _publish(self, told: dict[str, Any]) -> None:
        draft = self._begin(told)
        article: Article = actions.publish_draft(
            by=self.stage.viewer(told["by"]), draft=draft, version=draft.version
        )
        self.said[told["title"]] = [article.entry]

    def _answer(self, article: dict[str, Any], comment: list[Any]) -> None:
        """A comment answers the article, or the comment whose number stands behind its words."""
        _when, handle, words, *number = comment
        said = self.said[article["title"]]
        by = self.stage.viewer(handle)
        on = get_visible(by, said[number[0] if number else 0].pk)
        assert on is not None, words
        said.append(entries.add_comment(by=by, on=on, body=words))

    def _react(self, article: dict[str, Any], handle: str, emoji: str) -> None:
        by = self.stage.viewer(handle)
        entry = get_visible(by, self.said[article["title"]][0].pk)
        if entry is not None:
            entries.react(by=by, entry=entry, emoji=emoji)
