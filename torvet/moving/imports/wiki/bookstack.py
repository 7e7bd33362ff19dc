"""BookStack: the portable zip of a book, a chapter or a page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import IO, Any, Self
from urllib.parse import unquote

from torvet.base.json_lists import NotJson, parse
from torvet.moving.imports.wiki import rewriting
from torvet.moving.imports.wiki.boxes import MOST_TEXT, Box, names_of
from torvet.moving.imports.wiki.loose_markdown import MarkdownRewriter, parse_markdown
from torvet.moving.imports.wiki.shapes import Losses, SourcePage, file_href, page_href
from torvet.moving.report import BadInput
from torvet.moving.xml_reading import local

CONTENTS = "data.json"
_REFERENCE = re.compile(
    r"\[\[bsexport:(page|chapter|book|image|attachment):([^\[\]\s]{1,300})\]\](?:#(\S{1,300}))?"
)
_CALLOUTS = {"info": "note", "success": "tip", "warning": "warning", "danger": "danger"}
Json = dict[str, Any]


def opens(path: Path) -> bool:
    """A zip or folder with `data.json` that holds a book, a chapter or a page."""
    if CONTENTS not in names_of(path):
        return False
    box = Box.open(path)
    try:
        return bool(_tops(parse(box.read(CONTENTS))))
    except (BadInput, NotJson):
        return False
    finally:
        box.close()


def _tops(said: Any) -> list[tuple[str, Json]]:
    if not isinstance(said, dict) or not isinstance(said.get("instance"), dict):
        return []
    return [(sort, said[sort]) for sort in ("book", "chapter", "page") if isinstance(said.get(sort), dict)]


class BookStack:
    name = "bookstack"

    def __init__(self, box: Box) -> None:
        self.losses = Losses()
        self.instance = ""
        self._box = box
        self._names: dict[str, str] = {}  # a file's entry in `files` -> its name here
        self._pages: list[tuple[SourcePage, Json]] = []
        self._sources: dict[str, Json] = {}
        try:
            said = parse(box.read(CONTENTS, 8 * MOST_TEXT))
        except NotJson as error:
            box.close()
            raise BadInput(f"{box.where(CONTENTS)}: it is not JSON as expected ({error}).") from error
        tops = _tops(said)
        if not tops:
            box.close()
            raise BadInput(f"{box.where(CONTENTS)} is not an export of BookStack.")
        # `id_ciphertext` differs with each export of the same wiki, so it names nothing.
        for sort, one in tops:
            self._plan(sort, one, None, 0.0)

    @classmethod
    def open(cls, path: Path) -> Self:
        return cls(Box.open(path))

    def close(self) -> None:
        self._box.close()

    # The tree

    def _plan(self, sort: str, one: Json, parent: str | None, place: float) -> None:
        id = one.get("id")
        key = f"{sort}-{id}" if isinstance(id, int | str) and str(id) else f"{sort}-{len(self._pages)}n"
        title = " ".join(str(one.get("name") or "").split()) or sort.title()
        where = f"{self._box.where(CONTENTS)}, {sort} {id}"
        if key in self._sources:
            self.losses.left_out.append(("pages", where, "the same page stands in the export twice"))
            return
        if one.get("draft") or one.get("template"):
            self.losses.left_out.append(
                ("pages", where, "it is a draft" if one.get("draft") else "it is a template")
            )
            return
        page = SourcePage(
            key=key,
            title=title,
            html="",
            parent=parent,
            order=(place, title.casefold()),
            topics=_topics(one),
            where=where,
        )
        for shown in (*_list(one, "attachments"), *_list(one, "images")):
            self._name(_word(shown, "file"), _word(shown, "name"))
        self._name(_word(one, "cover"), "")
        self._pages.append((page, one))
        self._sources[key] = one
        below = [("chapter", two) for two in _list(one, "chapters")] + [
            ("page", two) for two in _list(one, "pages")
        ]
        for sort_below, two in below:
            self._plan(sort_below, two, key, _number(two.get("priority")))

    def _name(self, file: str, shown: str) -> None:
        """A file goes by the name people gave it, with the ending it has."""
        if not file or not self._box.holds(f"files/{file}"):
            return
        ending = file.rpartition(".")[2] if "." in file else ""
        name = " ".join(shown.replace("/", "_").split()) or file
        if ending and not name.lower().endswith(f".{ending.lower()}"):
            name = f"{name}.{ending}"
        self._names.setdefault(file, f"{file}/{name}")

    def file(self, name: str) -> str | None:
        return self._names.get(name)

    def key_of(self, sort: str, id: str) -> str | None:
        return f"{sort}-{id}" if f"{sort}-{id}" in self._sources else None

    def heading(self, key: str, anchor: str) -> str:
        html = self._sources[key].get("html")
        if not isinstance(html, str):
            return anchor
        return rewriting.heading_words(rewriting.parse_html(html), anchor) or anchor

    def title_of(self, key: str) -> str:
        return next((page.title for page, _ in self._pages if page.key == key), "")

    def open_file(self, name: str) -> IO[bytes] | None:
        file = name.partition("/")[0]
        return self._box.stream(f"files/{file}") if self._names.get(file) == name else None

    # Giving pages

    def pages(self) -> Iterable[SourcePage]:
        for page, one in self._pages:
            page.html = self._html(page, one)
            page.attached = tuple(self._attached(page, one))
            yield page

    def _html(self, page: SourcePage, one: Json) -> str:
        text = _Text(self, page.key, self.losses, page.where)
        markdown, html = one.get("markdown"), one.get("html")
        if isinstance(html, str) and html.strip():
            root = rewriting.parse_html(html)
        elif isinstance(markdown, str) and markdown.strip():
            root = parse_markdown(markdown)
        else:
            root = rewriting.parse_html(_word(one, "description_html") or _word(one, "description"))
        body = rewriting.body_of(root)
        _drop_title(body, page.title)
        return text.html_of(body) + self._links(one)

    def _links(self, one: Json) -> str:
        """Attachments that are addresses."""
        lines = []
        for one_link in sorted(_list(one, "attachments"), key=lambda found: _number(found.get("order"))):
            href = _word(one_link, "link")
            if rewriting.is_outside(href):
                words = escape(_word(one_link, "name") or href, quote=False)
                lines.append(f"<li><p>{rewriting.anchor(href, words)}</p></li>")
        return f"<ul>{''.join(lines)}</ul>" if lines else ""

    def _attached(self, page: SourcePage, one: Json) -> Iterable[str]:
        for shown in sorted(_list(one, "attachments"), key=lambda shown: _number(shown.get("order"))):
            file = _word(shown, "file")
            if file and file in self._names:
                yield self._names[file]
            elif file:
                why = f"{_word(shown, 'name')[:200] or file} is not in the export"
                self.losses.left_out.append(("files", page.where, why))
        cover = _word(one, "cover")
        if cover in self._names:
            yield self._names[cover]


class _Text(MarkdownRewriter):
    def __init__(self, books: BookStack, key: str, losses: Losses, where: str) -> None:
        super().__init__(losses, where)
        self.books = books
        self.key = key

    def own(self, element: Any, name: str) -> str | None:
        if name == "p" and "callout" in (element.get("class") or "").split():
            kind = next((_CALLOUTS[one] for one in element.get("class").split() if one in _CALLOUTS), "note")
            return rewriting.callout(kind, f"<p>{self.inside(element)}</p>")
        if name == "ul" and any(
            local(point) == "li" and "task-list-item" in (point.get("class") or "") for point in element
        ):
            return rewriting.task_list(
                "".join(self._tick(point) for point in element if local(point) == "li")
            )
        return super().own(element, name)

    def _tick(self, point: Any) -> str:
        box = next((one for one in point.iter("input") if one.get("type") == "checkbox"), None)
        return rewriting.task(box is not None and box.get("checked") is not None, self.inside(point))

    def link(self, element: Any, inside: str) -> str:
        href = unquote((element.get("href") or "").strip())
        if href.startswith("#"):
            return rewriting.anchor(page_href(self.key, self.books.heading(self.key, href[1:])), inside)
        found = _REFERENCE.match(href)
        if not found:
            return super().link(element, inside)
        sort, id, section = found[1], found[2], found[3] or ""
        if sort in ("image", "attachment"):
            name = self.books.file(id)
            if name is None:
                self.lose("files", f"{id} is not in the export")
                return inside
            return rewriting.anchor(file_href(name), inside)
        self.losses.links_found += 1
        key = self.books.key_of(sort, id)
        if key is None:
            self.losses.broken.append((self.where, f"{sort} {id}"))
            return inside
        self.losses.links_resolved += 1
        heading = self.books.heading(key, section) if section else ""
        return rewriting.anchor(page_href(key, heading), inside or escape(self.books.title_of(key)))

    def picture(self, element: Any) -> str:
        src = unquote((element.get("src") or "").strip())
        alt = element.get("alt") or ""
        if found := _REFERENCE.match(src):
            name = self.books.file(found[2])
            if name:
                return rewriting.picture(file_href(name), alt)
            self.lose("files", f"{found[2]} is not in the export")
            return f"<em>{escape(alt, quote=False)}</em>" if alt else ""
        return super().picture(element)


def _drop_title(body: Any, title: str) -> None:
    """A first heading that only says the title again."""
    for element in body:
        if local(element) in ("h1", "h2") and rewriting.words_of(element).casefold() == title.casefold():
            before = element.tail or ""
            body.remove(element)
            body.text = (body.text or "") + before
        break


def _topics(one: Json) -> tuple[str, ...]:
    found = []
    for tag in _list(one, "tags"):
        name, value = _word(tag, "name").strip(), _word(tag, "value").strip()
        if name:
            found.append(f"{name}: {value}" if value else name)
    return tuple(dict.fromkeys(found))


def _list(one: Json, name: str) -> list[Json]:
    found = one.get(name)
    return [two for two in found if isinstance(two, dict)] if isinstance(found, list) else []


def _word(one: Any, name: str) -> str:
    found = one.get(name) if isinstance(one, dict) else None
    return found if isinstance(found, str) else ""


def _number(found: Any) -> float:
    return float(found) if isinstance(found, int | float) and abs(found) < 1e12 else 0.0
