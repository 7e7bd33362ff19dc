"""Which addresses a link or a picture may have, and finding bare ones in a text."""

import re

import nh3
from linkify_it import LinkifyIt

from torvet.base.text.characters import escape_attribute

_WHITE = re.compile(r"[\t\n\r\f\v]")
_OUTSIDE = re.compile(r"https?://[^/\\?#\s]", re.IGNORECASE)
_MAIL_OR_PHONE = re.compile(r"(?:mailto|tel):[^\s]", re.IGNORECASE)
_PATH = re.compile(r"/(?![/\\])")
_FILE = re.compile(r"/files/[A-Za-z0-9_-]+(?:/[^\s\\?#\"'<>]*)?")
_CHUNK = re.compile(r"\S+")
MAX_ADDRESS = 2_000
"""Longer addresses are left as text: browsers cut them, and matching them costs."""


def safe_href(href: str) -> str:
    """The address, tidied, or "" when a link may not go there."""
    href = _WHITE.sub("", href).strip().replace(" ", "%20")
    if not href or len(href) > MAX_ADDRESS:
        return ""
    if _PATH.match(href):
        return href if "\\" not in href else ""
    if _OUTSIDE.match(href) or _MAIL_OR_PHONE.match(href):
        return href
    return ""


def is_outside(href: str) -> bool:
    """Does it lead away from this site (also to a mail program or a phone)?"""
    return not href.startswith("/")


def link_start(href: str) -> str:
    """The opening tag of a person's link; `rel` is spelled as the editor spells it."""
    rel = ' rel="noopener noreferrer nofollow"' if is_outside(href) else ""
    return f'<a href="{escape_attribute(href)}"{rel}>'


def file_src(src: str) -> str:
    """The address of one of our own files, or ""; pictures from elsewhere would tell who reads what and when."""
    src = src.strip()
    if len(src) <= MAX_ADDRESS and _FILE.fullmatch(src) and "/.." not in src:
        return src
    return ""


def _finder() -> LinkifyIt:
    # Without fuzzy links: "readme.md" and "main.py" are not addresses in Moldova and Paraguay.
    finder = LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": True, "fuzzy_ip": False})
    finder.add("ftp:", None).add("//", None)
    rules = finder.re
    www = re.compile("^" + rules["src_host_port_strict"] + rules["src_path"], re.IGNORECASE)

    def normalize(match: object) -> None:
        match.url = "http://" + match.url  # type: ignore[attr-defined]

    finder.add("www.", {"validate": www, "normalize": lambda *found: normalize(found[-1])})
    return finder


_FINDER = _finder()


# The sanitiser drops addresses that its URL parser cannot read, say a family of emoji as a host. It is asked here, or a
# link made now would be gone at the next reading.
_PARSER = nh3.Cleaner(
    tags={"a"}, attributes={"a": {"href"}}, link_rel=None, url_schemes={"http", "https", "mailto"}
)


def _stays(href: str) -> bool:
    return "href" in _PARSER.clean(f'<a href="{escape_attribute(href)}">')[:8]


def find_addresses(text: str) -> list[tuple[int, int, str]]:
    """Where bare addresses stand in a text: (start, end, href), in order."""
    if "@" not in text and "://" not in text and "www." not in text.lower() and "mailto:" not in text.lower():
        return []
    found: list[tuple[int, int, str]] = []
    for chunk in _CHUNK.finditer(text):
        word = chunk.group()
        if len(word) <= MAX_ADDRESS and ("@" in word[1:] or "://" in word or "." in word or ":" in word):
            found.extend(_find(word, chunk.start()))
    return found


def _find(word: str, offset: int) -> list[tuple[int, int, str]]:
    """Addresses in one word. What remains between two of them is looked at again: once they are links, a second
    reading sees the remains alone and must find nothing new."""
    found: list[tuple[int, int, str]] = []
    waiting = [(word, offset)]
    while waiting:
        part, start = waiting.pop()
        if len(part) < 4 or not ("@" in part or ":" in part or "." in part):
            continue
        done = 0
        for match in _FINDER.match(part) or ():
            href = safe_href(match.url)
            if not href or not _stays(href):
                continue
            found.append((start + match.index, start + match.last_index, href))
            waiting.append((part[done : match.index], start + done))
            done = match.last_index
        if done:
            waiting.append((part[done:], start + done))
    return sorted(found)
