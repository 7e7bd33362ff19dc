"""Writing the staged messages as entries, in order of time and in batches, inside the import's one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.base.text import TextTooLong
from torvet.entries.actions import bulk, bulk_files
from torvet.entries.actions.bulk import Arrival
from torvet.entries.kinds import COMMENT, POST
from torvet.entries.models import Attachment, Entry
from torvet.entries.words import Words
from torvet.moving.imports.slack.accounts import Accounts
from torvet.moving.imports.slack.comparing import file_source_id, read_reactions, source_id
from torvet.moving.imports.slack.files import Fate, FileShelf, in_words
from torvet.moving.imports.slack.saying import Directory, name_of, plain_of, to_html
from torvet.moving.imports.slack.shapes import Json, micros_of, part, parts, time_of
from torvet.moving.imports.slack.staging import GONE, Staged, Staging
from torvet.moving.models import Origin
from torvet.moving.origins import Origins, locked_entries
from torvet.moving.places import Places, spaces_of
from torvet.moving.report import Outcome
from torvet.people.models import Member
from torvet.people.viewer import Viewer

BEGINNING = 4_000
"""Characters of an over-long message that stand in the entry; all of it lies beside it as a file."""


class Writer:
    def __init__(
        self,
        staging: Staging,
        *,
        by: Viewer,
        accounts: Accounts,
        places: Places,
        origins: Origins,
        shelf: FileShelf,
    ) -> None:
        self._staging = staging
        self._by = by
        self._accounts = accounts
        self._places = places
        self._origins = origins
        self._shelf = shelf
        self._spaces = spaces_of(places.places)
        self._now = timezone.now()
        self.kept_files: list[Attachment] = []
        self.first = self.last = 0  # ids of the new entries
        self.changed: list[int] = []  # ids of those that were here before
        self._touched_threads: set[int] = set()
        self._touched_spaces: set[int] = set()

    def write(self, tell: Callable[[int], None]) -> None:
        """Write what was decided. On failure `drop_files` takes stored files away again."""
        done = 0
        for batch in self._staging.in_order((Outcome.IMPORTED, Outcome.UPDATED)):
            self._write_new([staged for staged in batch if staged.outcome == Outcome.IMPORTED])
            for staged in batch:
                if staged.outcome == Outcome.UPDATED:
                    self._update(staged)
            done += len(batch)
            tell(done)
        bulk.count_answers_again(by=self._by, threads=sorted(self._touched_threads))
        bulk.note_newest(by=self._by, spaces=sorted(self._touched_spaces))

    def drop_files(self) -> None:
        bulk_files.drop_files(self.kept_files)

    # New ones

    def _write_new(self, batch: list[Staged]) -> None:
        if not batch:
            return
        ids = bulk.reserve_ids(len(batch))
        self.first, self.last = self.first or ids[0], ids[-1]
        openers = {
            (staged.room, staged.ts): id
            for id, staged in zip(ids, batch, strict=True)
            if not staged.is_answer
        }
        self._staging.set_local([(id, *key) for key, id in openers.items()])
        above = self._openers_of(batch, openers)
        arrivals = [self._arrival(staged, id, above) for id, staged in zip(ids, batch, strict=True)]
        bulk.add_entries(by=self._by, arrivals=arrivals)
        self._keep_origins(batch, arrivals)
        bulk.watch_for(by=self._by, pairs=self._watches(batch, arrivals), read_at=self._now)

    def _openers_of(self, batch: list[Staged], new: dict[tuple[int, str], int]) -> dict[tuple[int, str], int]:
        """(room, ts) -> our id of every opener that these answer, whether it came just now or years ago."""
        found = dict(new)
        unknown: dict[str, tuple[int, str]] = {}
        for staged in batch:
            key = (staged.room, staged.thread)
            if not staged.is_answer or key in found:
                continue
            _answers, _last, local = self._staging.thread(*key)
            if local:
                found[key] = local
            else:
                unknown[f"{self._places.places[staged.room].room.id}:{staged.thread}"] = key
        for id, origin in self._origins.known("entry", list(unknown)).items():
            found[unknown[id]] = origin.local_id
            # Its count was right before: it gets further answers now.
            self._touched_threads.add(origin.local_id)
        return found

    def _arrival(self, staged: Staged, id: int, above: dict[tuple[int, str], int]) -> Arrival:
        author = self._author(staged)
        at = min(time_of(staged.micros), self._now)
        space = self._places.places[staged.room].space
        answers, last, _local = (
            (0, 0, 0) if staged.is_answer else self._staging.thread(staged.room, staged.ts)
        )
        root = above[staged.room, staged.thread] if staged.is_answer else None
        if root in self._touched_threads:
            self._staging.set_local([(root, staged.room, staged.thread)])
        entry = Entry(
            pk=id,
            kind=COMMENT.key if staged.is_answer else POST.key,
            # Ids, not rows: setting a row is several times slower, which a million messages feel.
            space_id=space.pk,
            author_id=author.pk,
            root_id=root,
            reply_to_id=root,
            created_at=at,
            published_at=at,
            active_at=max(at, min(time_of(last), self._now)) if last else at,
            edited_at=_edited_at(staged.said),
            removed_at=at if staged.kind == GONE else None,
            reply_count=answers,
        )
        self._touched_spaces.add(space.pk)
        return Arrival(entry, *self._says(staged, author, at))

    def _author(self, staged: Staged) -> Member:
        account = self._accounts.find(staged.author)
        assert account is not None  # strangers were noted while reading
        return account.member

    def _says(
        self, staged: Staged, author: Member, at: datetime, known_files: frozenset[str] = frozenset()
    ) -> tuple[Words, tuple[tuple[int, str], ...], tuple[Attachment, ...]]:
        files: list[Attachment] = []
        for file in parts(staged.said, "files"):
            checked = self._shelf.take(file) if self._fate(file) is Fate.HERE else None
            if checked and file_source_id(self._places, staged, file) not in known_files:
                files.append(self._keep(checked, author, at, alt=name_of(file) if checked.thumb else ""))
        directory = Directory(self._accounts, self._spaces)
        html = to_html(staged, directory, lambda file: in_words(self._fate(file)))
        try:
            words = bulk.read_said(html, named=directory.named, hint=author.language)
        except TextTooLong:
            words, whole = self._beginning(staged, author)
            files.append(self._keep(whole, author, at))
        if not (words.text or words.body or files):
            # Over there it was a card or a call that no export tells of. Threads stay whole with it.
            words = bulk.read_said(
                f"<p><em>{_('A message without words')}</em></p>", named={}, hint=author.language
            )
        reactions = tuple(
            (member.pk, emoji) for member, emoji in read_reactions(staged.said, self._accounts).given
        )
        return words, reactions, tuple(files)

    def _fate(self, file: Json) -> Fate:
        return self._shelf.fate_of(file, is_new=True)

    def _keep(self, checked: bulk_files.Checked, author: Member, at: datetime, alt: str = "") -> Attachment:
        kept = bulk_files.keep_file(by=self._by, checked=checked, member_id=author.pk, at=at, alt=alt)
        self.kept_files.append(kept)
        return kept

    def _beginning(self, staged: Staged, author: Member) -> tuple[Words, bulk_files.Checked]:
        """The first words of a message that is too long, and the whole of it as a file."""
        text = plain_of(staged.said, Directory(self._accounts, self._spaces))
        name = _("message.txt")
        more = _("The message has %(number)s characters. All of it lies in the file %(name)s.") % {
            "number": len(text), "name": name,
        }  # fmt: skip
        lines = text[:BEGINNING].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").split("\n")
        html = "<p>" + "<br>".join(lines) + f" …</p><p><em>{more}</em></p>"
        return bulk.read_said(html, named={}, hint=author.language), self._shelf.put_text(text, name)

    def _keep_origins(self, batch: list[Staged], arrivals: list[Arrival]) -> None:
        new: list[Origin] = []
        for staged, arrival in zip(batch, arrivals, strict=True):
            id = source_id(self._places, staged)
            new.append(self._origins.new("entry", id, arrival.entry.pk, staged.digest))
        self._origins.keep(new)
        self._keep_file_origins(batch)

    def _keep_file_origins(self, batch: list[Staged]) -> None:
        ids: dict[str, int] = {}
        for staged in batch:
            for file in parts(staged.said, "files"):
                if file.get("lies_here") is True and self._fate(file) is Fate.HERE:
                    ids[file_source_id(self._places, staged, file)] = 0
        known = self._origins.known("file", list(ids))
        self._origins.keep(
            [self._origins.new("file", id, local) for id, local in ids.items() if id not in known]
        )

    def _watches(self, batch: list[Staged], arrivals: list[Arrival]) -> list[tuple[int, int]]:
        """Who wrote in a thread is told of new answers there; shells are nobody to tell."""
        return [
            (arrival.entry.thread_id, arrival.entry.author_id)
            for staged, arrival in zip(batch, arrivals, strict=True)
            if self._author(staged).is_active
        ]

    # Changed ones

    def _update(self, staged: Staged) -> None:
        id = source_id(self._places, staged)
        origin = self._origins.known("entry", [id])[id]
        entry = locked_entries().get(pk=origin.local_id)
        author = self._author(staged)
        known = frozenset(
            self._origins.known(
                "file", [file_source_id(self._places, staged, f) for f in parts(staged.said, "files")]
            )
        )
        arrival = Arrival(entry, *self._says(staged, author, time_of(staged.micros), known))
        entry.author, entry.edited_at = author, _edited_at(staged.said)
        if staged.kind == GONE:
            entry.removed_at = self._now
        bulk.change_entry(by=self._by, arrival=arrival)
        origin.digest, origin.version = staged.digest, entry.version
        self._origins.renew([origin])
        self._keep_file_origins([staged])
        self.changed.append(entry.pk)
        self._touched_spaces.add(entry.space_id)


def _edited_at(said: Json) -> datetime | None:
    micros = micros_of(part(said, "edited").get("ts"))
    return time_of(micros) if micros else None
