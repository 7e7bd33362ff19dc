"""Conversations of an old home, from the export to threads.

1. Read: everything is checked and staged in a file of its own; whatever is wrong with the export ends it here.
2. Compare with what is here, and count. A dry run ends here, so it gives the same counts as the run itself.
3. Write, in the same transaction as 2: everything or nothing.
"""

from __future__ import annotations

from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.archives import ArchiveRefused
from torvet.base.text.characters import clean_line
from torvet.moving.files import ExportFiles
from torvet.moving.imports.talk.accounts import plan_accounts
from torvet.moving.imports.talk.comparing import Comparison
from torvet.moving.imports.talk.joining import join
from torvet.moving.imports.talk.places import ForumPlace, Wish
from torvet.moving.imports.talk.shapes import Said, Seen, Source
from torvet.moving.imports.talk.staging import Staging
from torvet.moving.imports.talk.threads import Threads
from torvet.moving.imports.talk.writing import Writer
from torvet.moving.origins import Origins, wait_for_other_imports
from torvet.moving.places import Places
from torvet.moving.progress import Progress
from torvet.moving.report import BadInput, Outcome, Report
from torvet.people.viewer import Viewer
from torvet.spaces.models import Access, Space

TWICE = "the same message twice"
STAYS_PRIVATE = "its channel is private over there; --with-restricted brings it in"


def bring_in(
    source: Source,
    path: Path,
    *,
    by: Viewer,
    report: Report,
    progress: Progress,
    wish: Wish,
    called: str = "",
    with_restricted: bool = False,
    private_as: str = Access.CLOSED,
) -> None:
    """Bring one source in. Raises BadInput, and writes nothing then. Closes the source."""
    report.line(*source.lines)
    files = ExportFiles(source)
    try:
        with Staging() as staging:
            importing = TalkImport(source, staging, files, by=by, report=report, progress=progress)
            importing.read()
            # Only now: some exports say late which community they are of.
            importing.origins = Origins(
                source.name, clean_line(called or importing.seen.instance or path.resolve().stem)[:64]
            )
            importing.with_restricted, importing.private_as = with_restricted, Access(private_as)
            if report.is_dry_run:
                importing.compare_and_write(wish)
                return
            # One transaction around both: what was compared must still be so when it is written.
            with transaction.atomic():
                wait_for_other_imports()
                importing.compare_and_write(wish)
    except ArchiveRefused as refused:
        raise BadInput(f"{refused}.") from refused
    finally:
        source.close()
        files.close()


class TalkImport:
    """One source on its way in."""

    origins: Origins
    seen: Seen
    with_restricted = False
    private_as = Access.CLOSED

    def __init__(
        self,
        source: Source,
        staging: Staging,
        files: ExportFiles,
        *,
        by: Viewer,
        report: Report,
        progress: Progress,
    ) -> None:
        self._source = source
        self._staging = staging
        self._files = files
        self._by = by
        self._report = report
        self._progress = progress
        self._forum: ForumPlace | None = None
        self._places: Places | None = None

    def read(self) -> None:
        """Step 1."""
        for number, said in enumerate(self._source.said(self._report), 1):
            self._progress("Reading", number, None)
            if not self._staging.add(said):
                for line in said.lines:
                    self._report.find(line)
                    self._report.skip(line, said.where, TWICE)
        self.seen = self._source.seen()

    def compare_and_write(self, wish: Wish) -> None:
        """Steps 2 and 3."""
        join(self._staging, self.origins, self._report)
        rooms = {room.id: room for room in self.seen.rooms}
        kept = [room for room in rooms.values() if self.with_restricted or not room.is_confidential]
        left_out = {room.id for room in rooms.values()} - {room.id for room in kept}
        accounts = plan_accounts(
            self.seen.people, self._staging.authors(), self.origins, self._report,
            everybody=self.seen.brings_everybody,
        )  # fmt: skip
        for room in rooms.values():
            if room.id in left_out:
                self._report.find("spaces")
                self._report.skip("spaces", room.folder, STAYS_PRIVATE)
        if self._source.is_forum:
            self._forum = ForumPlace(self.origins, self.seen, by=self._by)
            self._forum.plan(wish, self._report)
        else:
            self._places = Places(self.origins, accounts, _("Brought over from Mattermost."))
            self._places.plan(
                kept, by=self._by, private_as=self.private_as, file=self._report.file, report=self._report
            )

        def why(said: Said) -> str:
            return STAYS_PRIVATE if said.room in left_out else ""

        comparison = Comparison(
            self._staging, self.seen, accounts=accounts, origins=self.origins, files=self._files,
            report=self._report, left_out=why,
        )  # fmt: skip
        comparison.settle_all(lambda done: self._progress("Comparing", done, None))
        self._report.check()
        if self._report.is_dry_run:
            return
        accounts.write(by=self._by)
        spaces = self._write_places()
        writer = Writer(
            self._staging, by=self._by, accounts=accounts, spaces=spaces, origins=self.origins, files=self._files
        )  # fmt: skip
        try:
            with transaction.atomic():
                writer.write(lambda done: self._progress("Writing", done, None))
                if self._forum is not None:
                    threads = Threads(self._staging, self.origins, self._forum.sub_fora, by=self._by)
                    threads.write(writer.touched_threads | writer.changed_threads)
                self._record(writer, spaces)
        except BaseException:
            writer.drop_files()
            raise

    def _write_places(self) -> dict[str, Space]:
        """Room -> its space; that of a forum stands under ""."""
        if self._forum is not None:
            self._forum.write()
            assert self._forum.space is not None  # just written
            return {"": self._forum.space}
        assert self._places is not None  # one or the other
        self._places.write(by=self._by)
        return {place.room.id: place.space for place in self._places.places}

    def _record(self, writer: Writer, spaces: dict[str, Space]) -> None:
        counts = self._report.counts()
        if any(line[outcome] for line in counts.values() for outcome in (Outcome.IMPORTED, Outcome.UPDATED)):
            record(
                verbs.IMPORTED,
                by=self._by,
                kind=self._report.kind,
                counts=counts,
                spaces=[space.pk for space in spaces.values()],
                first_entry=writer.first,
                last_entry=writer.last,
                changed_entries=writer.changed,
            )
