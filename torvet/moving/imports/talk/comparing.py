"""What becomes of everything staged, its reactions, files and settled questions: compared with what is here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from torvet.entries.models import Attachment, Entry, Reaction
from torvet.forum.models import Thread
from torvet.moving.files import BOMB, ExportFiles
from torvet.moving.imports.talk.accounts import Accounts
from torvet.moving.imports.talk.rows import Staged, Where, words_of
from torvet.moving.imports.talk.shapes import Said, Seen
from torvet.moving.imports.talk.staging import Staging
from torvet.moving.imports.wiki.authors import short
from torvet.moving.models import Origin
from torvet.moving.origins import Origins, batches
from torvet.moving.places import id_of
from torvet.moving.report import Outcome, Report
from torvet.people.models import Member

NO_PLACE = "what it answers is not in the export"
GONE = "it was deleted over there"
CHANGED_HERE = "edited or removed here since"
BELOW_NOTHING = "what it answers is left out"
BELOW_REMOVED = "its thread was removed here since"
LEFT_OUT = "its message is left out"


@dataclass(slots=True)
class _Here:
    """What is known of something that was brought before."""

    origin: Origin
    entry: Entry | None


def file_id(said: Said, name: str) -> str:
    return short(f"{said.key}:{name}")


class Comparison:
    def __init__(
        self,
        staging: Staging,
        seen: Seen,
        *,
        accounts: Accounts,
        origins: Origins,
        files: ExportFiles,
        report: Report,
        left_out: Callable[[Said], str],
    ) -> None:
        """`left_out` says why something does not come at all (its room stays private), or ""."""
        self._staging = staging
        self._seen = seen
        self._accounts = accounts
        self._origins = origins
        self._files = files
        self._report = report
        self._left_out = left_out
        self._facts: Counter[tuple[str, Outcome]] = Counter()

    def settle_all(self, tell: Callable[[int], None]) -> None:
        """Decide on everything, openers first."""
        done = 0
        for batch in self._staging.in_order():
            # What an opener comes to must be known before its answers are looked at.
            self._settle([staged for staged in batch if not staged.is_answer])
            self._settle([staged for staged in batch if staged.is_answer])
            done += len(batch)
            tell(done)
        for (line, outcome), number in self._facts.items():
            self._report.find(line, number)
            self._report.settle(line, outcome, number)
        self._settle_marks()

    def _settle(self, batch: list[Staged]) -> None:
        here = self._known(batch)
        above = self._staging.places(staged.root for staged in batch if staged.is_answer)
        removed = self._removed(batch, above)
        settled: list[tuple[Staged, Outcome, int]] = []
        for staged in batch:
            outcome, why = self._decide(staged, here.get(staged.source_id), above, removed)
            for line in self._lines(staged):
                self._report.find(line)
                if outcome is Outcome.SKIPPED:
                    self._report.skip(line, staged.said.where, why)
                else:
                    self._report.settle(line, outcome)
            found = here.get(staged.source_id)
            local = found.origin.local_id if found is not None and found.entry is not None else 0
            settled.append((staged, outcome, local))
        self._staging.settle(settled)
        arriving = [
            staged for staged, outcome, _local in settled if outcome in (Outcome.IMPORTED, Outcome.UPDATED)
        ]
        self._files.take_all(name for staged in arriving for name in staged.said.files)
        given = self._given(
            [(staged, local) for staged, outcome, local in settled if outcome is Outcome.UPDATED]
        )
        known = self._kept_files(batch)
        for staged, outcome, _local in settled:
            self._settle_reactions(staged.said, outcome, given)
            self._settle_files(staged.said, outcome, known)

    def _lines(self, staged: Staged) -> list[str]:
        own = self._seen.line_of_answers if staged.is_answer else self._seen.line_of_openers
        return [*staged.said.lines, *([own] if own and staged.depth >= 0 else [])]

    def _known(self, batch: Sequence[Staged]) -> dict[str, _Here]:
        origins = self._origins.known("entry", [staged.source_id for staged in batch])
        rows = Entry.objects.only("id", "version", "removed_at").in_bulk(
            [one.local_id for one in origins.values()]
        )
        return {id: _Here(one, rows.get(one.local_id)) for id, one in origins.items()}

    def _removed(self, batch: Sequence[Staged], above: dict[str, Where]) -> set[int]:
        """Those openers here, of what these answer, that were removed."""
        ids = {found.local for found in above.values()} | {staged.top for staged in batch}
        rows = Entry.objects.filter(pk__in=[id for id in ids if id], removed_at__isnull=False)
        return set(rows.values_list("pk", flat=True))

    def _decide(
        self, staged: Staged, here: _Here | None, above: dict[str, Where], removed: set[int]
    ) -> tuple[Outcome, str]:
        said = staged.said
        if why := self._left_out(said):
            return Outcome.SKIPPED, why
        if here is not None:
            return self._decide_again(staged, here)
        if said.is_gone:
            return Outcome.SKIPPED, GONE
        if staged.depth < 0:
            return Outcome.SKIPPED, NO_PLACE
        if staged.is_answer:
            opener = above.get(staged.root)
            if opener is not None and not opener.is_here:
                return Outcome.SKIPPED, BELOW_NOTHING
            if (opener.local if opener is not None else staged.top) in removed:
                return Outcome.SKIPPED, BELOW_REMOVED
        return Outcome.IMPORTED, ""

    def _decide_again(self, staged: Staged, here: _Here) -> tuple[Outcome, str]:
        entry = here.entry
        if staged.digest == here.origin.digest:
            return Outcome.UNCHANGED, ""
        if entry is None or entry.removed_at is not None:
            return Outcome.SKIPPED, CHANGED_HERE
        if words_of(staged.digest) != words_of(here.origin.digest) and entry.version != here.origin.version:
            return Outcome.SKIPPED, CHANGED_HERE
        return Outcome.UPDATED, ""

    # Reactions

    def _given(self, updated: list[tuple[Staged, int]]) -> set[tuple[str, int, str]]:
        """The reactions that stand on entries about to be updated: (key, member id, emoji)."""
        keys = {local: staged.said.key for staged, local in updated}
        rows = Reaction.objects.filter(entry__in=list(keys)).values_list("entry_id", "member_id", "emoji")
        return {(keys[entry], member, emoji) for entry, member, emoji in rows}

    def _settle_reactions(self, said: Said, outcome: Outcome, given: set[tuple[str, int, str]]) -> None:
        if not said.reactions:
            return
        self._report.find("reactions", len(said.reactions))
        if outcome is Outcome.SKIPPED:
            self._report.skip("reactions", said.where, LEFT_OUT, len(said.reactions))
            return
        standing = reactions_of(said, self._accounts)
        twice = len(said.reactions) - len(standing)
        self._report.skip("reactions", said.where, "the same person gave the same sign twice", twice)
        for member, emoji in standing:
            is_new = outcome is Outcome.IMPORTED or (
                outcome is Outcome.UPDATED and (said.key, member.pk, emoji) not in given
            )
            self._report.settle("reactions", Outcome.IMPORTED if is_new else Outcome.UNCHANGED)

    # Files

    def _kept_files(self, batch: Sequence[Staged]) -> set[str]:
        """Of the files that these carry, those that stand here already."""
        known = self._origins.known(
            "file", [file_id(one.said, name) for one in batch for name in one.said.files]
        )
        here: set[int] = set()
        for some in batches(sorted({origin.local_id for origin in known.values()})):
            here.update(Attachment.objects.filter(pk__in=some).values_list("pk", flat=True))
        return {id for id, origin in known.items() if origin.local_id in here}

    def _settle_files(self, said: Said, outcome: Outcome, known: set[str]) -> None:
        self._report.find("files", len(said.files))
        if outcome is Outcome.SKIPPED:
            self._report.skip("files", said.where, LEFT_OUT, len(said.files))
            return
        for name in said.files:
            is_there = file_id(said, name) in known
            problem = "" if is_there else self._files.look(name).problem
            if not problem and not is_there:
                # Of what is here already nothing is tried again: it could not be read then.
                takes = outcome is not Outcome.UNCHANGED and self._files.take(name) is not None
                problem = "" if takes else BOMB
            if problem:
                self._report.skip("files", said.where, problem)
            else:
                self._report.settle("files", Outcome.UNCHANGED if is_there else Outcome.IMPORTED)

    # Pins and accepted answers

    def _settle_marks(self) -> None:
        """Once all outcomes are known: an answer may come before its question."""
        for batch in self._staging.in_order(tuple(Outcome), only_marked=True):
            self._settle_pins([staged for staged in batch if staged.said.is_pinned])
            self._settle_accepted([staged for staged in batch if staged.said.accepted])

    def _settle_pins(self, pinned: list[Staged]) -> None:
        known = self._origins.known("pin", [staged.source_id for staged in pinned])
        self._report.find("pins", len(pinned))
        for staged in pinned:
            if staged.outcome == Outcome.SKIPPED:
                self._report.skip("pins", staged.said.where, LEFT_OUT)
            elif staged.is_answer:
                self._report.skip("pins", staged.said.where, "only what opens a thread can be pinned")
            else:
                # One that was brought before is left alone: it may have been taken off here.
                is_known = staged.source_id in known
                self._report.settle("pins", Outcome.UNCHANGED if is_known else Outcome.IMPORTED)

    def _settle_accepted(self, asked: list[Staged]) -> None:
        chosen = self._staging.places(staged.said.accepted for staged in asked)
        known = self._origins.known("accepted", [staged.source_id for staged in asked])
        standing = accepted_here(known.values())
        self._report.find("accepted", len(asked))
        for staged in asked:
            answer, origin = chosen.get(staged.said.accepted), known.get(staged.source_id)
            if staged.outcome == Outcome.SKIPPED or answer is None or not answer.is_here:
                self._report.skip(
                    "accepted", staged.said.where, "its question or the answer itself is left out"
                )
            elif answer.root != staged.said.key:
                self._report.skip("accepted", staged.said.where, "it answers another question")
            elif origin is None:
                self._report.settle("accepted", Outcome.IMPORTED)
            elif answer.local == origin.local_id:
                self._report.settle("accepted", Outcome.UNCHANGED)
            elif standing.get(origin.source_id) != origin.local_id:
                self._report.skip("accepted", staged.said.where, "another answer was accepted here since")
            else:
                self._report.settle("accepted", Outcome.UPDATED)


def accepted_here(known: Iterable[Origin]) -> dict[str, int | None]:
    """Question over there -> the answer that stands accepted here now, of those whose choice came with an import."""
    rows = {origin.local_id: origin.source_id for origin in known}
    found: dict[str, int | None] = {}
    for some in batches(sorted(rows)):
        for answer in Thread.objects.filter(accepted__in=some).values_list("accepted", flat=True):
            found[rows[answer]] = answer
    return found


def reactions_of(said: Said, accounts: Accounts) -> list[tuple[Member, str]]:
    """The reactions of a message, each member with each sign once."""
    given: dict[tuple[int, str], Member] = {}
    for who, emoji in said.reactions:
        account = accounts.find(short(who))
        if account is not None:
            given.setdefault((id_of(account.member), emoji), account.member)
    return [(member, emoji) for (_id, emoji), member in given.items()]
