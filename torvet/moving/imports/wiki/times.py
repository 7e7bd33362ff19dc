"""Times as old wikis write them, always with a zone when they are given on."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_ZONE = re.compile(r"\s?(?:Z|UTC|GMT)$")
_FRACTION = re.compile(r"(:\d\d)\.(\d{1,9})")
_WORDED = ("%B %d, %Y %I:%M %p", "%B %d, %Y %H:%M", "%B %d, %Y", "%b %d, %Y %I:%M %p", "%b %d, %Y %H:%M",
           "%b %d, %Y", "%d %B %Y %H:%M", "%d %B %Y", "%d %b %Y", "%Y/%m/%d %H:%M", "%Y/%m/%d %I:%M %p", "%Y/%m/%d",
           "%d.%m.%Y %H:%M", "%d.%m.%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y")  # fmt: skip
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
# The exporter's language decides how Notion writes months.
_ABROAD = {
    "januar": 1, "januari": 1, "februar": 2, "februari": 2, "marts": 3, "mars": 3, "maart": 3, "april": 4, "maj": 5,
    "mai": 5, "mei": 5, "juni": 6, "juli": 7, "august": 8, "augusti": 8, "augustus": 8, "september": 9, "oktober": 10,
    "november": 11, "desember": 12, "december": 12,
}  # fmt: skip
_LETTERS = re.compile(r"[^\W\d_]+")
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


def moment(written: str | None) -> datetime | None:
    """A time in ISO 8601 or as a database writes it. Without a zone it is taken for UTC; None when it is none."""
    text = _ZONE.sub("+00:00", (written or "").strip()[:40])
    text = _FRACTION.sub(lambda found: f"{found[1]}.{found[2][:6].ljust(6, '0')}", text)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return _possible(found if found.tzinfo else found.replace(tzinfo=UTC))


def moment_in_words(written: str) -> datetime | None:
    """A time as people's screens show it ("January 5, 2024 8:00 AM", "5. januar 2024"), or ISO."""
    if found := moment(written):
        return found
    text = _LETTERS.sub(
        lambda word: _MONTHS[_ABROAD[word[0].lower()] - 1].title() if word[0].lower() in _ABROAD else word[0],
        written.strip()[:60],
    )
    text = re.sub(r"(?<=\d)\.(?= )", "", text.split(" → ")[0].removeprefix("@"))
    for shape in _WORDED:
        try:
            return _possible(datetime.strptime(text, shape).replace(tzinfo=UTC))
        except ValueError:
            continue
    return None


def _possible(found: datetime) -> datetime | None:
    try:
        found = found.astimezone(UTC)
    except OverflowError:
        return None
    # A page of next year was written by a clock that was wrong.
    return min(found, datetime.now(UTC)) if found >= EARLIEST else None
