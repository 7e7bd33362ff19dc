"""Moving an idea to another stage, and saying who decides and by when."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.base.text.characters import strip_forbidden
from torvet.entries import actions as entries
from torvet.ideas import rules
from torvet.ideas.actions.locking import lock
from torvet.ideas.actions.room import must_be_decider
from torvet.ideas.models import Idea, Stage, StageChange
from torvet.ideas.models.idea import UNDECIDED
from torvet.ideas.queries.telling import deciding
from torvet.people.models import Member
from torvet.people.viewer import NOBODY, Viewer
from torvet.spaces.queries import membership_of

FURTHEST = timedelta(days=3 * 366)
LONGEST_REASON = 1000
AT_ONCE = 200  # reminders in one go of the timed work


@transaction.atomic
def move_idea(*, by: Viewer, idea: Idea, stage: str, reason: str = "", seen: str = "") -> StageChange:
    """Bring an idea to another stage, for everybody to see. `seen` is the stage that it had on the form.

    Raises Refused when it cannot go there from where it is, when somebody moved it meanwhile, and when it is declined
    without a reason.
    """
    require(rules.can_decide(by, idea, membership_of(by, idea.entry.space)))
    assert by.member is not None  # can_decide said so
    idea = lock(idea)
    # Asked again: somebody may have passed it on, or removed it, at the same moment.
    require(rules.can_decide(by, idea, membership_of(by, idea.entry.space)))
    reason = strip_forbidden(reason).strip()
    if idea.is_merged:
        raise Refused(_("This idea goes on in another. Decide about that one."))
    if seen and seen != idea.stage:
        raise Refused(
            _("Somebody else has moved this idea meanwhile: it is “%(stage)s” now. Look at it again first.")
            % {"stage": idea.get_stage_display()}
        )
    if stage not in rules.MOVES[idea.stage]:
        raise Refused(_("From “%(stage)s” an idea cannot go there.") % {"stage": idea.get_stage_display()})
    if stage in rules.NEEDS_REASON and not reason:
        raise Refused(_("Say why it is declined. Everybody who proposed or supported it reads the reason."))
    if len(reason) > LONGEST_REASON:
        raise Refused(_("The reason is too long. A thousand characters fit."))
    change = StageChange.objects.create(
        idea=idea, from_stage=idea.stage, to_stage=Stage(stage), reason=reason, moved_by=by.member
    )
    today = timezone.localdate()
    if stage in UNDECIDED and not idea.is_undecided and idea.decide_by < today:
        # Taken up again: the day by which it should have been decided has been kept once, or missed.
        idea.decide_by, idea.reminded_at = today + timedelta(days=idea.room.days_to_decide), None
    idea.stage, idea.stage_at = Stage(stage), change.moved_at
    idea.save(update_fields=["stage", "stage_at", "decide_by", "reminded_at"])
    entries.redraw(by=by, entry=idea.entry)
    record(
        verbs.MOVED_IDEA, by=by, space_id=idea.room_id, entry_id=idea.pk, thread_id=idea.pk, to=str(stage),
        change=change.pk,
    )  # fmt: skip
    return change


@transaction.atomic
def name_decider(*, by: Viewer, idea: Idea, decider: Member | None, decide_by: date) -> Idea:
    """Say who decides and by when. None: those who run the space. Whoever is named is told."""
    require(rules.can_name_decider(by, idea, membership_of(by, idea.entry.space)))
    idea = lock(idea)
    require(rules.can_name_decider(by, idea, membership_of(by, idea.entry.space)))
    today = timezone.localdate()
    if idea.is_merged:
        raise Refused(_("This idea goes on in another. Decide about that one."))
    if decide_by != idea.decide_by and not today <= decide_by <= today + FURTHEST:
        raise Refused(_("Choose a day from today on, within three years."))
    if decider is not None and decider.pk != idea.decider_id:
        must_be_decider(decider, idea.entry.space)
    is_new = decider is not None and decider.pk != idea.decider_id
    if decide_by != idea.decide_by or is_new:
        idea.reminded_at = None
    idea.decider, idea.decide_by = decider, decide_by
    idea.save(update_fields=["decider", "decide_by", "reminded_at"])
    record(
        verbs.NAMED_DECIDER, by=by, about=decider if is_new else None, space_id=idea.room_id, entry_id=idea.pk,
        thread_id=idea.pk,
    )  # fmt: skip
    return idea


def remind_deciders() -> int:
    """Timed work: whoever should have decided is reminded, once for each date. Gives of how many ideas."""
    today, done = timezone.localdate(), 0
    due = Idea.objects.overdue_on(today).filter(reminded_at=None, entry__removed_at=None)
    for pk in due.order_by("decide_by", "pk").values_list("pk", flat=True)[:AT_ONCE]:
        with transaction.atomic():
            idea = lock(Idea(pk=pk))
            if not idea.is_overdue or idea.reminded_at is not None:
                continue
            idea.reminded_at = timezone.now()
            idea.save(update_fields=["reminded_at"])
            record(
                verbs.REMINDED_DECIDER, by=NOBODY, space_id=idea.room_id, entry_id=pk, thread_id=pk,
                members=deciding(idea, today),
            )  # fmt: skip
            done += 1
    return done
