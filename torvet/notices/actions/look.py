"""Keeping the roll true: who came, who went, who is away. Rows only for those few."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.notices.models import Kind, Notice, NoticeQuerySet, Roll, RollChange, Why
from torvet.notices.packing import holds, pack, unpack
from torvet.notices.queries.audience import Audience, audiences_of, people_asked, people_of
from torvet.notices.queries.facts import facts_of, is_asked
from torvet.notices.queries.figures import confirmed_ids
from torvet.notices.queries.waiting import forget_open
from torvet.people.models import Absence, Member
from torvet.people.viewer import Via, Viewer
from torvet.spaces import rules as spaces
from torvet.spaces.models import Membership

IN_ONE = 500  # ids in what is recorded at once


def look_again() -> int:
    """Timed work: hold every open roll against its audience as it is today. Gives how many came or went."""
    rows = list(_open())
    audiences, changed = audiences_of(rows), 0
    for notice in rows:
        changed += _look_at(notice, audiences[notice.pk])
        note_absences(notice_id=notice.pk)
    return changed


def look_for(*, members: Collection[int]) -> int:
    """The same for these people alone, when something about them has changed. Gives how many came or went."""
    rows, changed = list(_open()), 0
    if not rows:
        return 0
    audiences, known = audiences_of(rows), facts_of(members)
    for notice in rows:
        today = {facts.member.pk for facts in known if is_asked(facts, audiences[notice.pk], notice)}
        changed += _apply(notice, audiences[notice.pk], today, among=set(members))
    return changed


def _open() -> NoticeQuerySet:
    return Notice.objects.open().select_related("entry__space", "asked_by").order_by("pk")


def _look_at(notice: Notice, audience: Audience) -> int:
    today = set(people_asked(audience, notice.entry.space).values_list("pk", flat=True))
    return _apply(notice, audience, today)


@transaction.atomic
def _apply(notice: Notice, audience: Audience, today: set[int], among: set[int] | None = None) -> int:
    """Make the roll what it is today, for everybody or `among` some; note who came and went."""
    roll = Roll.objects.select_for_update().get(notice=notice)
    before = set(unpack(roll.packed))
    looked_at = before if among is None else before & among
    joined, left = today - before, looked_at - today
    now = timezone.now()
    if not (joined or left):
        if among is None:
            Roll.objects.filter(pk=roll.pk).update(looked_at=now)
        return 0
    after = (before | joined) - left
    Roll.objects.filter(pk=roll.pk).update(
        packed=pack(after), number=len(after), version=F("version") + 1, looked_at=now
    )
    RollChange.objects.bulk_create(
        [RollChange(notice=notice, member_id=pk, kind=kind, why=why, at=now)
         for kind, ids in ((Kind.JOINED, joined), (Kind.LEFT, left))
         for pk, why in sorted(_reasons(notice, audience, kind, ids).items())],
        batch_size=IN_ONE,
    )  # fmt: skip
    transaction.on_commit(forget_open)
    _tell(notice, joined - set(confirmed_ids(notice)))
    return len(joined) + len(left)


def _reasons(notice: Notice, audience: Audience, kind: Kind, ids: set[int]) -> dict[int, Why]:
    if kind == Kind.JOINED:
        new = Member.objects.filter(pk__in=ids, joined_at__gt=notice.sent_at).values_list("pk", flat=True)
        return dict.fromkeys(ids, Why.AUDIENCE) | dict.fromkeys(new, Why.ACCOUNT)
    closed = set(Member.objects.filter(pk__in=ids, is_active=False).values_list("pk", flat=True))
    inside = set(people_of(audience).filter(pk__in=ids).values_list("pk", flat=True))
    return {pk: Why.ACCOUNT if pk in closed else Why.READING if pk in inside else Why.AUDIENCE for pk in ids}


def _tell(notice: Notice, ids: Iterable[int]) -> None:
    """Ask those who came, or are back; some hundreds at once."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), IN_ONE):
        record(
            verbs.ASKED_TO_CONFIRM, by=Viewer.of(notice.asked_by, via=Via.HOUSE), space_id=notice.entry.space_id,
            entry_id=notice.entry_id, thread_id=notice.entry_id, notice=notice.pk,
            members=ordered[start : start + IN_ONE],
        )  # fmt: skip


@transaction.atomic
def note_absences(*, notice_id: int, asks_again: bool = False) -> int:
    """Note who of those asked is away and has not confirmed, ask their deputies, and ask those anew who are back.

    `asks_again`: the words changed, so deputies who were asked before are asked once more. Gives how many notes were
    made or ended.
    """
    notice = _open().filter(pk=notice_id).first()
    if notice is None:
        return 0
    roll = unpack(Roll.objects.select_for_update().get(notice=notice).packed)
    today = timezone.localdate()
    rows = Absence.objects.on(today).select_related("deputy").order_by("pk")
    away = {row.member_id: row for row in rows if holds(roll, row.member_id)}
    noted = {
        row.member_id: row for row in RollChange.objects.filter(notice=notice, kind=Kind.AWAY, ended_at=None)
    }
    done = set(confirmed_ids(notice)) if away or noted else set()
    changed = 0
    for pk, absence in away.items():
        if pk in noted:
            _follow_days(noted[pk], absence)
            if asks_again and pk not in done:
                _ask_deputy(notice, absence)
        elif pk not in done:
            RollChange.objects.create(
                notice=notice, member_id=pk, kind=Kind.AWAY, why=Why.ABSENCE, from_on=absence.from_on,
                until_on=absence.until_on,
            )  # fmt: skip
            _ask_deputy(notice, absence)
            changed += 1
    back = [row for pk, row in noted.items() if pk not in away]
    RollChange.objects.filter(pk__in=[row.pk for row in back]).update(ended_at=timezone.now())
    _tell(notice, [row.member_id for row in back if row.member_id not in done and holds(roll, row.member_id)])
    return changed + len(back)


def _follow_days(noted: RollChange, absence: Absence) -> None:
    if (noted.from_on, noted.until_on) != (absence.from_on, absence.until_on):
        noted.from_on, noted.until_on = absence.from_on, absence.until_on
        noted.save(update_fields=["from_on", "until_on"])


def _ask_deputy(notice: Notice, absence: Absence) -> None:
    deputy, space = absence.deputy, notice.entry.space
    if deputy is None or not deputy.is_active:
        return
    membership = Membership.objects.filter(space=space, member=deputy).first()
    if spaces.can_read(Viewer.of(deputy, via=Via.ADDRESSEE), space, membership):
        record(
            verbs.ASKED_DEPUTY, by=Viewer.of(notice.asked_by, via=Via.HOUSE), about=deputy, space_id=space.pk,
            entry_id=notice.entry_id, thread_id=notice.entry_id, notice=notice.pk, absent=absence.member_id,
        )  # fmt: skip


def note_absence_of(*, member_id: int) -> int:
    """Somebody's absence was set or ended: all open notices that ask them. Gives how many notes were made or ended."""
    found = 0
    for roll in Roll.objects.filter(notice__closed_at=None):
        if holds(unpack(roll.packed), member_id):
            found += note_absences(notice_id=roll.pk)
    return found
