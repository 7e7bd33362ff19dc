"""Tags for what pages are drawn with: icons, avatars, times, fields. `{% load look %}`; docs/look.md shows each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from html import escape
from typing import Any, Protocol

from django import template
from django.conf import settings
from django.forms import BoundField, Textarea
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from torvet.base import frame as frames
from torvet.base.templatetags import words

register = template.Library()

HUES = 24
SPACES_IN_MENU = 5
SPRITE = "torvet/dist/icons.svg"
SIZES = {
    "xs": " av-xs",
    "s": " av-s",
    "sm": " av-s",
    "m": "",
    "md": "",
    "l": " av-l",
    "lg": " av-l",
    "xl": " av-xl",
}
SQUARES = {"s": "", "m": " sq-m", "l": " sq-l"}
DJANGOS_ROWS = "10"  # what Django gives a textarea that nobody sized
UNSTYLED = {"checkbox", "radio", "file", "hidden", "color", "range"}


class Face(Protocol):
    """What an avatar needs to know of somebody; `hue` is 0 to 23, `photo_url` may be empty."""

    name: str
    initials: str
    hue: int
    photo_url: str | None


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """An icon of the sprite: `{% icon "bell" %}`, `{% icon "bell" "s" %}`. It is silent: say its meaning in words."""
    return _icon(name, size, settings.STATIC_URL)


@lru_cache(maxsize=1000)
def _icon(name: str, size: str, static_url: str) -> SafeString:
    kind = f"i i-{size}" if size else "i"
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', kind, static(SPRITE), name
    )


@register.simple_tag
def avatar(member: Face | frames.OutlineMember, size: str = "m") -> SafeString:
    """A round picture or the initials of a member; hidden from screen readers, for the name stands beside it."""
    if isinstance(member, frames.OutlineMember):
        return member.face(size)
    photo = getattr(member, "photo_url", None)
    if photo:
        return format_html(
            '<img class="av{}" src="{}" alt="" loading="lazy" decoding="async">', SIZES[size], photo
        )
    return _initials("av", SIZES[size], member)


@register.simple_tag
def square(space: Any, size: str = "s") -> SafeString:
    """The rounded square of a space: anything with .name, .initials and .hue."""
    return _initials("sq", SQUARES[size], space)


def _initials(kind: str, size: str, face: Any) -> SafeString:
    hue = int(getattr(face, "hue", 0) or 0) % HUES
    # Not format_html, which costs six times as much: a page has fifty of these.
    return mark_safe(f'<span class="{kind}{size} h{hue}" aria-hidden="true">{escape(face.initials)}</span>')  # noqa: S308


@register.simple_tag
def when(moment: datetime | None, style: str = "long") -> SafeString:
    """A time that browsers show as "5 minutes ago" and everything else as an absolute time in the reader's language.

    Empty for None. `style="narrow"` says "5 min".
    """
    if moment is None:
        return mark_safe("")
    zone = timezone.get_current_timezone_name()
    return _time(moment.replace(microsecond=0), style, zone, get_language())


@lru_cache(maxsize=20_000)
def _time(moment: datetime, style: str, zone: str, language: str | None) -> SafeString:
    """`zone` and `language` are what it is kept by, and the ones that are switched on."""
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    stamp = local.isoformat(timespec="seconds")
    return format_html(
        '<relative-time datetime="{}" format-style="{}" threshold="P20D" prefix="">'
        '<time datetime="{}">{}</time></relative-time>',
        stamp,
        "narrow" if style == "narrow" else "long",
        stamp,
        date_format(local, "DATETIME_FORMAT"),
    )


@register.simple_tag
def day(value: date) -> SafeString:
    """A date in the reader's language, machine readable."""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), date_format(value, "DATE_FORMAT"))


@register.simple_tag
def asset(path: str) -> str:
    """The address of a shipped file: `{% asset "torvet/dist/torvet.css" %}`."""
    return static(path)


@register.simple_tag
def interface_words() -> SafeString:
    """The texts that scripts show, in the reader's language, as JSON that no browser executes."""
    return _words_in(get_language())


@lru_cache(maxsize=16)
def _words_in(language: str | None) -> SafeString:
    return json_script({key: str(text) for key, text in words.WORDS.items()}, "words")


@register.simple_tag
def language() -> str:
    """The language of the page, for <html lang>."""
    return get_language() or "en"


@register.simple_tag(takes_context=True)
def is_here(context: Context, *starts: str) -> SafeString:
    """aria-current for a link of the navigation whose address begins the page's own; "/" only matches itself."""
    if context.get("is_outline"):
        return frames.mark("here:" + " ".join(starts))
    return mark_safe('aria-current="page"') if _is_on(context, starts) else mark_safe("")


def _is_on(values: frames.Values, starts: Iterable[str]) -> bool:
    path = getattr(values.get("request"), "path", "")
    return any(start and (path == start or (start != "/" and path.startswith(start))) for start in starts)


@register.simple_tag(takes_context=True)
def frame(context: Context, name: str) -> SafeString:
    """A part of the page's frame, drawn once per language and filled for each reader: `{% frame "_top.html" %}`.

    Such a part may use `shell`, `csrf_token`, `query`, `{% is_here %}`, `{% my_spaces %}` and
    `{% avatar shell.member %}`, and no other variable.
    """
    return frames.draw(name, context, _fill)


def _fill(name: str, values: frames.Values) -> str:
    what, _, rest = name.partition(":")
    match what:
        case "here":
            return 'aria-current="page"' if _is_on(values, rest.split()) else ""
        case "face":
            return avatar(values.get("shell").member, rest)
        case "spaces":
            return _space_lines(values, rest)
    return frames.filling(name, values)


@register.simple_tag(takes_context=True)
def my_spaces(context: Context, place: str) -> SafeString:
    """The reader's spaces as links, in the left navigation (`left`) or the menu on phones (`menu`)."""
    if context.get("is_outline"):
        return frames.mark(f"spaces:{place}")
    return mark_safe(_space_lines(context, place))  # noqa: S308  # every value in it is escaped


def _space_lines(values: frames.Values, place: str) -> str:
    spaces = list(getattr(values.get("shell"), "spaces", None) or ())
    if not spaces:
        return ""
    heading, unread = escape(gettext("My spaces")), escape(gettext("unread"))
    sign = f'<span class="dot"></span><span class="vh">{unread}</span>'
    if place == "menu":
        rows = "".join(_space_line(space, "cut grow", sign, "") for space in spaces[:SPACES_IN_MENU])
        return f'<p class="menu-head">{heading}</p>{rows}'
    here = ' aria-current="page"'
    rows = "".join(
        f"<li>{_space_line(space, 'cut', sign, here if _is_on(values, [space.url]) else '')}</li>"
        for space in spaces
    )
    return f'<h2 id="my-spaces">{heading}</h2><ul aria-labelledby="my-spaces">{rows}</ul>'


def _space_line(space: Any, kind: str, sign: str, here: str) -> str:
    state, dot = (' class="unread"', sign) if space.unread else ("", "")
    name = f'<span class="{kind}">{escape(space.name)}</span>'
    return f'<a href="{escape(space.url)}"{state}{here}>{_initials("sq", "", space)}{name}{dot}</a>'


@register.simple_tag
def control(field: BoundField, **attributes: str) -> SafeString:
    """The input of a bound field in the house's look: `{% control form.email autocomplete="email" %}`."""
    extra: dict[str, str | bool] = {name.replace("_", "-"): value for name, value in attributes.items()}
    kind = getattr(field.field.widget, "input_type", "")
    if kind not in UNSTYLED:
        extra["class"] = " ".join(
            _words(field.field.widget.attrs.get("class", ""), str(extra.get("class", "")), "ds-input")
        )
    if isinstance(field.field.widget, Textarea) and field.field.widget.attrs.get("rows") == DJANGOS_ROWS:
        extra.setdefault("rows", "4")
    return field.as_widget(attrs=extra)


@register.filter
def is_tick(field: BoundField) -> bool:
    """Whether the field is one box to tick, whose label stands after it."""
    return getattr(field.field.widget, "input_type", "") == "checkbox" and not hasattr(field.field, "choices")


@register.filter
def is_choice(field: BoundField) -> bool:
    """Whether the field is a list of radio buttons or boxes, which wants a fieldset."""
    return bool(field.field.widget.use_fieldset)


@register.filter
def shown_pictures(pictures: Iterable[Any]) -> list[Any]:
    """The first five pictures of a gallery; the fifth carries "+N" when there are more."""
    return list(pictures)[:5]


@register.filter
def beyond_five(pictures: Any) -> int:
    """How many pictures stand behind the fifth."""
    return max(0, len(pictures) - 5)


def _words(*texts: str) -> list[str]:
    return list(dict.fromkeys(word for text in texts for word in str(text).split()))
