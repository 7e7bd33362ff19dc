"""A folder or zip of Markdown: wikis in git, MkDocs, Jekyll, Hugo, Docusaurus, Obsidian, and what Torvet exports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import IO, Any, Self

from torvet.base.text.characters import clean_line
from torvet.moving.imports.wiki import markdown_front as fronts
from torvet.moving.imports.wiki.markdown_nav import Nav, read_categories, read_nav
from torvet.moving.imports.wiki.markdown_text import read_page
from torvet.moving.imports.wiki.markdown_tree import (
    Addresses,
    Place,
    as_title,
    day_in,
    is_page,
    own_pages,
)
from torvet.moving.imports.wiki.shapes import Losses, Person, SourcePage, file_href, page_href
from torvet.moving.imports.wiki.shelf import Shelf
from torvet.moving.report import BadInput

LONGEST = 4_000_000  # bytes of one page's file
_SITES = ("mkdocs.yml", "mkdocs.yaml", "_config.yml", "_config.yaml", "hugo.yaml", "config.yaml", "hugo.toml")
_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t]*#*[ \t]*$", re.M)
OURS = "torvet"  # the field by which an export of ours is known


def opens(path: Path) -> bool:
    """Whether there is Markdown in it. Every other reader is asked first: their exports hold Markdown too."""
    try:
        shelf = Shelf(path)
    except BadInput:
        return False
    try:
        return any(is_page(name) for name in shelf.names())
    finally:
        shelf.close()


class MarkdownSource:
    """The pages of a folder or zip."""

    name = "markdown"

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._settings = self._read_settings()
        self.instance = ""
        self.losses = Losses()
        self._names = [name for name in shelf.names() if is_page(name)]
        if not self._names:
            raise BadInput(f"{shelf.path.name} holds no Markdown: no file ends in .md, .mdx or .markdown.")
        self._authors = self._read_authors()
        self._wikilinks = False
        self._used: set[str] = set()
        self._places: dict[str, Place] = {}

    @classmethod
    def open(cls, path: Path) -> Self:
        return cls(Shelf(path))

    def close(self) -> None:
        self._shelf.close()

    def open_file(self, name: str) -> IO[bytes] | None:
        return self._shelf.open(name) if name in self._shelf else None

    # Settings of the site

    def _read_settings(self) -> dict[str, Any]:
        for name in _SITES:
            if name in self._shelf and not name.endswith(".toml"):
                return fronts.read_yaml(self._shelf.read_text(name, fronts.LONGEST))
        return {}

    def _site(self) -> str:
        """Where the wiki could be read over there, "" when nothing says."""
        given = fronts.text_of(self._settings, "site_url", "baseURL", "baseurl") or ""
        url = fronts.text_of(self._settings, "url")
        if url:
            given = url.rstrip("/") + "/" + given.strip("/")
        if "CNAME" in self._shelf and not given.startswith("http"):
            given = "https://" + (self._shelf.read_text("CNAME", 1000) or "").strip()
        return given.rstrip("/") if re.fullmatch(r"https?://[^\s/]+\.[^\s]+", given) else ""

    def _read_authors(self) -> Mapping[str, Any]:
        """Docusaurus keeps its authors in a file."""
        for name in self._shelf.names():
            if name.rpartition("/")[2] in ("authors.yml", "authors.yaml"):
                return fronts.read_yaml(self._shelf.read_text(name, fronts.LONGEST))
        return {}

    # Pages

    def pages(self) -> Iterator[SourcePage]:
        self._plan()
        addresses = Addresses(self._places.values(), self._shelf.names(), self._site())
        for place in self._places.values():
            yield self._read(place, addresses)
        for name in self._shelf.names():
            if name not in self._used and not is_page(name):
                self.losses.left_out.append(("other_files", name, "no page shows it or links to it"))

    def _plan(self) -> None:
        """Everything but the words: titles, tree and order. Files are read one after the other, and again later."""
        nav = read_nav(self._settings, self._shelf, self._places)
        own = own_pages(self._names)
        folder_of = {name: folder for folder, name in own.items()}
        categories = read_categories(self._shelf)
        for name in self._names:
            source = self._shelf.read_text(name, LONGEST)
            if source is None:
                self.losses.left_out.append(("pages", name, f"the file is larger than {LONGEST // 10**6} MB"))
                continue
            front, text = fronts.take_front(source)
            self._wikilinks = self._wikilinks or "[[" in text
            if front.get("draft") is True or str(front.get("draft", "")).casefold() == "true":
                self.losses.left_out.append(("pages", name, "a draft over there"))
                continue
            key = fronts.text_of(front, "key")[:300] if OURS in front else ""
            self._places[name] = Place(
                key=key or name,
                name=name,
                title=self._title(front, text, name, folder_of.get(name), nav),
                given_title=nav.get(name, (None, 0, ""))[2],
                order=self._order(front, name, nav),
                folder=folder_of.get(name),
                front={key: value for key, value in front.items() if key != "description"},
            )
        self._stand(nav, own, categories)
        self._follow_named_parents()
        self._drop_empty_folders()

    def _title(self, front: dict[str, Any], text: str, name: str, folder: str | None, nav: Nav) -> str:
        given = fronts.text_of(front, "title", "linktitle") or nav.get(name, (None, 0, ""))[2]
        if given:
            return given
        match = _HEADING.search(re.sub(r"^(`{3,}|~{3,}).*?^\1", "", text, flags=re.M | re.S))
        found = clean_line(re.sub(r"[*_`]|!?\[([^\]]*)\]\([^)]*\)", r"\1", match[1])) if match else ""
        return found or as_title((folder if folder else name).rpartition("/")[2])

    def _order(self, front: dict[str, Any], name: str, nav: Nav) -> tuple[float, str]:
        number = fronts.number_of(front, "nav_order", "weight", "order", "sidebar_position", "position")
        if name in nav:
            number = nav[name][1]
        file = name.rpartition("/")[2].casefold()
        prefix = re.match(r"\d{1,6}", file)
        if number is None and prefix:
            number = float(prefix[0])
        # What nobody numbered stands behind what somebody did.
        return (1e9 if number is None else number, file)

    def _stand(self, nav: Nav, own: dict[str, str], categories: dict[str, dict[str, Any]]) -> None:
        """Parents: the folder's own page, which is made when there is none."""
        for name in list(self._places):
            place = self._places[name]
            if not place.name:
                continue
            if name in nav:
                place.parent = nav[name][0]
                continue
            inside = place.folder if place.folder is not None else None
            folder = (
                (inside.rpartition("/")[0] if inside else "")
                if inside is not None
                else name.rpartition("/")[0]
            )
            place.parent = self._page_of(folder, own, categories)
            if inside and inside in categories:
                number = fronts.number_of(categories[inside], "position")
                place.order = (place.order[0] if number is None else number, place.order[1])
            if inside and place.order[0] == 1e9:
                file = inside.rpartition("/")[2].casefold()
                prefix = re.match(r"\d{1,6}", file)
                place.order = (float(prefix[0]) if prefix else 1e9, file)
            if inside == "":
                place.order = (min(place.order[0], -1.0), "")

    def _page_of(self, folder: str, own: dict[str, str], categories: dict[str, dict[str, Any]]) -> str | None:
        """The key of a folder's page; None for the root, whose pages stand beside each other."""
        if not folder:
            return None
        if folder in own and own[folder] in self._places:
            return self._places[own[folder]].key
        key = folder + "/"
        if key not in self._places:
            given = categories.get(folder, {})
            last = folder.rpartition("/")[2]
            number = fronts.number_of(given, "position")
            prefix = re.match(r"\d{1,6}", last)
            order = number if number is not None else float(prefix[0]) if prefix else 1e9
            self._places[key] = Place(
                key=key,
                name="",
                title=fronts.text_of(given, "label") or as_title(last),
                order=(order, last.casefold()),
                folder=folder,
            )
            self._places[key].parent = self._page_of(folder.rpartition("/")[0], own, categories)
        return key

    def _follow_named_parents(self) -> None:
        """Jekyll: `parent` names the title of the page above, and what names none stands at the top of the list."""
        named = [place for place in self._places.values() if fronts.text_of(place.front, "parent")]
        if not named:
            return
        by_title: dict[str, list[Place]] = {}
        for place in self._places.values():
            by_title.setdefault(place.title.casefold(), []).append(place)
        for place in named:
            wanted = fronts.text_of(place.front, "parent").casefold()
            above = [one for one in by_title.get(wanted, []) if one is not place]
            near = [
                one for one in above if one.folder is not None and place.name.startswith(one.folder + "/")
            ]
            chosen = next(iter(near or above), None)
            if chosen is not None:
                place.parent = chosen.key
            elif OURS not in place.front:
                self.losses.left_out.append(("parents", place.name, "no page has the title it names"))
        for place in self._places.values():
            if place.front.get("title") and place not in named and OURS not in place.front:
                place.parent = None

    def _drop_empty_folders(self) -> None:
        """Folders made here whose pages all stand elsewhere."""
        while True:
            parents = {place.parent for place in self._places.values()}
            empty = [
                key for key, place in self._places.items() if not place.name and place.key not in parents
            ]
            if not empty:
                return
            for key in empty:
                del self._places[key]

    # One page

    def _read(self, place: Place, addresses: Addresses) -> SourcePage:
        page = SourcePage(
            key=place.key,
            title=place.title,
            html="",
            parent=place.parent,
            order=place.order,
            where=place.name or (place.folder or place.key),
        )
        if not place.name:
            return page
        source = self._shelf.read_text(place.name, LONGEST) or ""
        front, text = fronts.take_front(source)
        is_ours = OURS in front
        titled = fronts.text_of(front, "title", "linktitle") or place.given_title
        said = read_page(
            text,
            place.name,
            resolve=lambda address, is_picture: self._resolve(address, is_picture, place, addresses),
            wikilinks=self._wikilinks,
            is_ours=is_ours,
            title=titled,
        )
        page.html = _with_people(said.html, front.get("people")) if is_ours else said.html
        if not page.html and (leads := fronts.text_of(front, "redirect_to", "redirect_url")):
            # Over there the reader was sent on; an empty page would say nothing of it.
            href = self._resolve(leads, False, place, addresses)
            page.html = f'<p><a href="{escape(href)}">{escape(leads)}</a></p>' if href else ""
        page.title = titled or said.heading or place.title
        page.sort = fronts.text_of(front, "sort") or "plain"
        page.topics = tuple(fronts.texts_of(front, "tags", "categories"))
        page.by, page.created_at = self._author(front), self._written_at(front, place.name)
        page.edited_at = fronts.time_of(
            front, "updated", "lastmod", "last_modified_at", "last_update", "modified"
        )
        if page.edited_at is None and page.created_at is None:
            page.edited_at = self._shelf.changed_at(place.name)
        if is_ours:
            page.attached = tuple(name for name in fronts.texts_of(front, "files") if name in self._shelf)
            self._used.update(page.attached)
        return page

    def _author(self, front: dict[str, Any]) -> Person | None:
        for key, name, email in fronts.people_of(front):
            known = self._authors.get(key)
            if isinstance(known, dict):
                return Person(key, fronts.text_of(known, "name") or name, fronts.text_of(known, "email"))
            person = Person(key, name, email)
            # `joost-farla` is how a file is called, not a person.
            return (
                replace(person, name=name.replace("-", " ").title())
                if re.fullmatch(r"[a-z0-9-]+", name)
                else person
            )
        return None

    @staticmethod
    def _written_at(front: dict[str, Any], name: str) -> datetime | None:
        given = fronts.time_of(front, "date", "created", "created_at", "published", "publishdate")
        if given or not (day := day_in(name)):
            return given
        try:
            return datetime(*day, tzinfo=UTC)
        except ValueError:
            return None

    def _resolve(self, address: str, is_picture: bool, place: Place, addresses: Addresses) -> str | None:
        found = addresses.find(address, place)
        if found and found[0] == "outside":
            return found[1]
        inside = address.startswith("#")
        if not is_picture and not inside:
            self.losses.links_found += 1
        if found is None and is_picture:
            self.losses.left_out.append(("pictures", place.name, "not in the export"))
            return None
        if found is None:
            self.losses.broken.append((place.name, address[:200]))
            base = f"{addresses.site}/" if addresses.site and address.startswith("/") else ""
            return base + address.lstrip("/") if base else None
        if not is_picture and not inside:
            self.losses.links_resolved += 1
        if found[0] == "page":
            return page_href(found[1], found[2])
        self._used.add(found[1])
        return file_href(found[1])


def _with_people(html: str, people: Any) -> str:
    """Our own exports say by e-mail whom a mention names: numbers are others in another company."""
    if not isinstance(people, dict):
        return html
    for named, email in list(people.items())[:1000]:
        html = html.replace(f'data-id="{named}"', f'data-person="{escape(str(email))}"')
    return html
