"""What templates ask about ideas: `{% load ideas %}`."""

from __future__ import annotations

from django import template

from torvet.entries.models import Entry
from torvet.ideas.models import Idea, Stage

register = template.Library()

COLORS = {
    Stage.HEARD: "neutral",
    Stage.LOOKED_AT: "info",
    Stage.CHOSEN: "success",
    Stage.TRIED: "success",
    Stage.DONE: "success",
    Stage.DECLINED: "neutral",
}
ICONS = {
    Stage.HEARD: "message-circle",
    Stage.LOOKED_AT: "eye",
    Stage.CHOSEN: "check",
    Stage.TRIED: "refresh-cw",
    Stage.DONE: "circle-check",
    Stage.DECLINED: "circle-x",
}


@register.filter
def stage_word(entry: Entry) -> str:
    """The key of entries/phrases.py for how far an idea has come; empty while its row is being made."""
    idea = Idea.objects.select_related("merge").filter(pk=entry.pk).first()
    if idea is None:
        return ""
    return "idea_merged" if idea.is_merged else f"idea_{idea.stage}"


@register.filter
def stage_color(stage: str) -> str:
    return COLORS[Stage(stage)]


@register.filter
def stage_icon(stage: str) -> str:
    return ICONS[Stage(stage)]


@register.filter
def stage_label(stage: str) -> str:
    return str(Stage(stage).label)
