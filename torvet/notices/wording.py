"""The checksum of what people confirm, from title and text alone, so that anybody can make it again."""

from __future__ import annotations

import hashlib
import unicodedata

FIRST_LINE = "torvet wording 1"


def canonical(title: str, text: str) -> str:
    """`torvet wording 1`, the title, an empty line, and the plain text, each line without spaces at its end.

    Unicode in its composed form (NFC), lines ending in one line feed, none empty at the end: another machine or a copy
    through another program makes the same.
    """
    lines = [FIRST_LINE, " ".join(title.split()), "", *text.splitlines()]
    return unicodedata.normalize("NFC", "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n")


def checksum(title: str, text: str) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(title, text).encode()).hexdigest()
