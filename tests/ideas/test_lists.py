"""The board, the list, the overview and the table: what stands in them, in which order, and what they cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast, house, signed_in
from tests.ideas.rooms import anew, idea_in, room_in
from torvet.entries import actions as entries
from torvet.ideas import actions
from torvet.ideas.models import Idea, IdeaRoom
from torvet.ideas.queries import board
from torvet.people.models import Member

pytestmark = pytest.mark.django_db


def titles(page: object) -> list[str]:
    return [line.idea.entry.title for line in page.context["lines"]]


def test_the_board_shows_each_stage_with_the_most_supported_first(cast: Cast) -> None:
    room = room_in(cast)
    few, many, chosen, gone = (idea_in(room, cast.bo, word) for word in ("Few", "Many", "Chosen one", "Gone"))
    actions.support(by=house(cast.anna), idea=many)
    actions.move_idea(by=house(cast.leader), idea=chosen, stage="chosen")
    entries.remove_entry(by=house(cast.bo), entry=gone.entry)
    columns = {column.stage: column for column in signed_in(cast.anna).get(room.url).context["columns"]}
    assert [line.idea.pk for line in columns["heard"].lines] == [many.pk, few.pk]
    assert [line.is_supported for line in columns["heard"].lines] == [True, False]
    assert (columns["heard"].number, columns["chosen"].number, columns["done"].number) == (2, 1, 0)


def test_a_long_column_says_how_many_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "IN_COLUMN", 2)
    room = room_in(cast)
    for number in range(5):
        idea_in(room, cast.bo, f"Idea {number}")
    page = signed_in(cast.anna).get(room.url)
    assert page.context["columns"][0].further == 3 and "3 more" in page.content.decode()


def test_the_list_sorts_filters_and_goes_on(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    room = room_in(cast)
    first, second, third = (idea_in(room, by, word) for by, word in ((cast.bo, "First"), (cast.anna, "Second"), (cast.bo, "Third")))  # fmt: skip
    actions.support(by=house(cast.outsider), idea=first)
    actions.name_decider(
        by=house(cast.leader),
        idea=second,
        decider=cast.bo,
        decide_by=timezone.localdate() + timedelta(days=1),
    )
    actions.move_idea(by=house(cast.leader), idea=third, stage="chosen")
    browser = signed_in(cast.bo)

    def shown(asked: str) -> list[str]:
        return titles(browser.get(f"{room.url}?view=list&{asked}"))

    assert shown("") == ["First", "Third", "Second"]
    assert shown("order=newest") == ["Third", "Second", "First"]
    assert shown("order=soonest") == ["Second", "First"]
    assert shown("show=mine&order=newest") == ["Third", "First"]
    assert shown("show=deciding") == ["Second"]
    assert shown("stage=chosen") == ["Third"]
    assert shown("show=nonsense&stage=nonsense&order=nonsense") == ["First", "Third", "Second"]
    assert titles(signed_in(cast.outsider).get(f"{room.url}?view=list&show=supported")) == ["First"]
    monkeypatch.setattr(board, "IN_LIST", 2)
    monkeypatch.setattr(board.in_list, "__defaults__", (None, 2))
    for order in board.ORDERS:
        page = browser.get(f"{room.url}?view=list&order={order}&show=")
        seen = titles(page)
        while page.context["next_url"]:
            page = browser.get(room.url + page.context["next_url"])
            seen += titles(page)
        assert len(seen) == len(set(seen)) == (2 if order == "soonest" else 3)
    assert browser.get(f"{room.url}?view=list&after=nonsense").status_code == 404


def test_the_overview_shows_what_one_may_read(cast: Cast) -> None:
    room, closed = room_in(cast), room_in(cast, cast.closed, question="Behind the door?")
    done, hidden = idea_in(room, cast.bo, "Done one"), idea_in(closed, cast.bo, "Hidden one")
    for idea, by in ((done, cast.leader), (hidden, cast.anna)):
        actions.move_idea(by=house(by), idea=idea, stage="chosen", reason="Because")
    page = signed_in(cast.outsider).get("/ideas/").content.decode()
    assert (
        "Done one" in page
        and "Because" in page
        and "Hidden one" not in page
        and "Behind the door" not in page
    )
    assert "Hidden one" in signed_in(cast.bo).get("/ideas/").content.decode()
    actions.move_idea(by=house(cast.leader), idea=anew(done, cast.bo), stage="done")
    page = signed_in(cast.outsider).get("/ideas/")
    assert [change.idea_id for change in page.context["carried_out"]] == [done.pk] and not page.context[
        "decided"
    ]
    assert [(line.ideas, line.waiting) for line in page.context["rooms"]] == [(1, 0)]


def test_an_idea_that_is_done_stands_with_what_was_done_about_what_people_said(cast: Cast) -> None:
    def page(member: Member) -> str:
        return signed_in(member).get("/outcomes/").content.decode()

    room, inner = room_in(cast), room_in(cast, cast.closed)
    done, declined = idea_in(room, cast.bo, "Shorter queues"), idea_in(room, cast.bo, "Longer queues")
    hidden = idea_in(inner, cast.bo, "Quiet queues")
    for idea, by in ((done, cast.leader), (hidden, cast.anna)):
        actions.move_idea(by=house(by), idea=idea, stage="chosen")
        actions.move_idea(by=house(by), idea=anew(idea, cast.bo), stage="done", reason=f"Why {idea.pk}")
    actions.move_idea(by=house(cast.leader), idea=declined, stage="declined", reason="No")
    text = page(cast.outsider)
    assert "Shorter queues" in text and f"Why {done.pk}" in text
    assert not any(words in text for words in ("Longer queues", "Quiet queues", f"Why {hidden.pk}"))
    text = page(cast.anna)
    assert text.index("Quiet queues") < text.index("Shorter queues")  # the newest first
    entries.remove_entry(by=house(cast.bo), entry=anew(done, cast.bo).entry)
    assert "Shorter queues" not in page(cast.outsider)


def test_a_guest_sees_the_rooms_of_their_own_space_alone(cast: Cast) -> None:
    open_room, guests = (
        room_in(cast),
        room_in(cast, cast.guests, by=cast.anna, question="What do customers want?"),
    )
    idea = idea_in(guests, cast.guest, "From outside")
    browser = signed_in(cast.guest)
    page = browser.get("/ideas/").content.decode()
    assert "What do customers want?" in page and open_room.question not in page
    assert browser.get(idea.url).status_code == 200 and browser.get(open_room.url).status_code == 404
    assert browser.get("/ideas/rooms/new/").status_code in {403, 404}


def test_the_tab_stands_where_there_is_a_room(cast: Cast) -> None:
    room = room_in(cast)
    assert room.url in signed_in(cast.bo).get(cast.open.url).content.decode()
    assert f"/spaces/{cast.closed.pk}/ideas/" not in signed_in(cast.bo).get(cast.closed.url).content.decode()


def test_the_table_names_no_voter_and_is_for_those_who_run_it(cast: Cast) -> None:
    room = room_in(cast)
    idea, other = idea_in(room, cast.bo, "=HYPERLINK(1)"), idea_in(room, cast.bo, "Other")
    actions.support(by=house(cast.outsider), idea=idea)
    actions.merge_ideas(by=house(cast.leader), idea=other, into=anew(idea, cast.bo))
    for member in (cast.bo, cast.outsider):
        assert signed_in(member).get(f"{room.url}export.csv").status_code == 404
    answer = signed_in(cast.leader).get(f"{room.url}export.csv")
    table = b"".join(answer.streaming_content).decode()
    assert "'=HYPERLINK(1)" in table and "Ulla" not in table and "Bo Dijkstra" in table
    assert len(table.strip().splitlines()) == 3


def fill(cast: Cast, room: IdeaRoom, number: int) -> None:
    for one in range(number):
        idea = idea_in(room, cast.bo, f"Idea {room.ideas.count()} {one}")
        actions.say_why(by=house(cast.anna), idea=idea, body="Yes")
        actions.give_input(by=house(cast.anna), idea=idea, sort="fact", body="So it is")


@pytest.mark.parametrize(
    ("address", "most"),
    [("/ideas/", 17), ("/ideas/overdue/", 10), ("{room}", 16), ("{room}?view=list", 16), ("{idea}", 32)],
)
def test_lists_cost_the_same_however_long(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries, address: str, most: int
) -> None:
    room = room_in(cast)
    fill(cast, room, 2)
    asked = address.format(room=room.url, idea=f"/ideas/{Idea.objects.latest('pk').pk}/")
    browser = signed_in(Member.objects.get(pk=cast.outsider.pk))
    Idea.objects.update(decide_by=timezone.localdate() - timedelta(days=1))
    browser.get(asked)
    with django_assert_max_num_queries(most) as few:
        browser.get(asked)
    fill(cast, room, 6)
    Idea.objects.update(decide_by=timezone.localdate() - timedelta(days=1))
    browser.get(asked)
    with django_assert_max_num_queries(most) as many:
        assert browser.get(asked).status_code == 200
    assert len(few.captured_queries) == len(many.captured_queries)
