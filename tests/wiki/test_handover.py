"""Handing over before somebody leaves: who sees the list and when, who is asked, and what changes hands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cast import Cast, house, newcomer, signed_in, viewer_of
from tests.notifications.telling import comment, post, tell_all
from torvet.base.rules import Forbidden, Refused
from torvet.entries import actions as entries
from torvet.notifications import queries as told
from torvet.people import actions as people
from torvet.people import leaving
from torvet.people.models import LeavingDate, Member
from torvet.spaces import actions as spaces
from torvet.spaces.models import Membership, Space, Standing
from torvet.wiki import actions
from torvet.wiki.actions import handing
from torvet.wiki.actions.leaving import remind
from torvet.wiki.models import HandedLine, HandedState, HandOver, Page
from torvet.wiki.queries import alone, handover, succession

pytestmark = pytest.mark.django_db


def in_days(number: int) -> object:
    return timezone.localdate() + timedelta(days=number)


def leaves(member: Member, by: Member, days: int = 60) -> HandOver:
    leaving.set_leaving(by=house(by), member=Member.objects.get(pk=member.pk), leaves_on=in_days(days))  # type: ignore[arg-type]
    return HandOver.objects.select_related("member__manager").get(member=member)


def write(by: Member, space: Space, title: str) -> Page:
    return actions.write_page(by=house(by), space=space, title=title, body="Words")


def report_to(member: Member, boss: Member) -> None:
    Member.objects.filter(pk=member.pk).update(manager=boss)


def ask(by: Member, leaver: Member, key: str, successor: Member) -> HandedLine:
    found = HandOver.objects.select_related("member").get(member=leaver)
    thing = handover.thing_named(viewer_of(by), found, key)
    assert thing is not None, key
    return handing.ask_successor(by=viewer_of(by), hand_over=found, thing=thing, successor=successor)


def sentences(member: Member) -> list[str]:
    tell_all()
    return [line.sentence for line in told.told(viewer_of(member)).things]


def test_who_may_set_a_last_day(cast: Cast) -> None:
    report_to(cast.bo, cast.leader)
    may = set()
    for name, member in cast.people.items():
        try:
            leaving.set_leaving(
                by=viewer_of(member), member=Member.objects.get(pk=cast.bo.pk), leaves_on=in_days(60)
            )  # type: ignore[arg-type]
            may.add(name)
        except Forbidden:
            pass
    assert may == {"administrator", "leader", "bo"}


def test_who_knows_a_last_day(cast: Cast) -> None:
    report_to(cast.bo, cast.leader)
    leaves(cast.bo, cast.administrator)

    def knowing() -> set[str]:
        return {
            name for name, member in cast.people.items()
            if LeavingDate.objects.visible_to(viewer_of(member)).filter(member=cast.bo).exists()
        }  # fmt: skip

    assert knowing() == {"administrator", "leader", "bo"}
    assert "Leaves on" not in signed_in(cast.outsider).get(cast.bo.url).content.decode()
    leaving.set_leaving(
        by=house(cast.bo),
        member=Member.objects.get(pk=cast.bo.pk),
        leaves_on=in_days(60),
        is_public=True,  # type: ignore[arg-type]
    )
    assert knowing() == {name for name in cast.people if name not in {"guest", "deactivated"}}
    assert "Leaves on" in signed_in(cast.outsider).get(cast.bo.url).content.decode()


def test_only_oneself_lets_everybody_know(cast: Cast) -> None:
    leaving.set_leaving(by=house(cast.administrator), member=cast.bo, leaves_on=in_days(60), is_public=True)  # type: ignore[arg-type]
    assert not LeavingDate.objects.get().is_public


@pytest.mark.parametrize(("typed", "said"), [
    ("2001-01-01", "That day has passed"), ("2099-01-01", "three years ahead"), ("soon", "Write the day like this"),
])  # fmt: skip
def test_a_day_that_cannot_be_is_refused_and_stays_typed(cast: Cast, typed: str, said: str) -> None:
    answer = signed_in(cast.bo).post("/settings/leaving/", {"leaves_on": typed})
    assert answer.status_code == 422
    assert said in answer.content.decode() and typed in answer.content.decode()
    assert not LeavingDate.objects.exists()


def test_the_day_is_set_moved_and_taken_back_in_the_browser(cast: Cast) -> None:
    browser, address = signed_in(cast.administrator), f"/people/{cast.bo.pk}/leaving/"
    assert browser.post(address, {"leaves_on": str(in_days(40))}).status_code == 302
    browser.post(address, {"leaves_on": str(in_days(50))})
    assert HandOver.objects.get().leaves_on == in_days(50)
    assert str(in_days(50)) in browser.get(address).content.decode()
    browser.post(address, {"leaves_on": ""})
    assert not LeavingDate.objects.exists()
    assert HandOver.objects.get().done_at is not None
    assert signed_in(cast.outsider).get(address).status_code == 404
    assert signed_in(cast.outsider).post(address, {"leaves_on": str(in_days(50))}).status_code == 404


def test_the_one_who_leaves_sees_the_list_first(cast: Cast) -> None:
    report_to(cast.bo, cast.leader)
    write(cast.bo, cast.open, "How to weld")
    found = leaves(cast.bo, cast.administrator)
    address = f"/people/{cast.bo.pk}/handover/"
    assert any("set your last day" in line for line in sentences(cast.bo))
    assert "How to weld" in signed_in(cast.bo).get("/handover/", follow=True).content.decode()
    for near in (cast.leader, cast.administrator):
        shown = signed_in(near).get(address).content.decode()
        assert "looks at this list first" in shown and "How to weld" not in shown
        with pytest.raises(Forbidden):
            handing.show_hand_over(by=viewer_of(near), hand_over=found)
    assert signed_in(cast.anna).get(address).status_code == 404
    signed_in(cast.bo).post(f"{address}showing/")
    assert any("shows you what there is" in line for line in sentences(cast.leader))
    for near in (cast.leader, cast.administrator):
        assert "How to weld" in signed_in(near).get(address).content.decode()
    assert signed_in(cast.anna).get(address).status_code == 404


@pytest.mark.parametrize(("days", "opens_in"), [(60, 7), (10, 5), (1, 0), (0, 0)])
def test_the_list_opens_by_itself_after_a_week_or_half_the_time(cast: Cast, days: int, opens_in: int) -> None:
    assert leaves(cast.bo, cast.bo, days).opens_on == in_days(opens_in)


def test_what_others_may_not_read_is_a_number_to_them(cast: Cast) -> None:
    write(cast.bo, cast.secret, "Heron price cnry")
    write(cast.bo, cast.open, "How to weld")
    found = leaves(cast.bo, cast.bo)
    handing.show_hand_over(by=viewer_of(cast.bo), hand_over=found)
    mine = signed_in(cast.bo).get(found.url).content.decode()
    theirs = signed_in(cast.administrator).get(found.url).content.decode()
    assert "Heron price cnry" in mine and "Project Heron" in mine
    assert "cnry" not in theirs and "Heron" not in theirs
    assert "1 page in a space you cannot see" in theirs and "1 space you cannot see" in theirs
    assert "How to weld" in theirs


def test_lines_that_others_may_not_read_stay_hidden_when_settled(cast: Cast) -> None:
    page = write(cast.bo, cast.secret, "Heron price cnry")
    found = leaves(cast.bo, cast.bo)
    ask(cast.bo, cast.bo, f"page-{page.pk}", cast.anna)
    handing.take_over(by=viewer_of(cast.anna), line=HandedLine.objects.get())
    handing.show_hand_over(by=viewer_of(cast.bo), hand_over=found)
    assert "cnry" not in signed_in(cast.administrator).get(found.url).content.decode()
    assert "cnry" in signed_in(cast.bo).get(found.url).content.decode()


def test_a_manager_names_nobody_for_what_they_cannot_read(cast: Cast) -> None:
    report_to(cast.bo, cast.leader)
    page = write(cast.bo, cast.secret, "Heron")
    found = leaves(cast.bo, cast.bo)
    handing.show_hand_over(by=viewer_of(cast.bo), hand_over=found)
    browser = signed_in(cast.leader)
    for key in (
        f"page-{page.pk}",
        f"space-{cast.secret.pk}",
        f"space-{cast.open.pk}",
        "page-987654321",
        "page-x",
        "",
    ):
        assert browser.get(f"{found.url}successor/?thing={key}").status_code == 404, key
        asked = browser.post(f"{found.url}successor/", {"thing": key, "successor": cast.anna.name})
        assert asked.status_code == 404, key
    assert not HandedLine.objects.exists()


def test_a_successor_is_asked_and_takes_the_page(cast: Cast) -> None:
    page = write(cast.bo, cast.open, "How to weld")
    found = leaves(cast.bo, cast.bo)
    browser = signed_in(cast.bo)
    form = browser.get(f"{found.url}successor/?thing=page-{page.pk}").content.decode()
    assert "Who takes over?" in form
    browser.post(f"{found.url}successor/", {"thing": f"page-{page.pk}", "successor": cast.anna.name})
    assert any("asks you to take over a page in Town square" in line for line in sentences(cast.anna))
    assert "How to weld" in signed_in(cast.anna).get("/handover/").content.decode()
    assert Page.objects.get(pk=page.pk).owner == cast.bo
    line = HandedLine.objects.get()
    assert signed_in(cast.leader).post(f"/handover/asked/{line.pk}/", {"answer": "yes"}).status_code == 404
    assert signed_in(cast.anna).post(f"/handover/asked/{line.pk}/", {"answer": "yes"}).status_code == 302
    assert Page.objects.get(pk=page.pk).owner == cast.anna
    assert any("takes over a page in Town square" in line for line in sentences(cast.bo))
    hands = handover.hands(viewer_of(cast.bo), found)
    assert (hands.pages.things, hands.settled_number) == ([], 1)
    assert "1 of 2 settled" in browser.get(found.url).content.decode()


def test_whoever_declines_is_thanked_and_somebody_else_is_asked(cast: Cast) -> None:
    page = write(cast.bo, cast.open, "How to weld")
    leaves(cast.bo, cast.bo)
    line = ask(cast.bo, cast.bo, f"page-{page.pk}", cast.anna)
    signed_in(cast.anna).post(f"/handover/asked/{line.pk}/", {"answer": "no"})
    assert any("cannot take over" in line for line in sentences(cast.bo))
    assert "Anna Åberg declined" in signed_in(cast.bo).get(f"/people/{cast.bo.pk}/handover/").content.decode()
    again = ask(cast.bo, cast.bo, f"page-{page.pk}", cast.leader)
    assert (again.pk, again.state, again.successor) == (line.pk, HandedState.ASKED, cast.leader)
    with pytest.raises(Forbidden):
        handing.take_over(by=viewer_of(cast.anna), line=again)
    handing.take_over(by=viewer_of(cast.leader), line=again)
    assert Page.objects.get(pk=page.pk).owner == cast.leader


def test_somebody_who_cannot_read_it_is_refused_with_a_plain_sentence(cast: Cast) -> None:
    page = write(cast.anna, cast.closed, "Plans")
    found = leaves(cast.anna, cast.anna)
    browser = signed_in(cast.anna)
    refused = browser.post(
        f"{found.url}successor/",
        {"thing": f"page-{page.pk}", "successor": f"{cast.outsider.name} @{cast.outsider.handle}"},
    )
    shown = refused.content.decode()
    assert refused.status_code == 422
    assert (
        "is not in Board room" in shown and cast.outsider.handle in shown and "Invite to Board room" in shown
    )
    assert not HandedLine.objects.exists()


def test_in_an_open_space_a_successor_joins_by_taking_over(cast: Cast) -> None:
    page = write(cast.bo, cast.open, "How to weld")
    leaves(cast.bo, cast.bo)
    line = ask(cast.bo, cast.bo, f"page-{page.pk}", cast.outsider)
    assert not Membership.objects.filter(space=cast.open, member=cast.outsider).exists()
    handing.take_over(by=viewer_of(cast.outsider), line=line)
    assert Membership.objects.filter(space=cast.open, member=cast.outsider).exists()
    assert Page.objects.get(pk=page.pk).owner == cast.outsider


def test_a_successor_who_lost_the_right_meanwhile_takes_nothing(cast: Cast) -> None:
    page = write(cast.bo, cast.closed, "Plans")
    leaves(cast.bo, cast.bo)
    line = ask(cast.bo, cast.bo, f"page-{page.pk}", cast.anna)
    Membership.objects.filter(space=cast.closed, member=cast.anna).delete()
    assert handover.asked_of(viewer_of(cast.anna)) == []
    with pytest.raises(Refused):
        handing.take_over(by=viewer_of(cast.anna), line=line)
    assert Page.objects.get(pk=page.pk).owner == cast.bo


def test_what_went_another_way_meanwhile_is_not_taken(cast: Cast) -> None:
    page = write(cast.bo, cast.open, "How to weld")
    leaves(cast.bo, cast.bo)
    line = ask(cast.bo, cast.bo, f"page-{page.pk}", cast.anna)
    actions.name_owner(
        by=house(cast.bo), page=Page.objects.select_related("entry__space").get(pk=page.pk), owner=cast.leader,
        deputy=None, unit=None, months=6,
    )  # fmt: skip
    with pytest.raises(Refused, match="Somebody else looks after"):
        handing.take_over(by=viewer_of(cast.anna), line=line)
    assert Page.objects.get(pk=page.pk).owner == cast.leader


def test_somebody_is_asked_for_a_page_that_was_kept_to_fewer_meanwhile_and_opened_again(cast: Cast) -> None:
    page = write(cast.bo, cast.open, "Wages")
    leaves(cast.bo, cast.bo)
    ask(cast.bo, cast.bo, f"page-{page.pk}", cast.leader)
    actions.keep_to_fewer(by=house(cast.bo), page=page, members=[cast.anna])
    asked_again = ask(cast.bo, cast.bo, f"page-{page.pk}", cast.anna)
    actions.open_to_all(by=house(cast.bo), page=Page.objects.get(pk=page.pk))
    spaces.leave(by=house(cast.anna), space=cast.open)
    handing.take_over(by=house(cast.anna), line=asked_again)
    assert Page.objects.get(pk=page.pk).owner == cast.anna
    assert HandedLine.objects.count() == 1


def test_a_space_changes_hands_with_its_responsibility(cast: Cast) -> None:
    found = leaves(cast.bo, cast.bo)
    assert [thing.key for thing in handover.hands(viewer_of(cast.bo), found).spaces] == [
        f"space-{cast.secret.pk}"
    ]
    line = ask(cast.bo, cast.bo, f"space-{cast.secret.pk}", cast.anna)
    assert any("asks you to take over Project Heron" in line for line in sentences(cast.anna))
    handing.take_over(by=viewer_of(cast.anna), line=line)
    assert Space.objects.get(pk=cast.secret.pk).responsible == cast.anna
    assert Membership.objects.get(space=cast.secret, member=cast.anna).standing == Standing.OWNER
    assert handover.hands(viewer_of(cast.bo), found).spaces == []


def test_a_deputy_is_replaced_as_deputy(cast: Cast) -> None:
    page = write(cast.anna, cast.open, "Cranes")
    Page.objects.filter(pk=page.pk).update(deputy=cast.bo)
    leaves(cast.bo, cast.bo)
    handing.take_over(by=viewer_of(cast.leader), line=ask(cast.bo, cast.bo, f"deputy-{page.pk}", cast.leader))
    page.refresh_from_db()
    assert (page.owner, page.deputy) == (cast.anna, cast.leader)


def test_an_administrator_who_names_themselves_has_it_at_once(cast: Cast) -> None:
    page = write(cast.bo, cast.open, "How to weld")
    found = leaves(cast.bo, cast.bo)
    handing.show_hand_over(by=viewer_of(cast.bo), hand_over=found)
    assert (
        ask(cast.administrator, cast.bo, f"page-{page.pk}", cast.administrator).state == HandedState.ACCEPTED
    )
    assert Page.objects.get(pk=page.pk).owner == cast.administrator


def test_suggestions_name_those_who_stand_near_and_why(cast: Cast) -> None:
    unit = people.save_unit(by=house(cast.administrator), name="Yard", parent=None, leader=cast.leader)
    Member.objects.filter(pk__in=[cast.bo.pk, cast.community_manager.pk]).update(unit=unit)
    cast.bo.refresh_from_db()
    page = write(cast.bo, cast.open, "How to weld")
    Page.objects.filter(pk=page.pk).update(deputy=cast.anna, unit=unit)
    entries.edit_entry(
        by=house(cast.administrator), entry=page.entry, title="How to weld", body="More", version=1
    )
    found = leaves(cast.bo, cast.bo)
    thing = handover.thing_named(viewer_of(cast.bo), found, f"page-{page.pk}")
    assert thing is not None
    named = {
        near.member: str(near.reason) for near in succession.suggestions(viewer_of(cast.bo), cast.bo, thing)
    }
    assert named == {
        cast.anna: "is its deputy", cast.administrator: "has edited it most",
        cast.leader: "leads the unit it belongs to", cast.community_manager: "works in the same unit",
    }  # fmt: skip
    leaves(cast.anna, cast.anna)
    told_only_to_her = succession.suggestions(viewer_of(cast.bo), cast.bo, thing)
    assert cast.anna in [near.member for near in told_only_to_her]
    seen_by_all = succession.suggestions(viewer_of(cast.administrator), cast.bo, thing)
    assert cast.anna not in [near.member for near in seen_by_all]


def test_what_needs_no_successor_counts_as_settled(cast: Cast) -> None:
    page = write(cast.bo, cast.open, "Old menu")
    found = leaves(cast.bo, cast.bo)
    signed_in(cast.bo).post(f"{found.url}nobody/", {"thing": f"page-{page.pk}"})
    hands = handover.hands(viewer_of(cast.bo), found)
    assert (hands.pages.things, hands.settled_number, hands.total) == ([], 1, 2)


def test_answers_that_only_they_gave(cast: Cast) -> None:
    alone_with_it = post(cast.anna, cast.open, "Which sling for 4 tons?")
    comment(cast.bo, alone_with_it, "The blue one")
    comment(cast.anna, alone_with_it, "Thanks!")
    shared = post(cast.anna, cast.open, "Where is the key?")
    comment(cast.bo, shared, "In the drawer")
    comment(cast.leader, shared, "No, on the hook")
    thanked = post(cast.leader, cast.open, "Who knows the pump?")
    helped = comment(cast.bo, thanked, "Turn it twice")
    comment(cast.anna, thanked, "Indeed")
    for who in (cast.anna, cast.leader, cast.administrator):
        entries.react(by=house(who), entry=helped, emoji="👏")
    not_asked = post(cast.anna, cast.open, "It rains.")
    comment(cast.bo, not_asked, "Yes")
    hidden = post(cast.anna, cast.secret, "What is the price?")
    comment(cast.bo, hidden, "Four millions")
    asked = [answer.asked for answer in alone.only_they_answered(viewer_of(cast.bo), cast.bo)]
    assert asked == ["Who knows the pump?", "What is the price?", "Which sling for 4 tons?"]
    seen = [answer.asked for answer in alone.only_they_answered(viewer_of(cast.administrator), cast.bo)]
    assert seen == ["Who knows the pump?", "Which sling for 4 tons?"]
    assert len(alone.only_they_answered(viewer_of(cast.bo), cast.bo, most=1)) == 1


def test_reminders_come_four_weeks_and_one_week_before_and_once_each(cast: Cast) -> None:
    found = leaves(cast.bo, cast.bo, days=60)
    HandOver.objects.update(shared_at=timezone.now())

    def told_with(days: int) -> int:
        HandOver.objects.filter(pk=found.pk).update(leaves_on=in_days(days))
        return remind()

    assert [told_with(days) for days in (60, 29, 28, 20, 8, 7, 6, 1, 0, -1)] == [0, 0, 1, 0, 0, 1, 0, 0, 0, 0]
    assert any("comes near" in line for line in sentences(cast.bo))


def test_a_day_moved_away_is_reminded_of_again(cast: Cast) -> None:
    leaves(cast.bo, cast.bo, days=60)
    HandOver.objects.update(leaves_on=in_days(20), shared_at=timezone.now())
    assert remind() == 1
    leaves(cast.bo, cast.bo, days=90)
    HandOver.objects.update(leaves_on=in_days(20))
    assert remind() == 1


def test_the_manager_is_told_when_the_list_opens_by_itself(cast: Cast) -> None:
    report_to(cast.bo, cast.leader)
    leaves(cast.bo, cast.bo)
    assert remind() == 0
    HandOver.objects.update(opens_on=timezone.localdate())
    assert (remind(), remind()) == (1, 0)
    assert any("shows you what there is" in line for line in sentences(cast.leader))


def test_whoever_would_rather_not_is_asked_no_more(cast: Cast) -> None:
    found = leaves(cast.bo, cast.bo)
    browser = signed_in(cast.bo)
    browser.post(f"{found.url}quiet/", {"on": "1"})
    shown = browser.get(found.url).content.decode()
    assert "asked nothing more" in shown and "What only you know" not in shown
    HandOver.objects.update(leaves_on=in_days(3), shared_at=timezone.now())
    assert remind() == 0
    browser.post(f"{found.url}quiet/")
    assert "What only you know" in browser.get(found.url).content.decode()


def test_whoever_stays_after_all_keeps_what_nobody_took(cast: Cast) -> None:
    kept, gone = write(cast.bo, cast.open, "Kept"), write(cast.bo, cast.open, "Gone")
    found = leaves(cast.bo, cast.administrator)
    handing.take_over(by=viewer_of(cast.anna), line=ask(cast.bo, cast.bo, f"page-{gone.pk}", cast.anna))
    waiting = ask(cast.bo, cast.bo, f"page-{kept.pk}", cast.anna)
    leaving.withdraw_leaving(by=house(cast.administrator), member=cast.bo)
    assert handover.asked_of(viewer_of(cast.anna)) == []
    with pytest.raises(Forbidden):
        handing.take_over(by=viewer_of(cast.anna), line=waiting)
    assert {page.owner for page in Page.objects.filter(pk__in=[kept.pk])} == {cast.bo}
    assert Page.objects.get(pk=gone.pk).owner == cast.anna
    again = leaves(cast.bo, cast.bo)
    assert (again.pk, again.done_at, again.is_alone) == (found.pk, None, True)
    assert handover.hands(viewer_of(cast.bo), again).settled_number == 0


def test_a_long_list_costs_as_many_statements_as_a_short_one(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    for number in range(40):
        page = write(cast.bo, cast.open, f"Page {number}")
    found = leaves(cast.bo, cast.bo)
    for number, page in enumerate(Page.objects.filter(owner=cast.bo)[:10]):
        who = newcomer(f"Nina Ny{number}")
        ask(cast.bo, cast.bo, f"page-{page.pk}", who)
    browser = signed_in(cast.bo)
    browser.get(found.url)
    with django_assert_max_num_queries(26):  # type: ignore[operator]
        shown = browser.get(found.url).content.decode()
    assert shown.count("Who takes over?") + shown.count("Ask somebody else") >= 30 and "Show more" in shown
    with django_assert_max_num_queries(24):  # type: ignore[operator]
        browser.get(f"{found.url}successor/?thing=page-{page.pk}")
    for page in Page.objects.filter(owner=cast.bo)[10:30]:
        ask(cast.bo, cast.bo, f"page-{page.pk}", cast.anna)
    asked = signed_in(cast.anna)
    asked.get("/handover/")
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        assert asked.get("/handover/").content.decode().count("I take it over") == 20


def test_nothing_of_it_works_with_a_token_or_for_a_stranger(cast: Cast) -> None:
    page = write(cast.bo, cast.open, "How to weld")
    found = leaves(cast.bo, cast.bo)
    browser = signed_in(cast.outsider)
    for address in ("", "successor/", "nobody/", "showing/", "quiet/"):
        assert browser.post(f"{found.url}{address}", {"thing": f"page-{page.pk}"}).status_code in {
            404,
            405,
        }, address
    for address in ("/handover/interview/", "/handover/interview/1/", "/handover/notes/1/"):
        assert browser.get(address).status_code == 404, address
    spaces.leave(by=house(cast.anna), space=cast.open)
    assert not HandedLine.objects.exists()
