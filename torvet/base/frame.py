"""The frame around every page, kept per language: what stands the same for everybody is drawn once.

A part of the frame is an ordinary template. The first time it is drawn with marks in the place of what belongs to one
reader (`\\x1ename\\x1f`: two characters that no text of ours holds); after that only the marks are filled. Drawn anew
for each page the frame cost 2.8 ms, more than all the cards in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

MARK = re.compile("\x1e([^\x1f]*)\x1f")
Fill = Callable[[str, Mapping[Any, Any]], str]
_kept: dict[tuple[object, ...], list[str]] = {}


def mark(name: str) -> SafeString:
    """The place where `name` is filled in."""
    return mark_safe(f"\x1e{name}\x1f")  # noqa: S308  # the name is a constant of ours


class Outline:
    """Stands in for `shell` while a part is drawn: the flags are real, everything that is shown is a mark."""

    FLAGS = ("is_administrator", "is_community", "is_guest", "draws_guest_sign")

    def __init__(self, shell: object) -> None:
        self.is_signed_in = bool(getattr(shell, "member", None))
        for flag in self.FLAGS:
            setattr(self, flag, bool(getattr(shell, flag, False)))
        self.member = OutlineMember() if self.is_signed_in else None
        self.company_name, self.told_count = mark("company"), mark("told")
        self.brand_version, self.theme = mark("brand_version"), mark("theme")

    @property
    def key(self) -> tuple[bool, ...]:
        return (self.is_signed_in, *(getattr(self, flag) for flag in self.FLAGS))


class OutlineMember:
    """The reader while a part is drawn."""

    name, url = mark("name"), mark("url")

    @staticmethod
    def face(size: str) -> SafeString:
        return mark(f"face:{size}")


def draw(name: str, values: Mapping[Any, Any], fill: Fill) -> SafeString:
    """The part `name` for one reader; `fill` gives the HTML of a mark from the page's `values`."""
    outline = Outline(values.get("shell"))
    key = (name, get_language(), settings.ROOT_URLCONF, settings.STATIC_URL, *outline.key)
    pieces = _kept.get(key)
    if pieces is None:
        shown = {"shell": outline, "csrf_token": mark("csrf"), "query": mark("query"), "is_outline": True}
        pieces = MARK.split(get_template(name).render(shown))
        if not settings.DEBUG:  # whoever works on a template wants to see it
            _kept[key] = pieces
    filled = pieces.copy()
    for at in range(1, len(pieces), 2):
        filled[at] = fill(pieces[at], values)
    return mark_safe("".join(filled))  # noqa: S308  # pieces come from templates, fillings are escaped by `fill`


def filling(name: str, values: Mapping[Any, Any]) -> str:
    """The HTML for the marks that are plain values."""
    shell = values.get("shell")
    member = getattr(shell, "member", None)
    match name:
        case "company":
            return escape(getattr(shell, "company_name", "") or "Torvet")
        case "told":
            return str(getattr(shell, "told_count", 0) or "")
        case "brand_version":
            return str(getattr(shell, "brand_version", 0) or 0)
        case "theme":
            return escape(getattr(shell, "theme", "auto") or "auto")
        case "name" | "url":
            return escape(getattr(member, name, ""))
        case "csrf":
            return escape(str(values.get("csrf_token", "")))
        case "query":
            return escape(str(values.get("query") or ""))
    raise ValueError(f"nothing is known of the mark {name!r}")
