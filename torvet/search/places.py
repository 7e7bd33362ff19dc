"""Where a document stands in the index: a number that sorts entries by time and keeps the other kinds apart. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

from torvet.search.found import COMMENT, PERSON, POST, SPACE, TOPIC

_NAMES = 40  # bits for the ids of people, spaces and topics
_TIES = 20  # bits that tell apart what was published in the same millisecond
_SLOTS = {PERSON: 0, SPACE: 1, TOPIC: 2}
FIRST_ENTRY = 1 << (_NAMES + 2)
LAST = (1 << 63) - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def place_of(kind: str, pk: int, at: datetime | None = None) -> int:
    """The place of a thing. Entries: milliseconds since 1970 (up to the year 2248), then the end of the id."""
    if kind not in {POST, COMMENT}:
        return (_SLOTS[kind] << _NAMES) + pk
    assert at is not None  # only what is published is indexed
    milliseconds = max(int((at - _EPOCH).total_seconds() * 1000), FIRST_ENTRY >> _TIES)
    return (milliseconds << _TIES) + pk % (1 << _TIES)


def range_of(kinds: frozenset[str]) -> tuple[int, int]:
    """The first and the last place that any of these kinds may have."""
    if kinds <= {POST, COMMENT}:
        return FIRST_ENTRY, LAST
    slots = [_SLOTS[kind] for kind in kinds]
    return min(slots) << _NAMES, ((max(slots) + 1) << _NAMES) - 1
