"""What the agreement says, for those who must ask before they count or show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from torvet.agreement.models import Agreement, Term, TermChange
from torvet.agreement.register import BY_KEY, REGISTER, SMALLEST_GROUP, Processing, State

ANNOUNCED_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Line:
    """A line of the register with its present state."""

    processing: Processing
    state: State


def state_of(key: str) -> State:
    """The agreed state of a processing; its default when nothing was agreed. KeyError for an unknown key."""
    processing = BY_KEY[key]
    term = None if processing.is_fixed else Term.objects.filter(key=key).first()
    return State(term.state) if term else processing.default


def lines() -> list[Line]:
    agreed = dict(Term.objects.values_list("key", "state"))
    return [Line(entry, State(agreed.get(entry.key, entry.default))) for entry in REGISTER]


def smallest_group() -> int:
    """The fewest people a figure may be about. Every figure about people asks this."""
    found = Agreement.objects.filter(pk=1).values_list("smallest_group", flat=True).first()
    return found or SMALLEST_GROUP


def is_shown(number_of_people: int) -> bool:
    """May a figure about this many people be shown?"""
    return number_of_people >= smallest_group()


def newest_change() -> TermChange | None:
    """The change that is being announced to everybody now, or None."""
    return TermChange.objects.filter(changed_at__gt=timezone.now() - ANNOUNCED_FOR).first()
