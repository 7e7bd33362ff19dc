"""What the agreement says, for those who must ask before they count or show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone

from torvet.agreement.models import Agreement, Term, TermChange
from torvet.agreement.register import BY_KEY, REGISTER, SMALLEST_GROUP, Processing, State

ANNOUNCED_FOR = timedelta(days=14)
CACHE_KEY = "agreement"
FRESH_FOR = 5  # seconds


@dataclass(frozen=True)
class Line:
    """A line of the register with its present state."""

    processing: Processing
    state: State


def state_of(key: str) -> State:
    """The agreed state of a processing; its default when nothing was agreed. KeyError for an unknown key."""
    processing = BY_KEY[key]
    return State(_agreed().get(key, processing.default))


def _agreed() -> dict[str, str]:
    # Lists of spaces ask this for every row; a change shows in every process within these seconds.
    agreed: dict[str, str] | None = cache.get(CACHE_KEY)
    if agreed is None:
        agreed = {
            key: state for key, state in Term.objects.values_list("key", "state") if _is_open(key, state)
        }
        cache.set(CACHE_KEY, agreed, FRESH_FOR)
    return agreed


def _is_open(key: str, state: str) -> bool:
    """A kept state counts only for what may still be switched, and only when that state is still possible."""
    processing = BY_KEY.get(key)
    return processing is not None and not processing.is_fixed and state in processing.states


def forget_terms() -> None:
    """Read the agreement anew the next time somebody asks."""
    cache.delete(CACHE_KEY)


def lines() -> list[Line]:
    agreed = _agreed()
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
    return (
        TermChange.objects.select_related("by").filter(changed_at__gt=timezone.now() - ANNOUNCED_FOR).first()
    )


def changes() -> list[TermChange]:
    """Every change, the newest first."""
    return list(TermChange.objects.select_related("by")[:200])
