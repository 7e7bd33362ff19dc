"""Which figures about groups may be shown, so that none of them, nor any two together, speaks of a few people.

Pure: whole numbers in, whole numbers out. The public total of a row stands on the card, counted to the person, at every
moment; so do the sizes of the units. What is shown here is read beside both, by somebody who also knows this very text
(docs/decisions/0013). Four rules hold together:

1. *Others.* Small groups are never shown, and at least a tenth of all who could take part, twice the smallest group at
   the least, are counted among the others only. Whatever is not shown may be theirs.
2. *Whole steps.* A figure is a multiple of the smallest group, rounded down, and leaves as many in its group unnamed.
3. *What is left.* The total less all that is shown is never under the smallest group; else the largest figure is a step
   lower.
4. *Whole looks.* A row is counted again when its total has moved by the smallest group, and for each group of people by
   which it moved one figure may move by one step. What waits comes with a later look. So whoever watches a figure
   change can never say that it was one of the last few who changed it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Group = TypeVar("Group")


@dataclass(frozen=True)
class Kept(Generic[Group]):
    """What a row said when it was last looked at: the total of that moment, and the steps let out so far."""

    total: int = 0
    steps: Mapping[Group, int] = field(
        default_factory=dict
    )  # people, a multiple of the smallest group of then


def may_be_shown(sizes: Mapping[Group, int], everybody: int, least: int) -> list[Group]:
    """The groups that can have a figure of their own, the largest first. `sizes` and `everybody` are public.

    `everybody` counts those in no group too.
    """
    large = sorted((group for group in sizes if sizes[group] >= 2 * least), key=lambda group: -sizes[group])
    others = everybody - sum(sizes[group] for group in large)
    while large and others < max(2 * least, everybody // 10):
        others += sizes[large.pop()]
    return large


def is_due(kept: Kept[Group], total: int, least: int) -> bool:
    """Whether the row has moved far enough to be counted again. Asks nothing but public numbers."""
    return abs(total - kept.total) >= least


def look(
    kept: Kept[Group],
    *,
    total: int,
    counts: Mapping[Group, int],
    sizes: Mapping[Group, int],
    everybody: int,
    least: int,
) -> Kept[Group]:
    """The row counted again, as far as it may move. `counts` holds people by group; ask `is_due` first."""
    steps = {
        group: min(number, _most(sizes[group], least))
        for group, number in kept.steps.items()
        if group in sizes
    }
    moves = abs(total - kept.total) // least
    rises = total > kept.total
    for group in _with_room(kept, total, sizes, everybody, least):
        now = steps.get(group, 0)
        wanted = min(counts.get(group, 0) // least * least, _most(sizes[group], least))
        while moves and (wanted >= now + least if rises else now > wanted):
            now = now + least if rises else max(now - least, 0)
            moves -= 1
        steps[group] = now
    return Kept(total, {group: number for group, number in steps.items() if number})


def _most(size: int, least: int) -> int:
    """The largest figure that a group of this size can have: never all of them, nor all but a few."""
    return max(0, (size - least) // least * least)


def _with_room(
    kept: Kept[Group], total: int, sizes: Mapping[Group, int], everybody: int, least: int
) -> list[Group]:
    """Those that may be shown, fewer when what is not yet shown would not find room among the others.

    Without room, "nothing is shown" would itself say that each group has just too few.
    """
    shown = may_be_shown(sizes, everybody, least)
    others = everybody - sum(sizes[group] for group in shown)
    unsaid = total - sum(kept.steps.get(group, 0) for group in shown)
    while shown and unsaid > others - least + (len(shown) - 1) * (least - 1):
        group = shown.pop()
        others += sizes[group]
        unsaid += kept.steps.get(group, 0)
    return shown


def shown(kept: Kept[Group], *, total: int, least: int) -> dict[Group, int]:
    """What may be read of a row: at least so many people, by group. Nothing else is ever told of it.

    `total` is the one that stands on the card now.
    """
    figures = {group: number // least * least for group, number in kept.steps.items() if number >= least}
    while figures and min(kept.total, total) - sum(figures.values()) < least:
        largest = max(figures, key=lambda group: figures[group])
        figures[largest] -= least
        if not figures[largest]:
            del figures[largest]
    return figures
