"""What a change of the words means for those who have confirmed: everybody anew, or nothing."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.notices import rules
from torvet.notices.models import Notice, Wording
from torvet.notices.models.notice import OWN_TIME, Judged
from torvet.notices.queries import wording_of
from torvet.notices.queries.waiting import forget_open
from torvet.notices.reminding import stage_of
from torvet.people.viewer import Viewer
from torvet.spaces.queries import membership_of


@transaction.atomic
def ask_again(*, by: Viewer, notice: Notice, version: int) -> Notice:
    """The change is significant: everybody is asked again, with at least a week. Earlier confirmations stay as they
    are, of the version that they were of. Raises Refused when it has changed once more since `version`."""
    standing = _judged(by, notice, version, Judged.SIGNIFICANT)
    today = timezone.localdate()
    standing.counts_from = version
    standing.due_on = max(standing.due_on, today + OWN_TIME)
    standing.reminders = stage_of(standing.due_on, today)
    standing.save(update_fields=["counts_from", "judged_version", "judged_checksum", "due_on", "reminders"])
    _note(by, standing, verbs.ASKED_AGAIN)
    return standing


@transaction.atomic
def call_small(*, by: Viewer, notice: Notice, version: int) -> Notice:
    """The change is a small one: confirmations of earlier versions stand. Raises Refused as `ask_again`."""
    standing = _judged(by, notice, version, Judged.SMALL)
    standing.save(update_fields=["judged_version", "judged_checksum"])
    _note(by, standing, verbs.CALLED_SMALL)
    return standing


def _judged(by: Viewer, notice: Notice, version: int, judged: Judged) -> Notice:
    rows = Notice.objects.select_for_update(of=("self",)).select_related(
        "entry__space", "entry__author", "asked_by"
    )
    standing = rows.get(pk=notice.pk)
    require(rules.can_judge(by, standing, membership_of(by, standing.entry.space)))
    entry = standing.entry
    if entry.version != version:
        raise Refused(_("It has changed once more since you looked. Please look at it again."))
    seal = wording_of(entry)
    Wording.objects.update_or_create(
        notice=standing, version=version,
        defaults={
            "title": entry.title, "checksum": seal, "judged": judged, "judged_by": by.member,
            "judged_at": timezone.now(),
        },
    )  # fmt: skip
    standing.judged_version, standing.judged_checksum = version, seal
    return standing


def _note(by: Viewer, notice: Notice, verb: str) -> None:
    transaction.on_commit(forget_open)
    record(
        verb, by=by, space_id=notice.entry.space_id, entry_id=notice.entry_id, thread_id=notice.entry_id,
        notice=notice.pk,
    )  # fmt: skip
