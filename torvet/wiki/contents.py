"""The contents list of a page, and the anchors it leads to."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from html import unescape

from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

HEADING = re.compile(r"<h([1-4])>(.*?)</h\1>", re.S)  # as base.text writes them: without attributes
LONGEST = 300  # headings; a page with more has another problem than its contents list


@dataclass(frozen=True)
class Line:
    """A heading: its level from 1 on, its plain words, and its anchor."""

    level: int
    words: str
    anchor: str


def with_anchors(html: str) -> tuple[SafeString, list[Line]]:
    """Cleaned HTML with an id on each heading, and the headings in order."""
    lines: list[Line] = []
    used: Counter[str] = Counter()

    def anchored(found: re.Match[str]) -> str:
        words = " ".join(unescape(strip_tags(found[2])).split())
        name = slugify(words, allow_unicode=True)[:60] or "part"
        used[name] += 1
        anchor = f"h-{name}" if used[name] == 1 else f"h-{name}-{used[name]}"
        if words and len(lines) < LONGEST:
            lines.append(Line(int(found[1]), words, anchor))
        return f'<h{found[1]} id="{anchor}">{found[2]}</h{found[1]}>'

    marked = HEADING.sub(anchored, html)
    return mark_safe(marked), lines  # noqa: S308  # cleaned by base.text; anchors hold letters, digits and dashes
