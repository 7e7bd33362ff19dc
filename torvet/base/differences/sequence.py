"""Which members of two sequences belong together, in order: what stands once in both first, then the shortest way.

difflib and the other libraries take quadratic time or memory for two long texts that share little; this is patience
(anchors that are unique on both sides) with Myers' shortest edit in the gaps, and stops when its budget is spent.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

LONGEST_WAY = 400  # changes in one gap; beyond, nothing in it is called the same


@dataclass(slots=True)
class Budget:
    """Steps that may still be taken for one pair of texts; a step is about a third of a microsecond."""

    left: int = 1_200_000

    def spend(self, steps: int) -> bool:
        """Whether there was enough."""
        self.left -= steps
        return self.left > 0


def matches(old: Sequence[Hashable], new: Sequence[Hashable], budget: Budget) -> list[tuple[int, int]]:
    """Pairs of places that hold the same, rising on both sides."""
    found: list[tuple[int, int]] = []
    waiting = [(0, len(old), 0, len(new))]
    while waiting:
        old_from, old_to, new_from, new_to = waiting.pop()
        while old_from < old_to and new_from < new_to and old[old_from] == new[new_from]:
            found.append((old_from, new_from))
            old_from, new_from = old_from + 1, new_from + 1
        while old_from < old_to and new_from < new_to and old[old_to - 1] == new[new_to - 1]:
            old_to, new_to = old_to - 1, new_to - 1
            found.append((old_to, new_to))
        if old_from == old_to or new_from == new_to:
            continue
        if not budget.spend(old_to - old_from + new_to - new_from):
            continue
        anchors = _anchors(old, new, old_from, old_to, new_from, new_to)
        if not anchors:
            found += _shortest(old[old_from:old_to], new[new_from:new_to], old_from, new_from, budget)
            continue
        found += anchors
        begins = [(old_from, new_from), *((at + 1, to + 1) for at, to in anchors)]
        ends = [*anchors, (old_to, new_to)]
        waiting += [(begin[0], end[0], begin[1], end[1]) for begin, end in zip(begins, ends, strict=True)]
    return sorted(found)


def _anchors(
    old: Sequence[Hashable], new: Sequence[Hashable], old_from: int, old_to: int, new_from: int, new_to: int
) -> list[tuple[int, int]]:
    """The longest rising row of what stands exactly once on both sides."""
    once_old = _once(old, old_from, old_to)
    once_new = _once(new, new_from, new_to)
    pairs = [(place, once_new[what]) for what, place in once_old.items() if what in once_new]
    return rising(sorted(pairs))


def _once(row: Sequence[Hashable], begin: int, end: int) -> dict[Hashable, int]:
    places: dict[Hashable, int] = {}
    twice: set[Hashable] = set()
    for place in range(begin, end):
        what = row[place]
        if what in places:
            twice.add(what)
        places[what] = place
    for what in twice:
        del places[what]
    return places


def rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of pairs sorted by their first, the longest run whose second rises too."""
    tails: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_old, new) in enumerate(pairs):
        place = bisect_left(tails, new)
        before.append(last[place - 1] if place else -1)
        if place == len(tails):
            tails.append(new)
            last.append(number)
        else:
            tails[place], last[place] = new, number
    found = []
    number = last[-1] if last else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]


def _shortest(
    old: Sequence[Hashable], new: Sequence[Hashable], old_from: int, new_from: int, budget: Budget
) -> list[tuple[int, int]]:
    """Myers' greedy way through a gap, or nothing when the way is too long."""
    if set(old).isdisjoint(new):
        return []
    reach = {1: 0}
    trail: list[dict[int, int]] = []
    for changes in range(min(len(old) + len(new), LONGEST_WAY) + 1):
        if not budget.spend(changes + 1):
            return []
        trail.append(reach.copy())
        for line in range(-changes, changes + 1, 2):
            down = line == -changes or (line != changes and reach[line - 1] < reach[line + 1])
            x = reach[line + 1] if down else reach[line - 1] + 1
            y = x - line
            while x < len(old) and y < len(new) and old[x] == new[y]:
                x, y = x + 1, y + 1
            reach[line] = x
            if x >= len(old) and y >= len(new):
                return _walk_back(trail, len(old), len(new), old_from, new_from)
    return []


def _walk_back(
    trail: list[dict[int, int]], x: int, y: int, old_from: int, new_from: int
) -> list[tuple[int, int]]:
    found = []
    for changes in range(len(trail) - 1, -1, -1):
        reach = trail[changes]
        line = x - y
        down = line == -changes or (line != changes and reach[line - 1] < reach[line + 1])
        before = line + 1 if down else line - 1
        begin_x = reach[before]
        begin_y = begin_x - before
        while x > max(begin_x, 0) and y > max(begin_y, 0):
            x, y = x - 1, y - 1
            found.append((old_from + x, new_from + y))
        x, y = begin_x, begin_y
    return found
