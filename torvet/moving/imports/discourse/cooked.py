"""The HTML that Discourse makes of posts ("cooked"), as loose HTML: its quotes, previews, mentions and signs."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from torvet.moving.emoji import sign_of
from torvet.moving.imports.wiki import rewriting
from torvet.moving.imports.wiki.rewriting import Rewriter, body_of, parse_html, picture, words_of
from torvet.moving.imports.wiki.shapes import Losses, file_href


class Cooked(Rewriter):
    """Reads one post."""

    def __init__(
        self, where: str, *, people: Mapping[str, str], files: Mapping[str, str], address: str
    ) -> None:
        """`people`: name over there -> id; `files`: path of an upload -> its name in the export; `address` of the site,
        or "" when nobody said."""
        super().__init__(Losses(), where)
        self._people = people
        self._files = files
        self._address = address
        self.used: dict[str, None] = {}  # files that the words show

    def read(self, cooked: str) -> str:
        return self.html_of(body_of(parse_html(cooked)))

    def own(self, element: Any, name: str) -> str | None:
        classes = (element.get("class") or "").split()
        if name == "aside":
            return self._aside(element, classes)
        if name == "img" and "emoji" in classes:
            written = element.get("alt") or element.get("title") or ""
            return escape(sign_of(written) or written, quote=False)
        if name == "a" and {"mention", "mention-group"} & set(classes):
            return self._mention(element)
        if name == "a" and {"hashtag", "hashtag-cooked"} & set(classes):
            return escape(words_of(element), quote=False)
        if name == "a" and "lightbox" in classes:
            return self._lightbox(element)
        if name == "div" and "poll" in classes:
            return self._poll(element)
        if "meta" in classes or "title-placeholder" in classes or name == "svg":
            return ""
        return None

    def _aside(self, element: Any, classes: list[str]) -> str:
        if "onebox" in classes or "onebox-generic" in classes:
            href = element.get("data-onebox-src") or ""
            first = next((one for one in element.iter("h3", "h4")), None)
            said = words_of(first) if first is not None else href
            return (
                f"<p>{self.other_link(href, escape(said or href, quote=False))}</p>"
                if href
                else self.inside(element)
            )
        if "quote" in classes:
            who = element.get("data-username") or ""
            quoted = next(iter(element.iter("blockquote")), None)
            inside = self.inside(quoted) if quoted is not None else self.inside(element)
            named = f"<p><strong>{escape(who, quote=False)}:</strong></p>" if who else ""
            return f"<blockquote>{named}{inside}</blockquote>"
        return f"<div>{self.inside(element)}</div>"

    def _mention(self, element: Any) -> str:
        said = words_of(element)
        id = self._people.get(said.lstrip("@").casefold())
        return rewriting.mention(id, said) if id else escape(said, quote=False)

    def _lightbox(self, element: Any) -> str:
        inner = next(iter(element.iter("img")), None)
        file = self._file(element.get("href") or "")
        if file:
            return picture(file_href(file), inner.get("alt") or "" if inner is not None else "")
        return self.picture(inner) if inner is not None else self.inside(element)

    def _poll(self, element: Any) -> str:
        choices = [words_of(one) for one in element.iter("li") if one.get("data-poll-option-id") is not None]
        lines = "".join(f"<li>{escape(one, quote=False)}</li>" for one in choices)
        return f"<ul>{lines}</ul>" if lines else self.inside(element)

    # Addresses

    def link(self, element: Any, inside: str) -> str:
        href = (element.get("href") or "").strip()
        file = self._file(href)
        if file:
            return rewriting.anchor(file_href(file), inside)
        return self.other_link(self._whole(href), inside)

    def other_link(self, href: str, inside: str) -> str:
        return rewriting.anchor(href, inside) if rewriting.is_outside(href) else inside

    def picture(self, element: Any) -> str:
        src, alt = (element.get("src") or "").strip(), element.get("alt") or ""
        file = self._file(src)
        if file:
            return picture(file_href(file), alt)
        src = self._whole(src)
        return picture(src, alt) if rewriting.is_outside(src) else escape(alt, quote=False)

    def _file(self, address: str) -> str:
        """The name in the export of an upload, "" when it is none or not there."""
        try:
            path = unquote(urlsplit(address).path).lstrip("/")
        except ValueError:
            return ""
        found = self._files.get(path, "")
        if found:
            self.used[found] = None
        return found

    def _whole(self, address: str) -> str:
        if not address.startswith("/") or not self._address:
            return f"https:{address}" if address.startswith("//") else address
        try:
            return urljoin(self._address, address)
        except ValueError:
            return ""
