"""Writing everything staged as entries, in batches, inside the import's one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.base.text import TextTooLong
from torvet.entries.actions import bulk, bulk_files
from torvet.entries.actions.bulk import Arrival
from torvet.entries.models import Attachment, Entry, Vote
from torvet.entries.words import Words
from torvet.moving.files import ExportFiles
from torvet.moving.imports.talk.accounts import Accounts
from torvet.moving.imports.talk.comparing import file_id, reactions_of
from torvet.moving.imports.talk.rows import MILLION, Staged, Where, words_of
from torvet.moving.imports.talk.shapes import Said
from torvet.moving.imports.talk.staging import Staging
from torvet.moving.imports.talk.wording import Wording, title_of
from torvet.moving.origins import Origins, locked_entries
from torvet.moving.report import Outcome
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space


class Writer:
    def __init__(
        self,
        staging: Staging,
        *,
        by: Viewer,
        accounts: Accounts,
        spaces: Mapping[str, Space],
        origins: Origins,
        files: ExportFiles,
    ) -> None:
        """`spaces` are those of the rooms; that of a forum stands under ""."""
        self._staging = staging
        self._by = by
        self._accounts = accounts
        self._spaces = spaces
        self._origins = origins
        self._files = files
        self._wording = Wording(accounts, spaces)
        self._now = timezone.now()
        self.kept_files: list[Attachment] = []
        self.first = self.last = 0  # ids of the new entries
        self.changed: list[int] = []  # ids of those that were here before
        self.touched_threads: set[int] = set()  # openers here that got new answers
        self.changed_threads: set[int] = set()  # those in which something was said or settled anew
        self._touched_spaces: set[int] = set()

    def write(self, tell: Callable[[int], None]) -> None:
        """Write what was decided. On failure `drop_files` takes stored files away again."""
        # All ids before the first entry: what answers may be older than what it answers.
        ids = bulk.reserve_ids(self._staging.count(Outcome.IMPORTED))
        self._staging.number_new(ids)
        self.first, self.last = (ids[0], ids[-1]) if ids else (0, 0)
        done = 0
        for batch in self._staging.in_order((Outcome.IMPORTED, Outcome.UPDATED)):
            self._write_new([staged for staged in batch if staged.outcome == Outcome.IMPORTED])
            for staged in batch:
                if staged.outcome == Outcome.UPDATED:
                    self._update(staged)
            done += len(batch)
            tell(done)
        bulk.count_answers_again(by=self._by, threads=sorted(self.touched_threads))
        self._pin()
        bulk.note_newest(by=self._by, spaces=sorted(self._touched_spaces))

    def drop_files(self) -> None:
        bulk_files.drop_files(self.kept_files)

    # New ones

    def _write_new(self, batch: list[Staged]) -> None:
        if not batch:
            return
        places = self._staging.places(key for staged in batch for key in (staged.root, staged.parent))
        answers = self._staging.new_answers([staged.root for staged in batch if not staged.is_answer])
        arrivals, origins, watches = [], [], []
        for staged in batch:
            arrival, kept = self._arrival(staged, self._entry(staged, places, answers))
            arrivals.append(arrival)
            id, entry = staged.source_id, arrival.entry
            origins.append(self._origins.new("entry", id, entry.pk, staged.digest, entry.version))
            watches.append((staged, kept))
        bulk.add_entries(by=self._by, arrivals=arrivals)
        self._origins.keep(origins)
        for staged, kept in watches:
            self._keep_file_origins(staged.said, kept)
        # Who wrote in a thread is told of new answers there; shells are nobody to tell.
        pairs = [
            (one.entry.thread_id, one.entry.author_id)
            for staged, one in zip(batch, arrivals, strict=True)
            if self._member(staged).is_active
        ]
        bulk.watch_for(by=self._by, pairs=pairs, read_at=self._now)

    def _entry(
        self, staged: Staged, places: Mapping[str, Where], answers: Mapping[str, tuple[int, int]]
    ) -> Entry:
        said = staged.said
        at = min(said.at, self._now)
        root = above = None
        active, replies = at, 0
        if staged.is_answer:
            root = staged.top or places[staged.root].local
            answered = places.get(staged.parent)
            # What it answers may be left out (deleted over there): then it stands right below the opener.
            above = (answered.local if answered is not None else staged.above) or root
            if staged.top or places[staged.root].outcome != Outcome.IMPORTED:
                self.touched_threads.add(root)
        elif staged.root in answers:
            replies, last = answers[staged.root]
            active = max(at, min(_time_of(last), self._now))
        space = self._space(staged, root)
        self._touched_spaces.add(space)
        return Entry(
            pk=staged.local,
            kind=staged.kind,
            # Ids, not rows: setting a row is several times slower, which a million messages feel.
            space_id=space,
            author_id=self._member(staged).pk,
            root_id=root,
            reply_to_id=above,
            title="" if staged.is_answer else title_of(said),
            created_at=at,
            published_at=at,
            active_at=active,
            edited_at=self._edited_at(said, at),
            closed_at=said.closed_at,
            closed_why=said.closed_why if said.closed_at else "",
            reply_count=replies,
            votes=said.score,
            votes_before=said.score,
        )

    def _space(self, staged: Staged, root: int | None) -> int:
        if root is not None and root in self.touched_threads:
            # An opener that came earlier may have been moved to another space here.
            return Entry.objects.values_list("space_id", flat=True).get(pk=root)
        return self._spaces[staged.said.room].pk

    def _member(self, staged: Staged) -> Member:
        return self._wording.member(staged.said.author)

    def _edited_at(self, said: Said, at: datetime) -> datetime | None:
        edited = min(said.edited_at, self._now) if said.edited_at else None
        return edited if edited is not None and edited > at else None

    def _arrival(
        self, staged: Staged, entry: Entry, known: Mapping[str, Attachment] | None = None
    ) -> tuple[Arrival, dict[str, Attachment]]:
        """The entry with its words, reactions and new files."""
        said = staged.said
        new: dict[str, Attachment] = {}
        for name in said.files:
            checked = self._files.take(name) if name not in (known or {}) else None
            if checked is not None:
                new[name] = self._keep(checked, entry)
        words, whole = self._words(said, entry, {**(known or {}), **new})
        reactions = tuple((member.pk, emoji) for member, emoji in reactions_of(said, self._accounts))
        files = (*new.values(), *([whole] if whole else []))
        if not (words.text or words.body or files or known):
            # Over there it was a card or a call that no export tells of. Threads stay whole with it.
            words = bulk.read_said(f"<p><em>{_('A message without words')}</em></p>", named={})
        return Arrival(entry, words, reactions, files), new

    def _words(
        self, said: Said, entry: Entry, kept: Mapping[str, Attachment]
    ) -> tuple[Words, Attachment | None]:
        try:
            return self._wording.words(said, kept), None
        except TextTooLong:
            name = _("message.txt")
            whole = self._keep(self._files.put_text(self._wording.plain(said), name), entry)
            return self._wording.beginning(said, name), whole

    def _keep(self, checked: bulk_files.Checked, entry: Entry) -> Attachment:
        row = bulk_files.keep_file(
            by=self._by, checked=checked, member_id=entry.author_id, at=entry.published_at or self._now,
            alt=checked.name if checked.thumb else "",
        )  # fmt: skip
        self.kept_files.append(row)
        return row

    def _keep_file_origins(self, said: Said, rows: Mapping[str, Attachment]) -> None:
        if not rows:
            return
        ids = {name: file_id(said, name) for name in rows}
        known = self._origins.known("file", list(ids.values()))
        self._origins.keep(
            [
                self._origins.new("file", ids[name], row.pk)
                for name, row in rows.items()
                if ids[name] not in known
            ]
        )

    # Changed ones

    def _update(self, staged: Staged) -> None:
        """Give an entry the words that it has over there now, and what is counted and settled there."""
        origin = self._origins.known("entry", [staged.source_id])[staged.source_id]
        entry = locked_entries().get(pk=origin.local_id)
        said = staged.said
        self._set_facts(staged, entry)
        if said.is_gone:
            entry.removed_at = self._now
            if entry.root_id:
                self.touched_threads.add(entry.root_id)
            bulk.settle_entry(by=self._by, entry=entry)
        elif words_of(origin.digest) != words_of(staged.digest):
            entry.author = self._member(staged)
            entry.edited_at = self._edited_at(said, said.at) or self._now
            arrival, new = self._arrival(staged, entry, self._standing_files(said))
            bulk.change_entry(by=self._by, arrival=arrival, title="" if entry.is_reply else title_of(said))
            self._keep_file_origins(said, new)
            origin.version = entry.version
        else:
            reactions = [(member.pk, emoji) for member, emoji in reactions_of(said, self._accounts)]
            bulk.settle_entry(by=self._by, entry=entry, reactions=reactions)
        # A version that somebody made here stays one of theirs, also when something else was settled meanwhile.
        origin.digest = staged.digest
        self._origins.renew([origin])
        self.changed.append(entry.pk)
        self.changed_threads.add(entry.thread_id)
        self._touched_spaces.add(entry.space_id)

    def _set_facts(self, staged: Staged, entry: Entry) -> None:
        said = staged.said
        # A kind may change over there: a discussion becomes a question when an answer to it is accepted.
        entry.kind = said.answers_as if entry.is_reply else said.opens_as or entry.kind
        entry.votes_before = said.score
        entry.votes = said.score + Vote.objects.filter(entry=entry).count()
        if said.closed_at is not None and entry.closed_at is None:
            entry.closed_at, entry.closed_why = said.closed_at, said.closed_why

    def _standing_files(self, said: Said) -> dict[str, Attachment]:
        known = self._origins.known("file", [file_id(said, name) for name in said.files])
        rows = Attachment.objects.in_bulk([origin.local_id for origin in known.values()])
        return {
            name: rows[known[id].local_id]
            for name in said.files
            if (id := file_id(said, name)) in known and known[id].local_id in rows
        }

    # Pins

    def _pin(self) -> None:
        wanted = (Outcome.IMPORTED, Outcome.UPDATED, Outcome.UNCHANGED)
        for batch in self._staging.in_order(wanted, only_openers=True, only_marked=True):
            pinned = {one.source_id: one for one in batch if one.said.is_pinned}
            known = self._origins.known("pin", list(pinned))
            new = {id: one for id, one in pinned.items() if id not in known}
            bulk.pin_entries(
                by=self._by, pins={one.local: min(one.said.at, self._now) for one in new.values()}
            )
            self._origins.keep([self._origins.new("pin", id, one.local) for id, one in new.items()])


def _time_of(micros: int) -> datetime:
    return datetime.fromtimestamp(micros // MILLION, UTC).replace(microsecond=micros % MILLION)
