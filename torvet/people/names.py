"""Names and addresses in one normal form: two people must never be told apart by invisible differences."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = {
    "æ": "ae",
    "ø": "oe",
    "å": "aa",
    "ö": "oe",
    "ä": "ae",
    "ü": "ue",
    "ß": "ss",
    "ð": "d",
    "þ": "th",
    "ł": "l",
}


def normal_email(address: str) -> str:
    """NFKC, trimmed, lower case: normalised first, validated after."""
    return unicodedata.normalize("NFKC", address).strip().casefold()


def normal_name(name: str) -> str:
    """NFC, one space between words, no control or direction characters."""
    letters = unicodedata.normalize("NFC", name)
    kept = "".join(c for c in letters if unicodedata.category(c) not in {"Cc", "Cf"} or c == " ")
    return re.sub(r"\s+", " ", kept).strip()


def handle_from(name: str, otherwise: str = "member") -> str:
    """A handle as people would type it: `Åse Nygård` becomes `aase.nygaard`; `otherwise` when no letter is left."""
    lowered = "".join(_LETTERS.get(letter, letter) for letter in name.casefold())
    plain = unicodedata.normalize("NFKD", lowered).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", ".", plain).strip(".")[:60] or otherwise
