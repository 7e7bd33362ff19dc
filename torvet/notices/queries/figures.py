"""How far a must-read has come, without a number that points at somebody.

Until the date nobody learns who has confirmed, so the figure is exact only in the middle: with fewer than the smallest
group on either side it says "fewer than" instead, and for an audience below that size nothing. Everybody who was ever
asked stays in it, so that it does not move when somebody leaves: the step would tell whether that one had confirmed.
After the date the names of those who have not are told anyway (if the agreement says so), and the numbers are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone

from torvet.agreement.queries import smallest_group
from torvet.notices.models import Confirmation, Kind, Notice, Roll, RollChange
from torvet.notices.packing import unpack
from torvet.notices.queries.audience import are_names_agreed
from torvet.people.models import Absence


class Exactness(StrEnum):
    EXACT = "exact"
    FEW = "few"  # fewer than the smallest group have confirmed
    ALMOST_ALL = "almost_all"  # fewer than the smallest group have not
    HIDDEN = "hidden"  # so few are asked that any number would point at somebody


@dataclass(frozen=True)
class Figures:
    """`asked` now; `confirmed` as `exactness` says, else 0; `away` of those asked, whether confirmed or not."""

    asked: int
    away: int
    confirmed: int
    exactness: Exactness
    smallest: int
    missing: int | None = None  # known only once names are

    @property
    def share(self) -> int:
        """Percent, for a bar; 0 unless exact."""
        return 100 * self.confirmed // self.asked if self.asked and self.exactness == Exactness.EXACT else 0


def are_names_told(notice: Notice) -> bool:
    """After the date, where the agreement lets names be told. Closing it sooner opens nothing."""
    return notice.is_past_due and are_names_agreed()


@dataclass(frozen=True)
class Standing:
    """Ids of those who are asked now, of those whose own confirmation stands, and of those asked who are away today."""

    asked: frozenset[int]
    confirmed: frozenset[int]
    away: frozenset[int]


def standing_of(notice: Notice) -> Standing:
    """Read once for all that is told of a notice; three statements."""
    asked = frozenset(unpack(Roll.objects.get(notice=notice).packed))
    away = Absence.objects.on(timezone.localdate()).values_list("member_id", flat=True)
    return Standing(asked, frozenset(confirmed_ids(notice)), asked & frozenset(away))


def figures_of(notice: Notice, standing: Standing | None = None) -> Figures:
    """The same number of statements whatever the size."""
    now = standing or standing_of(notice)
    smallest = smallest_group()
    if are_names_told(notice):
        missing = len(now.asked - now.confirmed - now.away)
        done = len(now.confirmed & now.asked)
        return Figures(len(now.asked), len(now.away), done, Exactness.EXACT, smallest, missing)
    ever = ever_asked(notice, now.asked)
    done_ever = len(now.confirmed & ever)
    exactness = exactness_of(done_ever, len(ever), smallest)
    shown = done_ever if exactness == Exactness.EXACT else 0
    return Figures(len(now.asked), len(now.away), shown, exactness, smallest)


def exactness_of(done: int, asked: int, smallest: int) -> Exactness:
    """How much may be said of `done` out of `asked` before the date."""
    if asked < 2 * smallest:
        return Exactness.HIDDEN  # either side would be below the smallest group
    if done < smallest:
        return Exactness.FEW
    if asked - done < smallest:
        return Exactness.ALMOST_ALL
    return Exactness.EXACT


def ever_asked(notice: Notice, now: frozenset[int]) -> frozenset[int]:
    """Everybody who is asked now or was at some time."""
    left = RollChange.objects.filter(notice=notice, kind=Kind.LEFT).values_list("member_id", flat=True)
    return now | frozenset(left)


def confirmed_ids(notice: Notice) -> list[int]:
    """Ids of those whose own confirmation stands."""
    rows = Confirmation.objects.filter(notice=notice, version__gte=notice.counts_from).own()
    return list(rows.values_list("member_id", flat=True))
