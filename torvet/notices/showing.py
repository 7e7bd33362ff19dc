"""The audit in words: one row for each confirmation of a person, and one for whoever has none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from torvet.notices.models import Confirmation, Kind, Notice, RollChange
from torvet.notices.queries.audit import Person

STATES: Mapping[str, str | Promise] = {
    "confirmed": pgettext_lazy("somebody has", "confirmed"),
    "not_yet": gettext_lazy("not yet confirmed"),
    "later": gettext_lazy("still has time"),
    "earlier": gettext_lazy("confirmed an earlier version"),
    "away": pgettext_lazy("somebody is", "away"),
    "left": gettext_lazy("not asked any more"),
}


@dataclass(frozen=True)
class Row:
    """One line of the audit, all in words."""

    name: str
    unit: str
    site: str
    handle: str
    email: str
    state: str
    version: str
    counts: str
    title: str
    checksum: str
    confirmed_at: str
    how: str
    joined: str
    left: str
    away: str
    stands: bool  # for pages; in the table it is the column that says whether it counts

    @property
    def cells(self) -> tuple[str, ...]:
        return tuple(value for value in vars(self).values() if isinstance(value, str))


def heads() -> tuple[str, ...]:
    """What stands above the columns."""
    return (
        _("Name"), _("Unit"), _("Site"), _("Handle"), _("E-mail"), _("State"), _("Version"),
        pgettext("a column", "Counts"),
        _("Title"), _("SHA-256 of title and text"), pgettext("a time", "Confirmed"), pgettext("a column", "How"),
        pgettext("a time", "Joined"), pgettext("a time", "Left"), pgettext("from when until when", "Away"),
    )  # fmt: skip


def rows(notice: Notice, people: Iterable[Person], titles: Mapping[int, str]) -> Iterator[Row]:
    """`titles` are those of the versions; empty when the text was removed."""
    for person in people:
        for confirmation in person.confirmations or (None,):
            yield _row(notice, person, confirmation, titles)


def _row(notice: Notice, person: Person, done: Confirmation | None, titles: Mapping[int, str]) -> Row:
    member = person.member
    stands = done is not None and done.version >= notice.counts_from
    return Row(
        stands=stands,
        name=member.name,
        unit=member.unit.name if member.unit else "",
        site=member.site.name if member.site else "",
        handle=member.handle,
        email=member.email,
        state=str(STATES[person.state]),
        version=str(done.version) if done else "",
        counts=(pgettext("it counts", "yes") if stands else pgettext("it counts", "no")) if done else "",
        title=titles.get(done.version, "") if done else "",
        checksum=done.checksum if done else "",
        confirmed_at=_time(done.confirmed_at) if done else "",
        how=how(done) if done else "",
        joined=_times(person.changes, Kind.JOINED),
        left=_times(person.changes, Kind.LEFT),
        away=_absences(person.changes),
    )


def how(done: Confirmation) -> str:
    """With one tap, in somebody's place, or on paper."""
    if done.recorded_by_id is not None and done.recorded_by is not None:
        return _("on paper, written down by %(name)s") % {"name": done.recorded_by.name}
    if done.in_place_of_id is not None:
        return _("in their place, by %(name)s") % {"name": done.member.name}
    return _("by themselves")


def _time(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")


def _times(changes: Iterable[RollChange], kind: Kind) -> str:
    return "; ".join(f"{_time(row.at)} ({row.get_why_display()})" for row in changes if row.kind == kind)


def _absences(changes: Iterable[RollChange]) -> str:
    return "; ".join(f"{row.from_on} – {row.until_on}" for row in changes if row.kind == Kind.AWAY)
