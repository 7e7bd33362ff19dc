"""Confluence's storage format (XHTML with `ac:` and `ri:`) to loose HTML."""

from __future__ import annotations

import re
from html import escape
from html.entities import html5
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, unquote_plus, urlsplit

from lxml import etree

from torvet.moving.imports.wiki import rewriting
from torvet.moving.imports.wiki.shapes import Losses, file_href, page_href
from torvet.moving.xml_reading import local, without_forbidden

_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_KEPT_ENTITIES = {"amp", "lt", "gt", "quot", "apos"}
_PREFIXES = ("ac", "ri", "at", "acxhtml", "xlink")
_PAGE_ID = re.compile(r"/(?:spaces|space)/([^/]{1,255})/(?:pages|blog/\d{4}/\d\d/\d\d)/(\d{1,20})(?:/|$)")
_DISPLAY = re.compile(r"/display/([^/]{1,255})/([^/]{1,500})/?$")
_FILE = re.compile(r"/download/(?:attachments|thumbnails)/(\d{1,20})/([^/]{1,500})$")
_INNER_END = re.compile(r"\]\]\]\] ?><!\[CDATA\[>")
_END = re.compile(r"\]\]>")
_TORN_END = re.compile(r"\]\] >(?=\s{0,9}</)")
_FACES = {
    "smile": "🙂", "sad": "🙁", "cheeky": "😛", "laugh": "😀", "wink": "😉", "thumbs-up": "👍", "thumbs-down": "👎",
    "information": "ℹ️", "tick": "✅", "cross": "❌", "warning": "⚠️", "plus": "➕", "minus": "➖", "question": "❓",
    "light-on": "💡", "light-off": "💡", "yellow-star": "⭐", "red-star": "⭐", "green-star": "⭐", "blue-star": "⭐",
    "heart": "❤️", "broken-heart": "💔",
}  # fmt: skip


class Space(Protocol):
    """What a text asks about the export it stands in. `on` is the page it stands on."""

    def page_by_title(self, title: str, space: str, on: str) -> str | None: ...

    def page_by_id(self, id: str, space: str = "") -> str | None: ...

    def title_of(self, key: str) -> str: ...

    def heading(self, key: str, anchor: str) -> str:
        """The words of the heading an anchor names, or the anchor."""

    def file(self, page: str, name: str) -> str | None: ...

    def person(self, key: str) -> tuple[str, str] | None: ...

    def children(self, page: str) -> list[tuple[str, str]]: ...


class StorageFormat(rewriting.Rewriter):
    """One body. What macros mean is said in `storage_macros`."""

    def __init__(self, space: Space, page: str, losses: Losses, where: str) -> None:
        super().__init__(losses, where)
        self.space = space
        self.page = page

    def html(self, body: str) -> str:
        return self.html_of(self.parsed(body))

    def parsed(self, body: str) -> Any:
        body = _repaired(body)
        if rewriting.nests_too_deep(body, is_xml=True):
            self.lose("parts", rewriting.TOO_DEEP)
            body = escape(rewriting.words_of_markup(body), quote=False)
        names = " ".join(f'xmlns:{prefix}="{prefix}"' for prefix in _PREFIXES)
        # Recovering: what people pasted over ten years is not always well-formed.
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, recover=True, remove_comments=True,
            remove_pis=True,
        )  # fmt: skip
        root = etree.fromstring(f"<body {names}>{body}</body>".encode(), parser)
        if root is None or len("".join(root.itertext())) * 2 < len(rewriting.words_of_markup(body)) - 200:
            # So broken that recovering lost most of it.
            return rewriting.body_of(rewriting.parse_html(body))
        return root

    def own(self, element: Any, name: str) -> str | None:
        reader = getattr(self, f"_{name.replace('-', '_')}", None) if name in _OWN else None
        return reader(element) if reader else None

    # Links

    def _link(self, element: Any) -> str:
        body = next(
            (child for child in element if local(child) in ("link-body", "plain-text-link-body")), None
        )
        words = self.inside(body).strip() if body is not None else ""
        section = _of(element, "anchor")
        target = next(
            (child for child in element if local(child) not in ("link-body", "plain-text-link-body")), None
        )
        kind = local(target) if target is not None else ""
        if kind in ("page", "blog-post", "content-entity"):
            return self._page_link(target, section, words)
        if kind == "attachment":
            return self._file_link(target, words)
        if kind == "user":
            return self.named(target)
        if kind == "url":
            href = _of(target, "value")
            return (
                rewriting.anchor(href, words or escape(href, quote=False))
                if rewriting.is_outside(href)
                else words
            )
        if kind == "space":
            return words or escape(_of(target, "space-key"), quote=False)
        if kind == "shortcut":
            return words or escape(f"{_of(target, 'key')}:{_of(target, 'parameter')}", quote=False)
        if section:
            heading = self.space.heading(self.page, section)
            return rewriting.anchor(page_href(self.page, heading), words or escape(heading, quote=False))
        return words or self.inside(element)

    def _page_link(self, target: Any, section: str, words: str) -> str:
        title = _of(target, "content-title")
        id = _of(target, "content-id")
        key = (
            self.space.page_by_id(id)
            if id
            else self.space.page_by_title(title, _of(target, "space-key"), self.page)
        )
        return self.to_page(key, title or id, section, words)

    def to_page(self, key: str | None, named: str, section: str, words: str) -> str:
        """A link to a page, counted; its words alone when the page is not in the export."""
        self.losses.links_found += 1
        if key is None:
            self.losses.broken.append((self.where, named[:200]))
            return words or escape(named, quote=False)
        self.losses.links_resolved += 1
        heading = self.space.heading(key, section) if section else ""
        return rewriting.anchor(
            page_href(key, heading), words or escape(named or self.space.title_of(key), quote=False)
        )

    def file_named(self, target: Any) -> tuple[str, str | None]:
        """A file by what names it: as people call it, and as the export does."""
        name = _of(target, "filename")
        other = next((child for child in target if local(child) in ("page", "blog-post")), None)
        page: str | None = self.page
        if other is not None:
            page = self.space.page_by_title(_of(other, "content-title"), _of(other, "space-key"), self.page)
        return name, self.space.file(page, name) if page else None

    def _file_link(self, target: Any, words: str) -> str:
        name, found = self.file_named(target)
        shown = words or escape(name, quote=False)
        if found is None:
            self.lose("files", f"{name[:200]} is not in the export")
            return shown
        return rewriting.anchor(file_href(found), shown)

    def named(self, target: Any) -> str:
        """Somebody named in a text."""
        key = _of(target, "userkey") or _of(target, "account-id") or _of(target, "username")
        found = self.space.person(key)
        return rewriting.mention(*found) if found else escape(key, quote=False)

    def link(self, element: Any, inside: str) -> str:
        """A plain `<a>`: people paste addresses of their own wiki all the time."""
        href = (element.get("href") or "").strip()
        if href.startswith("#"):
            return rewriting.anchor(page_href(self.page, self.space.heading(self.page, href[1:])), inside)
        parts = urlsplit(href) if len(href) < 2000 and _is_address(href) else urlsplit("")
        path = unquote(parts.path)
        if (found := _FILE.search(path)) and (file := self.space.file(found[1], unquote_plus(found[2]))):
            return rewriting.anchor(file_href(file), inside)
        key, is_inner = self._by_address(parts, path)
        if key or (is_inner and not rewriting.is_outside(href)):
            return self.to_page(key, unquote(href), parts.fragment and unquote(parts.fragment), inside)
        return self.other_link(href, inside)

    def _by_address(self, parts: Any, path: str) -> tuple[str | None, bool]:
        """The page at an address, and whether it is one that pages have."""
        if path.endswith("/viewpage.action"):
            asked = parse_qs(parts.query, max_num_fields=20)
            if id := asked.get("pageId", [""])[0]:
                return self.space.page_by_id(id), True
            title, space = asked.get("title", [""])[0], asked.get("spaceKey", [""])[0]
            return self.space.page_by_title(title, space, self.page), True
        if found := _PAGE_ID.search(path):
            return self.space.page_by_id(found[2], found[1]), True
        if found := _DISPLAY.search(path):
            return self.space.page_by_title(found[2].replace("+", " "), found[1], self.page), True
        return None, False

    # Pictures, tasks and small things

    def _image(self, element: Any) -> str:
        target = next((child for child in element if local(child) in ("attachment", "url")), None)
        caption = next((self.inside(child) for child in element if local(child) == "caption"), "")
        alt = _of(element, "alt") or _of(element, "title")
        below = f"<p><em>{caption}</em></p>" if caption.strip() else ""
        if target is None:
            return below or escape(alt, quote=False)
        if local(target) == "url":
            src = _of(target, "value")
            return (
                rewriting.picture(src, alt or src) if rewriting.is_outside(src) else escape(alt, quote=False)
            ) + below
        name, found = self.file_named(target)
        if found is None:
            self.lose("files", f"{name[:200]} is not in the export")
            return f"<em>{escape(alt or name, quote=False)}</em>{below}"
        return rewriting.picture(file_href(found), alt or name) + below

    def picture(self, element: Any) -> str:
        src = urlsplit(element.get("src") or "").path if _is_address(element.get("src") or "") else ""
        if found := _FILE.search(unquote(src)):
            file = self.space.file(found[1], unquote_plus(found[2]))
            if file:
                return rewriting.picture(file_href(file), element.get("alt") or found[2])
        return super().picture(element)

    def _task_list(self, element: Any) -> str:
        return rewriting.task_list("".join(self._task(child) for child in element if local(child) == "task"))

    def _task(self, element: Any) -> str:
        parts = {local(child): child for child in element}
        body = parts.get("task-body")
        status = parts.get("task-status")
        inside = self.inside(body) if body is not None else ""
        return rewriting.task(status is not None and (status.text or "").strip() == "complete", inside)

    def _emoticon(self, element: Any) -> str:
        name = _of(element, "name")
        shown = _of(element, "emoji-fallback") or _FACES.get(name) or f"({name})"
        return escape(shown, quote=False)

    def _time(self, element: Any) -> str:
        return escape(element.get("datetime") or rewriting.words_of(element), quote=False)

    def _placeholder(self, element: Any) -> str:
        # What a template asks its writer to type; it shows only while editing.
        return ""

    def _task_id(self, element: Any) -> str:
        return ""

    _task_uuid = _task_id
    _parameter = _task_id
    _default_parameter = _task_id

    def _inline_comment_marker(self, element: Any) -> str:
        return self.inside(element)

    def _user(self, element: Any) -> str:
        return self.named(element)

    def _adf_extension(self, element: Any) -> str:
        """What the cloud's new editor adds: a panel with attributes, and the same again for old readers."""
        node = next((child for child in element if local(child) == "adf-node"), None)
        if node is not None and node.get("type") == "panel":
            said = {child.get("key"): child.text or "" for child in node if local(child) == "adf-attribute"}
            kind = {"tip": "tip", "success": "tip", "warning": "warning", "error": "danger"}.get(
                said.get("panel-type", ""), "note"
            )
            inside = "".join(self.inside(child) for child in node if local(child) == "adf-content")
            return rewriting.callout(kind, inside)
        fallback = next((child for child in element if local(child) == "adf-fallback"), None)
        if fallback is None:
            self.lose("parts", "a part of an app is shown by its words")
        return self.inside(fallback if fallback is not None else element)

    def _structured_macro(self, element: Any) -> str:
        return self.macro(element)

    _macro = _structured_macro

    def macro(self, element: Any) -> str:
        raise NotImplementedError


_OWN = {
    "link", "image", "task-list", "emoticon", "time", "placeholder", "task-id", "task-uuid", "parameter",
    "default-parameter", "inline-comment-marker", "user", "adf-extension", "structured-macro", "macro",
}  # fmt: skip


def _of(element: Any, name: str) -> str:
    """An attribute, whatever name space the export left on it."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2].rpartition(":")[2] == name:
            return value
    return ""


attribute = _of


def _is_address(href: str) -> bool:
    try:
        urlsplit(href)
    except ValueError:
        return False
    return True


def _repaired(body: str) -> str:
    """With ends of CDATA that close it, and entities that XML knows."""
    body = without_forbidden(body)
    if "<![CDATA[" not in body:
        return _ENTITY.sub(_sign, body)
    # A body in CDATA of its own has all inner ends torn; one that was escaped has them whole.
    body = _INNER_END.sub("]]&gt;", body)
    ends = _END if "]]>" in body else _TORN_END
    parts: list[str] = []
    done = 0
    while (start := body.find("<![CDATA[", done)) >= 0:
        parts.append(_ENTITY.sub(_sign, body[done:start]))
        end = ends.search(body, start)
        said = body[start + 9 : end.start() if end else None].replace("]]&gt;", "]]>")
        parts.append(escape(said, quote=False))
        done = end.end() if end else len(body)
    parts.append(_ENTITY.sub(_sign, body[done:]))
    return "".join(parts)


def _sign(found: re.Match[str]) -> str:
    if found[1] in _KEPT_ENTITIES:
        return found[0]
    return html5.get(f"{found[1]};", escape(found[0]))
