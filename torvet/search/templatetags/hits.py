"""The lines of a page of results: `{% load hits %}{{ found.hits|lines }}`.

Plain string building: twenty lines drawn by a template cost as much as the search itself. Every value is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from torvet.base.templatetags.look import avatar, icon, square, when
from torvet.search.forms import Choice
from torvet.search.found import COMMENT, PAGE, PERSON, SPACE, TOPIC, Hit

register = template.Library()
_SETTLED = '<span class="ds-tag" data-color="success">{}{}</span>'


@register.filter
def lines(hits: Iterable[Hit]) -> SafeString:
    """One list of what was found."""
    comment_on = f'<span class="mut">{escape(gettext("Comment on"))}</span> '
    drawn = "".join(_line(hit, comment_on) for hit in hits)
    return mark_safe(f'<ul class="ds-card list">{drawn}</ul>')  # noqa: S308  # every value in it is escaped


@register.filter
def tabs(choices: Iterable[Choice]) -> SafeString:
    """Links that change what is looked for."""
    return mark_safe("".join(map(_tab, choices)))  # noqa: S308  # every value in it is escaped


def _tab(choice: Choice) -> str:
    here = ' aria-current="page"' if choice.is_chosen else ""
    return f'<a href="{escape(choice.url)}"{here}>{escape(str(choice.label))}</a>'


def _line(hit: Hit, comment_on: str) -> str:
    before = comment_on if hit.kind == COMMENT else ""
    # What has no title begins with its own words: they would stand there twice.
    is_said = hit.snippet.strip("… ") in hit.title
    said = "" if is_said else f"<p>{hit.snippet_html}</p>"
    title = f'<a href="{escape(hit.url)}">{hit.title_html}</a>'
    return f'<li class="hit">{_face(hit)}<div><h3>{before}{title}</h3>{said}{_origin(hit)}</div></li>'


def _face(hit: Hit) -> str:
    if hit.kind == PERSON:
        return avatar(hit.thing)
    if hit.kind == SPACE:
        return square(hit.thing, "m")
    if hit.kind == PAGE:
        return f'<span class="sq sq-m" aria-hidden="true">{icon("book-open")}</span>'
    if hit.kind == TOPIC:
        return '<span class="sq sq-m" aria-hidden="true">#</span>'
    return avatar(hit.thing.author, "s")


def _origin(hit: Hit) -> str:
    """Who wrote it, where, and when."""
    if hit.at is None:
        return ""
    author, space = hit.thing.author, hit.thing.space
    where = f'<a href="{space.url}">{escape(space.name)}</a>'
    who = author.name
    if hit.thing.written_by:
        said = gettext("written by %(writer)s for %(leader)s")
        who = said % {"writer": hit.thing.written_by, "leader": author.name}
    settled = f" {_SETTLED.format(icon('check', 's'), escape(gettext('Solved')))}" if hit.is_settled else ""
    return f'<p class="by">{escape(who)} · {where} · {when(hit.at)}{settled}</p>'
