"""The frame around every page, kept per language: what stands the same for everybody is drawn once.

A part of the frame is an ordinary template. The first time it is drawn with marks in the place of what belongs to one
reader (`\\x1ename\\x1f`: two characters that no text of ours holds); after that only the marks are filled. Drawn anew
for each page the frame cost 2.8 ms, more than all the cards in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any, Protocol

from django.conf import settings
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

MARK = re.compile("\x1e([^\x1f]*)\x1f")


class Values(Protocol):
    """What a page is drawn from: a template's context as it is; to flatten it costs more than to fill a part."""

    def get(self, name: str, otherwise: Any = None, /) -> Any: ...


Fill = Callable[[str, Values], str]
_kept: dict[tuple[object, ...], list[str]] = {}


def mark(name: str) -> SafeString:
    """The place where `name` is filled in."""
    return mark_safe(f"\x1e{name}\x1f")  # noqa: S308  # the name is a constant of ours


class Outline:
    """Stands in for `shell` while a part is drawn: the flags are real, everything that is shown is a mark."""

    FLAGS = (
        "is_administrator",
        "is_community",
        "is_guest",
        "draws_guest_sign",
        "has_to_confirm",
        "has_asked",
    )

    def __init__(self, shell: object) -> None:
        self.is_signed_in = bool(getattr(shell, "member", None))
        for flag in self.FLAGS:
            setattr(self, flag, bool(getattr(shell, flag, False)))
        self.member = OutlineMember() if self.is_signed_in else None
        self.company_name, self.told_count = mark("company"), mark("told")
        self.to_confirm_count, self.asked_count = mark("to_confirm"), mark("asked")
        self.brand_version, self.theme = mark("brand_version"), mark("theme")
        self.live_url = mark("live_url") if getattr(shell, "live_url", "") else ""

    @classmethod
    def key(cls, shell: object) -> tuple[bool, ...]:
        """What the parts differ by."""
        flags = (bool(getattr(shell, flag, False)) for flag in cls.FLAGS)
        return (bool(getattr(shell, "member", None)), bool(getattr(shell, "live_url", "")), *flags)


class OutlineMember:
    """The reader while a part is drawn."""

    name, first_name, url = mark("name"), mark("first_name"), mark("url")

    @staticmethod
    def face(size: str) -> SafeString:
        return mark(f"face:{size}")


def draw(name: str, values: Values, fill: Fill) -> SafeString:
    """The part `name` for one reader; `fill` gives the HTML of a mark from the page's `values`."""
    shell = values.get("shell")
    key = (name, get_language(), settings.ROOT_URLCONF, settings.STATIC_URL, Outline.key(shell))
    pieces = _kept.get(key)
    if pieces is None:
        shown = {
            "shell": Outline(shell),
            "csrf_token": mark("csrf"),
            "query": mark("query"),
            "is_outline": True,
        }
        pieces = MARK.split(get_template(name).render(shown))
        if not settings.DEBUG:  # whoever works on a template wants to see it
            _kept[key] = pieces
    filled = pieces.copy()
    for at in range(1, len(pieces), 2):
        filled[at] = fill(pieces[at], values)
    return mark_safe("".join(filled))  # noqa: S308  # pieces come from templates, fillings are escaped by `fill`


def filling(name: str, values: Values) -> str:
    """The HTML for the marks that are plain values."""
    shell = values.get("shell")
    member = getattr(shell, "member", None)
    match name:
        case "company":
            return escape(str(getattr(shell, "company_name", "") or "Torvet"))
        case "told":
            return str(getattr(shell, "told_count", 0) or "")
        case "to_confirm":
            return escape(str(getattr(shell, "to_confirm_count", "") or ""))
        case "asked":
            return escape(str(getattr(shell, "asked_count", "") or ""))
        case "brand_version":
            return str(getattr(shell, "brand_version", 0) or 0)
        case "theme":
            return escape(str(getattr(shell, "theme", "auto") or "auto"))
        case "live_url":
            return escape(str(getattr(shell, "live_url", "")))
        case "name" | "first_name" | "url":
            return escape(str(getattr(member, name, "")))
        case "csrf":
            return escape(str(values.get("csrf_token", "")))
        case "query":
            return escape(str(values.get("query") or ""))
    raise ValueError(f"nothing is known of the mark {name!r}")
