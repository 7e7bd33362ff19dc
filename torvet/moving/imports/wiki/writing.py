"""Writing the planned pages: entries, places in the tree, history, comments and files, in one transaction."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import islice

from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.base.text import TextTooLong
from torvet.entries.actions import bulk, bulk_files
from torvet.entries.actions.bulk import Arrival
from torvet.entries.models import Attachment, Entry, Revision
from torvet.moving.files import ExportFiles
from torvet.moving.imports.wiki.authors import Accounts, short
from torvet.moving.imports.wiki.comments import Comments
from torvet.moving.imports.wiki.planning import Plan, Planned
from torvet.moving.imports.wiki.shapes import SourcePage
from torvet.moving.imports.wiki.staging import Spool
from torvet.moving.imports.wiki.wording import Wording, alts_in, plain_of
from torvet.moving.models import Origin
from torvet.moving.origins import Origins, batches, locked_entries
from torvet.moving.report import Outcome
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.spaces.queries import membership_of
from torvet.wiki import rules
from torvet.wiki.actions import bulk as wiki_bulk
from torvet.wiki.actions.move import last_place
from torvet.wiki.kinds import PAGE
from torvet.wiki.models import Page, Sort

BATCH = 100
FIRST_LOOK, LAST_LOOK = 182, 548  # days from now between which imported pages fall due, one after the other


class Writer:
    def __init__(
        self,
        plan: Plan,
        spool: Spool,
        files: ExportFiles,
        *,
        by: Viewer,
        space: Space,
        accounts: Accounts,
        origins: Origins,
    ) -> None:
        self._plan = plan
        self._spool = spool
        self._files = files
        self._by = by
        self._space = space
        self._origins = origins
        self._wording = Wording(plan, spool, by=by, space=space, accounts=accounts)
        self._today = timezone.localdate()
        self._can_edit: dict[int, bool] = {}
        self._number = 0
        # Pages here that fewer people read than the space: in which inner space, and who answers for them. What comes
        # below them is read by those alone.
        self._kept: dict[int, tuple[int, int]] = {}
        self.kept_files: list[Attachment] = []
        self.first = self.last = 0  # ids of the new pages
        self.changed: list[int] = []  # ids of those that were here before

    def drop_files(self) -> None:
        bulk_files.drop_files(self.kept_files)

    def write(self, tell: Callable[[int], None]) -> None:
        """Write what was decided. On failure `drop_files` takes stored files away again."""
        new = [planned for planned in self._plan.in_order() if planned.outcome is Outcome.IMPORTED]
        # All ids before the first page: pages link to each other in circles.
        for id, planned in zip(bulk.reserve_ids(len(new)), new, strict=True):
            planned.local = id
            self.first, self.last = self.first or id, id
        self._places = self._new_places()
        self._kept = self._kept_to_fewer()
        done, waiting = 0, iter(new)
        while batch := list(islice(waiting, BATCH)):
            self._write_new(batch)
            done += len(batch)
            tell(done)
        for planned in self._plan.pages.values():
            if planned.outcome is Outcome.UPDATED:
                self._update(planned)
        wiki_bulk.keep_links(by=self._by, pages=[*(planned.local for planned in new), *self.changed])
        comments = Comments(
            self._plan, self._spool, self._wording, self._origins, by=self._by, space_of=self._space_of
        )
        self.last = max(self.last, comments.write())
        inner = {space_id for space_id, _owner in self._kept.values()}
        bulk.note_newest(by=self._by, spaces=[self._space.pk, *sorted(inner)])

    def _kept_to_fewer(self) -> dict[int, tuple[int, int]]:
        here = [one.local for one in self._plan.pages.values() if one.outcome is not Outcome.IMPORTED]
        found: dict[int, tuple[int, int]] = {}
        for some in batches(here):
            rows = Page.objects.filter(pk__in=some).exclude(entry__space=self._space.pk)
            found.update(
                {pk: (space, owner) for pk, space, owner in rows.values_list("pk", "entry__space", "owner")}
            )
        return found

    def _space_of(self, page_id: int | None) -> int:
        return self._kept[page_id][0] if page_id in self._kept else self._space.pk

    # Places

    def _new_places(self) -> dict[str, int]:
        """Key -> place among its siblings: between those that came earlier, and behind what was written here."""
        earlier = [one.local for one in self._plan.pages.values() if one.outcome is not Outcome.IMPORTED]
        kept = dict(Page.objects.filter(pk__in=earlier).values_list("pk", "place"))
        found: dict[str, int] = {}
        for siblings in [self._plan.tops, *(planned.below for planned in self._plan.pages.values())]:
            new = [key for key in siblings if self._plan.pages[key].outcome is Outcome.IMPORTED]
            if not new:
                continue
            is_first = len(new) == len(siblings)
            place = last_place(self._space, self._above(self._plan.pages[new[0]])) if is_first else 0
            for key in siblings:
                planned = self._plan.pages[key]
                if planned.outcome is Outcome.IMPORTED:
                    # Of equal places the page with the higher id comes later: a new one stands behind this one.
                    found[key] = place
                    place += is_first
                else:
                    place = kept.get(planned.local, place)
        return found

    def _above(self, planned: Planned) -> Page | None:
        pk = self._parent_of(planned)
        return Page.objects.filter(pk=pk).first() if pk else None

    def _parent_of(self, planned: Planned) -> int | None:
        """The id of the page above, or of the next further up when that one is no longer here."""
        above = self._plan.pages.get(planned.parent) if planned.parent is not None else None
        while above is not None and above.is_gone:
            above = self._plan.pages.get(above.parent) if above.parent is not None else None
        return above.local if above is not None else None

    # New pages

    def _write_new(self, batch: list[Planned]) -> None:
        self._files.take_all(name for planned in batch for name in planned.files)
        arrivals: list[Arrival] = []
        rows: list[Page] = []
        revisions: list[Revision] = []
        origins: list[Origin] = []
        files: list[tuple[Planned, dict[str, Attachment]]] = []
        for planned in batch:
            source = self._spool.get(planned.at)
            entry = self._entry(planned, source)
            kept = self._keep_files(planned, source, entry.author_id, entry.created_at, {})
            arrivals.append(self._arrival(planned, source, entry, kept, kept))
            rows.append(self._page(planned, source, entry))
            revisions += self._wording.revisions(planned, source, entry, kept)
            origins.append(
                self._origins.new("page", short(planned.key), entry.pk, planned.digest, entry.version)
            )
            files.append((planned, kept))
        bulk.add_entries(by=self._by, arrivals=arrivals)
        wiki_bulk.add_pages(by=self._by, pages=rows)
        bulk.add_revisions(by=self._by, revisions=revisions)
        self._origins.keep(origins)
        for planned, kept in files:
            self._keep_file_origins(planned, kept)
        authors = [
            (one.entry.pk, one.entry.author_id)
            for one in arrivals
            if self._can_edit.get(one.entry.author_id) and one.entry.pk not in self._kept
        ]
        bulk.watch_for(by=self._by, pairs=authors, read_at=self._wording.now)

    def _arrival(
        self,
        planned: Planned,
        source: SourcePage,
        entry: Entry,
        kept: dict[str, Attachment],
        new: dict[str, Attachment],
    ) -> Arrival:
        """The entry with its words. Of a page longer than pages may be, all of it lies beside it as a file."""
        try:
            return Arrival(entry, self._wording.words(planned, source, kept), (), tuple(new.values()))
        except TextTooLong:
            name, plain = _("page.txt"), plain_of(source.html)
            whole = self._keep(self._files.put_text(plain, name), entry.author_id, entry.created_at, "")
            words = self._wording.beginning(source, plain, name)
            return Arrival(entry, words, (), (*new.values(), whole))

    def _entry(self, planned: Planned, source: SourcePage) -> Entry:
        at = self._wording.at
        first = next((found for one in source.versions if (found := at(one.at))), None)
        edited = at(source.edited_at)
        created = at(source.created_at) or first or edited or self._wording.now
        edited = edited if edited is not None and edited > created else None
        above = self._parent_of(planned)
        if above in self._kept:
            self._kept[planned.local] = self._kept[above]
        return Entry(
            pk=planned.local,
            kind=PAGE.key,
            space_id=self._space_of(planned.local),
            author_id=self._wording.member(source.by).pk,
            title=planned.title,
            version=len(source.versions) + 1,
            created_at=created,
            published_at=created,
            active_at=edited or created,
            edited_at=edited,
        )

    def _page(self, planned: Planned, source: SourcePage, entry: Entry) -> Page:
        author = self._wording.member(source.by)
        owner = author if self._could_edit(author) else self._wording.importer
        if entry.pk in self._kept:
            owner = Member.objects.get(pk=self._kept[entry.pk][1])
        self._number += 1
        return Page(
            entry_id=entry.pk,
            space_id=self._space.pk,
            parent_id=self._parent_of(planned),
            place=self._places[planned.key],
            sort=source.sort if source.sort in Sort.values else Sort.PLAIN,
            owner_id=owner.pk,
            unit_id=owner.unit_id,
            confirmed_until=self._look_on(self._number),
        )

    def _look_on(self, number: int) -> date:
        """Spread by steps of the golden ratio, so that a handbook does not fall due on one day."""
        part = math.modf(number * 0.6180339887498949)[0]
        return self._today + timedelta(days=FIRST_LOOK + round(part * (LAST_LOOK - FIRST_LOOK)))

    def _could_edit(self, member: Member) -> bool:
        if member.pk not in self._can_edit:
            viewer = Viewer.of(member)
            membership = membership_of(viewer, self._space)
            self._can_edit[member.pk] = rules.can_write_page(viewer, self._space, membership)
        return self._can_edit[member.pk]

    # Files

    def _keep_files(
        self, planned: Planned, source: SourcePage, member: int, at: datetime, known: dict[str, Attachment]
    ) -> dict[str, Attachment]:
        """New rows for the files of a page, by name, without those that are known."""
        alts = alts_in(source.html)
        found: dict[str, Attachment] = {}
        for name in planned.files:
            checked = self._files.take(name) if name not in known else None
            if checked is not None:
                found[name] = self._keep(checked, member, at, alts.get(name, ""))
        return found

    def _keep(self, checked: bulk_files.Checked, member: int, at: datetime, alt: str) -> Attachment:
        row = bulk_files.keep_file(by=self._by, checked=checked, member_id=member, at=at, alt=alt)
        self.kept_files.append(row)
        return row

    def _file_ids(self, planned: Planned) -> dict[str, str]:
        return {name: short(f"{planned.key}:{name}") for name in planned.files}

    def _keep_file_origins(self, planned: Planned, rows: dict[str, Attachment]) -> None:
        ids = self._file_ids(planned)
        known = self._origins.known("file", [ids[name] for name in rows])
        new, renewed = [], []
        for name, row in rows.items():
            digest = self._files.look(name).digest
            if ids[name] in known:
                origin = known[ids[name]]
                origin.local_id, origin.digest = row.pk, digest
                renewed.append(origin)
            else:
                new.append(self._origins.new("file", ids[name], row.pk, digest))
        self._origins.keep(new)
        self._origins.renew(renewed)

    # Changed pages

    def _update(self, planned: Planned) -> None:
        """Give a page the words it has over there now. Its place, owner and next look are this company's."""
        source = self._spool.get(planned.at)
        entry = locked_entries().get(pk=planned.local)
        known = self._standing_files(planned)
        # A name that means other bytes now gets a file of its own: earlier words go on showing the earlier one.
        new = self._keep_files(planned, source, entry.author_id, self._wording.now, known)
        entry.edited_at = self._wording.at(source.edited_at) or self._wording.now
        entry.active_at = max(entry.active_at, entry.edited_at)
        arrival = self._arrival(planned, source, entry, known | new, new)
        bulk.change_entry(by=self._by, arrival=arrival, title=planned.title)
        self._keep_file_origins(planned, new)
        page = Page.objects.get(pk=entry.pk)
        if source.sort in Sort.values and source.sort != page.sort:
            wiki_bulk.change_sort(by=self._by, page=page, sort=source.sort)
        assert planned.origin is not None  # compared, and found
        planned.origin.digest, planned.origin.version = planned.digest, entry.version
        self._origins.renew([planned.origin])
        self.changed.append(entry.pk)

    def _standing_files(self, planned: Planned) -> dict[str, Attachment]:
        """Files of a page that are here already with the same bytes."""
        ids = self._file_ids(planned)
        known = self._origins.known("file", list(ids.values()))
        rows = Attachment.objects.filter(entry=planned.local).in_bulk()
        return {
            name: rows[known[id].local_id]
            for name, id in ids.items()
            if id in known
            and known[id].local_id in rows
            and known[id].digest == self._files.look(name).digest
        }
