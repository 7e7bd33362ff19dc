"""Telling tens of thousands: some at a time, going on after a worker was killed, and nobody twice."""

from __future__ import annotations

import pytest
from django.db import transaction

from tests.cast import house, newcomer
from tests.notices.conftest import MoveTo, Town, fresh, hand_out, in_days
from torvet.activity import outbox, verbs
from torvet.activity.models import Activity
from torvet.base.rules import Refused
from torvet.notices import actions
from torvet.notices.actions.remind import remind
from torvet.notices.models import Notice
from torvet.notifications.models import Notification
from torvet.people import away


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torvet.notifications.audience.notices.SOME", 4)


def send(town: Town) -> Notice:
    made = actions.send_notice(
        by=house(town.cast.community_manager), entry=town.entry, audience=town.both, due_on=in_days(10)
    )
    return fresh(made)


def told(verb: str = "to_confirm") -> list[int]:
    return sorted(Notification.objects.filter(verb=verb).values_list("member_id", flat=True))


def everybody(town: Town) -> list[int]:
    return sorted(member.pk for member in (*town.yard_people, *town.office_people))


@pytest.mark.usefixtures("few_at_once")
def test_everybody_is_told_once_some_at_a_time(town: Town) -> None:
    hand_out()
    send(town)
    assert told() == []
    steps = sum(outbox.drain(1) for _look in range(20))
    assert told() == everybody(town)
    assert steps == 4 and Activity.objects.filter(verb=verbs.TOLD_SOME).count() == 3


@pytest.mark.usefixtures("few_at_once")
def test_a_worker_that_is_killed_goes_on_where_it_was(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the rows were written and before anything was committed: all of the step is gone, and done anew."""
    hand_out()
    send(town)
    outbox.drain(1)
    assert len(told()) == 4

    class Killed(BaseException):
        pass

    def killed(*_anything: object, **_more: object) -> None:
        raise Killed

    waiting = Activity.objects.waiting().get()
    with monkeypatch.context() as patched:
        patched.setattr(
            outbox, "_wired", lambda name: (*real(name), killed) if name == "LATER" else real(name)
        )
        with pytest.raises(Killed), transaction.atomic():
            outbox.fan_out(waiting)
    assert len(told()) == 4 and Activity.objects.waiting().get() == waiting
    hand_out()
    assert told() == everybody(town)
    outbox.fan_out(Activity.objects.get(verb=verbs.SENT_NOTICE))  # told twice, it changes nothing
    hand_out()
    assert told() == everybody(town)


real = outbox._wired


def test_those_away_are_not_told_and_whoever_confirmed_is_not_told_again(town: Town) -> None:
    hand_out()
    gone = town.yard_people[1]
    away.set_away(by=house(gone), member=gone, from_on=in_days(0), until_on=in_days(5), deputy=town.cast.bo)
    notice = send(town)
    hand_out()
    assert gone.pk not in told() and told("to_confirm_for") == [town.cast.bo.pk]
    actions.confirm(by=house(town.yard_people[0]), notice=notice, version=1)
    hand_out()
    assert Notification.objects.get(member=town.yard_people[0], verb="to_confirm").read_at is not None
    actions.confirm(by=house(town.cast.bo), notice=notice, version=1, in_place_of=gone)
    hand_out()
    assert Notification.objects.get(member=town.cast.bo, verb="to_confirm_for").read_at is not None


def test_reminders_come_on_four_days_and_then_never_again(town: Town, move_to: MoveTo) -> None:
    notice = send(town)
    hand_out()
    yrsa = town.yard_people[0]
    actions.confirm(by=house(yrsa), notice=notice, version=1)
    days = []
    for day in range(60):
        move_to(day)
        if remind():
            days.append(day)
        assert remind() == 0, "twice a day"
        hand_out()
        Notification.objects.filter(verb="to_confirm_soon").update(read_at=None)
    assert days == [7, 10, 17, 24]
    assert yrsa.pk not in told("to_confirm_soon") and len(told("to_confirm_soon")) == 14


def test_nobody_is_reminded_while_away_or_after_it_was_closed(town: Town, move_to: MoveTo) -> None:
    notice = send(town)
    gone = town.yard_people[1]
    move_to(5)
    away.set_away(by=house(gone), member=gone, from_on=in_days(0), until_on=in_days(9))
    hand_out()
    move_to(7)
    assert remind() == 1
    hand_out()
    assert gone.pk not in told("to_confirm_soon") and len(told("to_confirm_soon")) == 14
    actions.close(by=house(town.cast.community_manager), notice=fresh(notice))
    hand_out()
    assert not Notification.objects.filter(verb__startswith="to_confirm", read_at=None).exists()
    Notification.objects.all().delete()
    for day in (10, 17, 24):
        move_to(day)
        assert remind() == 0
    hand_out()
    assert told("to_confirm_soon") == []


def test_reminding_by_hand_has_an_end(town: Town, move_to: MoveTo) -> None:
    notice = send(town)
    by = house(town.cast.community_manager)
    with pytest.raises(Refused, match="three days later"):
        actions.remind_now(by=by, notice=fresh(notice))
    for day in (3, 6, 9):
        move_to(day)
        actions.remind_now(by=by, notice=fresh(notice))
    move_to(20)
    with pytest.raises(Refused, match="often enough"):
        actions.remind_now(by=by, notice=fresh(notice))


def test_more_time_is_only_ever_more(town: Town) -> None:
    notice, by = send(town), house(town.cast.community_manager)
    with pytest.raises(Refused, match="after the one that stands"):
        actions.give_more_time(by=by, notice=notice, due_on=in_days(9))
    assert actions.give_more_time(by=by, notice=notice, due_on=in_days(20)).due_on == in_days(20)


def test_somebody_who_comes_while_others_are_told_is_told_once(town: Town) -> None:
    from torvet.notices.actions.look import look_again

    hand_out()
    send(town)
    added = newcomer("Nils Ny", unit=town.yard)
    look_again()
    hand_out()
    assert Notification.objects.filter(member=added, verb="to_confirm").count() == 1
