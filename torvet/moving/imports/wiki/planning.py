"""What is to be done with each page of an old wiki: its place, and whether it is new, changed or the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from torvet.base.text.characters import clean_line
from torvet.entries.models import Attachment, Entry
from torvet.entries.words import MAX_TITLE
from torvet.moving.files import BOMB, NO_PICTURE, ExportFiles
from torvet.moving.imports.wiki.authors import short
from torvet.moving.imports.wiki.loose import Named, named_in
from torvet.moving.imports.wiki.shapes import Person, SourcePage
from torvet.moving.imports.wiki.staging import Spool
from torvet.moving.models import Origin
from torvet.moving.origins import Origins, batches, digest_of
from torvet.moving.report import Outcome, Report
from torvet.wiki.actions import DEEPEST

LONGER_TITLE = "longer than 200 characters: shortened, and whole at the beginning of the page"
NO_TITLE = "empty: the name of its file or place is used"
NO_PARENT = "the page it stood under is not in the export: at the top now"
CIRCLE = "it stood below itself: at the top now"
TOO_DEEP = f"more than {DEEPEST} levels deep: moved up to where there is room"
TWICE = "the same page twice"
CHANGED_HERE = "changed over there and here since; what stands here stays"
REMOVED_HERE = "removed here since"
STAYS = "its page stays as it is"
OUTSIDE = "it lies outside the wiki; the link is kept"


@dataclass(slots=True)
class Planned:
    """A page on its way in; its words wait in the spool at `at`."""

    key: str
    title: str
    parent: str | None
    order: tuple[float, str]
    where: str
    at: int
    digest: str
    named: Named
    files: tuple[str, ...]
    versions: int
    comments: dict[str, str]  # key -> digest
    whole_title: str = ""  # what the title was before it was shortened
    outcome: Outcome = Outcome.IMPORTED
    origin: Origin | None = None
    local: int = 0
    depth: int = 1
    is_gone: bool = False  # removed here since it came
    below: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        """Folders without a page of their own are counted apart: over there they are no pages."""
        return "folders" if self.key.endswith("/") and not self.named.files and not self.versions else "pages"


class Plan:
    """All pages, in the order of their tree."""

    def __init__(self, spool: Spool, files: ExportFiles, report: Report) -> None:
        self._spool = spool
        self._files = files
        self._report = report
        self.pages: dict[str, Planned] = {}
        self.tops: list[str] = []
        self.people: dict[str, Person] = {}

    # Reading

    def add(self, page: SourcePage) -> None:
        key = page.key
        if key in self.pages:
            self._left_out("pages", page.where or key, TWICE)
            return
        title, whole = self._title(page)
        page.title = title
        named = named_in(page.html)
        files = tuple(dict.fromkeys((*named.files, *page.attached)))
        fingerprints = [(name, self._files.look(name).digest) for name in files]
        self._note_people(page)
        self.pages[key] = Planned(
            key=key,
            title=title,
            parent=page.parent,
            order=page.order,
            where=page.where or short(key),
            at=self._spool.put(page),
            digest=digest_of(title, page.html, page.sort, fingerprints, sorted(page.topics)),
            named=named,
            files=files,
            versions=len(page.versions),
            comments={one.key: digest_of(one.html, one.by.key if one.by else "") for one in page.comments},
            whole_title=whole,
        )

    def _title(self, page: SourcePage) -> tuple[str, str]:
        title = clean_line(page.title)
        if not title:
            self._left_out("titles", page.where, NO_TITLE)
            title = clean_line(page.where.rpartition("/")[2])[:MAX_TITLE] or "?"
        if len(title) <= MAX_TITLE:
            return title, ""
        self._left_out("titles", page.where, LONGER_TITLE)
        return title[: MAX_TITLE - 1].rstrip() + "…", title

    def _note_people(self, page: SourcePage) -> None:
        for person in (
            page.by, page.edited_by, *(one.by for one in page.versions), *(one.by for one in page.comments)
        ):  # fmt: skip
            if person is not None:
                self.people.setdefault(short(person.key), person)

    def _left_out(self, line: str, where: str, why: str) -> None:
        self._report.find(line)
        self._report.skip(line, where, why)

    # The tree

    def grow(self) -> None:
        """Set parents right, and everything in order."""
        for planned in self.pages.values():
            if planned.parent is not None and planned.parent not in self.pages:
                self._left_out("places", planned.where, NO_PARENT)
                planned.parent = None
        self._cut_circles()
        in_order = sorted(
            self.pages.values(), key=lambda one: (one.order[0], one.order[1].casefold(), one.title, one.key)
        )
        for planned in in_order:
            (self.pages[planned.parent].below if planned.parent is not None else self.tops).append(
                planned.key
            )
        self._level()

    def _cut_circles(self) -> None:
        sound: set[str] = set()
        for planned in self.pages.values():
            way: dict[str, None] = {}
            here: Planned | None = planned
            while here is not None and here.key not in sound:
                if here.key in way:
                    self._left_out("places", here.where, CIRCLE)
                    here.parent = None
                    break
                way[here.key] = None
                here = self.pages[here.parent] if here.parent is not None else None
            sound.update(way)

    def _level(self) -> None:
        """Levels from 1 on; what lies too deep comes up beside the deepest page there is room for."""
        waiting = [(key, 1) for key in reversed(self.tops)]
        while waiting:
            key, depth = waiting.pop()
            planned = self.pages[key]
            planned.depth = depth
            if depth >= DEEPEST and planned.below and planned.parent is not None:
                above = self.pages[planned.parent]
                for child in planned.below:
                    self._left_out("places", self.pages[child].where, TOO_DEEP)
                    self.pages[child].parent = above.key
                above.below += planned.below
                waiting += [(child, depth) for child in reversed(planned.below)]
                planned.below = []
            waiting += [(child, depth + 1) for child in reversed(planned.below)]

    def in_order(self) -> Iterable[Planned]:
        """Every page before those below it."""
        waiting = list(reversed(self.tops))
        while waiting:
            planned = self.pages[waiting.pop()]
            yield planned
            waiting += reversed(planned.below)

    # Against what is here

    def compare(self, origins: Origins) -> None:
        known = origins.known("page", [short(key) for key in self.pages])
        here = _entries([origin.local_id for origin in known.values()])
        for planned in self.pages.values():
            planned.origin = known.get(short(planned.key))
            self._report.find(planned.line)
            if planned.origin is None:
                self._report.settle(planned.line, Outcome.IMPORTED)
                continue
            planned.local = planned.origin.local_id
            standing = here.get(planned.local)
            problem = ""
            if standing is None or standing[1]:
                planned.outcome, planned.is_gone, problem = Outcome.SKIPPED, True, REMOVED_HERE
            elif planned.origin.digest == planned.digest:
                planned.outcome = Outcome.UNCHANGED
            elif standing[0] != planned.origin.version:
                planned.outcome, problem = Outcome.SKIPPED, CHANGED_HERE
            else:
                planned.outcome = Outcome.UPDATED
            if problem:
                self._report.skip(planned.line, planned.where, problem)
            else:
                self._report.settle(planned.line, planned.outcome)

    def count(self, origins: Origins) -> None:
        """Links, pictures, files and versions, each settled as its page is."""
        kept = _kept_files(origins)
        for planned in self.pages.values():
            outcome, named = planned.outcome, planned.named
            self._settle("links", len(named.links), outcome, planned.where)
            # Of a page that came before, what stood in it then is its history here already.
            before = Outcome.UNCHANGED if outcome is Outcome.UPDATED else outcome
            self._settle("versions", planned.versions, before, planned.where)
            for name in planned.files:
                self._count_file(planned, name, kept)
            self._report.find("pictures", named.outside_pictures)
            self._report.skip("pictures", planned.where, OUTSIDE, named.outside_pictures)

    def _count_file(self, planned: Planned, name: str, kept: dict[str, bool]) -> None:
        known = self._files.look(name)
        # Drawings (SVG) are programs, and not shown: pages link to them, as to any other file.
        is_shown = name in planned.named.pictures and (known.is_picture or bool(known.problem))
        line = "pictures" if is_shown else "files"
        problem = known.problem
        if not problem and planned.outcome is Outcome.UNCHANGED and known.is_picture:
            # What became of it then, without decoding it once more.
            here = kept.get(short(f"{planned.key}:{name}"))
            problem = BOMB if here is None else "" if here or not is_shown else NO_PICTURE
        elif not problem and planned.outcome is not Outcome.SKIPPED and known.is_picture:
            fate = self._files.fate_of(name)
            problem = fate if is_shown or fate == BOMB else ""
        self._report.find(line)
        if problem:
            self._report.skip(line, planned.where, problem)
        elif planned.outcome is Outcome.SKIPPED:
            self._report.skip(line, planned.where, STAYS)
        else:
            self._report.settle(line, planned.outcome)

    def count_comments(self, origins: Origins) -> None:
        for planned in self.pages.values():
            ids = {short(f"{planned.key}:{key}"): digest for key, digest in planned.comments.items()}
            known = origins.known("comment", list(ids)) if planned.origin else {}
            self._report.find("comments", len(ids))
            if planned.is_gone:
                self._report.skip("comments", planned.where, "their page was removed here since", len(ids))
                continue
            for id, digest in ids.items():
                same = known[id].digest == digest if id in known else None
                outcome = {None: Outcome.IMPORTED, True: Outcome.UNCHANGED, False: Outcome.UPDATED}[same]
                self._report.settle("comments", outcome)

    def _settle(self, line: str, number: int, outcome: Outcome, where: str) -> None:
        self._report.find(line, number)
        if outcome is Outcome.SKIPPED:
            self._report.skip(line, where, STAYS, number)
        else:
            self._report.settle(line, outcome, number)


def _entries(ids: list[int]) -> dict[int, tuple[int, bool]]:
    """Id -> (version, whether it was removed)."""
    found: dict[int, tuple[int, bool]] = {}
    for start in range(0, len(ids), 500):
        rows = Entry.objects.filter(pk__in=ids[start : start + 500])
        found.update(
            {
                pk: (version, removed is not None)
                for pk, version, removed in rows.values_list("pk", "version", "removed_at")
            }
        )
    return found


def _kept_files(origins: Origins) -> dict[str, bool]:
    """Origin of a file that came before -> whether it is shown as a picture."""
    known = origins.known("file")
    ids = sorted({origin.local_id for origin in known.values()})
    shown: dict[int, bool] = {}
    for some in batches(ids):
        shown.update(Attachment.objects.filter(pk__in=some).values_list("pk", "is_picture"))
    return {id: shown[origin.local_id] for id, origin in known.items() if origin.local_id in shown}
