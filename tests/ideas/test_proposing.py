"""Opening rooms, proposing, and keeping something said elsewhere as an idea."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from tests.cast import Cast, house, signed_in
from tests.ideas.rooms import anew, idea_in, room_in
from torvet.base.rules import Forbidden, Refused
from torvet.entries import actions as entries
from torvet.entries import similar
from torvet.entries.models import Entry
from torvet.ideas import actions
from torvet.ideas.models import Idea, IdeaRoom, Stage
from torvet.ideas.starting import TEMPLATES
from torvet.people.models import Member
from torvet.spaces.models import Space

pytestmark = pytest.mark.django_db
SPACE = {"name": "Easier", "audience": "All of us", "access": "open", "question": "What is hard?"}


def test_a_room_opens_with_its_space_or_not_at_all(cast: Cast) -> None:
    room = actions.open_room_with_space(by=house(cast.bo), decider=cast.outsider, **SPACE)
    assert (room.space.name, room.space.purpose, room.decider) == ("Easier", "What is hard?", cast.outsider)
    before = Space.objects.count()
    with pytest.raises(Refused, match="not in the new space yet"):
        actions.open_room_with_space(by=house(cast.bo), decider=cast.outsider, **SPACE | {"access": "closed"})
    with pytest.raises(Refused, match="Ask a question"):
        actions.open_room_with_space(by=house(cast.bo), **SPACE | {"question": "  "})
    with pytest.raises(Forbidden):
        actions.open_room_with_space(by=house(cast.guest), **SPACE)
    assert Space.objects.count() == before


def test_a_space_has_one_room(cast: Cast) -> None:
    room_in(cast)
    with pytest.raises(Refused, match="already"):
        room_in(cast)
    with pytest.raises(Forbidden):
        actions.open_room(by=house(cast.outsider), space=cast.closed, question="Why?")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"question": " "}, "Ask a question"),
        ({"days_to_decide": 0}, "1 to 365"),
        ({"days_to_decide": 366}, "1 to 365"),
        ({"ends_on": timezone.localdate() - timedelta(days=1)}, "from today on"),
        ({"ends_on": timezone.localdate() + timedelta(days=2000)}, "from today on"),
        ({"decider": "guest"}, "cannot decide here"),
    ],
)  # fmt: skip
def test_what_a_room_cannot_be(cast: Cast, said: dict[str, object], why: str) -> None:
    if said.get("decider") == "guest":
        said = {"decider": cast.guest}
    with pytest.raises(Refused, match=why):
        room_in(cast, **said)
    assert not IdeaRoom.objects.exists()


def test_an_idea_is_heard_with_a_decider_and_a_day(cast: Cast) -> None:
    idea = idea_in(room_in(cast), cast.bo)
    assert (idea.stage, idea.decider, idea.entry.votes) == (Stage.HEARD, cast.leader, 0)
    assert idea.decide_by == timezone.localdate() + timedelta(days=20)
    assert idea.entry.kind == "idea" and idea.entry.url == f"/ideas/{idea.pk}/"


def test_a_decider_who_cannot_decide_any_more_is_not_named(cast: Cast) -> None:
    room = room_in(cast, cast.closed, decider=cast.bo)
    Member.objects.filter(pk=cast.bo.pk).update(is_active=False)
    room.refresh_from_db()
    assert idea_in(room, cast.anna).decider is None


@pytest.mark.parametrize("how", ["closed", "ended", "archived"])
def test_a_room_that_is_not_open_takes_no_ideas(cast: Cast, how: str) -> None:
    room = room_in(cast)
    if how == "closed":
        actions.close_room(by=house(cast.leader), room=room)
    elif how == "ended":
        room.ends_on = timezone.localdate() - timedelta(days=1)
    else:
        room.space.archived_at = timezone.now()
    with pytest.raises(Refused):
        actions.propose_idea(by=house(cast.bo), room=room, title="Late", body="x")
    assert not Idea.objects.exists() and not Entry.objects.filter(kind="idea").exists()
    if how == "closed":
        actions.reopen_room(by=house(cast.leader), room=room)
        assert idea_in(room, cast.bo)


def test_the_last_day_of_a_challenge_still_counts(cast: Cast) -> None:
    room = room_in(cast, ends_on=timezone.localdate())
    assert room.is_open and idea_in(room, cast.bo)


def test_bad_input_keeps_what_was_typed(cast: Cast) -> None:
    room = room_in(cast)
    browser = signed_in(cast.bo)
    answer = browser.post("/ideas/new/", {"room": room.pk, "title": " ", "body": "All my thoughts"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Give your idea a title" in text and "All my thoughts" in text
    answer = browser.post("/ideas/new/", {"room": "99999", "title": "Mine", "body": "All my thoughts"})
    assert answer.status_code == 422 and "Choose a room" in answer.content.decode()
    answer = browser.post("/ideas/new/", {"room": room.pk, "title": "Mine", "concern": "moon"})
    assert answer.status_code == 422 and "Mine" in answer.content.decode()
    assert not Idea.objects.exists()
    answer = browser.post("/ideas/rooms/new/", {"where": "new", "question": "Why?", "days_to_decide": "x"})
    text = answer.content.decode()
    assert answer.status_code == 422 and "Give the new space a name" in text and "Why?" in text


def test_of_several_rooms_the_chosen_one_gets_the_idea(cast: Cast) -> None:
    rooms = [room_in(cast), room_in(cast, cast.closed), room_in(cast, cast.secret, by=cast.bo)]
    for room in rooms:
        answer = signed_in(cast.bo).post("/ideas/new/", {"room": room.pk, "title": f"For {room.pk}"})
        assert answer.status_code == 302 and Idea.objects.get(entry__title=f"For {room.pk}").room == room


def test_what_was_said_is_kept_with_its_source(cast: Cast) -> None:
    room = room_in(cast)
    said = entries.publish_post(by=house(cast.bo), space=cast.open, body="The *queue* is long & slow")
    browser = signed_in(cast.anna)
    assert "Keep as an idea" in browser.get(f"/e/{said.pk}/menu/").content.decode()
    form = browser.get(f"/ideas/new/?from={said.pk}").content.decode()
    assert "&gt; The queue is long &amp; slow" in form
    answer = browser.post(
        "/ideas/new/", {"room": room.pk, "title": "Shorter", "body": "> queue", "source": said.pk, "concern": "service"}
    )  # fmt: skip
    idea = Idea.objects.get()
    assert answer.url == idea.url and idea.source == said and idea.concern == "service"
    assert f'href="/e/{said.pk}/"' in browser.get(idea.url).content.decode()


def test_words_from_a_closed_space_come_to_others_only_when_that_was_thought_of(cast: Cast) -> None:
    room = room_in(cast)
    said = entries.publish_post(by=house(cast.bo), space=cast.closed, title="Plan", body="Between us")
    browser = signed_in(cast.bo)
    form = browser.get(f"/ideas/new/?from={said.pk}&room={room.pk}").content.decode()
    assert "Other people read this room" in form
    typed = {"room": room.pk, "title": "Plan it", "body": "> Between us", "source": said.pk}
    answer = browser.post("/ideas/new/", typed)
    text = answer.content.decode()
    assert answer.status_code == 422 and not Idea.objects.exists()
    assert "The words come from Board room" in text and "Between us" in text
    browser.post("/ideas/new/", typed | {"may_be_wider": "on"})
    idea = Idea.objects.get()
    # Whoever may not read the source is not shown that there is one.
    page = signed_in(cast.outsider).get(idea.url).content.decode()
    assert "Kept from" not in page and "Board room" not in page and f"/e/{said.pk}/" not in page
    assert f"/e/{said.pk}/" in browser.get(idea.url).content.decode()


def test_a_source_that_went_meanwhile_is_said_and_nothing_is_lost(cast: Cast) -> None:
    room = room_in(cast)
    said = entries.publish_post(by=house(cast.bo), space=cast.open, body="Soon gone")
    entries.remove_entry(by=house(cast.bo), entry=said)
    with pytest.raises(Refused, match="not there any more"):
        actions.propose_idea(by=house(cast.anna), room=room, title="Keep", body="x", source=said)


def test_who_may_not_read_it_gets_no_quote(cast: Cast) -> None:
    room_in(cast)
    said = entries.publish_post(by=house(cast.bo), space=cast.secret, body="Herons")
    form = signed_in(cast.outsider).get(f"/ideas/new/?from={said.pk}").content.decode()
    assert "Herons" not in form and "Heron" not in form


def test_ideas_like_it_are_shown_while_typing_and_without_a_script(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = room_in(cast)
    idea, hidden = idea_in(room, cast.bo), idea_in(room_in(cast, cast.closed), cast.bo, "Hidden one")

    def finder(viewer: object, title: str, body: str, **asked: object) -> list[Entry]:
        assert asked["kinds"] == ("idea",)
        return [idea.entry, hidden.entry] if "answer" in title else []

    monkeypatch.setattr(similar, "_finder", finder)
    browser = signed_in(cast.outsider)
    assert browser.get("/ideas/similar/?title=answer").status_code == 405  # no log has what is being typed
    part = browser.post(
        "/ideas/similar/", {"title": "answer"}, headers={"hx-request": "true"}
    ).content.decode()
    assert "Answer within a day" in part and "Hidden one" not in part
    typed = {"room": room.pk, "title": "Please answer", "body": "Mine", "look": "1"}
    looked = browser.post("/ideas/new/", typed)
    text = looked.content.decode()
    assert looked.status_code == 200 and "Answer within a day" in text and "Mine" in text
    assert Idea.objects.count() == 2
    assert "Nobody has proposed anything like it" in browser.post("/ideas/new/", typed | {"title": "Moon"}).content.decode()  # fmt: skip


def test_the_question_of_the_template_begins_a_room(cast: Cast) -> None:
    assert "customer" in TEMPLATES and len(TEMPLATES) >= 3
    browser = signed_in(cast.bo)
    page = browser.get("/ideas/rooms/new/?template=customer").content.decode()
    assert "How do we make it easier to be a customer?" in page
    begun = {"where": "new", "name": "Easier", "audience": "All", "access": "open", "days_to_decide": "30"}
    answer = browser.post(
        "/ideas/rooms/new/", begun | {"question": "How do we make it easier to be a customer?"}
    )
    room = IdeaRoom.objects.get()
    assert answer.url == room.url and room.space.responsible == cast.bo
    with translation.override("en"):
        assert str(TEMPLATES["customer"].question) == room.question


def test_the_room_is_changed_and_closed_by_who_runs_the_space(cast: Cast) -> None:
    room = room_in(cast)
    idea = idea_in(room, cast.bo)
    for member, status in ((cast.bo, 404), (cast.outsider, 404), (cast.anna, 200)):
        assert signed_in(member).get(f"{room.url}settings/").status_code == status
    said = {"question": "Otherwise?", "days_to_decide": "5", "decider": "Bo Dijkstra"}
    assert signed_in(cast.anna).post(f"{room.url}settings/", said).status_code == 302
    room.refresh_from_db()
    assert (room.question, room.decider) == ("Otherwise?", cast.bo)
    assert anew(idea, cast.bo).decider == cast.leader  # what was proposed before stays as it was
    assert signed_in(cast.anna).post(f"{room.url}closing/").status_code == 302
    assert "This room is closed" in signed_in(cast.bo).get(room.url).content.decode()
    assert signed_in(cast.anna).post(f"{room.url}closing/delete/").status_code == 302
