"""Two people saved different words of one page: blocks that only one of them changed are theirs, and where both
changed the same ones both stay, one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence

from torvet.base.differences.sequence import Budget, matches
from torvet.base.text import read_html
from torvet.realtime.together.document import change, tree_of
from torvet.realtime.together.trees import EMPTY, Inside, Node, Words, read, write


def take_in(state: bytes, base: tuple[str, str], standing: tuple[str, str]) -> bytes:
    """The update that brings a change of the stored page into a running document.

    `base` and `standing` are (title, HTML): what the document and the page last had in common, and what stands now.
    """
    title, mine = tree_of(state)
    if title.strip() == base[0]:
        title = standing[0]
    merged = merge(read(base[1]), mine, read(standing[1]))
    return change(state, title, merged)


def merge(base: Inside, mine: Inside, theirs: Inside) -> Inside:
    """What both made of `base`, block by block."""
    base, mine, theirs = _trimmed(base), _trimmed(mine), _trimmed(theirs)
    known: dict[Node | Words, str] = {}
    keys, my_keys, their_keys = (_keys(blocks, known) for blocks in (base, mine, theirs))
    found: list[Node | Words] = []
    at, my_at, their_at = 0, 0, 0
    for start, my_start, their_start in [
        *_shared(keys, my_keys, their_keys),
        (len(base), len(mine), len(theirs)),
    ]:
        was, my, their = keys[at:start], my_keys[my_at:my_start], their_keys[their_at:their_start]
        if their in (was, my):
            found += mine[my_at:my_start]
        elif my == was:
            found += theirs[their_at:their_start]
        else:
            found += mine[my_at:my_start]
            kept = set(my)
            found += [
                block
                for block, key in zip(theirs[their_at:their_start], their, strict=True)
                if key not in kept
            ]
        if start < len(base):
            found.append(mine[my_start])
        at, my_at, their_at = start + 1, my_start + 1, their_start + 1
    if not found or not isinstance(found[-1], Node) or found[-1].name != "paragraph":
        found.append(EMPTY)
    return tuple(found)


def _trimmed(blocks: Inside) -> Inside:
    """Without the empty paragraphs that are there to go on writing in."""
    end = len(blocks)
    while end and blocks[end - 1] == EMPTY:
        end -= 1
    return blocks[:end]


def _keys(blocks: Inside, known: dict[Node | Words, str]) -> list[str]:
    return [known.get(block) or known.setdefault(block, _key(block)) for block in blocks]


def _key(block: Node | Words) -> str:
    """Two blocks are the same when cleaning makes the same of them."""
    return read_html(write([block]), most=10_000_000).html


def _shared(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int, int]]:
    """The blocks of `base` that are still there in both, with their places."""
    in_mine = _places(base, mine)
    in_theirs = _places(base, theirs)
    return [(place, in_mine[place], in_theirs[place]) for place in sorted(in_mine.keys() & in_theirs.keys())]


def _places(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    return dict(matches(base, other, Budget()))
