"""Tags for what features show with entries that are not theirs (entries/extras.py)."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from torvet.entries import extras
from torvet.entries.extras import Act
from torvet.entries.models import Entry
from torvet.people.viewer import viewer_of

register = template.Library()


@register.simple_tag(takes_context=True)
def extras_above(context: Context, entry: Entry) -> SafeString:
    """What features show above the words of an entry, on a page of its own."""
    return format_html_join("\n", "{}", ((part,) for part in extras.above(context["request"], entry)))


@register.simple_tag(takes_context=True)
def extras_below(context: Context, entry: Entry) -> SafeString:
    """What features show below the words of an entry, on a page of its own."""
    return format_html_join("\n", "{}", ((part,) for part in extras.below(context["request"], entry)))


@register.simple_tag(takes_context=True)
def extra_acts(context: Context, entry: Entry) -> list[Act]:
    """What features let the reader do with it: `{% extra_acts entry as acts %}`, each with .words .url .icon."""
    return extras.acts(viewer_of(context["request"]), entry)
