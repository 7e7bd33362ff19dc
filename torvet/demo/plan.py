"""What will happen, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

BEFORE_NOW = timedelta(seconds=90)  # nothing happens later than that before the visitor comes


@dataclass(order=True)
class Event:
    at: datetime
    number: int  # keeps the order of what was planned for the same time
    do: Callable[[], object] = field(compare=False)


@dataclass
class Plan:
    """Events in the order in which they were thought of. `now` is the time of the visitor."""

    now: datetime
    events: list[Event] = field(default_factory=list)

    def add(self, at: datetime, do: Callable[[], object]) -> None:
        self.events.append(Event(min(at, self.now - BEFORE_NOW), len(self.events), do))

    def in_order(self) -> list[Event]:
        return sorted(self.events)
