"""Links between pages as they stand in cleaned HTML: found, made from `[[Title]]`, and drawn for one reader.

Pure: texts in, texts out. Cleaned HTML is what base.text writes: tags in lower case, attributes in double quotes, no
link within a link, no `<` or `>` outside tags.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qs, quote, urlsplit

from django.conf import settings
from django.utils.html import escape, strip_tags

MOST = 2_000  # links of one page that are kept
LONGEST = 200  # characters of a title
_LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.S)
_TO_WRITE = re.compile(r'<a href="(/spaces/\d+/pages/new/\?[^"]*)"[^>]*>(.*?)</a>', re.S)
_PAGE = re.compile(r"/pages/(\d{1,18})(?:/|$|[?#])")
_NEW = re.compile(r"/spaces/(\d{1,18})/pages/new/$")
_TITLE = re.compile(r"\[\[([^\[\]<>|]{1,200})(?:\|([^\[\]<>|]{1,200}))?\]\]")
# What stands within these is left alone: a link cannot hold another, and code means what it says.
_PIECE = re.compile(r"<a [^>]*>.*?</a>|<pre>.*?</pre>|<code[^>]*>.*?</code>|<[^>]*>|[^<]+", re.S)


@dataclass(frozen=True)
class Found:
    """A link in a page: to the page of this number, or to a title that is wanted. `label` is what it says."""

    to_id: int | None
    wanted: str
    label: str


def folded(title: str) -> str:
    """A title as it is compared: without regard to capitals and spaces."""
    return " ".join(title.split()).casefold()[:LONGEST]


def found_in(html: str, space_id: int) -> list[Found]:
    """The links to pages in a cleaned text, each once. A title wanted in another space is no link of this one."""
    found: dict[tuple[int | None, str], Found] = {}
    for match in _LINK.finditer(html):
        href = unescape(match[1])
        to_id, wanted = _page_of(href), _wanted_by(href, space_id)
        if (to_id is not None or wanted) and (to_id, wanted) not in found:
            label = " ".join(unescape(strip_tags(match[2])).split())[:LONGEST]
            found[to_id, wanted] = Found(to_id, wanted, label)
        if len(found) >= MOST:
            break
    return list(found.values())


def _page_of(href: str) -> int | None:
    own = settings.TORVET_URL
    path = href.removeprefix(own) if href.startswith(f"{own}/") else href
    match = _PAGE.match(path)
    return int(match[1]) if match else None


def _wanted_by(href: str, space_id: int) -> str:
    parts = urlsplit(href) if href.startswith("/spaces/") else None
    match = _NEW.match(parts.path) if parts else None
    if parts is None or match is None or int(match[1]) != space_id:
        return ""
    return folded(parse_qs(parts.query).get("title", [""])[0])


def titles_in(html: str) -> list[str]:
    """The titles in double brackets, in order, each once."""
    if "[[" not in html:
        return []
    titles = (unescape(match[1]).strip() for piece in _texts(html) for match in _TITLE.finditer(piece))
    return list(dict.fromkeys(title for title in titles if title))


def _texts(html: str) -> list[str]:
    return [piece for piece in _PIECE.findall(html) if not piece.startswith("<")]


def with_titles_linked(html: str, space_id: int, known: Mapping[str, int]) -> str:
    """`[[Title]]` and `[[Title|words]]` made into links: to the known page of that title, or to where to write it."""

    def linked(match: re.Match[str]) -> str:
        title = unescape(match[1]).strip()
        if not title:
            return match[0]
        to_id = known.get(folded(title))
        href = f"/pages/{to_id}/" if to_id else write_it(space_id, title)
        return f'<a href="{escape(href)}">{(match[2] or match[1]).strip()}</a>'

    def piece_of(match: re.Match[str]) -> str:
        return match[0] if match[0].startswith("<") else _TITLE.sub(linked, match[0])

    return _PIECE.sub(piece_of, html)


def write_it(space_id: int, title: str) -> str:
    """Where a page of this title can be written."""
    return f"/spaces/{space_id}/pages/new/?title={quote(title, safe='')}"


def has_wanted(html: str) -> bool:
    return "/pages/new/?" in html


def drawn(html: str, *, space_id: int, target: Callable[[str], int | None], may_write: bool) -> str:
    """Links by title as one reader sees them: to the page when there is one for them, else to where it can be written,
    else as plain words. `target` gives the page of a folded title, as far as the reader may know of it."""

    def for_reader(match: re.Match[str]) -> str:
        wanted = _wanted_by(unescape(match[1]), space_id)
        if not wanted:
            return match[0]
        to_id = target(wanted)
        if to_id is not None:
            return f'<a href="/pages/{to_id}/">{match[2]}</a>'
        return f'<a class="to-write" href="{match[1]}">{match[2]}</a>' if may_write else match[2]

    return _TO_WRITE.sub(for_reader, html)
