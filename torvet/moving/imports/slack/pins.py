"""What stands pinned in a channel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from torvet.entries.actions import bulk
from torvet.moving.imports.slack.shapes import Room, day_of, micros_of, words
from torvet.moving.imports.slack.staging import SAID, Staging
from torvet.moving.origins import Origins
from torvet.moving.places import Places
from torvet.moving.report import Outcome, Report
from torvet.people.viewer import Viewer


class Pins:
    def __init__(self, origins: Origins, places: Places, staging: Staging) -> None:
        self._origins = origins
        self._places = places
        self._staging = staging
        self._new: dict[str, datetime] = {}  # source id -> since when

    def plan(self, rooms: Iterable[Room], report: Report) -> None:
        """Decide on every pin. One that was brought before is left alone: it may have been taken off here."""
        pinned = [
            (f"{room.id}:{words(pin, 'id')[:64]}", number, pin)
            for number, room in enumerate(rooms)
            for pin in room.pins
        ]
        report.find("pins", len(pinned))
        known = self._origins.known("pin", [id for id, _number, _pin in pinned])
        for id, number, pin in pinned:
            ts = words(pin, "id")
            problem = self._problem(number, ts)
            if problem:
                report.skip("pins", f"{self._places.places[number].room.folder}, {ts}", problem)
            elif id in known or id in self._new:
                report.settle("pins", Outcome.UNCHANGED)
            else:
                self._new[id] = day_of(pin.get("created")) or datetime.now(UTC)
                report.settle("pins", Outcome.IMPORTED)

    def _problem(self, room: int, ts: str) -> str:
        if micros_of(ts) is None:
            return "not a message"
        found = self._staging.kind_of(room, ts)
        if found is None:
            return "its message is not in the export"
        kind, is_answer = found
        if kind != SAID:
            return "its message is left out"
        return "only what opens a thread can be pinned" if is_answer else ""

    def write(self, *, by: Viewer) -> None:
        entries = self._origins.known("entry", list(self._new))
        bulk.pin_entries(
            by=by, pins={entries[id].local_id: at for id, at in self._new.items() if id in entries}
        )
        self._origins.keep([
            self._origins.new("pin", id, entries[id].local_id) for id in self._new if id in entries
        ])  # fmt: skip
