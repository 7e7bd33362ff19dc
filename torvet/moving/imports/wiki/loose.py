"""The addresses in a reader's loose HTML: what a page links to, shows and offers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import unquote

import nh3

_ADDRESS = re.compile(r"\b(href|src)\s*=\s*[\"'](page|file):([^\"'#]*)(?:#([^\"']*))?[\"']")
_PICTURE = re.compile(r"<img\b[^>]*>")
_ALT = re.compile(r"\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_SRC = re.compile(r"\bsrc\s*=\s*[\"']([^\"']*)[\"']")
_PERSON = re.compile(r"\bdata-person\s*=\s*[\"']([^\"']*)[\"']")
_OUTSIDE = re.compile(r"https?://", re.IGNORECASE)
# As base.text reads it; it cleans once more, and decides.
_TAGS = {
    "a", "strong", "b", "em", "i", "s", "del", "strike", "code", "br", "img", "span", "p", "h1", "h2", "h3", "h4", "h5",
    "h6", "blockquote", "pre", "ul", "ol", "li", "hr", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "div",
    "section", "article", "aside", "figure", "figcaption", "dl", "dt", "dd", "details", "summary", "caption",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href"}, "span": {"data-type", "data-id", "data-label"}, "code": {"class"}, "ul": {"data-type"},
    "blockquote": {"data-quoted"},
    "ol": {"start"}, "li": {"data-type", "data-checked"}, "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"},
    "img": {"src", "alt"}, "aside": {"data-callout"},
}  # fmt: skip
_DROPPED = {
    "script",
    "style",
    "template",
    "iframe",
    "noscript",
    "title",
    "object",
    "svg",
    "math",
    "select",
    "canvas",
}


@dataclass(frozen=True, slots=True)
class Named:
    """What a page's HTML speaks of, each in the order it first stands there."""

    links: tuple[tuple[str, str], ...]  # (page key, anchor), one for each link
    files: tuple[str, ...]
    pictures: tuple[str, ...]  # those of `files` that are shown, not offered
    people: tuple[str, ...]
    outside_pictures: int


def named_in(html: str) -> Named:
    links: list[tuple[str, str]] = []
    files: dict[str, None] = {}
    pictures: dict[str, None] = {}
    for attribute, kind, name, anchor in _ADDRESS.findall(html):
        name = unquote(unescape(name))
        if kind == "page":
            links.append((name, unquote(unescape(anchor))))
        else:
            files[name] = None
            if attribute == "src":
                pictures[name] = None
    people = dict.fromkeys(unescape(key) for key in _PERSON.findall(html))
    sources = (_SRC.search(tag) for tag in _PICTURE.findall(html))
    outside = sum(1 for source in sources if source and _OUTSIDE.match(source[1]))
    return Named(tuple(links), tuple(files), tuple(pictures), tuple(people), outside)


def rewritten(
    html: str,
    *,
    page: Callable[[str, str], str | None],
    file: Callable[[str], tuple[str, bool] | None],
    person: Callable[[str], int | None],
) -> str:
    """The HTML with addresses of this site.

    `page(key, anchor)` gives a page's address or None; `file(name)` an address and whether pages show it as a picture;
    `person(key)` a member's id. What leads nowhere keeps its words.
    """

    def picture(match: re.Match[str]) -> str:
        source, alt = _SRC.search(match[0]), _ALT.search(match[0])
        if not source or not source[1].startswith("file:"):
            return match[0]
        said = unescape((alt[1] or alt[2] or "") if alt else "")
        name = unquote(unescape(source[1].removeprefix("file:")))
        found = file(name)
        if found is None:
            return escape(said)
        if found[1]:
            return f'<img src="{escape(found[0])}" alt="{escape(said)}">'
        return f'<a href="{escape(found[0])}">{escape(said or name.rpartition("/")[2])}</a>'

    def named(match: re.Match[str]) -> str:
        found = person(unescape(match[1]))
        return f'data-id="member-{found}"' if found else 'data-id=""'

    def address(tag: str, attribute: str, value: str) -> str | None:
        if attribute not in ("href", "src"):
            return value
        kind, _, rest = value.partition(":")
        if kind == "page":
            key, _, anchor = rest.partition("#")
            return page(unquote(key), unquote(anchor))
        if kind == "file":
            found = file(unquote(rest))
            return found[0] if found else None
        return value

    return nh3.clean(
        _PERSON.sub(named, _PICTURE.sub(picture, html)), tags=_TAGS, clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES, attribute_filter=address, link_rel=None,
        url_schemes={"http", "https", "mailto", "tel", "page", "file"},
    )  # fmt: skip
