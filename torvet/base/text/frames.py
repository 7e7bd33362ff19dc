"""Blocks within blocks: lists, tables, quotes, always nested as the schema says, and the plain text of them."""

import re
from dataclasses import dataclass, field

from torvet.base.text.shape import CALLOUTS

CONTAINERS = {"blockquote", "aside", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td"}
EMPTY = "<p></p>"
QUOTED_AGAIN = '<blockquote data-quoted="rest">'
"""What an answer by mail only repeats at its end; it is shown folded."""
DEEPEST = 12
"""Blocks within blocks; deeper ones are laid flat."""

_FLOW = {"root", "blockquote", "aside", "li", "th", "td"}
_PARENTS = {
    "li": ("ul", "ol"),
    "thead": ("table",),
    "tbody": ("table",),
    "tr": ("thead", "tbody"),
    "th": ("tr",),
    "td": ("tr",),
}
_IMPLIED = {"ul": "li", "ol": "li", "table": "tbody", "thead": "tr", "tbody": "tr", "tr": "td"}
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(slots=True)
class _Frame:
    tag: str
    start: str = ""
    implied: bool = False
    # Plain text before it: how much there was, and what was to part it from this.
    before: tuple[int, str] = (0, "")
    parts: list[str] = field(default_factory=list)


class Frames:
    """The stack of open containers. What a container needs around it is put there, and empty ones are not written."""

    def __init__(self) -> None:
        self._frames = [_Frame("root")]
        self._plain: list[str] = []
        self._gap = ""

    @property
    def depth(self) -> int:
        return len(self._frames)

    def finish(self) -> tuple[str, str]:
        """Close everything: HTML and plain text."""
        self.close_to(1)
        return "".join(_trimmed(self._frames[0].parts)), "".join(self._plain).strip()

    def close_to(self, depth: int) -> None:
        while len(self._frames) > depth:
            self._close()

    def add(self, html: str, plain: str = "") -> None:
        """One block into the innermost container; of empty paragraphs in a row the first is kept."""
        frame = self._frames[-1]
        if html == EMPTY and frame.parts and frame.parts[-1] == EMPTY:
            return
        frame.parts.append(html)
        if plain:
            self._plain.append(self._gap if self._plain else self._gap.lstrip(" |\n"))
            self._plain.append(plain)
            self._gap = _gap_after(frame.tag)

    def need_flow(self) -> None:
        """Open what is missing until a paragraph may stand here: text in a list goes into an item."""
        while (tag := self._frames[-1].tag) not in _FLOW:
            self._push(_IMPLIED[tag], implied=True)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Open a container, unless it cannot stand here or lies too deep."""
        parents = _PARENTS.get(tag)
        if parents:
            while self._frames[-1].implied and self._frames[-1].tag not in parents:
                self._close()
            if tag in ("tr", "th", "td"):
                while (top := self._frames[-1].tag) not in parents and top in ("table", "thead", "tbody"):
                    self._push(_IMPLIED[top], implied=True)
            if self._frames[-1].tag not in parents:
                return
        elif len(self._frames) > DEEPEST:
            return
        else:
            self.need_flow()
        self._push(tag, self._start_tag(tag, attributes))

    def _start_tag(self, tag: str, attributes: dict[str, str]) -> str:
        if tag == "aside":
            sort = attributes.get("data-callout", "")
            return f'<aside data-callout="{sort if sort in CALLOUTS else CALLOUTS[0]}">'
        if tag == "blockquote" and attributes.get("data-quoted") == "rest":
            return QUOTED_AGAIN
        if tag == "ul" and attributes.get("data-type") == "taskList":
            return '<ul data-type="taskList">'
        if tag == "li" and self._frames[-1].start.startswith("<ul data-type"):
            ticked = "true" if attributes.get("data-checked") in ("true", "") else "false"
            return f'<li data-type="taskItem" data-checked="{ticked}">'
        if tag == "ol" and _number(attributes, "start") not in (None, 1):
            return f'<ol start="{_number(attributes, "start")}">'
        if tag in ("th", "td"):
            spans = ((name, _number(attributes, name) or 1) for name in ("colspan", "rowspan"))
            written = "".join(f' {name}="{count}"' for name, count in spans if 1 < count <= 100)
            return f"<{tag}{written}>"
        return f"<{tag}>"

    def _push(self, tag: str, start: str = "", *, implied: bool = False) -> None:
        start = start or self._start_tag(tag, {})
        self._frames.append(_Frame(tag, start, implied, (len(self._plain), self._gap)))
        if tag == "li":
            self._begin_item(start)

    def _begin_item(self, start: str) -> None:
        lists = [frame for frame in self._frames if frame.tag in ("ul", "ol")]
        sign = "- "
        if "data-checked" in start:
            sign = "[x] " if '"true"' in start else "[ ] "
        elif lists[-1].tag == "ol":
            first = _NUMBER.search(lists[-1].start)
            sign = f"{int(first[0] if first else 1) + len(lists[-1].parts)}. "
        self._gap = self._gap.rstrip(" ") if self._plain else ""
        if self._plain:
            self._gap = "\n\n" if self._gap == "\n\n" and len(lists) == 1 and not lists[-1].parts else "\n"
        self._gap += "  " * (len(lists) - 1) + sign

    def _close(self) -> None:
        frame = self._frames.pop()
        parts = frame.parts
        if frame.tag in _FLOW:
            parts = _trimmed(parts)
            if not parts and frame.tag not in ("blockquote", "aside"):
                parts = [EMPTY]
        if parts:
            self._frames[-1].parts.append(f"{frame.start}{''.join(parts)}</{frame.tag}>")
        length, gap = frame.before
        if len(self._plain) == length:
            self._gap = gap
        elif frame.tag in ("tr", "li"):
            self._gap = "\n"
        elif frame.tag in ("ul", "ol", "table", "blockquote", "aside"):
            self._gap = "\n\n" if self._frames[-1].tag in ("root", "blockquote", "aside") else "\n"


def _number(attributes: dict[str, str], name: str) -> int | None:
    value = attributes.get(name, "")
    return int(value) if _NUMBER.fullmatch(value) else None


def _gap_after(tag: str) -> str:
    if tag in ("th", "td"):
        return " | "
    return "\n" if tag == "li" else "\n\n"


def _trimmed(parts: list[str]) -> list[str]:
    """Without the empty paragraphs at either end: Tiptap always adds one at the end of a document."""
    start, end = 0, len(parts)
    while end > start and parts[end - 1] == EMPTY:
        end -= 1
    while start < end and parts[start] == EMPTY:
        start += 1
    return parts[start:end]
