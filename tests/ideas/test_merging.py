"""Two ideas that are one: with their supporters, in no circle, and apart again."""

from __future__ import annotations

import pytest

from tests.cast import Cast, house, make_cast, newcomer, signed_in
from tests.ideas.rooms import anew, at_once, idea_in, room_in
from torvet.base.rules import Forbidden, Refused
from torvet.entries import actions as entries
from torvet.entries.models import Entry, Vote
from torvet.ideas import actions
from torvet.ideas.models import Idea, Merge
from torvet.ideas.queries.one import end_of
from torvet.people.models import Member
from torvet.spaces import actions as spaces
from torvet.spaces.models import Space


def votes(idea: Idea) -> int:
    return Entry.objects.get(pk=idea.pk).votes


def supporters(idea: Idea) -> set[int]:
    return set(Vote.objects.filter(entry=idea.pk).values_list("member_id", flat=True))


@pytest.mark.django_db
def test_supporters_come_along_and_nobody_counts_twice(cast: Cast) -> None:
    room = room_in(cast)
    stays, goes = idea_in(room, cast.bo, "Stays"), idea_in(room, cast.anna, "Goes")
    actions.support(by=house(cast.outsider), idea=stays)
    for member in (cast.outsider, cast.bo, cast.administrator):
        actions.support(by=house(member), idea=goes)
    end = actions.merge_ideas(by=house(cast.leader), idea=goes, into=stays)
    assert end.pk == stays.pk
    # Anna proposed the one that goes, so she supports the other; Bo proposed that one himself.
    assert supporters(stays) == {cast.outsider.pk, cast.administrator.pk, cast.anna.pk}
    assert votes(stays) == 3
    assert supporters(goes) == {cast.outsider.pk, cast.bo.pk, cast.administrator.pk}


@pytest.mark.django_db
def test_its_page_leads_on_and_keeps_what_was_said(cast: Cast) -> None:
    room = room_in(cast)
    stays, goes = idea_in(room, cast.bo, "Stays here"), idea_in(room, cast.anna, "Goes there")
    actions.say_why(by=house(cast.outsider), idea=goes, body="My reason")
    actions.give_input(by=house(cast.outsider), idea=goes, sort="fact", body="My fact")
    actions.merge_ideas(by=house(cast.leader), idea=goes, into=stays)
    browser = signed_in(cast.bo)
    page = browser.get(goes.url).content.decode()
    assert all(words in page for words in ("This idea goes on in another", stays.url, "My reason", "My fact"))
    assert "Goes there" in browser.get(stays.url).content.decode()
    board = browser.get(room.url).content.decode()
    assert "Stays here" in board and "Goes there" not in board
    assert "Goes there" not in browser.get(f"{room.url}?view=list").content.decode()


@pytest.mark.django_db
def test_apart_again_everybody_is_where_they_were(cast: Cast) -> None:
    room = room_in(cast)
    leif = house(cast.leader)
    stays, goes, third = (idea_in(room, cast.bo, word) for word in ("Stays", "Goes", "Third"))
    for idea in (goes, third):
        actions.support(by=house(cast.outsider), idea=idea)
    actions.support(by=house(cast.anna), idea=stays)
    actions.merge_ideas(by=leif, idea=goes, into=stays)
    actions.merge_ideas(by=leif, idea=third, into=anew(stays, cast.bo))
    assert votes(stays) == 2
    actions.separate_ideas(by=leif, idea=anew(goes, cast.bo))
    # Ulla supported the third as well, which is still merged.
    assert supporters(stays) == {cast.anna.pk, cast.outsider.pk} and votes(stays) == 2
    actions.separate_ideas(by=leif, idea=anew(third, cast.bo))
    assert supporters(stays) == {cast.anna.pk} and votes(stays) == 1
    assert supporters(goes) == {cast.outsider.pk} == supporters(third)
    with pytest.raises(Refused, match="by itself already"):
        actions.separate_ideas(by=leif, idea=anew(third, cast.bo))


@pytest.mark.django_db
def test_who_takes_their_vote_back_takes_it_back_from_all_of_it(cast: Cast) -> None:
    room = room_in(cast)
    leif = house(cast.leader)
    stays, goes = idea_in(room, cast.bo, "Stays"), idea_in(room, cast.bo, "Goes")
    actions.support(by=house(cast.outsider), idea=goes)
    actions.merge_ideas(by=leif, idea=goes, into=stays)
    actions.take_back_support(by=house(cast.outsider), idea=anew(stays, cast.outsider))
    assert (votes(stays), votes(goes)) == (0, 0)
    actions.separate_ideas(by=leif, idea=anew(goes, cast.bo))
    assert (votes(stays), votes(goes)) == (0, 0)


@pytest.mark.django_db
def test_a_vote_given_anew_after_a_merge_stays_when_they_are_separated(cast: Cast) -> None:
    room, ulla = room_in(cast), house(cast.outsider)
    stays, goes = idea_in(room, cast.bo, "Stays"), idea_in(room, cast.bo, "Goes")
    actions.support(by=ulla, idea=goes)
    actions.merge_ideas(by=house(cast.leader), idea=goes, into=stays)
    actions.take_back_support(by=ulla, idea=anew(stays, cast.outsider))
    actions.support(by=ulla, idea=anew(stays, cast.outsider))
    actions.separate_ideas(by=house(cast.leader), idea=anew(goes, cast.bo))
    assert (votes(stays), votes(goes)) == (1, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["removed", "kept to fewer"])
def test_what_it_went_on_in_is_named_to_who_reads_it_and_takes_it_nowhere(cast: Cast, how: str) -> None:
    far = spaces.open_space(
        by=house(cast.anna), name="Other", purpose="p", audience="a", responsible=cast.anna
    )
    room = room_in(cast)
    goes, stays = (
        idea_in(room, cast.bo, "Goes"),
        idea_in(room_in(cast, far, by=cast.anna), cast.outsider, "Stays"),
    )
    actions.support(by=house(cast.administrator), idea=goes)
    actions.merge_ideas(by=house(cast.anna), idea=goes, into=stays)
    assert "Stays" in signed_in(cast.leader).get(goes.url).content.decode()
    if how == "removed":
        entries.remove_entry(by=house(cast.outsider), entry=stays.entry)
    else:
        Space.objects.filter(pk=far.pk).update(access="closed")
    leif = signed_in(cast.leader)
    assert "Stays" not in leif.get(goes.url).content.decode()
    assert b"Stays" not in b"".join(leif.get(f"{room.url}export.csv").streaming_content)
    # Neither whoever removed theirs nor who keeps theirs to few takes an idea of others with it.
    assert signed_in(cast.outsider).post(f"{goes.url}merge/delete/").status_code == 404
    assert leif.post(f"{goes.url}merge/delete/").status_code == 302
    assert not Merge.objects.exists()
    assert supporters(goes) == {cast.administrator.pk} and votes(goes) == 1
    assert supporters(stays) == set() and votes(stays) == 0


@pytest.mark.django_db
def test_a_merged_idea_is_followed_to_its_end_and_never_in_a_circle(cast: Cast) -> None:
    room = room_in(cast)
    leif = house(cast.leader)
    one, two, three = (idea_in(room, cast.bo, word) for word in ("One", "Two", "Three"))
    with pytest.raises(Refused, match="with itself"):
        actions.merge_ideas(by=leif, idea=one, into=one)
    actions.merge_ideas(by=leif, idea=one, into=two)
    with pytest.raises(Refused, match="one already"):
        actions.merge_ideas(by=leif, idea=two, into=anew(one, cast.bo))
    actions.merge_ideas(by=leif, idea=two, into=three)
    with pytest.raises(Refused, match="one already"):
        actions.merge_ideas(by=leif, idea=three, into=anew(one, cast.bo))
    with pytest.raises(Refused, match="in another idea already"):
        actions.merge_ideas(by=leif, idea=one, into=three)
    four = idea_in(room, cast.anna, "Four")
    assert actions.merge_ideas(by=leif, idea=four, into=anew(one, cast.bo)).pk == three.pk
    assert end_of(one).pk == three.pk
    with pytest.raises(Refused, match="Separate that one first"):
        actions.separate_ideas(by=leif, idea=anew(one, cast.bo))


@pytest.mark.django_db
def test_what_is_decided_removed_or_read_by_others_is_not_merged(cast: Cast) -> None:
    room = room_in(cast)
    leif = house(cast.leader)
    one, two = idea_in(room, cast.bo, "One"), idea_in(room, cast.bo, "Two")
    actions.move_idea(by=leif, idea=two, stage="declined", reason="No")
    for pair in ((one, two), (two, one)):
        with pytest.raises(Refused, match="decided for good"):
            actions.merge_ideas(by=leif, idea=pair[0], into=pair[1])
    actions.move_idea(by=leif, idea=anew(two, cast.bo), stage="looked_at")
    entries.remove_entry(by=leif, entry=two.entry)
    with pytest.raises(Refused):
        actions.merge_ideas(by=leif, idea=one, into=two)
    assert signed_in(cast.leader).post(f"{one.url}merge/", {"into": two.pk}).status_code == 422
    anna = house(cast.anna)
    closed = idea_in(room_in(cast, cast.closed), cast.bo, "Closed")
    with pytest.raises(Refused, match="the same people read both"):
        actions.merge_ideas(by=anna, idea=closed, into=one)
    with pytest.raises(Refused, match="the same people read both"):
        actions.merge_ideas(by=anna, idea=one, into=closed)
    with pytest.raises(Forbidden):
        actions.merge_ideas(by=house(cast.outsider), idea=one, into=closed)
    assert not Merge.objects.exists()


@pytest.mark.django_db
def test_it_goes_across_rooms_that_the_same_people_read(cast: Cast) -> None:
    space = spaces.open_space(
        by=house(cast.anna), name="Other", purpose="p", audience="a", responsible=cast.anna
    )
    far = idea_in(room_in(cast, space, by=cast.anna), cast.bo, "Far")
    near = idea_in(room_in(cast), cast.outsider, "Near")
    actions.merge_ideas(by=house(cast.anna), idea=far, into=near)
    assert supporters(near) == {cast.bo.pk}


@pytest.mark.django_db
def test_the_page_to_merge_finds_by_words_and_shows_only_what_one_reads(cast: Cast) -> None:
    room = room_in(cast)
    one, two = idea_in(room, cast.bo, "Ring back"), idea_in(room, cast.bo, "Write back soon")
    idea_in(room_in(cast, cast.secret, by=cast.bo), cast.bo, "Secret back")
    assert signed_in(cast.outsider).get(f"{one.url}merge/").status_code == 404
    page = signed_in(cast.leader).get(f"{one.url}merge/?q=back")
    assert [idea.pk for idea in page.context["found"]] == [two.pk]
    answer = signed_in(cast.leader).post(f"{one.url}merge/", {"q": "back"})
    assert answer.status_code == 422 and "Choose the idea" in answer.content.decode()
    assert signed_in(cast.leader).post(f"{one.url}merge/", {"into": two.pk}).url == two.url
    assert signed_in(cast.leader).post(f"{one.url}merge/delete/").status_code == 302
    assert not Merge.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_in_opposite_directions_wait_for_each_other_and_one_is_told() -> None:
    cast = make_cast()
    room = room_in(cast)
    one, two = idea_in(room, cast.bo, "One"), idea_in(room, cast.bo, "Two")
    voters = [newcomer(f"Voter {number}") for number in range(6)]

    def merge(by: Member, idea: Idea, into: Idea):
        return lambda: actions.merge_ideas(by=house(by), idea=idea, into=into)

    def vote(member: Member):
        return lambda: actions.support(by=house(member), idea=one)

    wrong = at_once([merge(cast.leader, one, two), merge(cast.anna, two, one), *map(vote, voters)])
    assert Merge.objects.count() == 1
    # One merge is refused in words, and so are votes that came too late; nothing else went wrong.
    assert {type(error) for error in wrong} == {Refused}
    end = end_of(one)
    late = len(wrong) - 1
    assert votes(end) == len(supporters(end)) == len(voters) - late
