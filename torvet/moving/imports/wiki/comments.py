"""What was said below pages over there, as comments here."""

from __future__ import annotations

from collections.abc import Callable

from torvet.entries.actions import bulk
from torvet.entries.actions.bulk import Arrival
from torvet.entries.kinds import COMMENT
from torvet.entries.models import Entry
from torvet.moving.imports.wiki.authors import short
from torvet.moving.imports.wiki.planning import Plan, Planned
from torvet.moving.imports.wiki.shapes import SourceComment
from torvet.moving.imports.wiki.staging import Spool
from torvet.moving.imports.wiki.wording import Wording
from torvet.moving.models import Origin
from torvet.moving.origins import Origins, locked_entries
from torvet.people.viewer import Viewer


class Comments:
    def __init__(
        self,
        plan: Plan,
        spool: Spool,
        wording: Wording,
        origins: Origins,
        *,
        by: Viewer,
        space_of: Callable[[int], int],
    ) -> None:
        self._plan = plan
        self._spool = spool
        self._wording = wording
        self._origins = origins
        self._by = by
        self._space_of = space_of
        self._last = 0

    def write(self) -> int:
        """New ones below their pages; those that changed over there get their words of now. Gives the highest id."""
        touched = [
            planned.local
            for planned in self._plan.pages.values()
            if planned.comments and not planned.is_gone and self._write(planned)
        ]
        bulk.count_answers_again(by=self._by, threads=touched)
        return self._last

    def _write(self, planned: Planned) -> bool:
        ids = {key: short(f"{planned.key}:{key}") for key in planned.comments}
        known = self._origins.known("comment", list(ids.values()))
        digests = planned.comments
        if all(ids[key] in known and known[ids[key]].digest == digest for key, digest in digests.items()):
            return False
        source = self._spool.get(planned.at)
        said = {one.key: one for one in source.comments}
        new = [one for key, one in said.items() if ids[key] not in known]
        local = {key: known[id].local_id for key, id in ids.items() if id in known}
        local |= dict(zip((one.key for one in new), bulk.reserve_ids(len(new)), strict=True))
        bulk.add_entries(by=self._by, arrivals=[self._comment(planned, one, local) for one in new])
        self._origins.keep(
            [self._origins.new("comment", ids[one.key], local[one.key], digests[one.key]) for one in new]
        )
        for key, one in said.items():
            origin = known.get(ids[key])
            if origin is not None and origin.digest != digests[key]:
                self._change(origin, one, digests[key])
        self._last = max([self._last, *(local[one.key] for one in new)])
        return True

    def _comment(self, planned: Planned, one: SourceComment, local: dict[str, int]) -> Arrival:
        at = self._wording.at(one.at) or self._wording.now
        entry = Entry(
            pk=local[one.key],
            kind=COMMENT.key,
            space_id=self._space_of(planned.local),
            author_id=self._wording.member(one.by).pk,
            root_id=planned.local,
            reply_to_id=local.get(one.reply_to or "", planned.local),
            created_at=at,
            published_at=at,
            active_at=at,
        )
        return Arrival(entry, self._wording.said(one))

    def _change(self, origin: Origin, one: SourceComment, digest: str) -> None:
        found = locked_entries().filter(pk=origin.local_id, removed_at=None)
        entry = found.first()
        # Changed or removed here since: what stands here stays.
        if entry is None or entry.version != origin.version:
            return
        entry.edited_at = self._wording.now
        bulk.change_entry(by=self._by, arrival=Arrival(entry, self._wording.said(one)))
        origin.digest, origin.version = digest, entry.version
        self._origins.renew([origin])
