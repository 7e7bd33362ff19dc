"""Cards: what a list shows of an entry, rendered from the entry alone and kept.

A card is the same for every reader and language, so (entry, revision) names it for good and nothing ever has to be
invalidated. Where readers differ it holds a mark, filled in by `fill`: `\\x1e…\\x1f`, two characters that cleaned text
never contains. `t:` a time in the reader's zone, `w:` a word in their language.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from threading import Lock

from django.http import HttpRequest
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.formats import date_format

from torvet import __version__
from torvet.base.csrf import token_of
from torvet.entries import queries
from torvet.entries.kinds import all_kinds, kind_of
from torvet.entries.models import Attachment, Card, Entry
from torvet.entries.phrases import phrases

KEPT_IN_PROCESS = 30_000  # cards; about 1.5 kB each
KEPT_FILLINGS = 20_000  # times, mostly; in each language and zone
KEPT_SETTLED = 4_000  # cards with all that stands around them, in one language and zone; about 4 kB each
CSRF = "\x1ecsrf\x1f"
PARTS = frozenset({"_gallery.html", "_files.html"})  # included by the templates of cards
MARK = re.compile("\x1e([^\x1f]*)\x1f")


class Shelf:
    """The newest HTML in this process, of cards by (entry, revision); the oldest falls off."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.kept: OrderedDict[Hashable, str] = OrderedDict()
        self.lock = Lock()

    def get(self, key: Hashable) -> str | None:
        return self.kept.get(key)

    def put(self, key: Hashable, html: str) -> None:
        with self.lock:
            self.kept[key] = html
            if len(self.kept) > self.size:
                self.kept.popitem(last=False)


shelf = Shelf(KEPT_IN_PROCESS)
settled = Shelf(KEPT_SETTLED)


def cards_for(wanted: Iterable[tuple[int, int]]) -> dict[int, str]:
    """entry id -> card, for (entry id, revision) pairs that were read through `visible_to`.

    Looks in the process, then in the table (one statement), then renders; it never writes.
    """
    found: dict[int, str] = {}
    missing: dict[int, int] = {}
    for entry_id, revision in wanted:
        html = shelf.get((entry_id, revision))
        if html is None:
            missing[entry_id] = revision
        else:
            found[entry_id] = html
    if missing:
        kept = Card.objects.filter(entry_id__in=missing, look=look())
        for entry_id, revision, html in kept.values_list("entry_id", "revision", "html"):
            if missing.get(entry_id) == revision:
                del missing[entry_id]
                found[entry_id] = html
                shelf.put((entry_id, revision), html)
    if missing:
        found |= render_all(queries.with_cards_due(missing))
    return found


def render_all(entries: Sequence[Entry]) -> dict[int, str]:
    """Render the cards of loaded entries (author and space at hand), and keep them in the process."""
    attachments = queries.attachments_of(entry.pk for entry in entries)
    made: dict[int, str] = {}
    for entry in entries:
        made[entry.pk] = html = render(entry, attachments.get(entry.pk, []))
        shelf.put((entry.pk, entry.revision), html)
    return made


def render(entry: Entry, attachments: Sequence[Attachment]) -> str:
    """One card. The language is switched off: every word in it is a mark.

    So is the address of the icons: it changes with every release, and cards are kept across releases.
    """
    shown = {
        "entry": entry,
        "pictures": [attachment for attachment in attachments if attachment.is_picture],
        "files": [attachment for attachment in attachments if not attachment.is_picture],
    }
    with translation.override(None):
        html = get_template(kind_of(entry.kind).template).render(shown)
    return html.replace(sprite(), "\x1eicons\x1f")


@lru_cache(maxsize=1)
def look() -> str:
    """Names what draws cards, the release and its templates: cards of another look are drawn anew."""
    names = sorted({kind.template for kind in all_kinds()} | PARTS)
    sources = [get_template(name).template.source for name in names]  # type: ignore[attr-defined]  # Django's own engine
    return hashlib.sha256("\n".join([__version__, *sources]).encode()).hexdigest()[:8]


def sprite() -> str:
    """Where the icons are in this release."""
    return static("torvet/dist/icons.svg")


def time_mark(moment: datetime) -> str:
    return f"\x1et:{int(moment.timestamp())}\x1f"


def word_mark(word: str) -> str:
    return f"\x1ew:{word}\x1f"


class Filled(dict[str, str]):
    """The HTML of each mark in one language and one zone, kept once it was asked for."""

    def __init__(self, language: str) -> None:
        self.said = phrases(language)

    def __missing__(self, mark: str) -> str:
        kind, _colon, value = mark.partition(":")
        html = _time(int(value)) if kind == "t" else self.said[value] if kind == "w" else ""
        if len(self) < KEPT_FILLINGS:
            self[mark] = html
        return html


@lru_cache(maxsize=200)
def _filled(language: str, zone: str) -> Filled:
    """`zone` is what it is kept by; times are told in the one that is switched on."""
    return Filled(language)


def _time(seconds: int) -> str:
    local = timezone.localtime(datetime.fromtimestamp(seconds, tz=UTC))
    stamp = local.isoformat(timespec="seconds")
    return (
        f'<relative-time datetime="{stamp}" threshold="P20D" prefix=""><time datetime="{stamp}">'
        f"{date_format(local, 'SHORT_DATETIME_FORMAT')}</time></relative-time>"
    )


def settle(html: str) -> str:
    """Fill in what is the same for all readers of this language and zone: times and words."""
    filled = _filled(translation.get_language() or "en", timezone.get_current_timezone_name())
    own = {"csrf": CSRF, "icons": sprite()}
    pieces = MARK.split(html)
    pieces[1::2] = [own.get(mark) or filled[mark] for mark in pieces[1::2]]
    return "".join(pieces)


def fill(request: HttpRequest, html: str) -> str:
    """Fill in what differs by reader: times, words, the token of forms, and that they are named themselves."""
    return sign(request, settle(html))


def sign(request: HttpRequest, html: str) -> str:
    """Of settled HTML, what is one reader's alone: the token of forms, and that they are named themselves."""
    whole = html.replace(CSRF, token_of(request))
    viewer = getattr(request, "viewer", None)
    if viewer and viewer.id:
        mention = f'data-mention="member-{viewer.id}"'
        whole = whole.replace(f'class="mention" {mention}', f'class="mention me" {mention}')
    return whole


def forget_all() -> None:
    """Empty the process's shelves; for tests and after an import."""
    for one in (shelf, settled):
        with one.lock:
            one.kept.clear()
