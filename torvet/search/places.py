"""Where a document stands in the index: a number that sorts entries by time and keeps the other kinds apart. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

from torvet.search.found import ENTRY_KINDS, PERSON, SPACE, TOPIC

_NAMES = 38  # bits for the ids of people, spaces and topics
_TIES = 10  # bits below the second: small steps from hit to hit keep the index a third smaller than milliseconds would
_SLOTS = {PERSON: 0, SPACE: 1, TOPIC: 2}
FIRST_ENTRY = 1 << (_NAMES + 2)
_BEGINNING = FIRST_ENTRY >> _TIES  # seconds added to all, so that the oldest entry stands behind every name
LAST = (1 << 63) - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def place_of(kind: str, pk: int, at: datetime | None = None) -> int:
    """The place of a thing. Entries: the second, then its thousandth or, when the time is a whole second, the id's end.

    Two things may have the same place; the index then takes the next free one.
    """
    if kind not in ENTRY_KINDS:
        return (_SLOTS[kind] << _NAMES) + pk
    assert at is not None  # only what is published is indexed
    seconds = max(int((at - _EPOCH).total_seconds()), 0) + _BEGINNING
    within = at.microsecond // 1000 if at.microsecond else pk % (1 << _TIES)
    return (seconds << _TIES) + within


def range_of(kinds: frozenset[str]) -> tuple[int, int]:
    """The first and the last place that any of these kinds may have."""
    if kinds <= ENTRY_KINDS:
        return FIRST_ENTRY, LAST
    slots = [_SLOTS[kind] for kind in kinds]
    return min(slots) << _NAMES, ((max(slots) + 1) << _NAMES) - 1
