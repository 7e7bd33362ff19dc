"""What becomes of every staged message, its reactions and files: compared with what is here and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from torvet.entries.models import Entry, Reaction
from torvet.moving.emoji import reaction_of
from torvet.moving.imports.slack.accounts import Accounts
from torvet.moving.imports.slack.files import Fate, FileShelf
from torvet.moving.imports.slack.messages import why_left_out
from torvet.moving.imports.slack.shapes import Json, parts, words
from torvet.moving.imports.slack.staging import EVENT, STUB, Staged, Staging
from torvet.moving.origins import Origins
from torvet.moving.places import Places, id_of
from torvet.moving.report import Outcome, Report
from torvet.people.models import Member


@dataclass(slots=True)
class _Here:
    """What is known of messages that were brought before."""

    digest: str
    version: int
    entry: Entry | None


def line_of(staged: Staged) -> str:
    if staged.kind == STUB:
        return "missing_openers"
    return "comments" if staged.is_answer else "entries"


def where(staged: Staged) -> str:
    return f"{staged.day}, {staged.ts}"


def source_id(places: Places, staged: Staged) -> str:
    return f"{places.places[staged.room].room.id}:{staged.ts}"


class Comparison:
    def __init__(
        self,
        staging: Staging,
        *,
        accounts: Accounts,
        places: Places,
        origins: Origins,
        shelf: FileShelf,
        report: Report,
    ) -> None:
        self._staging = staging
        self._accounts = accounts
        self._places = places
        self._origins = origins
        self._shelf = shelf
        self._report = report
        self._facts: Counter[tuple[str, Outcome]] = Counter()

    def settle_all(self, tell: Callable[[int], None]) -> None:
        """Decide on every message, in order of time."""
        done = 0
        for batch in self._staging.in_order():
            self._settle(batch)
            done += len(batch)
            tell(done)
        for (line, outcome), number in self._facts.items():
            self._report.find(line, number)
            self._report.settle(line, outcome, number)
        self._count_threads()

    def _settle(self, batch: list[Staged]) -> None:
        here = self._known(batch)
        decided: dict[Outcome, list[Staged]] = {}
        for staged in batch:
            self._report.find(line_of(staged))
            outcome, why = self._decide(staged, here.get(source_id(self._places, staged)))
            if outcome is Outcome.SKIPPED:
                self._report.skip(line_of(staged), where(staged), why)
            else:
                self._report.settle(line_of(staged), outcome)
            decided.setdefault(outcome, []).append(staged)
            if staged.kind != STUB:
                self._facts["messages", outcome] += 1
        given = self._given(decided.get(Outcome.UPDATED, []), here)
        files = self._origins.known("file", [one for staged in batch for one in self._file_ids(staged)])
        arriving = [*decided.get(Outcome.IMPORTED, []), *decided.get(Outcome.UPDATED, [])]
        self._shelf.take_all(file for staged in arriving for file in parts(staged.said, "files"))
        for outcome, some in decided.items():
            self._staging.settle(some, outcome)
            for staged in some:
                self._settle_reactions(staged, outcome, given)
                self._settle_files(staged, outcome, files)

    def _known(self, batch: Iterable[Staged]) -> dict[str, _Here]:
        origins = self._origins.known("entry", [source_id(self._places, staged) for staged in batch])
        digests = {source_id(self._places, staged): staged.digest for staged in batch}
        # Only what changed over there must be held against what became of it here.
        changed = [o.local_id for id, o in origins.items() if o.digest != digests[id]]
        entries = Entry.objects.only("id", "version", "removed_at").in_bulk(changed) if changed else {}
        return {id: _Here(o.digest, o.version, entries.get(o.local_id)) for id, o in origins.items()}

    def _decide(self, staged: Staged, here: _Here | None) -> tuple[Outcome, str]:
        if staged.kind == EVENT:
            return Outcome.SKIPPED, why_left_out(staged)
        if here is None:
            return Outcome.IMPORTED, ""
        if staged.kind == STUB or here.digest == staged.digest:
            # An opener that came with an earlier export is worth more than a stub.
            return Outcome.UNCHANGED, ""
        if here.entry is None or here.entry.version != here.version or here.entry.removed_at is not None:
            return Outcome.SKIPPED, "edited or removed here since"
        return Outcome.UPDATED, ""

    # Reactions

    def _given(self, updated: list[Staged], here: dict[str, _Here]) -> set[tuple[str, int, str]]:
        """The reactions that stand on entries about to be updated: (source id, member id, emoji)."""
        by_entry = {}
        for staged in updated:
            id = source_id(self._places, staged)
            entry = here[id].entry
            if entry is not None:
                by_entry[entry.pk] = id
        rows = Reaction.objects.filter(entry__in=list(by_entry)).values_list("entry_id", "member_id", "emoji")
        return {(by_entry[entry], member, emoji) for entry, member, emoji in rows}

    def _settle_reactions(self, staged: Staged, outcome: Outcome, given: set[tuple[str, int, str]]) -> None:
        given_by = read_reactions(staged.said, self._accounts)
        if given_by.found:
            self._facts["messages_with_reactions", outcome] += 1
            self._report.find("reactions", given_by.found)
        if outcome is Outcome.SKIPPED:
            self._report.skip("reactions", where(staged), "its message is left out", given_by.found)
            return
        for why, number in given_by.problems.items():
            self._report.skip("reactions", where(staged), why, number)
        for member, emoji in given_by.given:
            is_there = (source_id(self._places, staged), member.pk, emoji) in given
            self._report.settle(
                "reactions", Outcome.IMPORTED if _is_new(outcome, is_there) else Outcome.UNCHANGED
            )

    # Files

    def _file_ids(self, staged: Staged) -> list[str]:
        return [
            file_source_id(self._places, staged, file)
            for file in parts(staged.said, "files")
            if file.get("lies_here") is True
        ]

    def _settle_files(self, staged: Staged, outcome: Outcome, origins: dict[str, Any]) -> None:
        files = parts(staged.said, "files")
        if files:
            self._facts["messages_with_files", outcome] += 1
            self._report.find("files", len(files))
        if files and outcome is Outcome.SKIPPED:
            self._report.skip("files", where(staged), "its message is left out", len(files))
            return
        for file in files:
            is_there = file_source_id(self._places, staged, file) in origins
            fate = (
                Fate.HERE if is_there else self._shelf.fate_of(file, is_new=outcome is not Outcome.UNCHANGED)
            )
            if fate is not Fate.HERE:
                self._report.skip("files", where(staged), fate.value)
            else:
                self._report.settle(
                    "files", Outcome.IMPORTED if _is_new(outcome, is_there) else Outcome.UNCHANGED
                )

    def _count_threads(self) -> None:
        for name, number in self._staging.thread_outcomes().items():
            self._report.find("threads", number)
            self._report.settle("threads", Outcome(name), number)

    def count_days(self, days: Iterable[str]) -> None:
        """What became of each day file: what became of the best of it."""
        outcomes = dict(self._staging.day_outcomes())
        for day in days:
            self._report.find("days")
            inside = outcomes.get(day, set())
            best = next(
                (o for o in (Outcome.IMPORTED, Outcome.UPDATED, Outcome.UNCHANGED) if o in inside), None
            )
            if best is None:
                self._report.skip("days", day, "nothing in it is brought over")
            else:
                self._report.settle("days", best)


def _is_new(outcome: Outcome, is_there: bool) -> bool:
    return outcome is Outcome.IMPORTED or (outcome is Outcome.UPDATED and not is_there)


def file_source_id(places: Places, staged: Staged, file: Json) -> str:
    return f"{source_id(places, staged)}:{words(file, 'id')[:64]}"


@dataclass(slots=True)
class Given:
    """Who reacted with what. `found` counts everything that Slack counted, also what it does not say whose."""

    found: int
    given: list[tuple[Member, str]]
    problems: Counter[str]


def read_reactions(said: Json, accounts: Accounts) -> Given:
    """The reactions of a message, each member with each sign once."""
    given: list[tuple[Member, str]] = []
    seen: set[tuple[int, str]] = set()
    problems: Counter[str] = Counter()
    found = 0
    for reaction in parts(said, "reactions"):
        givers = reaction.get("users")
        givers = givers if isinstance(givers, list) else []
        count = reaction.get("count")
        total = max(len(givers), count if isinstance(count, int) and 0 < count < 100_000 else 0)
        found += total
        name = words(reaction, "name")
        if not name:
            problems["a reaction without a name"] += total
            continue
        emoji = reaction_of(name)
        problems["Slack does not say whose it is"] += total - len(givers)
        for giver in givers:
            account = accounts.find(giver) if isinstance(giver, str) else None
            if account is None:
                problems["from somebody whom the export does not list"] += 1
            elif (id_of(account.member), emoji) in seen:
                problems["the same person gave the same sign twice"] += 1
            else:
                seen.add((id_of(account.member), emoji))
                given.append((account.member, emoji))
    return Given(found, given, problems)
