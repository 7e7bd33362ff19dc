"""Bytes of mail as text, also when their charset is missing, unknown or wrong."""

from __future__ import annotations

import codecs

# What Windows called Latin-1 all its life: those bytes are quotes and dashes, not controls.
_READ_AS = {"iso8859-1": "cp1252", "ascii": "utf-8", "latin_1": "cp1252"}


def decoded(raw: bytes, charset: str) -> str:
    """As its charset says; else as UTF-8; else as Windows wrote it. Never fails."""
    for name in (_known(charset), "utf-8", "cp1252"):
        try:
            return raw.decode(name) if name else ""
        except (UnicodeError, ValueError):
            continue
    return raw.decode("latin-1")


def _known(charset: str) -> str:
    """Python's name of a charset for texts; UTF-8 for what is none (its codecs also unpack zip files)."""
    try:
        found = codecs.lookup(charset.strip().strip("\"'")[:40]) if charset else None
    except (LookupError, ValueError):
        return "utf-8"
    if (
        found is None
        or not getattr(found, "_is_text_encoding", True)
        or found.name in ("idna", "punycode", "undefined")
    ):
        return "utf-8"
    return _READ_AS.get(found.name, found.name)
