"""A cleaned text as a tree of blocks, and which blocks of two texts belong together."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from html import unescape

from torvet.base.differences.sequence import Budget, matches, rising
from torvet.base.text.blocks import TOKEN

VOID = {"br", "hr", "img"}
LINES = {"", "p", "h2", "h3", "h4"}
CELLS = {"td", "th"}
IN_PLACE = {"thead", "tbody"}  # of a table's parts the one is always compared with its like
LIKE_ENOUGH = 0.3  # share of words in common, from which two blocks are one that was changed
COMMONEST = 8  # a word that stands in more blocks than this tells nothing of which belong together
FEW = 36  # pairs that are simply all tried
_WORD = re.compile(r"\w+")
_TAG = re.compile(r"<[^>]*>")


@dataclass(slots=True)
class Node:
    """An element as it was written; texts in `inside` stay escaped."""

    tag: str
    start: str
    inside: list[Node | str] = field(default_factory=list)
    html: str = ""

    @property
    def end(self) -> str:
        return "" if self.tag in VOID or not self.tag else f"</{self.tag}>"

    @property
    def is_line(self) -> bool:
        """Holds words, and not blocks."""
        return self.tag in LINES or self.tag == "pre"

    @property
    def blocks(self) -> list[Node]:
        return [node if isinstance(node, Node) else loose(node) for node in self.inside]

    @property
    def words(self) -> list[str]:
        return _WORD.findall(_TAG.sub(" ", self.html))

    @property
    def plain(self) -> str:
        """Its words on one line."""
        return " ".join(unescape(_TAG.sub(" ", self.html)).split())


def loose(escaped: str) -> Node:
    """Text that stands in no block."""
    return Node("", "", [escaped], escaped)


def parse(html: str) -> list[Node]:
    """The blocks of a cleaned text."""
    root = Node("", "")
    opened = [root]
    for closing, tag, attributes, text in TOKEN.findall(html):
        if text:
            opened[-1].inside.append(text)
        elif not closing:
            node = Node(tag, f"<{tag}{attributes}>")
            opened[-1].inside.append(node)
            if tag in VOID:
                node.html = node.start
            else:
                opened.append(node)
        elif len(opened) > 1:
            _close(opened.pop())
    while len(opened) > 1:
        _close(opened.pop())
    return root.blocks


def _close(node: Node) -> None:
    if node.tag == "table":
        _part_heading(node)
    inner = "".join(part if isinstance(part, str) else part.html for part in node.inside)
    node.html = f"{node.start}{inner}{node.end}"


def _part_heading(table: Node) -> None:
    """Editors put the heading row among the others, Markdown parts it from them: to a reader that is the same."""
    body = table.inside[0] if table.inside else ""
    rows = body.blocks if isinstance(body, Node) and body.tag == "tbody" else []
    if isinstance(body, Node) and rows and {cell.tag for cell in rows[0].blocks} == {"th"}:
        head = Node("thead", "<thead>", [rows[0]])
        body.inside = list(rows[1:])
        table.inside = [head, *([body] if rows[1:] else []), *table.inside[1:]]
        _close(head)
        _close(body)


class Fate(Enum):
    """What became of a block."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Step:
    """One block on the way from the old blocks to the new; -1 for the side that lacks it."""

    fate: Fate
    old: int = -1
    new: int = -1


def align(old: Sequence[Node], new: Sequence[Node], budget: Budget) -> list[Step]:
    """Every block of both sides once, in order; in a gap what went stands before what came."""
    same = matches([node.html for node in old], [node.html for node in new], budget)
    steps: list[Step] = []
    old_at = new_at = 0
    for old_to, new_to in [*same, (len(old), len(new))]:
        steps += _gap(old, new, range(old_at, old_to), range(new_at, new_to), budget)
        if old_to < len(old) or new_to < len(new):
            steps.append(Step(Fate.SAME, old_to, new_to))
        old_at, new_at = old_to + 1, new_to + 1
    return steps


def _gap(old: Sequence[Node], new: Sequence[Node], olds: range, news: range, budget: Budget) -> list[Step]:
    steps: list[Step] = []
    old_at, new_at = olds.start, news.start
    for old_to, new_to in [*_pairs(old, new, olds, news, budget), (olds.stop, news.stop)]:
        steps += [Step(Fate.GONE, old=place) for place in range(old_at, old_to)]
        steps += [Step(Fate.NEW, new=place) for place in range(new_at, new_to)]
        if old_to < olds.stop and new_to < news.stop:
            steps.append(Step(Fate.CHANGED, old_to, new_to))
        old_at, new_at = old_to + 1, new_to + 1
    return steps


def _pairs(
    old: Sequence[Node], new: Sequence[Node], olds: range, news: range, budget: Budget
) -> list[tuple[int, int]]:
    """Blocks in a gap that are one and were changed."""
    if not olds or not news:
        return []
    if all(node.tag in CELLS for node in (*old, *new)) and len(old) == len(new):
        return [(place, place) for place in olds if old[place].start == new[place].start]
    if all(node.tag in IN_PLACE for node in (*old, *new)):
        found = [(at, to) for at in olds for to in news if old[at].tag == new[to].tag]
        return rising(found)
    counted_old = {place: Counter(old[place].words) for place in olds}
    counted_new = {place: Counter(new[place].words) for place in news}
    few = len(olds) * len(news) <= FEW
    where: dict[str, list[int]] = defaultdict(list)
    for place, words in counted_old.items():
        for word in words:
            where[word].append(place)
    best: dict[int, tuple[float, int]] = {}
    for to, words in counted_new.items():
        if not budget.spend(len(words) * 4):
            break
        known = [where[word] for word in words if word in where]
        votes = Counter(place for places in known if few or len(places) <= COMMONEST for place in places)
        likely = [place for place, _number in votes.most_common(None if few else 3)]
        likely = [at for at in likely if old[at].start == new[to].start]
        # One long block may be likely for thousands of short ones; each time all its words are counted.
        likely = [at for at in likely if budget.spend((len(counted_old[at]) + len(words)) // 4)]
        scored = [(_likeness(counted_old[at], words), -at) for at in likely]
        score, at = max(scored, default=(0.0, 0))
        if score >= LIKE_ENOUGH and score > best.get(-at, (0.0, 0))[0]:
            best[-at] = (score, to)
    return rising(sorted((at, to) for at, (_score, to) in best.items()))


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0
