"""One vote each, changeable, counted honestly; and what is said with it and beside it."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.cast import Cast, house, make_cast, newcomer, signed_in
from tests.ideas.rooms import anew, idea_in, room_in
from torvet.base.rules import Forbidden, Refused
from torvet.entries import actions as entries
from torvet.entries.models import Entry, Vote
from torvet.ideas import actions
from torvet.ideas.models import Idea, IdeaRoom, Input
from torvet.people.models import Member

AT_ONCE = 20  # on CI; bench/ideas.py does it with 200


def votes(idea: Idea) -> int:
    return Entry.objects.get(pk=idea.pk).votes


@pytest.mark.django_db
def test_a_vote_is_given_once_and_taken_back(cast: Cast) -> None:
    idea = idea_in(room_in(cast), cast.bo)
    for _time in range(2):
        actions.support(by=house(cast.anna), idea=idea)
    actions.support(by=house(cast.outsider), idea=idea)
    assert votes(idea) == 2
    for _time in range(2):
        actions.take_back_support(by=house(cast.anna), idea=idea)
    assert votes(idea) == 1
    with pytest.raises(Forbidden):
        actions.support(by=house(cast.bo), idea=idea)  # it is his own


@pytest.mark.django_db
def test_a_sentence_gives_the_vote_and_stays_as_a_comment_when_it_is_taken_back(cast: Cast) -> None:
    idea = idea_in(room_in(cast), cast.bo)
    said = actions.say_why(by=house(cast.anna), idea=idea, body="I wait too")
    assert (said.kind, votes(idea)) == ("support", 1)
    with pytest.raises(Refused, match="already"):
        actions.say_why(by=house(cast.anna), idea=idea, body="And again")
    answer = signed_in(cast.anna).post(f"{idea.url}vote/delete/", follow=True)
    assert "What you wrote stands among the comments now" in answer.content.decode()
    said.refresh_from_db()
    assert (said.kind, votes(idea), said.is_removed) == ("comment", 0, False)
    assert answer.context["supports"] == [] and "I wait too" in answer.content.decode()
    actions.say_why(by=house(cast.anna), idea=idea, body="I do after all")
    assert votes(idea) == 1


@pytest.mark.django_db
def test_an_empty_sentence_gives_no_vote(cast: Cast) -> None:
    idea = idea_in(room_in(cast), cast.bo)
    answer = signed_in(cast.anna).post(f"{idea.url}support/", {"body": "  "})
    assert answer.status_code == 422 and "Write something first" in answer.content.decode()
    assert votes(idea) == 0
    answer = signed_in(cast.anna).post(f"{idea.url}input/", {"body": "Long thoughts", "sort": "rumour"})
    assert answer.status_code == 422 and "Long thoughts" in answer.content.decode()
    assert not Input.objects.exists()


@pytest.mark.django_db
def test_where_comments_are_closed_a_vote_is_given_without_words(cast: Cast) -> None:
    idea = idea_in(room_in(cast), cast.bo)
    entries.close_comments(by=house(cast.leader), entry=idea.entry, why="Enough said")
    answer = signed_in(cast.anna).post(f"{idea.url}support/", {"body": "My long sentence"})
    text = answer.content.decode()
    assert answer.status_code == 422 and "Comments are closed" in text and "My long sentence" in text
    assert votes(idea) == 0
    assert signed_in(cast.anna).post(f"{idea.url}vote/").status_code == 302 and votes(idea) == 1


@pytest.mark.django_db
def test_support_input_and_comments_stand_apart(cast: Cast) -> None:
    idea = idea_in(room_in(cast), cast.bo)
    actions.say_why(by=house(cast.anna), idea=idea, body="Sentence one")
    actions.give_input(by=house(cast.outsider), idea=idea, sort="objection", body="Sentence two")
    actions.give_input(by=house(cast.bo), idea=idea, sort="fact", body="Sentence three")
    browser = signed_in(cast.leader)
    browser.post(f"/e/{idea.pk}/comments/", {"body": "Sentence four"})
    page = browser.get(idea.url)
    assert [str(one.sort) for one in page.context["inputs"]] == ["fact", "objection"]
    comments = str(page.context["replies"].html)
    assert "Sentence four" in comments
    assert not any(f"Sentence {word}" in comments for word in ("one", "two", "three"))
    assert all(f"Sentence {word}" in page.content.decode() for word in ("one", "two", "three", "four"))
    # Under the idea comments alone are counted.
    assert page.content.decode().split('class="sum"')[1].split("</p>")[0].count("1 comment") == 1
    part = browser.get(f"/e/{idea.pk}/comments/", headers={"hx-request": "true"}).content.decode()
    assert "Sentence four" in part and "Sentence one" not in part


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["declined", "done", "merged", "closed", "ended"])
def test_an_idea_that_is_not_open_takes_no_votes(cast: Cast, how: str) -> None:
    room = room_in(cast)
    idea = idea_in(room, cast.bo)
    leif = house(cast.leader)
    actions.support(by=house(cast.outsider), idea=idea)
    if how in {"declined", "done"}:
        actions.move_idea(by=leif, idea=idea, stage="chosen")
        actions.move_idea(by=leif, idea=anew(idea, cast.bo), stage=how, reason="So")
    elif how == "merged":
        actions.merge_ideas(by=leif, idea=idea, into=idea_in(room, cast.anna, "Other"))
    elif how == "closed":
        actions.close_room(by=leif, room=room)
    else:
        IdeaRoom.objects.filter(pk=room.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    before = votes(idea)
    # The page that they loaded said otherwise: what stands now decides.
    for act in (actions.support, actions.take_back_support):
        with pytest.raises(Refused) as refused:
            act(by=house(cast.outsider), idea=idea)
        assert type(refused.value) is Refused and refused.value.reason
    for act, said in ((actions.say_why, {}), (actions.give_input, {"sort": "fact"})):
        with pytest.raises(Refused):
            act(by=house(cast.outsider), idea=idea, body="Too late", **said)
    assert votes(idea) == before
    browser = signed_in(cast.outsider)
    browser.post(f"{idea.url}vote/", headers={"referer": f"http://testserver{idea.url}"})
    text = browser.get("/ideas/").content.decode()
    assert "takes no more votes" in text or "Support that one" in text or "take no more votes" in text


@pytest.mark.django_db
def test_nobody_sees_who_voted(cast: Cast) -> None:
    idea = idea_in(room_in(cast), cast.bo)
    actions.support(by=house(cast.outsider), idea=idea)
    for member in (cast.leader, cast.bo, cast.administrator):
        browser = signed_in(member)
        pages = [browser.get(address).content.decode() for address in (idea.url, idea.room.url, "/ideas/")]
        assert not any("Ulla Udenfor" in page for page in pages)
    assert "You support it" in signed_in(cast.outsider).get(idea.url).content.decode()


@pytest.mark.django_db(transaction=True)
def test_many_votes_at_once_are_each_counted_once() -> None:
    cast = make_cast()
    idea = idea_in(room_in(cast), cast.bo)
    people = [newcomer(f"Voter {number}") for number in range(AT_ONCE)]
    barrier, wrong = threading.Barrier(AT_ONCE * 2), []

    def vote(member: Member) -> None:
        try:
            barrier.wait(20)
            actions.support(by=house(member), idea=idea)
        except Exception as error:  # told to the test
            wrong.append(error)
        finally:
            connection.close()

    # Each in two browsers at the same moment.
    threads = [threading.Thread(target=vote, args=(member,)) for member in (*people, *people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not wrong
    assert votes(idea) == Vote.objects.filter(entry=idea.pk).count() == AT_ONCE
