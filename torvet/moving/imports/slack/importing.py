"""A Slack export, from the archive to our tables.

1. Read: everything is checked and staged in a file of its own; whatever is wrong with the archive ends it here.
2. Compare with what is here, and count. A dry run ends here, so it gives the same counts as the run itself.
3. Write, in the same transaction as 2: everything or nothing.
"""

from __future__ import annotations

from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.moving.imports.slack.accounts import Accounts
from torvet.moving.imports.slack.archive import SlackArchive
from torvet.moving.imports.slack.comparing import Comparison, line_of, where
from torvet.moving.imports.slack.files import FileShelf
from torvet.moving.imports.slack.messages import Reader
from torvet.moving.imports.slack.pins import Pins
from torvet.moving.imports.slack.shapes import Person, Room
from torvet.moving.imports.slack.staging import Staging
from torvet.moving.imports.slack.writing import Writer
from torvet.moving.origins import Origins, wait_for_other_imports
from torvet.moving.places import Places
from torvet.moving.progress import Progress
from torvet.moving.report import Outcome, Report
from torvet.people.viewer import Viewer
from torvet.spaces.models import Access

LINES = (
    "members", "unlisted_members", "spaces", "memberships", "days", "messages", "entries", "comments", "threads",
    "missing_openers", "messages_with_reactions", "reactions", "messages_with_files", "files", "pins",
    "direct_conversations", "direct_messages", "other_files",
)  # fmt: skip


class SlackImport:
    """One export on its way in."""

    def __init__(
        self, archive: SlackArchive, staging: Staging, *, by: Viewer, report: Report, progress: Progress
    ) -> None:
        self._archive = archive
        self._staging = staging
        self._by = by
        self._report = report
        self._progress = progress
        self.people: dict[str, Person] = {}
        self.rooms: list[Room] = []
        self.team = ""
        self.days: list[str] = []

    def read(self) -> None:
        """Step 1."""
        self.people, self.team = self._archive.people()
        self.rooms = self._archive.rooms()
        numbers = self._numbers_of_folders()
        reader = Reader(self.people, self._archive.files, self._staging)
        private = self._archive.private()
        folders = {one.folder: one.id for one in private} | {one.id: one.id for one in private}
        read = 0
        for folder in self._archive.folders():
            for day in self._archive.days(folder):
                if folder in numbers:
                    read = self._read_day(reader, day, numbers[folder], read)
                elif folder in folders:
                    self._leave_out(
                        day, folders[folder], "direct_messages", "a direct message; those stay private"
                    )
                else:
                    self._leave_out(day, day, "entries", "the export does not say which channel this is")
        self._leave_out_conversations(len(private))
        for entry in self._archive.others():
            self._report.find("other_files")
            self._report.skip("other_files", entry, "not part of what is imported")
        self._join_threads(reader)

    def _numbers_of_folders(self) -> dict[str, int]:
        """Folder -> number of its room. Where two rooms claim one folder, the private one has it."""
        numbers: dict[str, int] = {}
        rank = sorted(
            range(len(self.rooms)), key=lambda n: (not self.rooms[n].is_private, self.rooms[n].is_archived)
        )
        for number in rank:
            for folder in (self.rooms[number].folder, self.rooms[number].id):
                numbers.setdefault(folder, number)
        return numbers

    def _read_day(self, reader: Reader, day: str, room: int, read: int) -> int:
        self.days.append(day)
        for message, place in self._archive.messages(day):
            staged = reader.read(message, place, room=room, day=day)
            read += 1
            self._progress("Reading", read, None)
            if not self._staging.add(staged):
                self._report.find(line_of(staged))
                self._report.skip(line_of(staged), where(staged), "the same message twice")
                self._report.find("messages")
                self._report.settle("messages", Outcome.SKIPPED)
        return read

    def _leave_out(self, day: str, shown: str, line: str, why: str) -> None:
        """Count the messages of a day without looking at them."""
        number = sum(1 for _message in self._archive.messages(day))
        self._report.find(line, number)
        self._report.skip(line, shown, why, number)
        if line == "entries":
            self._report.find("messages", number)
            self._report.settle("messages", Outcome.SKIPPED, number)

    def _leave_out_conversations(self, number: int) -> None:
        self._report.find("direct_conversations", number)
        self._report.skip(
            "direct_conversations", "dms.json, mpims.json", "direct messages stay private", number
        )

    def _join_threads(self, reader: Reader) -> None:
        self._staging.index_by_time()
        self._staging.promote_answered_events()
        known = Origins("slack", self.team)
        lacking = {
            f"{self.rooms[room].id}:{ts}": (room, ts) for room, ts in self._staging.threads_without_opener()
        }
        here = known.known("entry", list(lacking))
        for id, (room, ts) in lacking.items():
            # What an earlier export brought needs no stub, unless a stub is what it brought.
            stub = reader.stub(room, ts, self.rooms[room].folder)
            if id not in here or here[id].digest == stub.digest:
                self._staging.add(stub)
        self._staging.count_threads()

    def compare_and_write(self, private_as: Access) -> None:
        """Steps 2 and 3."""
        origins = Origins("slack", self.team)
        accounts = Accounts(origins)
        accounts.plan(self.people.values(), line="members", report=self._report)
        strangers = [
            Person(id=id, name=name, handle=name, is_bot=is_bot, is_guest=not is_bot)
            for id, name, is_bot in self._staging.strangers()
        ]
        accounts.plan(strangers, line="unlisted_members", report=self._report)
        places = Places(origins, accounts, _("Brought over from Slack."))
        places.plan(
            self.rooms, by=self._by, private_as=private_as, file=self._report.file, report=self._report
        )
        shelf = FileShelf(self._archive, self._staging.files)
        comparison = Comparison(
            self._staging, accounts=accounts, places=places, origins=origins, shelf=shelf, report=self._report
        )
        comparison.settle_all(lambda done: self._progress("Comparing", done, None))
        comparison.count_days(self.days)
        pins = Pins(origins, places, self._staging)
        pins.plan(self.rooms, self._report)
        self._report.check()
        if self._report.is_dry_run:
            return
        writer = Writer(
            self._staging, by=self._by, accounts=accounts, places=places, origins=origins, shelf=shelf
        )
        try:
            with transaction.atomic():
                accounts.write(by=self._by)
                places.write(by=self._by)
                writer.write(lambda done: self._progress("Writing", done, None))
                pins.write(by=self._by)
                self._record(writer, places)
        except BaseException:
            writer.drop_files()
            raise

    def _record(self, writer: Writer, places: Places) -> None:
        counts = self._report.counts()
        if any(line[outcome] for line in counts.values() for outcome in (Outcome.IMPORTED, Outcome.UPDATED)):
            record(
                verbs.IMPORTED,
                by=self._by,
                kind=self._report.kind,
                counts=counts,
                spaces=[place.space.pk for place in places.places],
                first_entry=writer.first,
                last_entry=writer.last,
                changed_entries=writer.changed,
            )


def import_slack(
    path: Path, *, by: Viewer, report: Report, progress: Progress, private_as: str = Access.CLOSED
) -> None:
    """Bring an export in. Raises BadInput, and writes nothing then."""
    report.line(*LINES)
    with SlackArchive.opened(path) as archive, Staging() as staging:
        importing = SlackImport(archive, staging, by=by, report=report, progress=progress)
        importing.read()
        if report.is_dry_run:
            importing.compare_and_write(Access(private_as))
            return
        # One transaction around both: what was compared must still be so when it is written.
        with transaction.atomic():
            wait_for_other_imports()
            importing.compare_and_write(Access(private_as))
