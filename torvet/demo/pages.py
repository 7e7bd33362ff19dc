"""The pages that the company has written: who wrote them, where they stand, when they are looked through again."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from importlib.resources import files
from typing import Any

from django.utils import timezone

from torvet.base.text import to_markdown
from torvet.demo.plan import Plan
from torvet.demo.stage import Stage
from torvet.demo.times import moment
from torvet.wiki import actions
from torvet.wiki.models import Page
from torvet.wiki.queries import words_to_edit

_HEAD = re.compile(r"^== (?P<space>\w+) \| (?P<when>[^|]+) \| (?P<by>[\w.]+) \| (?P<sort>\w+)$", re.M)
_LINE = re.compile(r"(?P<name>title|under|deputy|months|due|edit|approval|suggest|report): (?P<value>.+)\n")
_LISTS = {"edit": "edits", "suggest": "suggestions", "report": "reports"}
NOW = "-2m"


@dataclass
class Told:
    """One page as the file tells it. `due` are days from now; `edits` are (when, by, old words, new words), as are
    `suggestions`, with why; `reports` are (when, by, what, words). Where `approval` is "yes", edits wait for it.
    """

    space: str
    when: str
    by: str
    sort: str
    title: str = ""
    under: str = ""
    deputy: str = ""
    months: int = 12
    due: int | None = None
    body: str = ""
    approval: str = ""
    edits: list[tuple[str, str, str, str]] = field(default_factory=list)
    suggestions: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    reports: list[tuple[str, str, str, str]] = field(default_factory=list)


def read_pages() -> list[Told]:
    """All pages of company/pages.txt, in the order of the file. Raises ValueError for a line that says nothing."""
    source = (files("torvet.demo") / "company" / "pages.txt").read_text(encoding="utf-8")
    heads = list(_HEAD.finditer(source))
    ends = [*(head.start() for head in heads[1:]), len(source)]
    return [_read(head, source[head.end() : end].lstrip("\n")) for head, end in zip(heads, ends, strict=True)]


def _read(head: re.Match[str], rest: str) -> Told:
    told = Told(head["space"], head["when"], head["by"], head["sort"])
    while line := _LINE.match(rest):
        name, value, rest = line["name"], line["value"], rest[line.end() :]
        if name in _LISTS:
            when_by, *rest_of_line = value.split(" | ")
            when, by = when_by.rsplit(" ", 1)
            kept: list[Any] = getattr(told, _LISTS[name])
            kept.append((when, by, *rest_of_line))
        elif name in ("months", "due"):
            setattr(told, name, int(value))
        else:
            setattr(told, name, value)
    if not told.title:
        raise ValueError(head.group())
    told.body = rest.strip()
    return told


class Writer:
    """Puts pages into a plan."""

    def __init__(self, plan: Plan, stage: Stage) -> None:
        self.plan, self.stage = plan, stage
        self.written: dict[str, int] = {}

    def plan_page(self, told: Told) -> None:
        self.plan.add(moment(told.when, self.plan.now), partial(self._write, told))
        for when, by, old, new in told.edits:
            self.plan.add(moment(when, self.plan.now), partial(self._edit, told, by, old, new))
        for when, by, old, new, why in told.suggestions:
            self.plan.add(moment(when, self.plan.now), partial(self._suggest, told, by, old, new, why))
        for when, by, what, words in told.reports:
            self.plan.add(moment(when, self.plan.now), partial(self._report, told, by, what, words))
        if told.due is not None:
            self.plan.add(moment(NOW, self.plan.now), partial(self._fall_due, told))

    def _page(self, title: str) -> Page:
        pages = Page.objects.select_related("entry__space", "space", "owner", "deputy")
        return pages.get(pk=self.written[title])

    def _write(self, told: Told) -> None:
        viewer = self.stage.viewer(told.by)
        page = actions.write_page(
            by=viewer,
            space=self.stage.spaces[told.space],
            title=told.title,
            body=told.body,
            sort=told.sort,
            parent=self._page(told.under) if told.under else None,
        )
        self.written[told.title] = page.pk
        owner = self.stage.members[told.by]
        deputy = self.stage.members[told.deputy] if told.deputy else None
        actions.name_owner(
            by=viewer, page=page, owner=owner, deputy=deputy, unit=owner.unit, months=told.months
        )
        if told.approval:
            actions.want_approval(by=viewer, page=page)

    def _edit(self, told: Told, by: str, old: str, new: str) -> None:
        page = self._page(told.title)
        words = words_to_edit(page)
        actions.edit_page(
            by=self.stage.viewer(by), page=page, title=words.title, body=_changed(told, words.body, old, new),
            version=words.version,
        )  # fmt: skip

    def _suggest(self, told: Told, by: str, old: str, new: str, why: str) -> None:
        page = self._page(told.title)
        actions.suggest_change(
            by=self.stage.viewer(by), page=page, title=page.entry.title,
            body=_changed(told, page.entry.body, old, new), version=page.entry.version, why=why,
        )  # fmt: skip

    def _report(self, told: Told, by: str, what: str, words: str) -> None:
        actions.report_page(by=self.stage.viewer(by), page=self._page(told.title), what=what, words=words)

    def _fall_due(self, told: Told) -> None:
        due = timezone.localdate() + timedelta(days=told.due or 0)
        Page.objects.filter(pk=self.written[told.title]).update(confirmed_until=due)


def _changed(told: Told, html: str, old: str, new: str) -> str:
    body = to_markdown(html)
    if old not in body:
        raise ValueError(f"{told.title} does not say {old!r}")
    return body.replace(old, new)
