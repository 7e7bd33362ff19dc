"""An old wiki, from its export to pages in a space.

1. Read: every page is read once and put aside; whatever is wrong with the export ends it here.
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
from torvet.moving.imports.wiki.authors import Accounts, address_of, author_of
from torvet.moving.imports.wiki.planning import Plan
from torvet.moving.imports.wiki.readers import open_source
from torvet.moving.imports.wiki.shapes import Source
from torvet.moving.imports.wiki.staging import Spool
from torvet.moving.imports.wiki.writing import Writer
from torvet.moving.origins import Origins, wait_for_other_imports
from torvet.moving.progress import Progress
from torvet.moving.report import BadInput, Outcome, Report
from torvet.people.viewer import Viewer
from torvet.spaces import rules as space_rules
from torvet.spaces.actions import open_space
from torvet.spaces.models import Access, Space
from torvet.spaces.queries import membership_of
from torvet.wiki.models import Page

LINES = (
    "pages", "folders", "members", "links", "pictures", "files", "versions", "comments", "titles", "places",
    "other_files",
)  # fmt: skip


def import_wiki(
    path: Path,
    *,
    by: Viewer,
    report: Report,
    progress: Progress,
    space: str = "",
    new_space: str = "",
    called: str = "",
    with_restricted: bool = False,
) -> None:
    """Bring a wiki into a space. Raises BadInput, and writes nothing then.

    `space` is the id or name of one that is there; `new_space` the name of one to be opened, closed to all but the
    importing administrator. `called` tells two wikis apart whose exports do not say which they are. Pages that only
    some could read over there stay out unless `with_restricted`; then the space must be a closed one.
    """
    report.line(*LINES)
    source = open_source(path, with_restricted=with_restricted)
    spool, files = Spool(), ExportFiles(source)
    try:
        plan = Plan(spool, files, report)
        for number, page in enumerate(source.pages(), 1):
            plan.add(page)
            progress("Reading", number, None)
        plan.grow()
        # Only now: some exports say on their last page which wiki they are of.
        origins = Origins(source.name, clean_line(called or source.instance or path.resolve().stem)[:64])
        importing = WikiImport(plan, spool, files, source, origins, by=by, report=report, progress=progress)
        importing.is_restricted = with_restricted or getattr(source, "is_restricted", False)
        if report.is_dry_run:
            importing.compare_and_write(space, new_space)
            return
        # One transaction around both: what was compared must still be so when it is written.
        with transaction.atomic():
            wait_for_other_imports()
            importing.compare_and_write(space, new_space)
    except ArchiveRefused as refused:
        raise BadInput(f"{refused}.") from refused
    finally:
        source.close()
        spool.close()
        files.close()


class WikiImport:
    def __init__(
        self,
        plan: Plan,
        spool: Spool,
        files: ExportFiles,
        source: Source,
        origins: Origins,
        *,
        by: Viewer,
        report: Report,
        progress: Progress,
    ) -> None:
        self._plan = plan
        self._spool = spool
        self._files = files
        self._source = source
        self._origins = origins
        self._by = by
        self._report = report
        self._progress = progress
        self.is_restricted = False  # some of it was not for everybody over there

    def compare_and_write(self, wanted: str, new_name: str) -> None:
        space = self._space(wanted, new_name)
        self._plan.compare(self._origins)
        self._check_space(space)
        written = (Outcome.IMPORTED, Outcome.UPDATED)
        self._files.take_all(
            name for one in self._plan.pages.values() if one.outcome in written for name in one.files
        )
        self._plan.count(self._origins)
        self._plan.count_comments(self._origins)
        self._count_losses()
        accounts = Accounts(self._origins, address_of)
        accounts.plan(map(author_of, self._plan.people.values()), line="members", report=self._report)
        self._report.check()
        if self._report.is_dry_run:
            return
        accounts.write(by=self._by)
        space = space or self._open(new_name or wanted)
        writer = Writer(
            self._plan, self._spool, self._files, by=self._by, space=space, accounts=accounts, origins=self._origins
        )  # fmt: skip
        try:
            with transaction.atomic():
                writer.write(lambda done: self._progress("Writing", done, None))
                self._record(writer, space)
        except BaseException:
            writer.drop_files()
            raise

    # Where to

    def _space(self, wanted: str, new_name: str) -> Space | None:
        """The space to write into, or None when it is to be opened."""
        name = clean_line(new_name or wanted)
        if not name:
            raise BadInput(
                "Say where the pages shall stand: --space NAME, or --new-space NAME for a space of their own."
            )
        seen = Space.objects.visible_to(self._by).listed()
        found = list(
            seen.filter(pk=int(name))
            if name.isdecimal() and len(name) < 18
            else seen.filter(name__iexact=name)
        )
        if name.isdecimal() and not found:
            raise BadInput(f"There is no space with the number {name}.")
        if len(found) > 1:
            ids = ", ".join(str(one.pk) for one in found)
            raise BadInput(f"{len(found)} spaces are called {name}. Say which by its number: {ids}.")
        space = found[0] if found else None
        if space is not None and not space_rules.can_write_in(
            self._by, space, membership_of(self._by, space)
        ):
            raise BadInput(
                f"{space.name} is archived or closed to you. Join it first, or bring the pages into another space."
            )
        return space

    def _check_space(self, space: Space | None) -> None:
        """Pages stay where they came to, and what few could read over there is not put before many."""
        here = [one.local for one in self._plan.pages.values() if one.origin is not None and not one.is_gone]
        elsewhere = Page.objects.filter(pk__in=here[:500]).exclude(space=space.pk if space else 0)
        other = elsewhere.select_related("space").first()
        if other is not None:
            # The name of a space is told only to those who may see it.
            seen = Space.objects.visible_to(self._by).filter(pk=other.space_id).first()
            where = f"the space {seen.name}" if seen else "another space"
            raise BadInput(
                f"This wiki is already here, in {where}. Bring it there again, or give it another name with --as NAME."
            )
        # Readers say so when the old wiki, or some of its pages, could not be read by everybody there.
        if (
            space is not None
            and (space.is_open or space.has_guests)
            and getattr(self._source, "is_restricted", False)
        ):
            raise BadInput(
                f"Not everybody could read this wiki, and {space.name} is open. Bring it into a closed space, or what"
                " was meant for few would be read by everybody."
            )

    def _open(self, name: str) -> Space:
        assert self._by.member is not None  # an import always acts as an administrator
        return open_space(
            by=self._by,
            name=clean_line(name)[:80],
            purpose=_("Pages brought over from an earlier wiki."),
            audience=_("Whoever works with them; let people in under Members."),
            responsible=self._by.member,
            access=Access.CLOSED,
        )

    # What is told of it

    def _count_losses(self) -> None:
        losses = self._source.losses
        for where, target in losses.broken:
            self._report.find("links")
            self._report.skip("links", f"{where}: {target}", "what it leads to is not in the export")
        for line, where, why in losses.left_out:
            self._report.find(line)
            self._report.skip(line, where, why)

    def _record(self, writer: Writer, space: Space) -> None:
        counts = self._report.counts()
        if any(line[outcome] for line in counts.values() for outcome in (Outcome.IMPORTED, Outcome.UPDATED)):
            record(
                verbs.IMPORTED,
                by=self._by,
                kind=self._report.kind,
                counts=counts,
                spaces=[space.pk],
                first_entry=writer.first,
                last_entry=writer.last,
                changed_entries=writer.changed,
            )
