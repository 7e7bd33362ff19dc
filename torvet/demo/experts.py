"""Questions of the demo company that were put to somebody who may know, and the answer that became a page."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.demo.founding import FOLDER
from torvet.demo.plan import Plan
from torvet.demo.stage import Stage
from torvet.demo.times import moment
from torvet.entries import actions as entries
from torvet.entries.knowing import OWNS
from torvet.entries.models import Entry
from torvet.entries.queries import get_visible
from torvet.forum.kinds import ANSWER, QUESTION
from torvet.forum.models import Asked, AskedBecause, Thread
from torvet.wiki import actions as wiki
from torvet.wiki.conversation import compose
from torvet.wiki.models import Page


def plan_experts(plan: Plan, stage: Stage) -> None:
    """Plan all of company/experts.toml."""
    told = tomllib.loads((FOLDER / "experts.toml").read_text(encoding="utf-8"))
    for question in told["questions"]:
        said: list[Entry] = []
        plan.add(moment(question["when"], plan.now), partial(_ask, stage, question, said))
        for when, handle, title in question.get("asked", ()):
            plan.add(moment(when, plan.now), partial(_put_to, stage, handle, title, said))
        for when, handle, words in question.get("answers", ()):
            at = moment(when, plan.now)
            plan.add(at, partial(_answer, stage, handle, words, said))
            plan.add(at + timedelta(minutes=20), partial(_accept, said))
        if "page" in question:
            when, handle, title = question["page"]
            plan.add(moment(when, plan.now), partial(_make_page, stage, handle, title, said))


def _ask(stage: Stage, told: dict[str, Any], said: list[Entry]) -> None:
    entry = entries.publish_thread(
        by=stage.viewer(told["by"]), space=stage.spaces[told["space"]], kind=QUESTION.key, title=told["title"],
        body=told["body"],
    )  # fmt: skip
    Thread.objects.create(entry=entry)
    said.append(entry)


def _put_to(stage: Stage, handle: str, title: str, said: list[Entry]) -> None:
    """Without looking for others: what is like a question is known once the search has read it all."""
    member, page = stage.members[handle], Page.objects.get(entry__title=title)
    asked = Asked.objects.create(question_id=said[0].pk, member=member)
    AskedBecause.objects.create(asked=asked, entry_id=page.pk, what=OWNS)
    asker = stage.viewer(said[0].author.handle)
    record(
        verbs.ASKED_EXPERT, by=asker, about=member, space_id=said[0].space_id, entry_id=said[0].pk,
        thread_id=said[0].pk, asked=asked.pk,
    )  # fmt: skip


def _answer(stage: Stage, handle: str, words: str, said: list[Entry]) -> None:
    by = stage.viewer(handle)
    question = get_visible(by, said[0].pk)
    assert question is not None, words
    said.append(entries.add_comment(by=by, on=question, body=words.strip(), kind=ANSWER.key))


def _accept(said: list[Entry]) -> None:
    now = timezone.now()
    Thread.objects.filter(pk=said[0].pk).update(
        accepted=said[-1], accepted_at=now, solved_at=now, answered_at=said[1].published_at
    )


def _make_page(stage: Stage, handle: str, title: str, said: list[Entry]) -> None:
    by = stage.viewer(handle)
    thread = get_visible(by, said[0].pk)
    assert thread is not None, title
    wiki.make_page(
        by=by, thread=thread, parts=[one.pk for one in said], space=thread.space, title=title,
        body=compose(said, {}), format="html",
    )  # fmt: skip
