"""Stages, deciders, days; and who is told what, exactly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cast import Cast, house, make_cast, newcomer, signed_in
from tests.ideas.rooms import anew, at_once, drained, idea_in, room_in
from torvet.base.rules import Forbidden, Refused
from torvet.entries import actions as entries
from torvet.ideas import actions
from torvet.ideas.models import Idea, IdeaRoom, Stage, StageChange
from torvet.ideas.rules import MOVES
from torvet.notifications.audience import ideas as audience
from torvet.notifications.models import Notification, Told
from torvet.notifications.queries import told
from torvet.people import actions as people
from torvet.people import away
from torvet.people.models import Member
from torvet.spaces import actions as spaces
from torvet.spaces.models import Membership

pytestmark = pytest.mark.django_db
YESTERDAY = timedelta(days=1)


def told_of(verb: Told) -> set[str]:
    return set(Notification.objects.filter(verb=verb).values_list("member__name", flat=True))


def make_late(idea: Idea) -> None:
    Idea.objects.filter(pk=idea.pk).update(decide_by=timezone.localdate() - YESTERDAY)


@pytest.mark.parametrize("before", list(Stage))
def test_an_idea_goes_where_the_table_says_and_nowhere_else(cast: Cast, before: Stage) -> None:
    idea = idea_in(room_in(cast), cast.bo)
    for after in Stage:
        Idea.objects.filter(pk=idea.pk).update(stage=before)
        if after in MOVES[before]:
            actions.move_idea(by=house(cast.leader), idea=anew(idea, cast.bo), stage=after, reason="So")
            assert anew(idea, cast.bo).stage == after
        else:
            with pytest.raises(Refused):
                actions.move_idea(by=house(cast.leader), idea=anew(idea, cast.bo), stage=after, reason="So")
            assert anew(idea, cast.bo).stage == before


def test_declining_needs_a_reason_and_loses_nothing(cast: Cast) -> None:
    idea = idea_in(room_in(cast), cast.bo)
    with pytest.raises(Refused, match="Say why it is declined"):
        actions.move_idea(by=house(cast.leader), idea=idea, stage="declined", reason=" \n ")
    assert anew(idea, cast.bo).stage == Stage.HEARD and not StageChange.objects.exists()
    browser = signed_in(cast.leader)
    answer = browser.post(f"{idea.url}stage/", {"stage": "declined", "reason": "", "seen": "heard"})
    text = answer.content.decode()
    assert answer.status_code == 422 and "Say why it is declined" in text
    assert answer.context["form"]["stage"].value() == "declined"
    answer = browser.post(f"{idea.url}stage/", {"stage": "moon", "reason": "My long reason", "seen": "heard"})
    assert answer.status_code == 422 and "My long reason" in answer.content.decode()
    long = "x" * 1001
    assert browser.post(f"{idea.url}stage/", {"stage": "declined", "reason": long}).status_code == 422
    assert browser.post(f"{idea.url}stage/", {"stage": "declined", "reason": "We tried"}).status_code == 302
    page = signed_in(cast.outsider).get(idea.url).content.decode()
    assert "We tried" in page and "Declined" in page and "Leif Strand" in page


def test_two_who_decide_at_once_do_not_undo_each_other(cast: Cast) -> None:
    idea = idea_in(room_in(cast), cast.bo)
    actions.move_idea(by=house(cast.leader), idea=idea, stage="chosen", seen="heard")
    with pytest.raises(Refused, match="moved this idea meanwhile"):
        actions.move_idea(by=house(cast.anna), idea=idea, stage="declined", reason="No", seen="heard")
    assert anew(idea, cast.bo).stage == Stage.CHOSEN


@pytest.mark.django_db(transaction=True)
def test_of_many_who_decide_at_the_same_moment_one_does() -> None:
    cast = make_cast()
    idea = idea_in(room_in(cast), cast.bo)

    def move(by: Member, stage: str) -> Callable[[], object]:
        return lambda: actions.move_idea(by=house(by), idea=idea, stage=stage, reason="So", seen="heard")

    wrong = at_once([move(by, to) for by in (cast.leader, cast.anna) for to in ("chosen", "declined")])
    assert [type(error) for error in wrong] == [Refused] * 3
    assert [change.to_stage for change in StageChange.objects.all()] == [anew(idea, cast.bo).stage]


def test_who_decides(cast: Cast) -> None:
    idea = idea_in(room_in(cast), cast.bo)
    for member, status in ((cast.bo, 404), (cast.outsider, 404), (cast.anna, 200), (cast.leader, 200)):
        for page in ("stage", "decider"):
            assert signed_in(member).get(f"{idea.url}{page}/").status_code == status
    with pytest.raises(Forbidden):
        actions.move_idea(by=house(cast.bo), idea=idea, stage="chosen")
    with pytest.raises(Forbidden):
        actions.name_decider(by=house(cast.bo), idea=idea, decider=cast.bo, decide_by=idea.decide_by)
    actions.name_decider(by=house(cast.anna), idea=idea, decider=cast.bo, decide_by=idea.decide_by)
    assert (
        actions.move_idea(by=house(cast.bo), idea=anew(idea, cast.bo), stage="looked_at").to_stage
        == "looked_at"
    )


def test_who_passed_it_on_at_that_moment_decides_no_more(cast: Cast) -> None:
    idea = idea_in(room_in(cast, decider=cast.bo), cast.outsider)
    before = anew(idea, cast.bo)  # as the page that is open in his browser
    actions.name_decider(by=house(cast.bo), idea=idea, decider=cast.anna, decide_by=idea.decide_by)
    with pytest.raises(Forbidden):
        actions.move_idea(by=house(cast.bo), idea=before, stage="chosen")
    with pytest.raises(Forbidden):
        actions.name_decider(by=house(cast.bo), idea=before, decider=cast.bo, decide_by=idea.decide_by)


@pytest.mark.parametrize(
    ("decider", "days", "why"), [("guest", 3, "cannot decide here"), ("bo", -1, "from today on"), ("bo", 2000, "years")]
)  # fmt: skip
def test_who_cannot_be_named_and_when_not(cast: Cast, decider: str, days: int, why: str) -> None:
    idea = idea_in(room_in(cast), cast.bo)
    with pytest.raises(Refused, match=why):
        actions.name_decider(
            by=house(cast.leader), idea=idea, decider=cast.people[decider],
            decide_by=timezone.localdate() + timedelta(days=days),
        )  # fmt: skip
    answer = signed_in(cast.leader).post(
        f"{idea.url}decider/", {"decider": "Nobody Known", "decide_by": "soon"}
    )
    text = answer.content.decode()
    assert answer.status_code == 422 and "Nobody Known" in text and "2026-12-31" in text


def test_whoever_is_named_is_told(cast: Cast) -> None:
    room = room_in(cast, decider=cast.bo)
    idea_in(room, cast.anna)
    idea_in(room, cast.anna, "Two")
    drained()
    # Of a room together until they look.
    assert [row.member for row in Notification.objects.filter(verb=Told.IDEA_TO_DECIDE)] == [cast.bo]
    idea = idea_in(room, cast.bo, "Mine")  # who proposes it knows
    actions.name_decider(by=house(cast.anna), idea=idea, decider=cast.leader, decide_by=idea.decide_by)
    drained()
    assert told_of(Told.IDEA_TO_DECIDE) == {"Bo Dijkstra", "Leif Strand"}


def took_part(cast: Cast) -> Idea:
    """Bo proposes; Ulla votes, Anna says why, the administrator gives input, Camilla comments; Rolf reads only."""
    idea = idea_in(room_in(cast), cast.bo)
    actions.support(by=house(cast.outsider), idea=idea)
    actions.say_why(by=house(cast.anna), idea=idea, body="I wait too")
    actions.give_input(by=house(cast.administrator), idea=idea, sort="fact", body="Four days")
    entries.add_comment(by=house(cast.community_manager), on=idea.entry, body="Well")
    return idea


EVERYBODY = {"Bo Dijkstra", "Ulla Udenfor", "Anna Åberg", "Ada Minde", "Camilla Mørk"}


@pytest.mark.parametrize(
    ("stages", "verb"),
    [
        (["chosen"], Told.IDEA_CHOSEN), (["declined"], Told.IDEA_DECLINED), (["chosen", "tried"], Told.IDEA_TRIED),
        (["chosen", "done"], Told.IDEA_DONE),
    ],
)  # fmt: skip
def test_everybody_who_took_part_is_told_with_the_reason(cast: Cast, stages: list[str], verb: Told) -> None:
    idea = took_part(cast)
    for number, stage in enumerate(stages):
        actions.move_idea(
            by=house(cast.leader), idea=anew(idea, cast.bo), stage=stage, reason=f"Reason {number}"
        )
    drained()
    drained()
    assert told_of(verb) == EVERYBODY
    line = next(one for one in told(house(cast.outsider)).things if one.verb == verb)
    assert line.excerpt == f"Reason {len(stages) - 1}" and "Answer within a day" in line.sentence
    assert line.target == f"/e/{idea.pk}/"


def test_what_was_taken_back_at_once_is_told_to_nobody(cast: Cast) -> None:
    idea = took_part(cast)
    actions.move_idea(by=house(cast.leader), idea=idea, stage="declined", reason="The wrong one")
    actions.move_idea(by=house(cast.leader), idea=anew(idea, cast.bo), stage="looked_at")
    actions.move_idea(by=house(cast.leader), idea=anew(idea, cast.bo), stage="chosen")
    drained()
    assert (told_of(Told.IDEA_DECLINED), told_of(Told.IDEA_CHOSEN)) == (set(), EVERYBODY)


def test_being_looked_at_is_told_to_nobody(cast: Cast) -> None:
    idea = took_part(cast)
    drained()
    Notification.objects.all().delete()
    actions.move_idea(by=house(cast.leader), idea=idea, stage="looked_at")
    drained()
    assert not Notification.objects.exists()


def test_many_are_told_in_parts_each_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audience, "SOME", 2)
    idea = took_part(cast)
    actions.move_idea(by=house(cast.leader), idea=idea, stage="chosen")
    for _round in range(6):
        drained()
    assert told_of(Told.IDEA_CHOSEN) == EVERYBODY
    assert Notification.objects.filter(verb=Told.IDEA_CHOSEN).count() == len(EVERYBODY)


def test_who_cannot_read_it_any_more_is_not_told_and_who_muted_neither(cast: Cast) -> None:
    room = room_in(cast, cast.closed)
    idea = idea_in(room, cast.bo)
    third = newcomer("Tora Tredje")
    spaces.accept_invitation(
        by=house(third), invitation=spaces.invite_member(by=house(cast.anna), space=cast.closed, member=third)
    )
    actions.say_why(by=house(third), idea=idea, body="Yes")
    spaces.remove_member(
        by=house(cast.anna),
        membership=Membership.objects.select_related("space", "member").get(space=cast.closed, member=third),
    )
    entries.mute(by=house(cast.bo), entry=idea.entry)
    actions.move_idea(by=house(cast.anna), idea=idea, stage="chosen")
    drained()
    assert told_of(Told.IDEA_CHOSEN) == set()


def test_those_of_a_merged_idea_are_told_of_the_merge_and_of_the_outcome(cast: Cast) -> None:
    room = room_in(cast)
    stays, goes = idea_in(room, cast.bo, "Stays"), idea_in(room, cast.anna, "Goes")
    actions.support(by=house(cast.outsider), idea=stays)
    actions.support(by=house(cast.administrator), idea=goes)
    entries.add_comment(by=house(cast.community_manager), on=goes.entry, body="Well")
    actions.merge_ideas(by=house(cast.leader), idea=goes, into=stays)
    drained()
    assert told_of(Told.IDEA_MERGED) == {"Anna Åberg", "Ada Minde", "Camilla Mørk"}
    line = next(one for one in told(house(cast.administrator)).things if one.verb == Told.IDEA_MERGED)
    assert line.target == f"/e/{stays.pk}/" and "Stays" in line.sentence
    actions.move_idea(by=house(cast.leader), idea=anew(stays, cast.bo), stage="chosen", reason="Both")
    drained()
    assert told_of(Told.IDEA_CHOSEN) == {
        "Bo Dijkstra",
        "Ulla Udenfor",
        "Anna Åberg",
        "Ada Minde",
        "Camilla Mørk",
    }


# --- Overdue


def test_what_is_overdue_is_listed_and_the_decider_reminded_once(cast: Cast) -> None:
    room = room_in(cast)
    idea, other = idea_in(room, cast.bo), idea_in(room, cast.bo, "In time")
    decided = idea_in(room, cast.bo, "Decided")
    actions.move_idea(by=house(cast.leader), idea=decided, stage="chosen")
    for one in (idea, decided):
        make_late(one)
    page = signed_in(cast.outsider).get("/ideas/overdue/")
    assert [line.idea.pk for line in page.context["lines"]] == [idea.pk]
    assert not signed_in(cast.outsider).get("/ideas/overdue/?mine=1").context["lines"]
    assert signed_in(cast.leader).get("/ideas/overdue/?mine=1").context["lines"]
    assert (actions.remind_deciders(), actions.remind_deciders()) == (1, 0)
    drained()
    assert told_of(Told.IDEA_OVERDUE) == {"Leif Strand"}
    assert other.reminded_at is None
    # Another day is another reminder.
    actions.name_decider(
        by=house(cast.leader), idea=anew(idea, cast.bo), decider=cast.anna, decide_by=timezone.localdate()
    )
    make_late(idea)
    assert actions.remind_deciders() == 1
    drained()
    assert told_of(Told.IDEA_OVERDUE) == {"Leif Strand", "Anna Åberg"}
    actions.move_idea(by=house(cast.anna), idea=anew(idea, cast.bo), stage="chosen")
    drained()
    assert not Notification.objects.unread().filter(verb=Told.IDEA_OVERDUE).exists()


def test_what_is_taken_up_again_gets_a_new_day(cast: Cast) -> None:
    idea = idea_in(room_in(cast), cast.bo)
    actions.move_idea(by=house(cast.leader), idea=idea, stage="declined", reason="Not now")
    make_late(idea)
    actions.move_idea(by=house(cast.leader), idea=anew(idea, cast.bo), stage="looked_at")
    again = anew(idea, cast.bo)
    assert again.decide_by == timezone.localdate() + timedelta(days=20) and not again.is_overdue
    # The reason for which it was declined stays in its history.
    assert "Not now" in signed_in(cast.outsider).get(idea.url).content.decode()


def test_where_nobody_can_decide_nothing_is_overdue(cast: Cast) -> None:
    idea = idea_in(room_in(cast), cast.bo)
    make_late(idea)
    spaces.archive_space(by=house(cast.leader), space=cast.open)
    page = signed_in(cast.leader).get("/ideas/overdue/")
    assert not page.context["lines"] and not anew(idea, cast.bo).is_overdue
    assert signed_in(cast.leader).get("/ideas/").context["to_decide"] == 0
    assert actions.remind_deciders() == 0


def test_while_the_decider_is_away_those_who_run_the_space_are_reminded(cast: Cast) -> None:
    idea = idea_in(room_in(cast, decider=cast.bo), cast.outsider)
    make_late(idea)
    today = timezone.localdate()
    away.set_away(by=house(cast.bo), member=cast.bo, from_on=today, until_on=today)
    actions.remind_deciders()
    drained()
    assert told_of(Told.IDEA_OVERDUE) == {"Leif Strand", "Anna Åberg"}
    # When somebody is away is told to those who may know it, and to nobody else.
    shown = {
        member: "is away" in signed_in(member).get(idea.url).content.decode()
        for member in (cast.outsider, cast.leader, cast.bo)
    }
    assert shown == {cast.outsider: False, cast.leader: False, cast.bo: True}


def test_a_decider_who_left_the_space_is_not_told_what_they_cannot_read(cast: Cast) -> None:
    idea = idea_in(room_in(cast, cast.closed, decider=cast.bo), cast.anna)
    make_late(idea)
    spaces.leave(by=house(cast.bo), space=cast.closed)
    actions.remind_deciders()
    drained()
    assert told_of(Told.IDEA_OVERDUE) == {"Anna Åberg"}


def test_whoever_decided_leaves_and_it_falls_to_those_who_run_the_space(cast: Cast) -> None:
    room = room_in(cast, decider=cast.bo)
    idea, decided = idea_in(room, cast.outsider), idea_in(room, cast.outsider, "Decided")
    actions.move_idea(by=house(cast.bo), idea=decided, stage="chosen", reason="Yes")
    people.deactivate(by=house(cast.administrator), member=cast.bo)
    drained()
    assert anew(idea, cast.anna).decider is None
    assert anew(decided, cast.anna).decider == Member.objects.get(pk=cast.bo.pk)
    assert IdeaRoom.objects.get().decider is None
    assert told_of(Told.IDEAS_FELL) == {"Leif Strand", "Anna Åberg"}
    line = next(one for one in told(house(cast.anna)).things if one.verb == Told.IDEAS_FELL)
    assert line.target == room.url
    assert "Those who run the space decide" in signed_in(cast.anna).get(idea.url).content.decode()
