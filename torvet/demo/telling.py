"""Planning what one play says: the post, its answers, who reacts to which, what was mended, removed, pinned, kept."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from torvet.demo import papers
from torvet.demo.company.logins import LOGINS
from torvet.demo.pictures import draw
from torvet.demo.plan import Plan
from torvet.demo.plays import Answer, Play, Said
from torvet.demo.stage import Stage
from torvet.demo.times import answers, moment
from torvet.entries import actions as entries
from torvet.entries.models import Entry
from torvet.entries.queries import get_visible, standing
from torvet.people.viewer import Viewer

MENDED_AFTER = timedelta(minutes=7)
REMOVED_AFTER = timedelta(minutes=55)
KEPT_AFTER = timedelta(minutes=35)
BY_LOT = ("👍", "👍", "👍", "❤️", "❤️", "👏", "😄", "💡")


class Teller:
    """Puts plays into a plan. `said` has the entries that exist so far."""

    def __init__(self, plan: Plan, stage: Stage, dice: random.Random) -> None:
        self.plan, self.stage, self.dice = plan, stage, dice
        self.said: dict[int, Entry] = {}

    def plan_play(self, play: Play) -> None:
        at = moment(play.when, self.plan.now)
        post = id(play)
        self.plan.add(at, partial(self._publish, play, post))
        self._plan_rest(play, post, play.space, at)
        if play.is_pinned:
            # Those who run the space pin; in every play that is pinned the author does.
            self.plan.add(at + timedelta(minutes=2), partial(self._pin, play.by, post))
        for handle in play.bookmarks:
            self.plan.add(at + KEPT_AFTER, partial(self._keep, handle, post))
        above: dict[int, int] = {0: post}
        times = answers(at, len(play.answers), self.plan.now, self.dice)
        for answer, when in zip(play.answers, times, strict=True):
            key = id(answer)
            self.plan.add(when, partial(self._answer, answer, above[answer.depth - 1], key))
            self._plan_rest(answer, key, play.space, when)
            above[answer.depth] = key

    def _plan_rest(self, said: Said, key: int, space: str, at: datetime) -> None:
        if said.typo[1]:
            self.plan.add(at + MENDED_AFTER, partial(self._mend, said, key))
        is_removed = isinstance(said, Answer) and said.removed_by
        if isinstance(said, Answer) and said.removed_by:
            self.plan.add(at + REMOVED_AFTER, partial(self._remove, said.removed_by, key))
        if not is_removed:
            self._plan_reactions(said, key, space, at)

    def _plan_reactions(self, said: Said, key: int, space: str, at: datetime) -> None:
        # The logins react only where a play says so: what they did should not surprise those who try them.
        others = [
            handle
            for handle in self.stage.inside[space]
            if handle != said.by and handle not in {login.handle for login in LOGINS}
        ]
        for emoji, number in self._reactions(said).items():
            for handle in self.dice.sample(others, min(number, len(others))):
                # Most react soon, a few the next day.
                later = timedelta(minutes=min(self.dice.expovariate(1 / 90), 1300))
                self.plan.add(at + later + timedelta(minutes=1), partial(self._react, handle, key, emoji))

    def _reactions(self, said: Said) -> dict[str, int]:
        if said.reactions is not None:
            return said.reactions
        found: dict[str, int] = {}
        most = (
            self.dice.choice((0, 0, 0, 0, 1, 1, 2)) if isinstance(said, Answer) else self.dice.randrange(3, 8)
        )
        for _one in range(most):
            emoji = self.dice.choice(BY_LOT[:6] if isinstance(said, Answer) else BY_LOT)
            found[emoji] = found.get(emoji, 0) + 1
        return found

    def _words(self, words: str) -> str:
        return self.stage.with_units(words)

    def _publish(self, play: Play, key: int) -> None:
        by = self.stage.viewer(play.by)
        self.said[key] = entries.publish_post(
            by=by,
            space=self.stage.spaces[play.space],
            title=play.title,
            body=self._words(play.first_text),
            files=self._uploads(by, play.pictures, play.files),
        )

    def _uploads(self, by: Viewer, pictures: Sequence[tuple[str, str]], files: Sequence[str]) -> list[str]:
        made = [
            entries.upload(by=by, source=io.BytesIO(draw(name)), name=f"{name}.png", alt=alt)
            for name, alt in pictures
        ]
        made += [entries.upload(by=by, source=io.BytesIO(papers.write(name)), name=name) for name in files]
        return [attachment.key for attachment in made]

    def _answer(self, answer: Answer, on: int, key: int) -> None:
        above = standing().select_related("space").get(pk=self.said[on].pk)
        self.said[key] = entries.add_comment(
            by=self.stage.viewer(answer.by), on=above, body=self._words(answer.first_text)
        )

    def _react(self, handle: str, key: int, emoji: str) -> None:
        by = self.stage.viewer(handle)
        entry = get_visible(by, self.said[key].pk)
        if entry is None:
            raise LookupError(f"{handle} reacts to what they cannot read: {self.said[key].text[:40]}")
        entries.react(by=by, entry=entry, emoji=emoji)

    def _mend(self, said: Said, key: int) -> None:
        entry = self._entry(key)
        entries.edit_entry(
            by=self.stage.viewer(said.by),
            entry=entry,
            title=entry.title,
            body=self._words(said.text),
            version=entry.version,
        )

    def _remove(self, handle: str, key: int) -> None:
        entries.remove_entry(by=self.stage.viewer(handle), entry=self._entry(key))

    def _pin(self, handle: str, key: int) -> None:
        entries.pin(by=self.stage.viewer(handle), entry=self._entry(key))

    def _keep(self, handle: str, key: int) -> None:
        entries.bookmark(by=self.stage.viewer(handle), entry=self._entry(key))

    def _entry(self, key: int) -> Entry:
        return standing().select_related("space").get(pk=self.said[key].pk)
