"""When an account is closed, nothing is left without an active owner: not a page, not a space, however it was closed."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast, house, let_in, newcomer, signed_in, viewer_of
from tests.wiki.test_handover import ask, leaves, sentences, write
from torvet.activity.models import Activity
from torvet.moving.running import run_import
from torvet.people import actions as people
from torvet.people import bulk
from torvet.people.models import LeavingDate, Member, Role, Unit
from torvet.spaces import actions as spaces
from torvet.spaces.models import Membership, Space, Standing
from torvet.wiki.actions import handing, passing
from torvet.wiki.actions.leaving import LEAVERS
from torvet.wiki.models import HandedLine, HandedState, HandOver, Page, Why
from torvet.wiki.queries import handover

pytestmark = pytest.mark.django_db


def close(cast: Cast, member: Member) -> None:
    people.deactivate(by=house(cast.administrator), member=Member.objects.get(pk=member.pk))


def unit_led_by(cast: Cast, leader: Member, parent: Unit | None = None) -> Unit:
    return people.save_unit(
        by=house(cast.administrator), name=f"Unit {Unit.objects.count()}", parent=parent, leader=leader
    )


def moderate(cast: Cast, member: Member) -> None:
    Membership.objects.filter(space=cast.open, member=member).update(standing=Standing.MODERATOR)


# Each row sets the stage for a page of Bo's in the open space (owned by the leader) and says who gets it, and why.
CHAIN: dict[str, tuple[Callable[[Cast, Page], None], str, str]] = {
    "its deputy": (
        lambda cast, page: set_page(page, deputy=cast.anna, unit=unit_led_by(cast, cast.administrator)),
        "anna", Why.DEPUTY,
    ),
    "not a deputy whose account is closed": (
        lambda cast, page: set_page(page, deputy=cast.deactivated), "leader", Why.SPACE_OWNER,
    ),
    "not a deputy who is not in the space": (
        lambda cast, page: set_page(page, deputy=cast.outsider), "leader", Why.SPACE_OWNER,
    ),
    "who leads its unit": (
        lambda cast, page: set_page(page, unit=unit_led_by(cast, cast.anna)), "anna", Why.LEAD,
    ),
    "who leads the unit above, when the one who leaves leads it": (
        lambda cast, page: set_page(page, unit=unit_led_by(cast, cast.bo, unit_led_by(cast, cast.anna))),
        "anna", Why.LEAD,
    ),
    "not a lead who is not in the space": (
        lambda cast, page: set_page(page, unit=unit_led_by(cast, cast.outsider)), "leader", Why.SPACE_OWNER,
    ),
    "who owns the space": (lambda cast, page: None, "leader", Why.SPACE_OWNER),
}  # fmt: skip


def set_page(page: Page, **fields: object) -> None:
    Page.objects.filter(pk=page.pk).update(**fields)


@pytest.mark.parametrize("case", CHAIN)
def test_a_page_falls_to_whoever_stands_nearest(cast: Cast, case: str) -> None:
    set_stage, heir, why = CHAIN[case]
    page = write(cast.bo, cast.open, "How to weld")
    set_stage(cast, page)
    close(cast, cast.bo)
    page.refresh_from_db()
    assert (page.owner, page.deputy) == (cast.people[heir], None if why == Why.DEPUTY else page.deputy)
    line = HandedLine.objects.get(page=page)
    assert (line.state, line.successor, line.why) == (HandedState.FELL, cast.people[heir], why)
    assert any("in Town square is now yours to look after" in said for said in sentences(cast.people[heir]))
    shown = signed_in(cast.people[heir]).get("/handover/").content.decode()
    assert "How to weld" in shown and str(Why(why).label) in shown
    assert passing.ownerless() == (0, 0)


def test_a_successor_who_accepted_has_it_before_and_keeps_it(cast: Cast) -> None:
    page = write(cast.bo, cast.open, "How to weld")
    set_page(page, deputy=cast.leader)
    leaves(cast.bo, cast.bo)
    handing.take_over(by=viewer_of(cast.anna), line=ask(cast.bo, cast.bo, f"page-{page.pk}", cast.anna))
    close(cast, cast.bo)
    assert Page.objects.get(pk=page.pk).owner == cast.anna
    assert not LeavingDate.objects.exists()


def test_whoever_was_asked_and_did_not_answer_is_asked_no_more(cast: Cast) -> None:
    page = write(cast.bo, cast.open, "How to weld")
    leaves(cast.bo, cast.bo)
    ask(cast.bo, cast.bo, f"page-{page.pk}", cast.anna)
    close(cast, cast.bo)
    assert handover.asked_of(viewer_of(cast.anna)) == []
    assert Page.objects.get(pk=page.pk).owner == cast.leader


def test_a_successor_who_leaves_first_leaves_the_question_to_the_asker(cast: Cast) -> None:
    page, taken = write(cast.bo, cast.open, "How to weld"), write(cast.bo, cast.open, "Cranes")
    leaves(cast.bo, cast.bo)
    ask(cast.bo, cast.bo, f"page-{page.pk}", cast.anna)
    handing.take_over(by=viewer_of(cast.anna), line=ask(cast.bo, cast.bo, f"page-{taken.pk}", cast.anna))
    close(cast, cast.anna)
    assert any("cannot take over" in said for said in sentences(cast.bo))
    assert HandedLine.objects.get(page=page).state == HandedState.DECLINED
    assert Page.objects.get(pk=taken.pk).owner == cast.leader
    assert passing.ownerless() == (0, 0)


def test_a_secret_space_goes_to_who_is_in_it_and_never_to_an_outsider(cast: Cast) -> None:
    page = write(cast.bo, cast.secret, "Heron price cnry")
    close(cast, cast.bo)
    space = Space.objects.get(pk=cast.secret.pk)
    assert space.responsible == cast.anna
    assert Membership.objects.get(space=space, member=cast.anna).standing == Standing.OWNER
    assert Page.objects.get(pk=page.pk).owner == cast.anna
    shown = signed_in(cast.administrator).get(f"/people/{cast.bo.pk}/handover/").content.decode()
    assert "cnry" not in shown and "Heron" not in shown


def test_closing_accounts_is_no_way_into_a_secret_space(cast: Cast) -> None:
    page = write(cast.bo, cast.secret, "Heron price cnry")
    bulk.close_members(by=house(cast.administrator), members=[cast.bo, cast.anna])
    assert Space.objects.get(pk=cast.secret.pk).responsible == cast.administrator
    assert Page.objects.get(pk=page.pk).owner == cast.administrator
    assert not Membership.objects.filter(space=cast.secret, member=cast.administrator).exists()
    browser = signed_in(cast.administrator)
    assert browser.get(page.url).status_code == browser.get(cast.secret.url).status_code == 404
    said = sentences(cast.administrator)
    assert any("a space you cannot see now stands in your name" in line for line in said)
    assert not any("Heron" in line for line in said)
    for address in ("/handover/", f"/people/{cast.bo.pk}/handover/", f"/people/{cast.anna.pk}/handover/"):
        shown = browser.get(address).content.decode()
        assert "cnry" not in shown and "Heron" not in shown, address
    assert passing.ownerless() == (0, 0)


def test_a_space_stays_with_its_other_owner_who_then_answers_for_it(cast: Cast) -> None:
    Membership.objects.filter(space=cast.closed, member=cast.bo).update(standing=Standing.OWNER)
    close(cast, cast.anna)
    space = Space.objects.get(pk=cast.closed.pk)
    assert space.responsible == cast.bo
    line = HandedLine.objects.get(space=space, page=None)
    assert (line.successor, line.why) == (cast.bo, Why.SPACE_OWNER)


def test_an_open_space_with_nobody_in_it_gets_an_administrator(cast: Cast) -> None:
    lonely = spaces.open_space(
        by=house(cast.outsider), name="Chess", purpose="Play", audience="Players", responsible=cast.outsider
    )
    close(cast, cast.outsider)
    assert Membership.objects.get(space=lonely, member=cast.administrator).standing == Standing.OWNER
    assert Space.objects.get(pk=lonely.pk).responsible == cast.administrator


def test_a_guest_never_gets_a_space(cast: Cast) -> None:
    bulk.close_members(by=house(cast.administrator), members=[cast.anna, cast.bo])
    guests = Space.objects.get(pk=cast.guests.pk)
    assert guests.responsible == cast.administrator
    assert Membership.objects.get(space=guests, member=cast.guest).standing == Standing.MEMBER


def test_a_unit_without_a_leader_is_told_to_the_administrators(cast: Cast) -> None:
    unit_led_by(cast, cast.bo)
    close(cast, cast.bo)
    assert any("led a unit has left" in said for said in sentences(cast.administrator))


def test_a_list_of_people_that_closes_accounts_leaves_nothing_behind(cast: Cast, tmp_path: Path) -> None:
    page = write(cast.bo, cast.open, "How to weld")
    file = tmp_path / "people.csv"
    file.write_text(
        "email,display_name,status\n"
        f"{cast.bo.email},{cast.bo.name},inactive\n{cast.anna.email},{cast.anna.name},inactive\n", encoding="utf-8",
    )  # fmt: skip
    run_import("people", file, by=house(cast.administrator))
    assert not Member.objects.filter(pk__in=[cast.bo.pk, cast.anna.pk], is_active=True).exists()
    assert Page.objects.get(pk=page.pk).owner == cast.leader
    assert passing.ownerless() == (0, 0)


def test_six_hundred_pages_cost_a_bounded_number_of_statements_and_one_telling(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    page = write(cast.bo, cast.open, "Page")
    rows = []
    for number in range(30):
        other = write(cast.bo, cast.open, f"Page {number}")
        rows.append(other.pk)
    with django_assert_max_num_queries(70):  # type: ignore[operator]
        close(cast, cast.bo)
    assert Activity.objects.filter(verb="fell_to", space_id=cast.open.pk).count() == 1
    assert set(Page.objects.filter(pk__in=[page.pk, *rows]).values_list("owner", flat=True)) == {
        cast.leader.pk
    }


def test_opening_the_account_again_takes_nothing_back(cast: Cast) -> None:
    page = write(cast.bo, cast.open, "How to weld")
    leaves(cast.bo, cast.bo)
    close(cast, cast.bo)
    people.reactivate(by=house(cast.administrator), member=cast.bo)
    assert Page.objects.get(pk=page.pk).owner == cast.leader
    shown = signed_in(cast.bo).get(f"/people/{cast.bo.pk}/handover/").content.decode()
    assert "This hand-over has ended" in shown and "How to weld" in shown
    again = leaves(cast.bo, cast.bo)
    assert again.done_at is None
    close(cast, cast.bo)
    assert passing.ownerless() == (0, 0)


def test_what_slipped_through_is_mended_in_time(cast: Cast) -> None:
    page = write(cast.bo, cast.open, "How to weld")
    Member.objects.filter(pk=cast.bo.pk).update(is_active=False)
    assert passing.ownerless() != (0, 0)
    assert passing.mend_ownerless() == 1
    assert passing.ownerless() == (0, 0)
    assert Page.objects.get(pk=page.pk).owner == cast.leader
    assert passing.mend_ownerless() == 0


def test_the_check_sees_what_is_left_behind(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The seeded fault: were nobody to react to a closed account, pages and spaces would be left without an owner."""
    write(cast.bo, cast.open, "How to weld")
    monkeypatch.setattr(type(LEAVERS), "have_left", lambda self, *, by, members: None)
    close(cast, cast.bo)
    assert passing.ownerless() == (1, 1)


def small_world(dice: random.Random) -> tuple[Member, list[Member]]:
    """A founder and a few people with units, spaces and pages of any kind, as the dice fall."""
    founder = people.found_company(
        name="Small", email="first@small.example", member_name="First One", password="correct-horse-7"
    )
    others = [
        newcomer(f"Person{number} Small", dice.choice([Role.MEMBER, Role.LEADER, Role.GUEST]))
        for number in range(5)
    ]
    colleagues = [founder, *(one for one in others if one.role != Role.GUEST)]
    units = [
        Unit.objects.create(name=f"Unit {number}", leader=dice.choice([None, *colleagues]))
        for number in range(2)
    ]
    units[1].parent = units[0]
    units[1].save()
    for number in range(3):
        opener = dice.choice(colleagues)
        space = spaces.open_space(
            by=house(opener), name=f"Space {number}", purpose="p", audience="a",
            responsible=dice.choice(colleagues), access=dice.choice(["open", "closed", "secret"]),
            has_guests=True,
        )  # fmt: skip
        for one in [founder, *others]:
            if dice.random() < 0.4 and not Membership.objects.filter(space=space, member=one).exists():
                standing = dice.choice([Standing.MEMBER, Standing.MODERATOR, Standing.OWNER])
                standing = Standing.MEMBER if one.role == Role.GUEST else standing
                Membership.objects.create(space=space, member=one, standing=standing)
        for place in range(dice.randrange(4)):
            inside = [row.member for row in Membership.objects.filter(space=space).select_related("member")]
            page = write(dice.choice(inside), space, f"Page {place}")
            set_page(page, deputy=dice.choice([None, *others]), unit=dice.choice([None, *units]))
    return founder, others


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_nothing_is_left_without_an_owner_in_any_small_world(seed: int) -> None:
    from django.db import transaction

    dice = random.Random(seed)
    with transaction.atomic():
        founder, others = small_world(dice)
        readers = {(row.space_id, row.member_id) for row in Membership.objects.exclude(space__access="open")}
        going = dice.sample(others, dice.randrange(1, len(others) + 1))
        at_once = going[: dice.randrange(len(going) + 1)]
        if at_once:
            bulk.close_members(by=house(founder), members=at_once)
            assert passing.ownerless() == (0, 0), "at once"
        for one in going[len(at_once) :]:
            people.deactivate(by=house(founder), member=one)
            assert passing.ownerless() == (0, 0), one
        let_inside = set(
            Membership.objects.exclude(space__access="open").values_list("space_id", "member_id")
        )
        assert let_inside <= readers, "somebody was let into a space that is not open"
        assert not Page.objects.filter(deputy__is_active=False).exists()
        assert not HandOver.objects.filter(member__in=going, done_at=None).exists()
        transaction.set_rollback(True)


def test_an_import_of_people_in_the_middle_of_a_hand_over_ends_it(cast: Cast) -> None:
    found = leaves(cast.bo, cast.bo)
    bulk.close_members(by=house(cast.administrator), members=[cast.bo])
    found.refresh_from_db()
    assert found.done_at is not None and found.done_at <= timezone.now()


def test_a_newcomer_in_a_closed_space_may_be_the_heir(cast: Cast) -> None:
    nina = newcomer("Nina Ny")
    let_in(cast.closed, nina, by=cast.anna)
    bulk.close_members(by=house(cast.administrator), members=[cast.anna, cast.bo])
    assert Membership.objects.get(space=cast.closed, member=nina).standing == Standing.OWNER
