"""What the wiki does when somebody leaves: begin a hand-over, remind, pass on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.people.models import Member
from torvet.people.viewer import NOBODY, Viewer
from torvet.wiki.actions.passing import pass_on
from torvet.wiki.models import HandedState, HandOver

REMINDED_WEEKS = (4, 1)


class Leavers:
    """Called by torvet.people.leaving, in its transactions."""

    def day_was_set(self, *, by: Viewer, member: Member, leaves_on: date | None) -> None:
        if leaves_on is None:
            _stay(member)
        else:
            begin(member, leaves_on)

    def have_left(self, *, by: Viewer, members: Sequence[Member]) -> None:
        pass_on(by=by, members=members)


LEAVERS = Leavers()


def begin(member: Member, leaves_on: date) -> HandOver:
    """Begin a hand-over, or move its day. The step behind setting a leaving date."""
    now, today = timezone.now(), timezone.localdate()
    known = HandOver.objects.select_for_update().filter(member=member).first()
    row = known or HandOver(member=member)
    if known is None or row.done_at is not None:
        row.began_at, row.done_at, row.shared_at, row.is_quiet = now, None, None, False
    row.leaves_on = leaves_on
    row.opens_on = HandOver.opening(timezone.localdate(row.began_at), leaves_on)
    # Who learns the day now needs no reminder of the weeks that have passed; moved away, they come again in time.
    row.reminded_weeks = _weeks_reached(leaves_on, today)
    row.save()
    return row


def _weeks_reached(leaves_on: date, today: date) -> int | None:
    return min(
        (weeks for weeks in REMINDED_WEEKS if leaves_on <= today + timedelta(weeks=weeks)), default=None
    )


def _stay(member: Member) -> None:
    """They stay after all: nobody is asked any more, and what has changed hands stays where it is."""
    now = timezone.now()
    for row in HandOver.objects.under_way().filter(member=member):
        row.lines.filter(state=HandedState.ASKED).update(state=HandedState.DROPPED, changed_at=now)
        row.done_at = now
        row.save(update_fields=["done_at"])


def remind() -> int:
    """Timed work: four weeks and one week before the last day, once each; and show lists whose day has come.

    Gives how many were told.
    """
    today, told = timezone.localdate(), 0
    rows = HandOver.objects.under_way().filter(member__is_active=True)
    due = rows.filter(leaves_on__lte=today + timedelta(weeks=max(REMINDED_WEEKS)), leaves_on__gte=today)
    for pk in due.exclude(reminded_weeks=min(REMINDED_WEEKS)).values_list("pk", flat=True)[:500]:
        told += _remind(pk, today)
    opened = rows.filter(opens_on__lte=today, shared_at=None)
    for pk in opened.values_list("pk", flat=True)[:500]:
        with transaction.atomic():
            row = (
                opened.select_for_update(of=("self",)).select_related("member__manager").filter(pk=pk).first()
            )
            if row is not None:
                row.shared_at = timezone.now()
                row.save(update_fields=["shared_at"])
                record(verbs.SHOWED_HAND_OVER, by=Viewer.of(row.member), about=row.member.manager)
                told += 1
    return told


@transaction.atomic
def _remind(pk: int, today: date) -> int:
    row = HandOver.objects.select_for_update(of=("self",)).select_related("member").get(pk=pk)
    weeks = _weeks_reached(row.leaves_on, today)
    if weeks is None or (row.reminded_weeks is not None and row.reminded_weeks <= weeks):
        return 0
    row.reminded_weeks = weeks
    row.save(update_fields=["reminded_weeks"])
    if row.is_quiet:
        return 0
    record(verbs.REMINDED_LEAVER, by=NOBODY, about=row.member)
    return 1
