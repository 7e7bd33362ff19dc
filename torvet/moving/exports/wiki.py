"""`torvet export wiki`: the pages of a space as Markdown in folders, with their pictures and files, in a zip.

The same pages give the same bytes. `torvet import wiki` reads it back to the same tree and the same words. Earlier
versions and comments stay behind.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from django.conf import settings
from django.utils.text import slugify

from torvet.entries.models import Attachment, EntryTopic
from torvet.moving.exports.markdown import portable
from torvet.moving.imports.wiki.shelf import OUR_MARK
from torvet.moving.report import BadInput
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces import rules as space_rules
from torvet.spaces.models import Space
from torvet.spaces.queries import membership_of
from torvet.wiki.models import Page, PageSource

FORMAT = 1
_ADDRESS = re.compile(r'\b(href|src)="(/[^"]*)"')
_PAGE = re.compile(r"/pages/(\d+)/?(#.*)?")
_FILE = re.compile(r"/files/([A-Za-z0-9_-]+)(?:/.*)?")
_NAMED = re.compile(r'data-mention="member-(\d+)"')
_RESERVED = frozenset({"index", "readme", "_index"})
# Bytes must not tell when they were written.
_WHEN = (1980, 1, 1, 0, 0, 0)


@dataclass(slots=True)
class Sheet:
    """A page and the file it becomes."""

    page: Page
    path: str
    place: int
    files: list[Attachment] = field(default_factory=list)


def export_wiki(wanted: str, to: Path, *, by: Viewer) -> int:
    """Write the pages of a space that this viewer may read to a zip. Gives how many. Raises BadInput."""
    space = readable_space(wanted, by)
    sheets = list(_sheets(space, by))
    if not sheets:
        raise BadInput(f"There is no page in {space.name}.")
    part = to.with_name(f".{to.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            Export(sheets).write(archive)
        part.replace(to)
    except OSError as error:
        raise BadInput(f"{to} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
    return len(sheets)


def readable_space(wanted: str, by: Viewer) -> Space:
    """The space with this number or name, when the viewer may read what is in it. Raises BadInput."""
    name = wanted.strip()
    seen = Space.objects.visible_to(by).listed()
    found = list(
        seen.filter(pk=int(name)) if name.isdecimal() and len(name) < 18 else seen.filter(name__iexact=name)
    )
    if not found:
        raise BadInput(f"There is no space called {name} that you may see.")
    if len(found) > 1:
        ids = ", ".join(str(space.pk) for space in found)
        raise BadInput(f"{len(found)} spaces are called {name}. Say which by its number: {ids}.")
    if not space_rules.can_read(by, found[0], membership_of(by, found[0])):
        raise BadInput(f"{found[0].name} is closed to you. Somebody who is in it can let you in.")
    return found[0]


def _sheets(space: Space, by: Viewer) -> list[Sheet]:
    """Every page with its path, parents first. A page whose parent was removed stands where that stood."""
    rows = Page.objects.visible_to(by).filter(space=space).select_related("entry__author", "owner")
    pages = list(rows.in_order())
    known = {page.pk for page in pages}
    below: dict[int | None, list[Page]] = {}
    for page in pages:
        above = next((pk for pk in reversed(page.above) if pk in known), None)
        below.setdefault(above, []).append(page)
    found: list[Sheet] = []
    waiting: list[tuple[int | None, str, int]] = [(None, "", 1)]
    while waiting:
        above, folder, depth = waiting.pop()
        taken: set[str] = set(_RESERVED)
        for place, page in enumerate(below.get(above, []), 1):
            name = _free(_slug(page.entry.title, depth), taken)
            inside = posixpath.join(folder, name)
            found.append(Sheet(page, f"{inside}/index.md" if page.pk in below else f"{inside}.md", place))
            if page.pk in below:
                waiting.append((page.pk, inside, depth + 1))
    files: dict[int, list[Attachment]] = {}
    for row in Attachment.objects.visible_to(by).filter(entry__page__space=space).order_by("position", "id"):
        files.setdefault(row.entry_id or 0, []).append(row)
    for sheet in found:
        sheet.files = files.get(sheet.page.pk, [])
    return sorted(found, key=lambda sheet: sheet.path)


def _slug(title: str, depth: int) -> str:
    """A name for files; short far down, so that no path is longer than archives and disks take."""
    longest = 50 if depth <= 6 else 20 if depth <= 12 else 12
    return slugify(title, allow_unicode=True)[:longest].strip("-_") or "page"


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name.casefold() in taken:
        number += 1
        name = f"{wanted}-{number}"
    taken.add(name.casefold())
    return name


class Export:
    def __init__(self, sheets: list[Sheet]) -> None:
        self._sheets = sheets
        self._paths = {sheet.page.pk: sheet.path for sheet in sheets}
        self._files = dict(self._named_files())
        self._said: dict[int, list[Member]] = {}
        made = PageSource.objects.filter(page__in=list(self._paths)).select_related("entry__author")
        for row in made.order_by("pk"):
            if row.entry.author not in (known := self._said.setdefault(row.page_id, [])):
                known.append(row.entry.author)
        self._topics: dict[int, list[str]] = {}
        for pk, name in EntryTopic.objects.filter(entry__in=list(self._paths)).values_list(
            "entry_id", "topic__label"
        ):
            self._topics.setdefault(pk, []).append(name)

    def _named_files(self) -> Any:
        for sheet in self._sheets:
            taken: set[str] = set()
            for row in sheet.files:
                stem, end = posixpath.splitext(row.name)
                yield row.key, f"_files/{sheet.page.pk}/{_free(stem, taken)}{end}"

    def write(self, archive: zipfile.ZipFile) -> None:
        self._put(archive, OUR_MARK, f"torvet: {FORMAT}\n".encode())
        for sheet in self._sheets:
            self._put(archive, sheet.path, self._page(sheet).encode())
        for sheet in self._sheets:
            for row in sheet.files:
                lies = Path(settings.MEDIA_ROOT) / row.path
                if lies.is_file():
                    self._put(archive, self._files[row.key], lies.read_bytes())

    @staticmethod
    def _put(archive: zipfile.ZipFile, name: str, said: bytes) -> None:
        entry = zipfile.ZipInfo(name, _WHEN)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        entry.create_system = 3
        archive.writestr(entry, said)

    def _page(self, sheet: Sheet) -> str:
        entry = sheet.page.entry
        body = portable(entry.body, lambda html: self._elsewhere(html, sheet))
        fields = yaml.safe_dump(self._front(sheet), sort_keys=False, allow_unicode=True, width=1000)
        return f"---\n{fields}---\n\n{body}\n" if body else f"---\n{fields}---\n"

    def _front(self, sheet: Sheet) -> dict[str, Any]:
        page, entry = sheet.page, sheet.page.entry
        shown = {row.key for row in sheet.files if f"/files/{row.key}/" in entry.body}
        fields: dict[str, Any] = {
            "title": entry.title,
            "torvet": FORMAT,
            "key": str(page.pk),
            "sort": page.sort,
            "order": sheet.place,
            "date": (entry.published_at or entry.created_at).isoformat(),
        }
        if entry.edited_at:
            fields["updated"] = entry.edited_at.isoformat()
        fields["authors"] = [_person(entry.author)]
        fields["owner"] = _person(page.owner)
        # Whose words in a conversation the page was made with.
        if said := self._said.get(page.pk):
            fields["contributors"] = [_person(member) for member in said]
        if topics := sorted(self._topics.get(page.pk, [])):
            fields["tags"] = topics
        if named := sorted({int(pk) for pk in _NAMED.findall(entry.body)}):
            people = Member.objects.filter(pk__in=named).order_by("pk")
            fields["people"] = {f"member-{member.pk}": member.email for member in people}
        if more := [self._files[row.key] for row in sheet.files if row.key not in shown]:
            fields["files"] = more
        return fields

    def _elsewhere(self, html: str, sheet: Sheet) -> str:
        """Addresses of exported pages and files as paths from this page; others with this site in front."""

        def one(match: re.Match[str]) -> str:
            address = unescape(match[2])
            page, file = _PAGE.fullmatch(address), _FILE.fullmatch(address)
            leads = self._paths.get(int(page[1])) if page else self._files.get(file[1]) if file else None
            if leads is None:
                # Mentions and topics are written as such, not as addresses.
                return (
                    match[0]
                    if address.startswith(("/people/", "/units/", "/topics/"))
                    else (f'{match[1]}="{escape(settings.TORVET_URL + address)}"')
                )
            path = quote(posixpath.relpath(leads, posixpath.dirname(sheet.path) or "."))
            return f'{match[1]}="{escape(path + ((page[2] or "") if page else ""))}"'

        return _ADDRESS.sub(one, html)


def _person(member: Member) -> dict[str, str]:
    return {"name": member.name, "email": member.email}
