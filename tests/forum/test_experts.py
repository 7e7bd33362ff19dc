"""Who may know: the right few in other units, with the reason, and nobody is told on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from tests.cast import Cast, house, newcomer, signed_in, viewer_of
from tests.forum.knowing import answer, ask, found_by_words, write
from tests.notifications.telling import tell_all
from torvet.base.rules import Forbidden, Refused
from torvet.entries import actions as entries
from torvet.entries import knowing, similar
from torvet.entries.models import Entry, Topic
from torvet.forum import rules
from torvet.forum.actions.route import answer_not_now, ask_experts, leave_field, return_to_field
from torvet.forum.models import Asked, NotMyField, Thread
from torvet.forum.queries import being_asked, experts
from torvet.notifications.models import Notification
from torvet.notifications.queries import told
from torvet.people import actions as people
from torvet.people import away
from torvet.people.models import Member, Unit
from torvet.people.queries import digest_of
from torvet.people.viewer import Via, Viewer
from torvet.spaces import actions as spaces
from torvet.spaces.models import Membership
from torvet.spaces.queries import membership_of
from torvet.wiki import actions as wiki
from torvet.wiki.models import Page

pytestmark = pytest.mark.django_db


@dataclass
class Town:
    """Aksel of the office asks about cranes. Karen of the yard owns a page; Kim of the yard answered one like it;
    Ole works in the office with Aksel, and owns a page too."""

    cast: Cast
    yard: Unit
    office: Unit
    aksel: Member
    karen: Member
    kim: Member
    ole: Member

    def ask(self, title: str = "Cranes in wind") -> Thread:
        return ask(self.aksel, self.cast.open, title)


@pytest.fixture
def town(cast: Cast) -> Iterator[Town]:
    by = house(cast.administrator)
    yard = people.save_unit(by=by, name="Yard", parent=None, leader=None)
    office = people.save_unit(by=by, name="Office", parent=None, leader=None)
    aksel, ole = newcomer("Aksel Spør", unit=office), newcomer("Ole Office", unit=office)
    karen, kim = newcomer("Karen Kran", unit=yard), newcomer("Kim Kran", unit=yard)
    for member in (aksel, ole, karen, kim):
        spaces.join(by=house(member), space=cast.open)
    write(ole, cast.open, "Cranes and lorries")
    write(karen, cast.open, "Cranes in the yard")
    answer(kim, ask(cast.anna, cast.open, "Cranes at night"), accepted=True)
    with found_by_words():
        yield Town(cast, yard, office, aksel, karen, kim, ole)


def names(thread: Thread, viewer: Member | None = None) -> list[str]:
    found = experts.suggestions(viewer_of(viewer or thread.entry.author), thread)
    return [one.member.name for one in found]


def choose(thread: Thread, *members: Member) -> list[Asked]:
    return ask_experts(by=house(thread.entry.author), thread=thread, members=[one.pk for one in members])


def test_those_of_other_units_come_first_and_each_with_the_reason(town: Town) -> None:
    thread = town.ask()
    found = experts.suggestions(viewer_of(town.aksel), thread)
    assert [(one.member.name, one.reasons, one.unit) for one in found] == [
        ("Karen Kran", "owns the page “Cranes in the yard”", town.yard),
        ("Kim Kran", "answered one like this", town.yard),
        ("Ole Office", "owns the page “Cranes and lorries”", town.office),
    ]
    answer(town.karen, ask(town.cast.anna, town.cast.open, "Cranes by day"), accepted=True)
    answer(town.karen, ask(town.cast.anna, town.cast.open, "Cranes by sea"), accepted=True)
    first = experts.suggestions(viewer_of(town.aksel), thread)[0]
    assert first.reasons == "owns the page “Cranes in the yard”, and answered 2 like this"
    with translation.override("da"):
        assert first.reasons  # in whatever language there is


def test_an_answer_counts_when_it_was_accepted_confirmed_or_voted_for(town: Town) -> None:
    thread = ask(town.aksel, town.cast.open, "Welding under water")
    like = ask(town.cast.anna, town.cast.open, "Welding by hand")
    said = answer(town.kim, like)
    assert names(thread) == []
    entries.give_vote(by=house(town.cast.anna), entry=said)
    assert names(thread) == ["Kim Kran"]
    entries.take_back_vote(by=house(town.cast.anna), entry=said)
    assert names(thread) == []
    Thread.objects.filter(pk=like.pk).update(confirmed=said)
    assert names(thread) == ["Kim Kran"]
    entries.remove_entry(by=house(town.kim), entry=said)
    assert names(thread) == []


LEFT_OUT = {
    "whose account is closed": lambda town: people.deactivate(by=house(town.cast.administrator), member=town.karen),
    "who is away": lambda town: away.set_away(
        by=house(town.karen), member=town.karen, from_on=timezone.localdate(), until_on=timezone.localdate(),
    ),
    "who has enough to answer": lambda town: [
        Asked.objects.create(question=ask(town.cast.anna, town.cast.open, f"Other {number}"), member=town.karen)
        for number in range(being_asked.MOST_WAITING)
    ],
    "who is a robot": lambda town: Member.objects.filter(pk=town.karen.pk).update(is_bot=True),
}  # fmt: skip


@pytest.mark.parametrize("who", LEFT_OUT)
def test_left_out_is(town: Town, who: str) -> None:
    thread = town.ask()
    assert "Karen Kran" in names(thread)
    LEFT_OUT[who](town)
    assert "Karen Kran" not in names(thread)
    with pytest.raises(Refused, match="cannot be asked just now"):
        choose(thread, town.karen)
    assert not Asked.objects.filter(question=thread.pk).exists()


def test_what_is_settled_old_or_answered_keeps_nobody_busy(town: Town) -> None:
    others = [ask(town.cast.anna, town.cast.open, f"Other {number}") for number in range(5)]
    rows = [Asked.objects.create(question=other, member=town.karen) for other in others]
    assert being_asked.with_enough_to_answer([town.karen.pk]) == {town.karen.pk}
    for change in (
        lambda: Thread.objects.filter(pk=others[0].pk).update(solved_at=timezone.now()),
        lambda: Asked.objects.filter(pk=rows[0].pk).update(
            asked_at=timezone.now() - being_asked.WAITS_FOR * 2
        ),
        lambda: Asked.objects.filter(pk=rows[0].pk).update(declined_at=timezone.now()),
        lambda: answer(town.karen, others[0]),
        lambda: entries.remove_entry(by=house(town.cast.anna), entry=others[0].entry),
    ):
        with transaction.atomic():
            change()
            assert being_asked.with_enough_to_answer([town.karen.pk]) == set()
            transaction.set_rollback(True)
        assert being_asked.with_enough_to_answer([town.karen.pk]) == {town.karen.pk}


def test_the_deputy_stands_in_for_an_owner_who_is_away(town: Town) -> None:
    page = Page.objects.select_related("entry__space").get(entry__title="Cranes in the yard")
    wiki.name_owner(by=house(town.karen), page=page, owner=town.karen, deputy=town.kim, unit=None, months=12)
    thread = town.ask()
    assert "owns" not in experts.suggestions(viewer_of(town.aksel), thread)[1].reasons
    today = timezone.localdate()
    away.set_away(by=house(town.karen), member=town.karen, from_on=today, until_on=today)
    first = experts.suggestions(viewer_of(town.aksel), thread)[0]
    assert (first.member, first.because[0].what) == (town.kim, "owns")


def test_reasons_name_nothing_that_the_asker_may_not_read(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bo and Anna write in closed and secret spaces; whoever is outside is suggested nobody because of that."""
    write(town.cast.bo, town.cast.secret, "Turbines canaryword")
    answer(town.cast.bo, ask(town.cast.anna, town.cast.closed, "Turbines canarytoo"), accepted=True)
    thread = ask(town.aksel, town.cast.open, "Turbines offshore")
    assert names(thread) == []
    shown = signed_in(town.aksel).get(f"/questions/{thread.pk}/experts/").content.decode()
    assert "canary" not in shown and "Bo Dijkstra" not in shown
    inside = ask(town.cast.anna, town.cast.open, "Turbines on land")
    assert names(inside) == ["Bo Dijkstra"]
    # A finder that forgets the rule is not believed.
    similar.find_with(lambda viewer, *_words, **_more: list(Entry.objects.filter(title__contains="canary")))
    assert names(thread) == []
    assert names(inside) == ["Bo Dijkstra"]
    # Nor is a feature that tells of whatever it is given.
    monkeypatch.setitem(
        knowing._sources,
        lambda viewer, found: [knowing.Sign(town.cast.bo, entry, knowing.OWNS) for entry in found],
        frozenset(),
    )
    assert names(thread) == []


def test_nobody_is_asked_who_cannot_read_the_question(town: Town) -> None:
    thread = ask(town.cast.anna, town.cast.secret, "Cranes for Brest")
    assert names(thread) == []
    write(town.cast.bo, town.cast.open, "Cranes for sale")
    assert names(thread) == ["Bo Dijkstra"]


def test_an_owner_who_may_no_longer_read_the_page_is_no_sign(town: Town) -> None:
    write(town.cast.bo, town.cast.closed, "Turbines")
    thread = ask(town.cast.anna, town.cast.open, "Turbines on land")
    assert names(thread) == ["Bo Dijkstra"]
    Membership.objects.filter(space=town.cast.closed, member=town.cast.bo).delete()
    assert names(thread) == []


def test_a_guest_is_suggested_only_whom_they_may_see(town: Town) -> None:
    write(town.cast.bo, town.cast.guests, "Hooks of the crane")
    removed = write(town.cast.anna, town.cast.guests, "Hooks and slings")
    thread = ask(town.cast.guest, town.cast.guests, "Hooks break")
    assert names(thread) == ["Bo Dijkstra", "Anna Åberg"]
    Membership.objects.filter(space=town.cast.guests, member=removed.owner).delete()
    assert names(thread) == ["Bo Dijkstra"]


MAY_ASK = {
    ("aksel", "waits"): True, ("karen", "waits"): False, ("aksel", "is solved"): False,
    ("aksel", "repeats another"): False, ("aksel", "is closed"): False, ("aksel", "is removed"): False,
    ("aksel with a token", "waits"): False,
}  # fmt: skip


@pytest.mark.parametrize(("who", "state"), MAY_ASK)
def test_who_may_ask(town: Town, who: str, state: str) -> None:
    thread = town.ask()
    if state == "is solved":
        thread.solved_at = timezone.now()
    if state == "repeats another":
        thread.same_as = ask(town.cast.anna, town.cast.open, "Before")
    if state == "is closed":
        entries.close_comments(by=house(town.aksel), entry=thread.entry, why="Enough")
        thread.entry.refresh_from_db()
    if state == "is removed":
        thread.entry.removed_at = timezone.now()
    member = getattr(town, who.split()[0])
    viewer = Viewer.of(member, via=Via.TOKEN if "token" in who else Via.SESSION)
    membership = membership_of(viewer, thread.entry.space)
    assert rules.can_ask_experts(viewer, thread, membership) is MAY_ASK[who, state]


def test_asking_tells_those_who_were_chosen_and_why_it_is_they(town: Town) -> None:
    thread = town.ask()
    page = signed_in(town.aksel).get(thread.entry.url, follow=True).content.decode()
    assert (
        "Who may know" in page and "Karen Kran" in page and "checked" not in page.split("experts-choices")[1]
    )
    answered = signed_in(town.aksel).post(
        f"/questions/{thread.pk}/experts/", {"ask": "1", "members": [town.karen.pk]}
    )
    assert answered.status_code == 302
    tell_all()
    (line,) = told(viewer_of(town.karen)).things
    assert line.sentence == (
        "Aksel Spør asks you: “Cranes in wind”, because you own the page “Cranes in the yard”"
    )
    assert not Notification.objects.filter(member__in=[town.kim, town.ole]).exists()
    assert "Karen Kran" not in names(thread)
    mine = signed_in(town.karen).get("/questions/asked/").content.decode()
    assert "Because you own the page “Cranes in the yard”." in mine
    above = signed_in(town.karen).get(thread.entry.url, follow=True).content.decode()
    assert "asks you" in above and "Not my field any more" in above
    # Nobody else learns who was asked.
    for other in (town.kim, town.cast.anna, town.cast.administrator):
        shown = signed_in(other).get(thread.entry.url, follow=True).content.decode()
        assert "Karen Kran" not in shown and "asks you" not in shown
        assert not Asked.objects.visible_to(viewer_of(other)).exists()


def test_at_most_five_are_asked_and_the_same_one_once(town: Town) -> None:
    thread = town.ask()
    more = [newcomer(f"Expert {letter}", unit=town.yard) for letter in "ABCDE"]
    for member in more:
        spaces.join(by=house(member), space=town.cast.open)
        write(member, town.cast.open, f"Cranes of {member.name}")
    with pytest.raises(Refused, match="Choose first"):
        choose(thread)
    with pytest.raises(Refused, match="At most 5"):
        choose(thread, town.karen, *more)
    assert len(choose(thread, *more[:4])) == 4
    assert choose(thread, *more[:4]) == []
    choose(thread, town.karen)
    with pytest.raises(Refused, match="At most 5"):
        choose(thread, town.kim)
    assert Asked.objects.filter(question=thread.pk).count() == 5
    shown = signed_in(town.aksel).get(f"/questions/{thread.pk}/experts/").content.decode()
    assert "as many people as" in shown and 'name="members"' not in shown


@pytest.mark.parametrize("chosen", ["x", "-1", "9" * 30, "1"])
def test_nobody_is_asked_who_was_not_suggested(town: Town, chosen: str) -> None:
    thread = town.ask()
    address = f"/questions/{thread.pk}/experts/"
    answered = signed_in(town.aksel).post(address, {"ask": "1", "members": [town.karen.pk, chosen]})
    assert answered.status_code == 422
    shown = answered.content.decode()
    assert "cannot be asked just now" in shown
    assert f'value="{town.karen.pk}" checked' in shown  # what was ticked still is
    assert not Asked.objects.exists()
    assert signed_in(town.aksel).post(address, {"ask": "1"}).status_code == 422
    assert signed_in(town.kim).post(address, {"ask": "1", "members": [town.karen.pk]}).status_code == 404


def test_not_now_is_told_kindly_and_silence_is_no_answer(town: Town) -> None:
    thread = town.ask()
    first, second = choose(thread, town.karen, town.kim)
    address = f"/questions/asked/{first.pk}/not-now/"
    assert signed_in(town.kim).post(address).status_code == 404
    assert signed_in(town.karen).post(address).status_code == 302
    assert signed_in(town.karen).post(address).status_code == 302
    tell_all()
    (line,) = [one for one in told(viewer_of(town.aksel)).things if one.verb == "cannot_answer"]
    assert line.sentence == "Karen Kran cannot answer “Cranes in wind” just now. Nobody needs to wait."
    shown = signed_in(town.aksel).get(thread.entry.url, follow=True).content.decode()
    assert "nobody needs to wait" in shown and "was asked" in shown
    assert second.declined_at is None
    assert "Karen Kran" not in names(thread)
    # For another question she may be asked.
    assert "Karen Kran" in names(town.ask("Cranes in snow"))
    with pytest.raises(Forbidden):
        answer_not_now(by=house(town.aksel), asked=first)


def test_a_reason_goes_when_the_one_who_is_asked_may_no_longer_read_it(town: Town) -> None:
    write(town.cast.bo, town.cast.closed, "Turbines canaryword")
    thread = ask(town.cast.anna, town.cast.open, "Turbines")
    choose(thread, town.cast.bo)
    tell_all()
    browser = signed_in(town.cast.bo)
    shown = ("/questions/asked/", thread.entry.url, "/told/", "/settings/fields/")
    assert all("canaryword" in browser.get(address).content.decode() for address in shown[:3])
    leave_field(
        by=house(town.cast.bo), asked=Asked.objects.get(),
        entries=[Entry.objects.get(title__contains="canaryword").pk],
    )  # fmt: skip
    assert "canaryword" in browser.get(shown[3]).content.decode()
    Asked.objects.update(declined_at=None)
    Membership.objects.filter(space=town.cast.closed, member=town.cast.bo).delete()
    for address in (*shown, f"/questions/asked/{Asked.objects.get().pk}/not-my-field/"):
        answered = browser.get(address)
        assert answered.status_code == 200 and "canaryword" not in answered.content.decode(), address
    assert "Something you can no longer read" in browser.get(shown[3]).content.decode()


def test_who_is_asked_finds_it_in_the_menu_and_who_is_not_pays_nothing(town: Town) -> None:
    thread, link = town.ask(), 'href="/questions/asked/"'
    karen, ole = signed_in(town.karen), signed_in(town.ole)

    def menu(client: Client) -> tuple[bool, int]:
        client.get("/bookmarks/")
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/bookmarks/").content.decode()
        return f"{link}><svg" in page and "Asked of you" in page, len(asked)

    unasked, cost = menu(ole)
    assert not unasked and menu(karen)[0] is False
    [asked] = choose(thread, town.karen)
    assert menu(karen) == (True, cost) and menu(ole) == (False, cost)
    tabs = karen.get("/forum/").content.decode()
    assert f'{link}>Asked of you <span class="cnt">1</span>' in tabs
    # Nobody is reminded for ever: what is older stands in the list alone.
    Asked.objects.update(asked_at=timezone.now() - being_asked.WAITS_FOR - timedelta(hours=1))
    assert not menu(karen)[0] and thread.entry.title in karen.get("/questions/asked/").content.decode()
    Asked.objects.update(asked_at=timezone.now())
    assert menu(karen)[0]
    answer_not_now(by=house(town.karen), asked=asked)
    assert not menu(karen)[0]


def test_who_has_answered_meanwhile_is_not_called(town: Town) -> None:
    thread = town.ask()
    choose(thread, town.karen)
    answer(town.karen, thread)
    tell_all()
    assert not Notification.objects.filter(member=town.karen, verb="asked_to_answer").exists()
    assert being_asked.asked_for(viewer_of(town.aksel), thread)[0].has_answered
    assert being_asked.own_asked(viewer_of(town.karen), thread.pk) is None


def test_not_my_field_is_for_good_until_taken_back(town: Town) -> None:
    thread = town.ask()
    (asked,) = choose(thread, town.karen)
    browser = signed_in(town.karen)
    address = f"/questions/asked/{asked.pk}/not-my-field/"
    page = browser.get(address).content.decode()
    assert "Cranes in the yard" in page
    entry = asked.because.get().entry_id
    assert browser.post(address, {}).status_code == 422
    assert browser.post(address, {"entries": [str(thread.pk)]}).status_code == 422
    assert not NotMyField.objects.exists()
    assert browser.post(address, {"entries": [str(entry)]}).status_code == 302
    assert Asked.objects.get(pk=asked.pk).declined_at is not None
    assert "Karen Kran" not in names(town.ask("Cranes in snow"))
    # The asker hears the same as of "not now", and nobody can list it.
    tell_all()
    said = [one.sentence for one in told(viewer_of(town.aksel)).things if one.verb == "cannot_answer"]
    assert said == ["Karen Kran cannot answer “Cranes in wind” just now. Nobody needs to wait."]
    assert not signed_in(town.aksel).get("/settings/fields/").content.decode().count("Cranes in the yard")
    own = browser.get("/settings/fields/").content.decode()
    assert "Cranes in the yard" in own
    field = NotMyField.objects.get()
    assert signed_in(town.aksel).post(f"/settings/fields/{field.pk}/delete/").status_code == 404
    with pytest.raises(Forbidden):
        return_to_field(by=house(town.aksel), field=field)
    assert browser.post(f"/settings/fields/{field.pk}/delete/").status_code == 302
    assert "Karen Kran" in names(town.ask("Cranes in rain"))


def test_a_topic_that_is_left_is_left_for_every_question_on_it(town: Town) -> None:
    thread = ask(town.aksel, town.cast.open, "Cranes in wind", body="Who knows #lifting")
    (asked,) = choose(thread, town.karen)
    topic = Topic.objects.get(name="lifting")
    leave_field(by=house(town.karen), asked=asked, topics=[topic.pk])
    again = ask(town.aksel, town.cast.open, "Cranes in hail", body="Or this #lifting")
    assert "Karen Kran" not in names(again)
    assert "Karen Kran" in names(town.ask("Cranes in hail"))


def test_an_anonymous_question_is_put_to_people_by_those_who_run_the_space(town: Town) -> None:
    """Were its asker to choose, the hour would tell who they are. A reason that few can read would too."""
    account = newcomer("Somebody")
    write(town.cast.bo, town.cast.closed, "Cranes of the board")
    thread = ask(account, town.cast.open, "Cranes in wind", key_digest=digest_of("the-key"))
    address = f"/questions/{thread.pk}/experts/"
    for other in (town.aksel, town.cast.bo, account):
        assert signed_in(other).get(address).status_code == 404
        assert signed_in(other).post(address, {"key": "the-key"}).status_code == 404
        with pytest.raises(Forbidden):
            ask_experts(by=house(other), thread=thread, members=[town.kim.pk])
    runs = signed_in(town.cast.anna)  # she may read the closed page
    shown = runs.get(address).content.decode()
    assert "Karen Kran" in shown and "Cranes of the board" not in shown and "Bo Dijkstra" not in shown
    assert runs.post(address, {"ask": "1", "members": [town.karen.pk]}).status_code == 302
    tell_all()
    (line,) = told(viewer_of(town.karen)).things
    assert line.sentence.startswith("Anna Åberg asks you: “Cranes in wind”")


def test_who_knows_the_field(town: Town) -> None:
    thread = town.ask()
    knowing = {
        one.name: experts.knows_field(viewer_of(one), thread) for one in (town.karen, town.kim, town.aksel)
    }
    assert knowing == {"Karen Kran": True, "Kim Kran": True, "Aksel Spør": False}
    other = ask(town.aksel, town.cast.open, "Something else")
    assert not experts.knows_field(viewer_of(town.karen), other)
    Asked.objects.create(question=other, member=town.karen)
    assert experts.knows_field(viewer_of(town.karen), other)


def test_the_list_is_paged_and_costs_the_same_however_long(
    town: Town, django_assert_max_num_queries: object
) -> None:
    for number in range(25):
        (asked,) = choose(town.ask(f"Cranes {number}"), town.kim)
        if number >= being_asked.MOST_WAITING - 1:
            Asked.objects.filter(pk=asked.pk).update(asked_at=timezone.now() - timedelta(days=60))
    browser = signed_in(town.kim)
    browser.get("/questions/asked/")
    with django_assert_max_num_queries(9):
        first = browser.get("/questions/asked/").content.decode()
    assert first.count("Because you answered one like this") == 20
    after = first.split("?after=")[1].split('"')[0]
    assert browser.get(f"/questions/asked/?after={after}").content.decode().count("Because") == 5
    assert browser.get("/questions/asked/?after=x").status_code == 404
    assert "Nothing yet" in browser.get("/questions/asked/?which=earlier").content.decode()
    thread = town.ask("Cranes last")
    with django_assert_max_num_queries(16):
        experts.suggestions(viewer_of(town.aksel), thread)


def test_what_is_gone_is_gone_from_every_list(town: Town) -> None:
    thread = town.ask()
    choose(thread, town.karen, town.kim)
    people.deactivate(by=house(town.cast.administrator), member=town.karen)
    assert [line.asked.member for line in being_asked.asked_for(viewer_of(town.aksel), thread)] == [town.kim]
    entries.remove_entry(by=house(town.aksel), entry=thread.entry)
    assert not being_asked.asked_of(viewer_of(town.kim), is_waiting=True).things
    assert not being_asked.asked_of(viewer_of(town.kim), is_waiting=False).things
    assert signed_in(town.kim).get(f"/questions/{thread.pk}/experts/").status_code == 404
