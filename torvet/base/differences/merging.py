"""Two changes of one text brought together: what does not overlap merges by itself, what does is kept twice, marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Literal

from torvet.base.differences.sequence import Budget
from torvet.base.differences.tree import CELLS, Fate, Node, align, parse

Whose = Literal["mine", "theirs", "both"]
LONGEST_EXCERPT = 140  # characters
_HOLDS_BLOCKS = re.compile(r"<(?:li|td|th)(?: [^>]*)?>")
ROWS = {"li", "tr", "thead", "tbody"} | CELLS


@dataclass(frozen=True)
class Part:
    """A place that was changed: by whom, and how it begins now (or began, when it was taken out)."""

    whose: Whose
    words: str
    is_gone: bool = False


@dataclass(frozen=True)
class Merged:
    """The text of both, and what came from whom, in order. `both` parts stand twice, each under its label."""

    html: str
    parts: tuple[Part, ...]

    @property
    def clashes(self) -> list[Part]:
        return [part for part in self.parts if part.whose == "both"]


def merge(began: str, mine: str, theirs: str, *, labels: tuple[str, str]) -> Merged:
    """Bring together two changes of the text that both began with; all three cleaned.

    `labels` are the plain words above mine and theirs where both changed the same part.
    """
    merging = _Merging({"mine": labels[0], "theirs": labels[1]})
    html = merging.blocks(parse(began), parse(mine), parse(theirs))
    return Merged(html, tuple(merging.parts))


@dataclass(frozen=True, slots=True)
class _Hunk:
    """What one side put in the place of the old blocks from `begin` to `end`."""

    whose: Whose
    begin: int
    end: int
    nodes: tuple[Node, ...]


@dataclass
class _Merging:
    labels: dict[str, str]
    budget: Budget = field(default_factory=Budget)
    parts: list[Part] = field(default_factory=list)

    def blocks(self, began: list[Node], mine: list[Node], theirs: list[Node]) -> str:
        hunks = [*self.hunks("mine", began, mine), *self.hunks("theirs", began, theirs)]
        hunks.sort(key=lambda hunk: (hunk.begin, hunk.end, hunk.whose != "theirs"))
        out: list[str] = []
        at = 0
        for begin, end, cluster in _clusters(hunks):
            out += [node.html for node in began[at:begin]]
            out.append(self.cluster(began, begin, end, cluster))
            at = end
        out += [node.html for node in began[at:]]
        return "".join(out)

    def hunks(self, whose: Whose, began: list[Node], now: list[Node]) -> list[_Hunk]:
        found: list[_Hunk] = []
        at = 0
        begin, came = 0, list[Node]()

        def close() -> None:
            if at > begin or came:
                found.append(_Hunk(whose, begin, at, tuple(came)))

        for step in align(began, now, self.budget):
            if step.fate is Fate.GONE:
                if came:  # what came belongs to what went before it, not to this
                    close()
                    begin, came = at, []
                at += 1
                continue
            if step.fate is Fate.NEW:
                came.append(now[step.new])
                continue
            close()
            if step.fate is Fate.CHANGED:
                found.append(_Hunk(whose, at, at + 1, (now[step.new],)))
            at += 1
            begin, came = at, []
        close()
        return found

    def cluster(self, began: list[Node], begin: int, end: int, hunks: Sequence[_Hunk]) -> str:
        sides = {hunk.whose for hunk in hunks}
        if len(sides) == 1:
            for hunk in hunks:
                self.note(hunk.whose, hunk.nodes, began[hunk.begin : hunk.end])
            return "".join(node.html for node in _applied(began, begin, end, hunks))
        mine = _applied(began, begin, end, [hunk for hunk in hunks if hunk.whose == "mine"])
        theirs = _applied(began, begin, end, [hunk for hunk in hunks if hunk.whose == "theirs"])
        old = began[begin:end]
        if [node.html for node in mine] == [node.html for node in theirs]:
            return "".join(node.html for node in mine)
        if begin == end:  # both put something in at the same place: there is room for both
            self.note("theirs", theirs, [])
            self.note("mine", mine, [])
            return "".join(node.html for node in (*theirs, *mine))
        if len(old) == len(mine) == len(theirs) == 1 and _same_box(old[0], mine[0], theirs[0]):
            inner = self.blocks(old[0].blocks, mine[0].blocks, theirs[0].blocks)
            return f"{old[0].start}{inner}{old[0].end}"
        self.note("both", mine or theirs, old)
        return self.labelled("theirs", theirs) + self.labelled("mine", mine)

    def labelled(self, whose: str, nodes: Sequence[Node]) -> str:
        if not nodes:
            return ""
        label = f"<p><strong>{escape(self.labels[whose])}</strong></p>"
        html = "".join(node.html for node in nodes)
        if nodes[0].tag not in ROWS:
            return label + html
        # An item or a row holds its label inside: right behind the first tag that may hold a paragraph.
        return _HOLDS_BLOCKS.sub(lambda found: found[0] + label, html, count=1)

    def note(self, whose: Whose, nodes: Sequence[Node], old: Sequence[Node]) -> None:
        shown = nodes or old
        words = " ".join(node.plain for node in shown)
        short = words if len(words) <= LONGEST_EXCERPT else words[:LONGEST_EXCERPT].rsplit(" ", 1)[0] + " …"
        self.parts.append(Part(whose, short, is_gone=not nodes))


def _clusters(hunks: Sequence[_Hunk]) -> list[tuple[int, int, list[_Hunk]]]:
    """Hunks that touch the same old blocks, together."""
    found: list[tuple[int, int, list[_Hunk]]] = []
    for hunk in hunks:
        if found:
            begin, end, inside = found[-1]
            at_one_place = begin == end == hunk.begin == hunk.end
            if hunk.begin < end or at_one_place:
                found[-1] = (begin, max(end, hunk.end), [*inside, hunk])
                continue
        found.append((hunk.begin, hunk.end, [hunk]))
    return found


def _applied(began: list[Node], begin: int, end: int, hunks: Sequence[_Hunk]) -> list[Node]:
    made: list[Node] = []
    at = begin
    for hunk in hunks:
        made += began[at : hunk.begin]
        made += hunk.nodes
        at = hunk.end
    return made + began[at:end]


def _same_box(*nodes: Node) -> bool:
    return len({node.start for node in nodes}) == 1 and not nodes[0].is_line and bool(nodes[0].end)
