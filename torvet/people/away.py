"""Saying that somebody is away, and who stands in. The floors above ask `Absence.objects.on(day)`."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.people import rules
from torvet.people.models import Absence, Member
from torvet.people.viewer import Viewer

FURTHEST = timedelta(days=3 * 366)  # parental leave and more
EARLIEST = timedelta(days=31)  # whoever fell ill says so later
KEPT_FOR = timedelta(days=31)


@transaction.atomic
def set_away(
    *, by: Viewer, member: Member, from_on: date, until_on: date, deputy: Member | None = None
) -> Absence:
    """Say when somebody is away. Raises Refused for impossible days, and for a deputy who cannot stand in."""
    require(rules.can_set_away(by, member))
    _check_days(from_on, until_on)
    Member.objects.select_for_update().get(pk=member.pk)  # two tabs at once
    if _away_between(member, from_on, until_on):
        raise Refused(_("There is an absence in that time already. End that one first."))
    if deputy is not None:
        _check_deputy(member, deputy, from_on, until_on)
    made = Absence.objects.create(member=member, from_on=from_on, until_on=until_on, deputy=deputy)
    record(verbs.SET_AWAY, by=by, about=member, deputy=deputy.pk if deputy else None)
    return made


def _check_days(from_on: date, until_on: date) -> None:
    today = timezone.localdate()
    if until_on < from_on:
        raise Refused(_("The last day comes before the first one."))
    if until_on < today:
        raise Refused(_("Those days have passed. Choose today or later as the last day."))
    if from_on < today - EARLIEST:
        raise Refused(_("That began more than a month ago. Choose a later first day."))
    if until_on > today + FURTHEST:
        raise Refused(_("That is more than three years ahead. Choose an earlier day."))


def _check_deputy(member: Member, deputy: Member, from_on: date, until_on: date) -> None:
    if deputy.pk == member.pk:
        raise Refused(_("Nobody stands in for themselves. Choose somebody else, or nobody."))
    if not rules.can_stand_in(deputy):
        raise Refused(_("Whoever stands in must be a colleague with an open account."))
    if _away_between(deputy, from_on, until_on):
        raise Refused(
            _("%(name)s cannot stand in on those days. Choose somebody else.") % {"name": deputy.name}
        )


def _away_between(member: Member, from_on: date, until_on: date) -> bool:
    return Absence.objects.filter(member=member, from_on__lte=until_on, until_on__gte=from_on).exists()


@transaction.atomic
def end_away(*, by: Viewer, absence: Absence) -> None:
    """They are back, or do not go after all."""
    require(rules.can_set_away(by, absence.member))
    yesterday = timezone.localdate() - timedelta(days=1)
    if absence.from_on > yesterday:
        absence.delete()
    else:
        absence.until_on = min(absence.until_on, yesterday)
        absence.save(update_fields=["until_on"])
    record(verbs.ENDED_AWAY, by=by, about=absence.member)


def forget_old_absences() -> int:
    """Timed work: nobody's absences are kept longer than needed. Gives how many."""
    gone, _kinds = Absence.objects.filter(until_on__lt=timezone.localdate() - KEPT_FOR).delete()
    return gone
