"""Markdown of chats and comments to loose HTML, with its emoji as signs."""

from __future__ import annotations

import re
from collections.abc import Callable

from torvet.base.text.characters import strip_forbidden
from torvet.base.text.markdown import _MARKDOWN, tame, untame
from torvet.moving.emoji import with_signs

_CODE = re.compile(r"<(pre|code)\b[^>]*>.*?</\1>|<a\b[^>]*>.*?</a>|<[^>]*>", re.DOTALL)


def to_html(source: str, change: Callable[[str], str] | None = None) -> str:
    """HTML of Markdown as people type it in a box. `change` is asked for each escaped text outside code and links."""
    html = untame(_MARKDOWN.render(tame(strip_forbidden(source))))
    return in_texts(html, lambda text: with_signs(change(text) if change else text))


def in_texts(html: str, change: Callable[[str], str]) -> str:
    """The HTML with every text outside tags, code and links changed."""
    parts: list[str] = []
    done = 0
    for match in _CODE.finditer(html):
        parts += [change(html[done : match.start()]), match[0]]
        done = match.end()
    return "".join([*parts, change(html[done:])])
