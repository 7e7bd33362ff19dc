"""What templates ask about the agreement: `{% load agreement %}`."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from torvet.agreement import queries
from torvet.agreement.actions import SMALLEST_GROUP_KEY
from torvet.agreement.forms import STATES
from torvet.agreement.models import TermChange
from torvet.agreement.register import BY_KEY, State

register = template.Library()

COLOURS = {State.OFF: "neutral", State.GROUPS: "info", State.ON: "success"}
ICONS = {State.OFF: "eye-off", State.GROUPS: "users", State.ON: "eye"}


@register.filter
def state_name(state: str) -> str:
    """The state in words."""
    return str(STATES[State(state)])


@register.filter
def state_colour(state: str) -> str:
    return COLOURS[State(state)]


@register.filter
def state_icon(state: str) -> str:
    return ICONS[State(state)]


@register.filter
def said(change: TermChange) -> str:
    """A change in one sentence: what it is about, before and after."""
    if change.key == SMALLEST_GROUP_KEY:
        return _("Smallest group: from %(before)s to %(after)s people") % {
            "before": change.before, "after": change.after,
        }  # fmt: skip
    processing = BY_KEY.get(change.key)
    return _("%(title)s: from “%(before)s” to “%(after)s”") % {
        "title": processing.title if processing else change.key,
        "before": _in_words(change.before),
        "after": _in_words(change.after),
    }


def _in_words(state: str) -> str:
    return state_name(state) if state in set(State) else state


@register.inclusion_tag("agreement/_announcement.html")
def announcement() -> dict[str, object]:
    """The banner about the newest change, while it is announced: `{% announcement %}`."""
    return {"change": queries.newest_change()}
