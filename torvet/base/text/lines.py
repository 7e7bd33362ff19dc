"""One line of text: a paragraph, a heading, the code of a block."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from torvet.base.text.addresses import link_start
from torvet.base.text.characters import escape, escape_attribute, normalise
from torvet.base.text.names import find_names, topic_href, topic_name
from torvet.base.text.shape import MentionRef, Resolved

if TYPE_CHECKING:
    from torvet.base.text.blocks import Builder

Mark = tuple[str, str]

_RANK = {"a": 0, "strong": 1, "em": 2, "s": 3, "code": 4}
# Stands before the @ of a mention that was picked but is unknown; no text can hold it, `strip_forbidden` takes it out.
_PICKED = "\ufdd2"
_WHITE = re.compile(r"[ \t\n\r\f]+")


class Line:
    """Gathers text and marks, writes each mark only around text, and links what can be linked."""

    def __init__(self, tag: str, builder: Builder, *, implied: bool) -> None:
        self.tag = tag
        self.implied = implied
        self._builder = builder
        self._html: list[str] = []
        self._plain: list[str] = []
        self._run: list[str] = []
        self._run_marks: tuple[Mark, ...] = ()
        self._open: list[Mark] = []
        self._space = False
        self._space_marks: tuple[Mark, ...] = ()
        self._fresh = True
        self._last = " "

    def is_empty(self) -> bool:
        """Nothing but white space so far?"""
        return not self._html and not "".join(self._run).strip(" \t\n\r\f")

    def add(self, text: str, marks: Sequence[Mark]) -> None:
        """Text under these marks, to be joined with its neighbours before names are looked for in it."""
        wanted = _ranked(marks)
        if wanted != self._run_marks:
            self._flush()
            self._run_marks = wanted
        self._run.append(text)

    def add_break(self, marks: Sequence[Mark]) -> None:
        """A line break, inside those open marks that still hold."""
        self._flush()
        while len(self._open) > _shared(self._open, _ranked(marks)):
            self._html.append(f"</{self._open.pop()[0]}>")
        self._html.append("<br>")
        self._plain.append("\n")
        self._space, self._fresh, self._last = False, True, " "

    def add_code(self, code: str) -> None:
        """The text of a code block, white space and all."""
        self._html.append(escape(code))
        self._plain.append(code)

    def add_mention(self, ref: MentionRef, marks: Sequence[Mark]) -> None:
        """Somebody picked in an editor. Unknown to the resolver they are ordinary text, though never a handle."""
        self._builder.refs.setdefault(ref)
        resolved = self._builder.known.get(ref)
        if not resolved:
            self.add(f"{_PICKED}@{ref.label}", marks)
            return
        self._flush()
        self._run_marks = _ranked(marks)
        self._mention(resolved)

    def close(self) -> tuple[str, str]:
        """HTML without the line's own tag, and plain text. White space and breaks at the end are dropped."""
        self._flush()
        html = self._html
        while html and (html[-1] == "<br>" or not html[-1].startswith("<")):
            if html[-1] == "<br>":
                html.pop()
                continue
            html[-1] = html[-1].rstrip(" ")
            if html[-1] or self.tag == "pre":
                break
            html.pop()
        html.extend(f"</{tag}>" for tag, _ in reversed(self._open))
        plain = "".join(self._plain)
        if not plain.strip():
            # Hard spaces alone are how mail programs write an empty line.
            return "", ""
        return "".join(html), plain if self.tag == "pre" else plain.strip(" \n")

    def _flush(self) -> None:
        if self._run:
            run = "".join(self._run)
            self._run.clear()
            self._write(run)

    def _write(self, text: str) -> None:
        parts = _WHITE.sub(" ", normalise(text)).split(_PICKED)
        text = "".join(parts)
        picked = set(accumulate(map(len, parts[:-1])))
        done = 0
        if not any(tag in ("a", "code") for tag, _ in self._run_marks):
            for found in find_names(text, " " if self._space else self._last):
                is_handle = found.what == "handle"
                resolved = self._handle(found.value) if is_handle and found.start not in picked else None
                if is_handle and not resolved:
                    continue
                self._words(text[done : found.start])
                if resolved:
                    self._mention(resolved)
                elif found.what == "topic":
                    self._topic(text[found.start : found.end], topic_name(found.value))
                else:
                    self._address(text[found.start : found.end], found.value)
                done = found.end
        self._words(text[done:])

    def _words(self, text: str) -> None:
        if text.startswith(" "):
            self._add_space()
        words = text.strip(" ")
        if words:
            self._put(escape(words), words)
        if words and text.endswith(" "):
            self._add_space()

    def _put(self, html: str, plain: str) -> None:
        self._sync()
        self._html.append(html)
        self._plain.append(plain)
        self._last, self._fresh = plain[-1], False

    def _add_space(self) -> None:
        if not self._space:
            self._space, self._space_marks = not self._fresh, self._run_marks

    def _sync(self) -> None:
        """Close and open marks; a space between two marks stands outside both."""
        wanted = self._run_marks
        same = _shared(wanted, self._open)
        if self._space:
            same = min(same, _shared(wanted, self._space_marks))
        while len(self._open) > same:
            self._html.append(f"</{self._open.pop()[0]}>")
        if self._space:
            self._html.append(" ")
            self._plain.append(" ")
            self._space, self._last = False, " "
        for mark in wanted[same:]:
            self._html.append(mark[1])
            self._open.append(mark)
            if mark[0] == "a":
                self._builder.note_link(mark[1])

    def _handle(self, handle: str) -> Resolved | None:
        ref = MentionRef("member", f"handle:{handle.casefold()}", handle)
        self._builder.refs.setdefault(ref)
        return self._builder.known.get(ref)

    def _mention(self, resolved: Resolved) -> None:
        self._builder.mentions[MentionRef(resolved.kind, f"id:{resolved.id}", resolved.label)] = None
        self._put(
            f'<a class="mention" data-mention="{resolved.kind}-{resolved.id}" '
            f'href="{escape_attribute(resolved.href)}">@{escape(resolved.label)}</a>',
            f"@{resolved.label}",
        )
        # A name ends a word, whatever it ends in: "@IT#b" is one word in both readings.
        self._last = "x"

    def _topic(self, words: str, name: str) -> None:
        self._builder.topics[name] = None
        self._put(f'<a class="topic" href="{topic_href(name)}">{escape(words)}</a>', words)

    def _address(self, words: str, href: str) -> None:
        """A bare address is from here on a link like any other, so that a second reading treats it the same."""
        outer = self._run_marks
        self._run_marks = _ranked([*outer, ("a", link_start(href))])
        self._put(escape(words), words)
        self._run_marks = outer


def _ranked(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Marks in the one order the editor writes them in."""
    return tuple(sorted(marks, key=lambda mark: _RANK[mark[0]])) if len(marks) > 1 else tuple(marks)


def _shared(some: Sequence[Mark], others: Sequence[Mark]) -> int:
    """How many marks two stacks share from the bottom."""
    same = 0
    while same < min(len(some), len(others)) and some[same] == others[same]:
        same += 1
    return same
