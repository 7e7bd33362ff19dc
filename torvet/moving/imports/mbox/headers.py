"""What the headers of a mail say, however broken they are: names, subjects, times and what it answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from torvet.base.text.characters import clean_line
from torvet.moving.imports.mbox.charsets import decoded

EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
LONGEST = 1 << 16
"""Characters of one header that are read. A list of a thousand people fits; reading takes the square of it at worst."""
BROKEN = (ValueError, LookupError, TypeError, RecursionError)
"""What the library raises for headers and parts that somebody broke, by accident or to see what happens."""
_ID = re.compile(r"<\s*([^<>\s]{1,400})\s*>")
_PREFIX = re.compile(
    r"\s*(?:(?:re|sv|vs|antw|aw|fwd?|fw|vb|wg|doorst|videresendt|r)\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[::]\s*)+",
    re.IGNORECASE,
)
_REPLY = re.compile(r"\s*(?:re|sv|vs|antw|aw)\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[::]", re.IGNORECASE)
_LIST = re.compile(r"\[([^\[\]]{1,60})\]\s*")
_HIDDEN = re.compile(r"^\s*\"?([^\s\"<>]+)\"? at ([\w.-]+\.\w+)\s*(?:\((.*)\))?\s*$")


def header(mail: Message, name: str) -> str:
    """A header in words, "" when there is none."""
    found = lines(mail, name)
    return in_words(found[0]) if found else ""


def lines(mail: Message, *names: str) -> list[str]:
    """Headers as they stand there; bytes that are no ASCII are surrogates."""
    wanted = [name.casefold() for name in names]
    raw = [(key.casefold(), str(value)[:LONGEST]) for key, value in mail.raw_items()]
    return [value for name in wanted for key, value in raw if key == name]


def in_words(written: str) -> str:
    """RFC 2047 and bytes of an unknown charset to text on one line."""
    # Bytes that are no ASCII are kept as surrogates by the parser.
    written = decoded(written.encode("ascii", "surrogateescape"), "") if _has_surrogates(written) else written
    try:
        parts = decode_header(written)
    except (ValueError, LookupError):
        return clean_line(written)
    said = "".join(
        decoded(part, charset or "") if isinstance(part, bytes) else part for part, charset in parts
    )
    return clean_line(said)


def _has_surrogates(written: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in written)


def people(mail: Message, *names: str) -> Iterator[tuple[str, str]]:
    """Name and address, casefolded, of everybody in these headers."""
    for line in lines(mail, *names):
        if hidden := _HIDDEN.match(line):
            # Archives on the web write addresses so that robots do not find them.
            yield in_words(hidden[3] or ""), f"{hidden[1]}@{hidden[2]}".casefold()
            continue
        try:
            found = getaddresses([line])
        except BROKEN:
            found = [("", line)]
        for name, address in found:
            address = clean_line(address).casefold()
            if name or address:
                yield in_words(name).strip("\"' "), address if "@" in address else ""


def ids(mail: Message, name: str) -> list[str]:
    """The Message-IDs in a header, in order; prose between them is passed over."""
    return [found for line in lines(mail, name) for found in _ID.findall(line)]


def message_id(mail: Message) -> str:
    found = ids(mail, "Message-ID")
    return found[0] if found else ""


def answered(mail: Message) -> tuple[str, ...]:
    """What it may answer, the likeliest first: what it says it answers, then the thread from its end."""
    return tuple(dict.fromkeys([*ids(mail, "In-Reply-To"), *reversed(ids(mail, "References"))]))[:50]


def title(subject: str, lists: set[str]) -> str:
    """A subject without signs of answering, and without the name of the list in front."""
    left = subject
    while True:
        shorter = _PREFIX.sub("", left, count=1) if _PREFIX.match(left) else left
        match = _LIST.match(shorter)
        if match and match[1].casefold() in lists:
            shorter = shorter[match.end() :]
        if shorter == left:
            return left.strip()
        left = shorter


def says_it_answers(subject: str, lists: set[str]) -> bool:
    match = _LIST.match(subject)
    if match and match[1].casefold() in lists:
        subject = subject[match.end() :]
    return bool(_REPLY.match(subject))


def written_at(mail: Message) -> datetime | None:
    """When it was written; when the first server got it, if that is not possible; None when neither is told."""
    for said in (*lines(mail, "Date"), *_received(mail)):
        found = moment(said)
        if found is not None:
            return found
    return None


def _received(mail: Message) -> Iterator[str]:
    """The times of delivery, the first server's first: each adds its line on top."""
    for line in reversed(lines(mail, "Received")):
        yield line.rpartition(";")[2]


def moment(said: object) -> datetime | None:
    """A time as mail writes it, or None when it is none that can be."""
    text = re.sub(r"\([^()]*\)", " ", str(said or ""))[:200].strip()
    try:
        found = parsedate_to_datetime(text)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        found = found.astimezone(UTC)
    except (*BROKEN, OverflowError):
        return None
    return found if EARLIEST <= found <= datetime.now(UTC) + timedelta(days=1) else None


def time_of_separator(line: str) -> datetime | None:
    """The time in a line `From a@b Mon Nov 16 08:00:00 2026`."""
    match = re.search(r"\b(\w{3} +\w{3} +\d{1,2} \d\d:\d\d:\d\d(?: [A-Z]{3,4}| [+-]\d{4})? \d{4})", line)
    return moment(match[1]) if match else None
