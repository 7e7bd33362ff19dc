"""Who is asked, as one short run of bytes: 47,000 people are 50 kB, and one row."""

from __future__ import annotations

import struct
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate


def pack(ids: Iterable[int]) -> bytes:
    """Ids of members, each once: the steps from one to the next, compressed."""
    ordered = sorted(set(ids))
    steps = [after - before for before, after in zip([0, *ordered], ordered, strict=False)]
    return zlib.compress(struct.pack(f"<{len(steps)}Q", *steps), 1)


def unpack(packed: bytes | memoryview[int]) -> array[int]:
    """The ids, sorted."""
    plain = zlib.decompress(bytes(packed))
    return array("Q", accumulate(struct.unpack(f"<{len(plain) // 8}Q", plain)))


def holds(ids: array[int], wanted: int) -> bool:
    """Whether a sorted run of ids holds this one."""
    place = bisect_left(ids, wanted)
    return place < len(ids) and ids[place] == wanted
