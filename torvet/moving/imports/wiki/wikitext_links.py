"""The links and pictures of wikitext: where they lead, and what stays when they lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape, unescape
from typing import Any, Protocol

from mwparserfromhell import nodes as n

from torvet.moving.imports.wiki import rewriting
from torvet.moving.imports.wiki.shapes import Losses, file_href, page_href
from torvet.moving.imports.wiki.templates import Templates
from torvet.moving.imports.wiki.titles import CATEGORY, FILE, MAIN, MEMBER, Names, Title, tidy

_SIZE = re.compile(r"(?:\d{0,5}x)?\d{1,5} ?px|upright(?:=[\d.]*)?|(?:page|side|lang|class)=.*", re.IGNORECASE)
_OPTIONS = {
    "thumb", "thumbnail", "frame", "framed", "frameless", "border", "left", "right", "center", "centre", "none",
    "baseline", "middle", "sub", "super", "top", "text-top", "bottom", "text-bottom", "upright",
    "miniatyr", "mini", "miniature", "ramme", "ramar", "ram", "rammeløs", "venstre", "højre", "høyre", "vänster",
    "höger", "links", "rechts", "gecentreerd", "midt", "midte", "sentrer", "ingen", "geen", "ingenting", "omkader",
}  # fmt: skip


class Wiki(Protocol):
    """What a text asks about the wiki it stands in."""

    names: Names
    site: str

    def key_of(self, title: Title) -> tuple[str, str] | None:
        """Key and section of a page, through redirects."""

    def file_of(self, name: str) -> str | None: ...

    def template(self, name: str) -> str | None: ...


class Links:
    """The half of a text's reading that asks about the wiki around it. `topics` are the categories found."""

    def __init__(self, wiki: Wiki, page: Title, key: str, losses: Losses, where: str) -> None:
        self.wiki = wiki
        self.page = page
        self.key = key
        self.losses = losses
        self.where = where
        self.topics: dict[str, None] = {}
        self._templates = Templates(wiki.template, wiki.names, page, wiki.site)

    def _lose(self, line: str, why: str) -> None:
        self.losses.left_out.append((line, self.where, why))

    def _inline(self, code: Any) -> str:
        """What stands within a line, as HTML."""
        raise NotImplementedError

    def _inline_node(self, node: Any) -> str:
        raise NotImplementedError

    def _outside(self, node: Any) -> str:
        url = self._templates.raw(unescape(str(node.url))).strip()
        words = self._inline(node.title).strip() if node.title is not None else ""
        href = f"https:{url}" if url.startswith("//") else url
        if not rewriting.is_outside(href):
            return words or escape(url, quote=False)
        return rewriting.anchor(href, words or escape(url, quote=False))

    def _link(self, node: Any) -> str:
        written = self._templates.raw(str(node.title))
        words = self._inline(node.text).strip() if node.text is not None else ""
        bare = tidy(written)
        shown = words or escape(unescape(bare).removeprefix(":"), quote=False)
        if outside := self.wiki.names.elsewhere(bare):
            return rewriting.anchor(outside, words or escape(bare.rpartition(":")[2], quote=False))
        title = self._whole(bare)
        if title.space == CATEGORY and not bare.startswith(":"):
            self.topics[title.words] = None
            return ""
        if title.space in (FILE, -2):
            return self._file_link(title, words)
        if title.space == MEMBER and "/" not in title.words and title.words:
            return rewriting.mention(title.words, unescape(re.sub(r"<[^<>]*>", "", words)) or title.words)
        if not title.words:
            return rewriting.anchor(page_href(self.key, title.section), shown.removeprefix("#") or shown)
        found = self.wiki.key_of(title)
        if found is None and title.space == MAIN and self.wiki.names.is_language(bare):
            return ""
        self.losses.links_found += 1
        if found is None:
            self.losses.broken.append((self.where, bare[:200]))
            return shown
        self.losses.links_resolved += 1
        if not words and bare.startswith("/"):
            shown = escape(bare.strip("/") if bare.endswith("/") else bare, quote=False)
        return rewriting.anchor(page_href(found[0], title.section or found[1]), shown)

    def _whole(self, bare: str) -> Title:
        """A link's page, also when it is named from where one stands (`/Sub`, `../`)."""
        if bare.startswith("/"):
            name, _, section = bare.strip("/").partition("#")
            return Title(self.page.space, f"{self.page.words}/{tidy(name)}", tidy(section))
        if bare.startswith("../") or bare == "..":
            base, rest = self.page.words, bare
            while rest.startswith(".."):
                base, rest = base.rpartition("/")[0], rest[2:].removeprefix("/")
            name, _, section = rest.strip("/").partition("#")
            return Title(self.page.space, f"{base}/{tidy(name)}" if name else base, tidy(section))
        return self.wiki.names.read(bare)

    # Files

    def _file_link(self, title: Title, words: str) -> str:
        name = self.wiki.file_of(title.words)
        shown = words or escape(title.words, quote=False)
        if name is None:
            self._missing(title.words)
            return shown
        return rewriting.anchor(file_href(name), shown)

    def _missing(self, name: str) -> None:
        self._lose("files", f"{name[:200]} is not beside the export")

    def _picture(self, node: Any) -> str | None:
        bare = tidy(str(node.title))
        if bare.startswith(":") or ":" not in bare:
            return None
        title = self.wiki.names.read(bare)
        if title.space != FILE:
            return None
        caption, alt, is_framed = "", "", False
        parts = _split(node.text.nodes) if node.text is not None else []
        for part in parts:
            text = "".join(map(str, part)).strip()
            low = text.casefold()
            if low.startswith("alt="):
                alt = unescape(text[4:])
            elif low in _OPTIONS or _SIZE.fullmatch(text) or low.startswith("link="):
                is_framed |= low in (
                    "thumb",
                    "thumbnail",
                    "frame",
                    "framed",
                    "miniatyr",
                    "mini",
                    "ramme",
                    "miniature",
                    "ram",
                    "omkader",
                )
            else:
                caption = "".join(map(self._inline_node, part)).strip()
        return self._shown_file(title.words, caption, alt, is_framed=is_framed)

    def _shown_file(self, words: str, caption: str, alt: str, *, is_framed: bool) -> str:
        name = self.wiki.file_of(words)
        plain = unescape(re.sub(r"<[^<>]*>", "", caption))
        if name is None:
            self._missing(words)
            named = escape(words, quote=False)
            return f"<em>{named}: {caption}</em>" if caption else f"<em>{named}</em>"
        shown = rewriting.picture(file_href(name), alt or plain or words)
        return shown + (f"<p><em>{caption}</em></p>" if caption and is_framed else "")


def _split(nodes: Iterable[Any]) -> list[list[Any]]:
    """The parts between the bars of a picture's link."""
    parts: list[list[Any]] = [[]]
    for node in nodes:
        if not isinstance(node, n.Text):
            parts[-1].append(node)
            continue
        first, *rest = str(node.value).split("|")
        parts[-1].append(n.Text(first))
        parts.extend([n.Text(one)] for one in rest)
    return parts
