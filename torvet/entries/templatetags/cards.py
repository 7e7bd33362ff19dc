"""Tags for the templates of cards: marks instead of words and times."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.safestring import SafeString, mark_safe

from torvet.base.text import folded
from torvet.entries import cards
from torvet.entries.models import Entry

register = template.Library()


@register.simple_tag
def word(key: str) -> SafeString:
    """A word of entries/phrases.py, filled in for each reader."""
    return mark_safe(cards.word_mark(key))  # noqa: S308  # a constant of ours


@register.simple_tag
def at(moment: datetime) -> SafeString:
    """A time, filled in for each reader."""
    return mark_safe(cards.time_mark(moment))  # noqa: S308  # a number


@register.simple_tag
def said(entry: Entry) -> SafeString:
    """The words of an entry: HTML that base.text cleaned when it was written."""
    body = folded(entry.body, cards.word_mark("show_quoted"))
    return mark_safe(body)  # noqa: S308  # cleaned by base.text on every way in
