"""Tables for spreadsheets: UTF-8 that Excel reads as such, and no cell that is a formula.

What people wrote stands in cells, and a spreadsheet runs what begins like a formula: whoever opens the file would run
what somebody put into their name.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

# Also as full-width letters, which some programs fold, and after signs that take no room.
BEGINS_FORMULA = frozenset("=+-@\t\r\n|%＝＋－＠")
TAKES_NO_ROOM = "\u200b\u200c\u200d\u2060\ufeff\u00ad \u00a0\u3000"
MARK = "\ufeff"


class _Lines:
    """What the csv module writes into: gives each line back."""

    def write(self, line: str) -> str:
        return line


def cell(value: object) -> str:
    """The text of a cell, with an apostrophe before what would be a formula."""
    text = "" if value is None else str(value).replace("\0", "")
    first = text.lstrip(TAKES_NO_ROOM)[:1]
    return f"'{text}" if text[:1] in BEGINS_FORMULA or first in BEGINS_FORMULA else text


def sheet(rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The file in pieces, one for each row; every cell in quotes."""
    writer = csv.writer(_Lines(), quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    yield MARK.encode()
    for row in rows:
        yield writer.writerow([cell(value) for value in row]).encode("utf-8", "replace")
