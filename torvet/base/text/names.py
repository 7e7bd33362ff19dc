"""Finding @handles, #topics and bare addresses in a piece of text."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from torvet.base.text.addresses import find_addresses

LONGEST_TOPIC = 60

# \w knows no combining marks; without these a name in Arabic, Hindi or Thai would break off in its middle.
_W = (
    r"\w\u0300-\u036f\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    r"\u0900-\u0903\u093a-\u094f\u0980-\u0983\u09bc-\u09cd\u0b80-\u0b82\u0bbe-\u0bcd\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
)
_NAME = re.compile(
    rf"(?<![{_W}@/.+#&-])@(?P<handle>\w(?:[\w.-]{{0,62}}\w)?)(?![\w@]|[.-]+[\w@])"
    rf"|(?<![{_W}#/&])#(?P<topic>[{_W}][{_W}-]*)"
)


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found: characters `start` to `end`; `value` is a handle, a topic's name or an href."""

    start: int
    end: int
    what: Literal["handle", "topic", "address"]
    value: str


def topic_name(written: str) -> str:
    """The one name of a topic however it is written ("Lønsamtale" and "lønsamtale"), or "" when it is none."""
    name = unicodedata.normalize("NFC", unicodedata.normalize("NFC", written).casefold())
    if not 0 < len(name) <= LONGEST_TOPIC or len(written) > LONGEST_TOPIC:
        return ""
    return name if any(letter.isalpha() for letter in name) else ""


def topic_href(name: str) -> str:
    """The page of a topic, by its casefolded name."""
    return f"/topics/{quote(name, safe='')}/"


def find_names(text: str, before: str = " ") -> Iterator[Found]:
    """What can be linked in a text, in order. `before` is the character in front of it: names start a word."""
    if (
        "#" not in text
        and "@" not in text
        and "://" not in text
        and ":" not in text
        and "www." not in text.lower()
    ):
        return
    done = 0
    for start, end, href in find_addresses(text):
        yield from _names(text, done, start, before)
        yield Found(start, end, "address", href)
        done = end
    yield from _names(text, done, len(text), before)


def _names(text: str, start: int, end: int, before: str) -> Iterator[Found]:
    if "#" not in text and "@" not in text:
        return
    piece = (text[start - 1] if start else before) + text[start:end]
    shift = start - 1
    for match in _NAME.finditer(piece, 1):
        if handle := match["handle"]:
            yield Found(match.start() + shift, match.end() + shift, "handle", handle)
            continue
        written = match["topic"].rstrip("-")
        if topic_name(written):
            yield Found(match.start() + shift, match.start() + 1 + len(written) + shift, "topic", written)
