"""Putting the demo company together: every event at its time, in the order of time, through the ordinary actions."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from torvet.activity import outbox
from torvet.demo import founding, reading
from torvet.demo.blogs import plan_blogs
from torvet.demo.clock import own_time
from torvet.demo.company.logins import LOGINS
from torvet.demo.experts import plan_experts
from torvet.demo.fora import plan_fora
from torvet.demo.ideas import plan_ideas
from torvet.demo.leaving import plan_leaving
from torvet.demo.notices import plan_notices
from torvet.demo.outcomes import plan_outcomes
from torvet.demo.pages import Writer, read_pages
from torvet.demo.plan import Plan
from torvet.demo.plays import read_plays
from torvet.demo.questions import plan_questions
from torvet.demo.stage import Stage
from torvet.demo.telling import Teller
from torvet.demo.times import HOME, moment
from torvet.demo.town import open_spaces
from torvet.moving.progress import Progress
from torvet.notifications import actions as notifications
from torvet.people.actions import as_house
from torvet.people.models import Member

SEED = 1884  # the same company every time
FOUNDED = "D27 08:00"
LAST_LOOK = "D1 11:45"  # when the three logins last opened their notifications


def build(*, progress: Progress, now: datetime | None = None) -> None:
    """Build the whole company, or nothing of it. Needs an empty database."""
    now = now or timezone.now()
    dice = random.Random(SEED)
    with transaction.atomic(), own_time(moment(FOUNDED, now)) as clock:
        progress("People", 0, 1)
        administrator = founding.found()
        founding.tell_about_themselves()
        progress("People", 1, 1)
        stage = Stage(administrator)
        plan = Plan(now)
        open_spaces(plan, stage, dice)
        teller = Teller(plan, stage, dice)
        for play in read_plays():
            teller.plan_play(play)
        writer = Writer(plan, stage)
        for page in read_pages():
            writer.plan_page(page)
        plan_leaving(plan, stage)
        plan_blogs(plan, stage, dice)
        plan_outcomes(plan, stage)
        plan_notices(plan, stage)
        plan_ideas(plan, stage, dice)
        plan_fora(plan, stage)
        plan_questions(plan, stage)
        plan_experts(plan, stage)
        last_look = moment(LAST_LOOK, now)
        plan.add(last_look, _look_at_notifications)
        _perform(plan, clock.set, progress)
        clock.set(now - timedelta(seconds=60))
        reading.read_most(stage, now)
        _hand_out()


def _perform(plan: Plan, set_clock: Callable[[datetime], None], progress: Progress) -> None:
    day = None
    for done, event in enumerate(plan.in_order(), 1):
        today = event.at.astimezone(HOME).date()
        if day not in (None, today):
            _hand_out()
        day = today
        set_clock(event.at)
        event.do()
        progress("Five weeks of life", done, len(plan.events))
    _hand_out()


def _hand_out() -> None:
    """As the worker would have done meanwhile: cards, notifications, search."""
    while outbox.drain():
        pass


def _look_at_notifications() -> None:
    _hand_out()
    for login in LOGINS:
        notifications.read_all(by=as_house(Member.objects.get(handle=login.handle)))
