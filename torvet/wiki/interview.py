"""The guided interview: what somebody who leaves is asked, one question a screen. Never about passwords."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from torvet.wiki.models import Sort


@dataclass(frozen=True)
class Question:
    """`title` is what its page is called; {name} in it is the one who leaves. `sort` is that of the page."""

    key: str
    asks: str | Promise
    helps: str | Promise
    title: str | Promise
    sort: Sort = Sort.PLAIN


QUESTIONS: tuple[Question, ...] = (
    Question(
        "called_about",
        _("What do people call you about?"),
        _("Think of the last two weeks: who came to you, and what did you tell them?"),
        _("What people asked {name}"),
    ),
    Question(
        "on_holiday",
        _("What goes wrong when you are on holiday?"),
        _("What waits for you when you come back? What do others do about it meanwhile?"),
        _("When things stand still, and what to do"),
        Sort.PROCEDURE,
    ),
    Question(
        "only_you",
        _("What do only you know how to repair or to do?"),
        _("A machine, a spreadsheet, a form that must be filled in just so. Write it step by step."),
        _("How it is repaired and done"),
        Sort.PROCEDURE,
    ),
    Question(
        "half_done",
        _("What is half done?"),
        _("For each thing: where it stands, what comes next, and who waits for it."),
        _("What is half done"),
    ),
    Question(
        "dates",
        _("Which dates come back every week, month or year?"),
        _("Reports, inspections, orders, contracts that end. When, for whom, and where it is described."),
        _("Dates that come back"),
    ),
    Question(
        "outside",
        _("Whom outside the company do you know and rely on?"),
        _("Company, name and what they help with. Leave out what is private about them."),
        _("Whom to call outside the company"),
    ),
    Question(
        "where_things_are",
        _("Where do things lie that others would look for?"),
        _("Drawings, keys, folders, contracts. Say where, and who can open it."),
        _("Where things are"),
    ),
    Question(
        "promised",
        _("What have you promised to somebody?"),
        _("To customers, colleagues or authorities, in writing or by word of mouth."),
        _("What was promised"),
    ),
    Question(
        "first_day",
        _("What would you tell your successor on the first day?"),
        _("The three things that took you longest to find out."),
        _("For the first day"),
    ),
)
KEYS = [question.key for question in QUESTIONS]


def number_of(key: str) -> int:
    """1 for the first."""
    return KEYS.index(key) + 1
