"""Who is told what: decided for each addressee, once, in a constant number of statements."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, house, newcomer
from tests.notifications.telling import comment, post, tell_all
from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.entries import actions as entries
from torvet.entries.models import Entry, Watch
from torvet.notifications.audience import LARGEST_UNIT
from torvet.notifications.models import Notification, Told
from torvet.notifications.queries import told_count
from torvet.notifications.readers import notify
from torvet.people import actions as people
from torvet.people.models import Member, Unit
from torvet.people.viewer import Via, Viewer
from torvet.spaces import actions as spaces
from torvet.spaces.models import Membership, Space

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]


def as_told(member: Member) -> list[str]:
    return list(Notification.objects.filter(member=member).order_by("id").values_list("verb", flat=True))


def involvement(member: Member, space: Space, wanted: str) -> None:
    spaces.change_involvement(by=house(member), space=space, involvement=wanted)


def test_the_author_of_a_post_is_told_of_an_answer_and_the_answerer_is_not(cast: Cast) -> None:
    thread = post(cast.anna, cast.open)
    comment(cast.bo, thread)
    tell_all()
    assert as_told(cast.anna) == [Told.ANSWERED]
    assert as_told(cast.bo) == []


def test_those_who_watch_are_told_and_those_who_muted_are_not(cast: Cast) -> None:
    thread = post(cast.anna, cast.open)
    comment(cast.bo, thread)
    comment(cast.leader, thread)
    entries.mute(by=house(cast.leader), entry=thread)
    tell_all()
    Notification.objects.all().delete()
    comment(cast.outsider, thread)
    tell_all()
    assert as_told(cast.bo) == [Told.COMMENTED]
    assert as_told(cast.leader) == []
    assert as_told(cast.anna) == [Told.ANSWERED]


def test_the_one_answered_is_told_as_answered_and_not_again_as_watching(cast: Cast) -> None:
    thread = post(cast.anna, cast.open)
    first = comment(cast.bo, thread)
    tell_all()
    Notification.objects.all().delete()
    comment(cast.leader, first)
    tell_all()
    assert as_told(cast.bo) == [Told.ANSWERED]
    assert as_told(cast.anna) == [Told.COMMENTED]


def test_somebody_mentioned_is_told_as_mentioned_and_only_once(cast: Cast) -> None:
    thread = post(cast.anna, cast.open)
    comment(cast.bo, thread, f"What do you think, @{cast.anna.handle}?")
    tell_all()
    assert as_told(cast.anna) == [Told.MENTIONED]


def test_a_muted_thread_still_tells_of_being_named(cast: Cast) -> None:
    thread = post(cast.anna, cast.open)
    entries.mute(by=house(cast.bo), entry=thread)
    comment(cast.leader, thread, f"Ask @{cast.bo.handle}")
    tell_all()
    assert as_told(cast.bo) == [Told.MENTIONED]


def test_who_wants_to_hear_nothing_is_told_only_when_named(cast: Cast) -> None:
    thread = post(cast.anna, cast.open)
    involvement(cast.anna, cast.open, "nothing")
    comment(cast.bo, thread)
    entries.react(by=house(cast.bo), entry=thread, emoji="👍")
    tell_all()
    assert as_told(cast.anna) == []
    comment(cast.bo, thread, f"@{cast.anna.handle}, are you there?")
    tell_all()
    assert as_told(cast.anna) == [Told.MENTIONED]


def test_naming_somebody_who_cannot_read_tells_them_nothing(cast: Cast) -> None:
    post(
        cast.bo,
        cast.secret,
        f"Do not tell @{cast.outsider.handle}, nor @{cast.removed.handle}, but @{cast.anna.handle}",
    )
    post(
        cast.anna, cast.closed, f"@{cast.outsider.handle} @{cast.removed.handle} @{cast.administrator.handle}"
    )
    post(cast.leader, cast.open, f"@{cast.guest.handle} may come")
    tell_all()
    told = set(Notification.objects.values_list("member", flat=True))
    assert told == {cast.anna.pk}


def test_everybody_who_is_told_may_read_it(cast: Cast) -> None:
    """The rule asked for many at once gives the same people as `visible_to` asked one by one."""
    everybody = " ".join(f"@{member.handle}" for member in cast.people.values())
    for space in cast.spaces.values():
        entry = post(Member.objects.get(pk=space.responsible_id), space, everybody)
        tell_all()
        told = set(Notification.objects.filter(entry=entry).values_list("member", flat=True))
        may_read = {
            member.pk
            for member in cast.people.values()
            if Entry.objects.visible_to(Viewer.of(member, via=Via.ADDRESSEE)).filter(pk=entry.pk).exists()
        }
        assert told == may_read - {space.responsible_id}
        assert len(told) > 0


def test_a_member_of_a_mentioned_unit_is_told_as_part_of_it(cast: Cast) -> None:
    unit = Unit.objects.create(name="Welding")
    below = Unit.objects.create(name="Welding at night", parent=unit)
    Member.objects.filter(pk=cast.bo.pk).update(unit=below)
    Member.objects.filter(pk__in=[cast.deactivated.pk, cast.leader.pk]).update(unit=unit)
    body = (
        f'<p><span data-type="mention" data-id="{unit.pk}" data-kind="unit">@Welding</span> please read</p>'
    )
    entry = entries.publish_post(by=house(cast.leader), space=cast.open, body=body, format="html")
    if not entry.mentions.exists():  # how the editor writes a unit is the text's own affair
        entry.mentions.create(unit=unit)
    tell_all()
    assert as_told(cast.bo) == [Told.MENTIONED_UNIT]
    assert as_told(cast.leader) == as_told(cast.deactivated) == []


def test_of_a_very_large_unit_only_the_leader_is_told(cast: Cast) -> None:
    unit = Unit.objects.create(name="The yard", leader=cast.anna)
    Member.objects.bulk_create(
        Member(email=f"w{n}@yard.example", handle=f"w{n}", name=f"Worker {n}", unit=unit)
        for n in range(LARGEST_UNIT + 1)
    )
    entry = post(cast.leader, cast.open)
    entry.mentions.create(unit=unit)
    tell_all()
    assert list(Notification.objects.values_list("member", "verb")) == [(cast.anna.pk, Told.MENTIONED_UNIT)]


def test_mending_a_spelling_tells_nobody_again_and_a_new_name_is_told(cast: Cast) -> None:
    entry = post(cast.anna, cast.open, f"Helo @{cast.bo.handle}")
    tell_all()
    entry = entries.edit_entry(
        by=house(cast.anna), entry=entry, body=f"Hello @{cast.bo.handle}", version=entry.version
    )
    tell_all()
    Notification.objects.update(read_at=entry.published_at)
    entry = entries.edit_entry(
        by=house(cast.anna),
        entry=entry,
        body=f"Hello @{cast.bo.handle} and @{cast.leader.handle}",
        version=entry.version,
    )
    tell_all()
    assert as_told(cast.bo) == [Told.MENTIONED]
    assert as_told(cast.leader) == [Told.MENTIONED]


def test_reactions_are_bundled_for_the_author_and_one_taken_back_is_taken_out(cast: Cast) -> None:
    entry = post(cast.anna, cast.open)
    entries.react(by=house(cast.anna), entry=entry, emoji="👏")
    for member in (cast.bo, cast.leader):
        entries.react(by=house(member), entry=entry, emoji="❤️")
    tell_all()
    row = Notification.objects.get(member=cast.anna)
    assert row.verb == Told.REACTED
    assert row.actor_ids == [cast.leader.pk, cast.bo.pk]
    entries.take_back_reaction(by=house(cast.leader), entry=entry, emoji="❤️")
    tell_all()
    row.refresh_from_db()
    assert (row.actor_id, row.actor_ids) == (cast.bo.pk, [cast.bo.pk])
    entries.take_back_reaction(by=house(cast.bo), entry=entry, emoji="❤️")
    tell_all()
    assert not Notification.objects.filter(member=cast.anna).exists()


def test_another_reaction_of_the_same_person_does_not_count_twice(cast: Cast) -> None:
    entry = post(cast.anna, cast.open)
    for emoji in ("❤️", "👏"):
        entries.react(by=house(cast.bo), entry=entry, emoji=emoji)
    tell_all()
    assert Notification.objects.get(member=cast.anna).actor_ids == [cast.bo.pk]
    entries.take_back_reaction(by=house(cast.bo), entry=entry, emoji="❤️")
    tell_all()
    assert Notification.objects.get(member=cast.anna).actor_ids == [cast.bo.pk]


def test_being_followed_and_no_longer(cast: Cast) -> None:
    people.follow(by=house(cast.bo), member=cast.anna)
    people.follow(by=house(cast.leader), member=cast.anna)
    tell_all()
    assert Notification.objects.get(member=cast.anna).actor_ids == [cast.leader.pk, cast.bo.pk]
    people.unfollow(by=house(cast.leader), member=cast.anna)
    tell_all()
    assert Notification.objects.get(member=cast.anna).actor_ids == [cast.bo.pk]


def test_those_who_run_a_space_are_told_that_somebody_waits_until_one_has_answered(cast: Cast) -> None:
    involvement(cast.anna, cast.closed, "nothing")
    asked = spaces.ask_to_join(by=house(cast.outsider), space=cast.closed, answer="To learn")
    tell_all()
    assert as_told(cast.anna) == [Told.ASKED_TO_JOIN]
    assert as_told(cast.bo) == []  # a member, who does not run it
    spaces.answer_request(by=house(cast.anna), asked=asked, is_let_in=True)
    tell_all()
    assert as_told(cast.anna) == []
    assert as_told(cast.outsider) == [Told.LET_IN]


def test_somebody_turned_down_is_told(cast: Cast) -> None:
    asked = spaces.ask_to_join(by=house(cast.outsider), space=cast.closed, answer="To learn")
    spaces.answer_request(by=house(cast.anna), asked=asked, is_let_in=False)
    tell_all()
    assert as_told(cast.outsider) == [Told.TURNED_DOWN]


def test_an_invitation_is_told_to_the_one_invited_while_it_stands(cast: Cast) -> None:
    invitation = spaces.invite_member(by=house(cast.bo), space=cast.secret, member=cast.outsider)
    spaces.invite_by_link(by=house(cast.administrator), email="new@nordhavn.example")  # nobody to tell yet
    tell_all()
    assert as_told(cast.outsider) == [Told.INVITED]
    assert told_count(Viewer.of(cast.outsider)) == 1
    spaces.withdraw_invitation(by=house(cast.bo), invitation=invitation)
    assert told_count(Viewer.of(cast.outsider)) == 0


def test_somebody_whose_account_is_closed_is_told_nothing(cast: Cast) -> None:
    thread = post(cast.anna, cast.open)
    Watch.objects.create(thread=thread, member=cast.deactivated)
    comment(cast.bo, thread, f"@{cast.deactivated.handle}")
    Activity.objects.create(verb=verbs.INVITED, by=cast.bo, about=cast.deactivated, space_id=cast.open.pk)
    tell_all()
    assert as_told(cast.deactivated) == []


def test_nothing_is_told_of_what_was_removed_before_the_worker_came(cast: Cast) -> None:
    thread = post(cast.anna, cast.open)
    first = comment(cast.bo, thread)
    entries.remove_entry(by=house(cast.bo), entry=first)
    comment(cast.leader, thread, f"@{cast.bo.handle}")
    entries.remove_entry(by=house(cast.anna), entry=Entry.objects.get(pk=thread.pk))
    tell_all()
    assert not Notification.objects.exists()


def test_being_told_twice_changes_nothing(cast: Cast) -> None:
    thread = post(cast.anna, cast.open)
    comment(cast.bo, thread)
    entries.react(by=house(cast.bo), entry=thread, emoji="👍")
    people.follow(by=house(cast.bo), member=cast.anna)
    tell_all()
    Notification.objects.filter(verb=Told.REACTED).update(read_at=thread.published_at)
    before = list(Notification.objects.order_by("id").values())
    for activity in Activity.objects.order_by("id"):
        if activity.entry_id or activity.verb == verbs.FOLLOWED:
            notify(activity)
    assert list(Notification.objects.order_by("id").values()) == before
    assert len(before) == 3


def test_what_comes_after_reading_begins_a_row_of_its_own(cast: Cast) -> None:
    thread = post(cast.anna, cast.open)
    comment(cast.bo, thread)
    tell_all()
    Notification.objects.update(read_at=thread.published_at)
    comment(cast.leader, thread)
    tell_all()
    rows = Notification.objects.filter(member=cast.anna).order_by("id")
    assert [row.actor_ids for row in rows] == [[cast.bo.pk], [cast.leader.pk]]


def test_what_was_seen_in_the_open_thread_is_not_bundled_with_what_comes_later(cast: Cast) -> None:
    thread = post(cast.anna, cast.open)
    first = comment(cast.bo, thread)
    tell_all()
    assert told_count(Viewer.of(cast.anna)) == 1
    entries.mark_thread_read(by=house(cast.anna), thread=thread, read_at=first.published_at)
    # The activity is a moment younger than the comment; a reader's position is that of the page.
    Watch.objects.filter(thread=thread, member=cast.anna).update(
        read_at=Activity.objects.get(verb=verbs.COMMENTED, entry_id=first.pk).created_at
    )
    assert told_count(Viewer.of(cast.anna)) == 0
    comment(cast.leader, thread)
    tell_all()
    assert told_count(Viewer.of(cast.anna)) == 1
    newest = Notification.objects.filter(member=cast.anna).latest("id")
    assert newest.actor_ids == [cast.leader.pk]


def test_a_thread_with_many_watchers_costs_as_many_statements_as_one_with_few(cast: Cast) -> None:
    def statements(watchers: int) -> int:
        thread = post(cast.anna, cast.open)
        start = Member.objects.count()
        Member.objects.bulk_create(
            Member(email=f"m{start + n}@x.example", handle=f"m{start + n}", name=f"M {n}")
            for n in range(watchers)
        )
        new = Member.objects.filter(handle__startswith="m").order_by("-id")[:watchers]
        Watch.objects.bulk_create(Watch(thread=thread, member=member) for member in new)
        comment(cast.bo, thread)
        activity = Activity.objects.filter(verb=verbs.COMMENTED).latest("id")
        with CaptureQueriesContext(connection) as captured:
            told = notify(activity)
        assert len(told) == watchers + 1
        assert Notification.objects.filter(activity_id=activity.pk).count() == watchers + 1
        return len(captured)

    few, many = statements(3), statements(1500)
    assert few == many <= 20


def test_a_pin_writes_no_rows(cast: Cast) -> None:
    entry = post(cast.anna, cast.open)
    entries.pin(by=house(cast.leader), entry=entry)
    tell_all()
    assert not Notification.objects.exists()


def test_those_who_left_hear_nothing_more(cast: Cast) -> None:
    thread = post(cast.anna, cast.closed)
    comment(cast.bo, thread)
    tell_all()
    Notification.objects.all().delete()
    membership = Membership.objects.select_related("space", "member").get(space=cast.closed, member=cast.bo)
    spaces.remove_member(by=house(cast.anna), membership=membership)
    comment(cast.anna, thread, f"@{cast.bo.handle} has gone")
    tell_all()
    assert as_told(cast.bo) == []


def test_newcomers_are_ordinary_members(cast: Cast) -> None:
    somebody = newcomer("Nina Ny")
    post(cast.anna, cast.open, f"Welcome @{somebody.handle}")
    tell_all()
    assert as_told(somebody) == [Told.MENTIONED]
