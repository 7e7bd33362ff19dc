"""The roll: who is asked, as it changes, in one row and a few more."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cast import Cast, house, newcomer, viewer_of
from tests.notices.conftest import Town, fresh, hand_out, in_days
from torvet.entries import actions as entries
from torvet.entries.models import Entry
from torvet.notices import actions, queries
from torvet.notices.actions.keep import forget_old
from torvet.notices.actions.look import look_again
from torvet.notices.models import Kind, Notice, Roll, RollChange, Why
from torvet.notices.packing import holds, pack, unpack
from torvet.notices.queries.audience import Audience, audiences_of, people_asked, people_of
from torvet.notices.queries.facts import facts_of, is_asked, is_in
from torvet.notices.queries.waiting import forget_open
from torvet.notifications.models import Notification
from torvet.people import actions as people
from torvet.people import away
from torvet.people.models import Absence, Member, Role
from torvet.spaces import actions as spaces
from torvet.spaces.models import Membership


@given(st.sets(st.integers(min_value=1, max_value=2**62), max_size=300))
@settings(max_examples=100, deadline=None)
def test_what_is_packed_comes_out_again(ids: set[int]) -> None:
    found = unpack(pack(ids))
    assert list(found) == sorted(ids)
    assert all(holds(found, pk) for pk in ids) and not holds(found, 2**63 - 1)


def test_a_roll_of_a_whole_company_is_small() -> None:
    assert len(pack(range(1, 47_001))) < 5_000
    assert len(pack(range(1, 400_000, 9))) < 60_000


@pytest.fixture
def notice(town: Town) -> Notice:
    made = actions.send_notice(
        by=house(town.cast.community_manager), entry=town.entry, audience=town.both, due_on=in_days(10)
    )
    hand_out()
    return fresh(made)


def ids(notice: Notice) -> set[int]:
    return set(unpack(Roll.objects.get(notice=notice).packed))


def move(town: Town, member: Member, unit: object) -> None:
    people.change_profile(
        by=house(town.cast.administrator), member=Member.objects.get(pk=member.pk), changes={"unit": unit}
    )
    hand_out()


def test_whoever_comes_is_asked_with_a_week_and_whoever_leaves_is_not(town: Town, notice: Notice) -> None:
    Notice.objects.update(due_on=in_days(1))
    move(town, town.cast.outsider, town.yard)
    assert town.cast.outsider.pk in ids(notice)
    forget_open()
    line = queries.to_confirm(viewer_of(town.cast.outsider))[0]
    assert line.due_on == in_days(7)
    assert Notification.objects.filter(member=town.cast.outsider, verb="to_confirm").count() == 1
    move(town, town.yard_people[0], None)
    assert town.yard_people[0].pk not in ids(notice)
    assert [(row.kind, row.why) for row in RollChange.objects.all()] == [
        (Kind.JOINED, Why.AUDIENCE),
        (Kind.LEFT, Why.AUDIENCE),
    ]


def test_somebody_new_and_somebody_whose_account_is_closed(town: Town, notice: Notice) -> None:
    added = newcomer("Nils Ny", unit=town.yard)
    look_again()
    people.deactivate(by=house(town.cast.administrator), member=town.office_people[0])
    hand_out()
    assert added.pk in ids(notice) and town.office_people[0].pk not in ids(notice)
    assert {(row.member_id, row.kind, row.why) for row in RollChange.objects.all()} == {
        (added.pk, "joined", "account"),
        (town.office_people[0].pk, "left", "account"),
    }


def test_whoever_may_not_read_any_more_is_not_asked_any_more(town: Town, cast: Cast) -> None:
    post = entries.publish_post(by=house(cast.anna), space=cast.closed, body="Behind a door")
    notice = actions.send_notice(
        by=house(cast.community_manager),
        entry=town.entry,
        audience=Audience(members=frozenset({cast.bo.pk})),
        due_on=in_days(3),
    )
    behind = actions.send_notice(
        by=house(cast.anna),
        entry=post,
        audience=Audience(spaces=frozenset({cast.closed.pk})),
        due_on=in_days(3),
    )
    membership = Membership.objects.select_related("space", "member").get(space=cast.closed, member=cast.bo)
    spaces.remove_member(by=house(cast.anna), membership=membership)
    hand_out()
    assert cast.bo.pk in ids(notice) and cast.bo.pk not in ids(behind)
    assert RollChange.objects.get().why == Why.AUDIENCE


def test_a_page_kept_to_fewer_drops_the_others(town: Town, notice: Notice) -> None:
    from torvet.wiki import actions as wiki

    wiki.keep_to_fewer(by=house(town.cast.anna), page=town.page, members=[town.yard_people[0]])
    hand_out()
    assert ids(notice) == {town.yard_people[0].pk}
    assert {row.why for row in RollChange.objects.all()} == {"reading"}


def test_somebody_away_is_noted_their_deputy_asked_and_they_are_asked_anew_when_back(
    town: Town, notice: Notice
) -> None:
    yrsa = town.yard_people[0]
    away.set_away(by=house(yrsa), member=yrsa, from_on=in_days(0), until_on=in_days(2), deputy=town.cast.bo)
    hand_out()
    row = RollChange.objects.get()
    assert (row.kind, row.from_on, row.until_on, row.ended_at) == ("away", in_days(0), in_days(2), None)
    assert Notification.objects.get(member=town.cast.bo, verb="to_confirm_for").entry_id == town.page.pk
    Notification.objects.all().delete()
    Notice.objects.update(due_on=in_days(1))
    away.end_away(by=house(yrsa), absence=Absence.objects.get())
    hand_out()
    assert RollChange.objects.get().ended_at is not None
    assert Notification.objects.filter(member=yrsa, verb="to_confirm").count() == 1
    forget_open()
    assert queries.to_confirm(viewer_of(yrsa))[0].due_on == in_days(7)


def test_looking_twice_changes_nothing(town: Town, notice: Notice) -> None:
    move(town, town.cast.outsider, town.yard)
    away.set_away(
        by=house(town.yard_people[0]),
        member=town.yard_people[0],
        from_on=in_days(0),
        until_on=in_days(2),
        deputy=town.cast.bo,
    )
    hand_out()
    before = (
        list(RollChange.objects.values()),
        list(Roll.objects.values("number", "version")),
        Notification.objects.count(),
    )
    assert look_again() == 0
    hand_out()
    assert (
        list(RollChange.objects.values()),
        list(Roll.objects.values("number", "version")),
        Notification.objects.count(),
    ) == before


def test_it_ends_with_the_text_and_passes_on_when_its_sender_leaves(town: Town, cast: Cast) -> None:
    post = entries.publish_post(by=house(cast.anna), space=cast.open, body="Once")
    notice = actions.send_notice(
        by=house(cast.anna),
        entry=post,
        audience=Audience(spaces=frozenset({cast.open.pk})),
        due_on=in_days(3),
    )
    people.deactivate(by=house(cast.administrator), member=cast.anna)
    hand_out()
    passed = fresh(notice)
    assert passed.asked_by == cast.leader, "who owns the space"
    assert Notification.objects.filter(member=cast.leader, verb="notice_passed").exists()
    entries.remove_entry(by=house(cast.leader), entry=Entry.objects.select_related("space").get(pk=post.pk))
    hand_out()
    assert fresh(notice).ended == "removed"


def test_what_was_confirmed_is_forgotten_three_years_after_it_was_closed(town: Town, notice: Notice) -> None:
    from datetime import timedelta

    from django.utils import timezone

    actions.close(by=house(town.cast.community_manager), notice=notice)
    Notice.objects.update(closed_at=timezone.now() - timedelta(days=3 * 365 - 1))
    assert forget_old() == 0
    Notice.objects.update(closed_at=timezone.now() - timedelta(days=3 * 365 + 1))
    assert forget_old() == 1 and not Notice.objects.exists()


# --- Two ways to say who is asked --------------------------------------------------------------------------------------

AUDIENCES = st.fixed_dictionaries({
    "units": st.sets(st.integers(0, 5), max_size=2), "sites": st.sets(st.integers(0, 1), max_size=1),
    "roles": st.sets(st.sampled_from(list(Role)), max_size=2), "spaces": st.sets(st.integers(0, 3), max_size=2),
    "members": st.sets(st.integers(0, 30), max_size=3),
})  # fmt: skip


def test_both_ways_to_find_who_is_asked_say_the_same(town: Town, cast: Cast) -> None:
    """One asks the database for everybody, the other decides about one person. Three hundred random audiences."""
    by = house(cast.administrator)
    tops = [town.yard, town.office]
    units = tops + [
        people.save_unit(by=by, name=f"Below {n}", parent=tops[n % 2], leader=None) for n in range(3)
    ]
    units.append(people.save_unit(by=by, name="Deep", parent=units[2], leader=None))
    sites = [people.save_site(by=by, name=name, country="dk", time_zone="") for name in ("Quay", "Dock")]
    everybody = list(Member.objects.order_by("pk"))
    for place, member in enumerate(everybody):
        Member.objects.filter(pk=member.pk).update(
            unit=units[place % 7] if place % 7 < 6 else None, site=sites[place % 3] if place % 3 < 2 else None
        )
    known = facts_of(member.pk for member in everybody)
    rooms = list(cast.spaces.values())
    entry = {
        space.pk: entries.publish_post(
            by=house(cast.bo if space == cast.secret else cast.anna), space=space, body="x"
        )
        for space in rooms
    }
    tried = 0

    @given(chosen=AUDIENCES, where=st.integers(0, 3))
    @settings(max_examples=300, deadline=None)
    def same(chosen: dict[str, set[int]], where: int) -> None:
        nonlocal tried
        audience = Audience(
            units=frozenset(units[n].pk for n in chosen["units"]), sites=frozenset(sites[n].pk for n in chosen["sites"]),
            roles=frozenset(str(role) for role in chosen["roles"]), spaces=frozenset(rooms[n].pk for n in chosen["spaces"]),
            members=frozenset(everybody[n % len(everybody)].pk for n in chosen["members"]),
        )  # fmt: skip
        space = rooms[where]
        notice = Notice(entry=entry[space.pk])
        assert {one.member.pk for one in known if is_in(one, audience)} == set(
            people_of(audience).values_list("pk", flat=True)
        )
        asked = set(people_asked(audience, space).values_list("pk", flat=True))
        assert {one.member.pk for one in known if is_asked(one, audience, notice)} == asked
        for one in known:
            readable = entries_visible(one.member, entry[space.pk])
            assert (one.member.pk in asked) <= readable
        tried += bool(asked)

    same()
    assert tried > 50


def entries_visible(member: Member, entry: Entry) -> bool:
    from torvet.entries import queries as entry_queries

    return entry_queries.get_visible(viewer_of(member), entry.pk) is not None


def test_roll_and_changes_always_give_the_audience_back(town: Town, notice: Notice) -> None:
    """Whatever happens: what was sent, with who came and without who left, is who is asked today."""
    import random

    dice = random.Random(7)
    sent = ids(notice)
    crowd = [*town.yard_people, *town.office_people, town.cast.outsider, town.cast.removed, town.cast.bo]
    for _step in range(40):
        member = Member.objects.get(pk=dice.choice(crowd).pk)
        if dice.random() < 0.2:
            (people.deactivate if member.is_active else people.reactivate)(
                by=house(town.cast.administrator), member=member
            )
            hand_out()
        else:
            move(town, member, dice.choice([town.yard, town.office, None]))
        now = ids(notice)
        replayed = set(sent)
        for row in RollChange.objects.order_by("at", "id"):
            (replayed.add if row.kind == Kind.JOINED else replayed.discard)(row.member_id)
        audience = audiences_of([notice])[notice.pk]
        assert now == replayed == set(people_asked(audience, notice.entry.space).values_list("pk", flat=True))
        assert Roll.objects.get(notice=notice).number == len(now)
