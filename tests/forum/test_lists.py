"""The lists: what stands in each and in which order, whom they show what, and what they cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import Cast, house, newcomer, signed_in, viewer_of
from tests.forum.fora import discussion, drain, forum_in, now, question, say
from torvet.base.pages import BadCursor
from torvet.entries import actions as entries
from torvet.entries.models import Entry, Topic
from torvet.forum import actions
from torvet.forum.actions.keep import keep_true
from torvet.forum.models import Forum, SubForum, Thread
from torvet.forum.queries import answers, fora, threads
from torvet.forum.queries.threads import ACTIVE, NEW, UNANSWERED, Subject
from torvet.notifications.models import Notification, Told
from torvet.spaces import actions as spaces
from torvet.spaces.models import Space

pytestmark = pytest.mark.django_db


def titles(who, which: str, subject: Subject | None = None, **how) -> list[str]:
    page = threads.listed(viewer_of(who), which, subject or Subject(), **how)
    return [thread.entry.title for thread in page.things]


def test_active_new_and_unanswered_each_in_its_order(cast: Cast):
    for title in ("First", "Second", "Third"):
        discussion(cast.bo, cast.open, title)
    asked = question(cast.bo, cast.open, "Fourth")
    first = Thread.objects.get(entry__title="First")
    say(cast.leader, first.entry)
    say(cast.bo, Thread.objects.get(entry__title="Second").entry, "By myself")
    actions.mark_solved(by=house(cast.bo), thread=threads.get_visible(viewer_of(cast.bo), first.pk))
    say(cast.leader, asked.entry, "How?")
    assert titles(cast.outsider, ACTIVE) == ["Fourth", "Second", "First", "Third"]
    assert titles(cast.outsider, NEW) == ["Fourth", "Third", "Second", "First"]
    assert titles(cast.outsider, UNANSWERED) == ["Second", "Third", "Fourth"]
    entries.close_comments(by=house(cast.bo), entry=now(asked), why="Done")
    entries.remove_entry(by=house(cast.bo), entry=now(Thread.objects.get(entry__title="Third")))
    assert titles(cast.outsider, UNANSWERED) == ["Second"]
    assert titles(cast.outsider, NEW) == ["Fourth", "Second", "First"]
    spaces.archive_space(by=house(cast.leader), space=cast.open)
    assert titles(cast.outsider, UNANSWERED) == []


def test_lists_are_narrowed_by_forum_part_and_topic(cast: Cast):
    part = actions.add_sub_forum(by=house(cast.anna), forum=forum_in(cast), name="Tools")
    discussion(cast.bo, cast.open, "Here", "#steel")
    discussion(cast.bo, cast.open, "In the part", "#steel #wood", part=part)
    discussion(cast.bo, cast.closed, "Elsewhere", "#wood")
    wood = Topic.objects.get(name="wood")
    for which in (ACTIVE, NEW):
        assert titles(cast.bo, which) == ["Elsewhere", "In the part", "Here"]
        assert titles(cast.bo, which, Subject(space=cast.open)) == ["In the part", "Here"]
        assert titles(cast.bo, which, Subject(cast.open, part)) == ["In the part"]
        assert titles(cast.bo, which, Subject(topic=wood)) == ["Elsewhere", "In the part"]
        assert titles(cast.outsider, which, Subject(topic=wood)) == ["In the part"]
    labels = [topic.label for topic in threads.recent_topics(viewer_of(cast.outsider), Subject())]
    assert labels[0] == "steel"
    assert sorted(labels) == ["steel", "wood"]


@pytest.mark.parametrize("which", [ACTIVE, NEW, UNANSWERED])
def test_pages_hold_everything_once_whatever_is_moved_meanwhile(cast: Cast, which: str):
    made = {discussion(cast.bo, cast.open, f"Talk {number}").pk for number in range(7)}
    viewer, seen, after = viewer_of(cast.outsider), [], None
    while True:
        page = threads.listed(viewer, which, Subject(), after, size=3)
        seen += [thread.pk for thread in page.things]
        after = page.next
        if after is None:
            break
    assert len(seen) == 7
    assert set(seen) == made
    with pytest.raises(BadCursor):
        threads.listed(viewer, which, Subject(), "W10")


def test_a_guest_of_several_spaces_reads_them_as_one_list(cast: Cast):
    other = spaces.open_space(
        by=house(cast.anna), name="Suppliers", purpose="x", audience="x", responsible=cast.anna, access="closed",
        has_guests=True,
    )  # fmt: skip
    spaces.accept_invitation(
        by=house(cast.guest),
        invitation=spaces.invite_member(by=house(cast.anna), space=other, member=cast.guest),
    )
    for number in range(7):
        discussion(cast.anna, other if number % 3 else cast.guests, f"Talk {number}")
    discussion(cast.anna, cast.open, "Hidden")
    viewer = viewer_of(cast.guest)
    for which, wanted in ((NEW, range(6, -1, -1)), (UNANSWERED, range(7))):
        seen, after = [], None
        while not seen or after:
            page = threads.listed(viewer, which, Subject(), after, size=2)
            seen += [thread.entry.title for thread in page.things]
            after = page.next
        assert seen == [f"Talk {number}" for number in wanted]


def test_everybody_sees_what_they_may_read_and_nothing_else(cast: Cast):
    for name, space in cast.spaces.items():
        forum_in(cast, space, by=cast.bo if name == "secret" else cast.anna)
        discussion(cast.bo, space, name)
    sees = {
        "administrator": {"open"}, "anna": {"open", "closed", "secret", "guests"}, "outsider": {"open"},
        "guest": {"guests"}, "removed": {"open"}, "deactivated": set(),
    }  # fmt: skip
    for who, wanted in sees.items():
        for which in (ACTIVE, NEW, UNANSWERED):
            assert set(titles(cast.people[who], which)) == wanted, (who, which)
        viewer = viewer_of(cast.people[who])
        shelves = fora.shelves(viewer).things
        assert {shelf.newest.title for shelf in shelves} == wanted
        assert {pk for pk, _name in fora.readable_fora(viewer)} == {cast.spaces[name].pk for name in wanted}


def statements(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


BUDGETS = {
    "/forum/": 13,
    "/forum/threads/": 14,
    "/forum/threads/?list=unanswered&topic=t1": 15,
    "/spaces/{open}/forum/": 17,
    "/spaces/{open}/forum/?list=new": 17,
    "/forum/answers/": 14,
}


def test_lists_cost_the_same_however_long(cast: Cast):
    forum = forum_in(cast)
    part = actions.add_sub_forum(by=house(cast.anna), forum=forum, name="Tools")
    discussion(cast.bo, cast.open, "One #t1", "#t1", part=part)
    say(cast.leader, question(cast.bo, cast.open, "What #t1").entry, kind="answer")
    client = signed_in(cast.bo)

    def costs() -> dict[str, int]:
        return {address: statements(client, address.format(open=cast.open.pk)) for address in BUDGETS}

    few = costs()
    for number in range(12):
        who = newcomer(f"Ny {number}")
        entry = discussion(who, cast.open, f"Talk {number}", f"#t{number}", part=part).entry
        say(cast.leader, entry)
        say(cast.leader, question(who, cast.open, f"What {number}").entry, kind="answer")
        if number < 4:
            entries.pin(by=house(cast.anna), entry=now(entry))
        space = spaces.open_space(
            by=house(who), name=f"Space {number}", purpose="x", audience="x", responsible=who
        )
        discussion(who, actions.open_forum(by=house(who), space=space, sort="social").space)
    many = costs()
    for address, budget in BUDGETS.items():
        assert many[address] <= few[address] + 2, address
        assert many[address] <= budget, address


ODD = {
    "/forum/threads/?list=odd": 404, "/forum/threads/?after=odd": 404, "/forum/?after=W10": 404,
    "/forum/threads/?space=99999999999999999999": 200, "/forum/threads/?space=-1&topic=%00": 200,
    "/spaces/{open}/forum/?sub=77": 404, "/spaces/{open}/forum/?sub=x": 404, "/spaces/{closed}/forum/": 404,
    "/spaces/{open}/forum/settings/": 404, "/spaces/{open}/forum/new/?sub=77": 200,
    "/threads/99/split/": 404, "/threads/99/merge/": 404, "/threads/99/place/": 404,
}  # fmt: skip


def test_odd_addresses_are_answered_plainly(cast: Cast):
    forum_in(cast)
    forum_in(cast, cast.closed)
    client = signed_in(cast.outsider)
    for address, status in ODD.items():
        answer = client.get(address.format(open=cast.open.pk, closed=cast.closed.pk))
        assert answer.status_code == status, address


# Time to answer


def test_odd_words_find_no_thread_to_merge_with(cast: Cast):
    thread = discussion(cast.bo, cast.open)
    address = f"/threads/{thread.pk}/merge/"
    for words in ("%00", "%ud800", "%25_", "x" * 500):
        assert signed_in(cast.anna).get(f"{address}?q={words}").status_code == 200


def answered_questions(
    cast: Cast,
    number: int,
    *,
    askers: int = 5,
    answerers: int = 5,
    waits: int = 2,
    space: Space | None = None,
) -> None:
    """Questions asked in the open, each answered after so many hours; by people who are made for it."""
    people = [newcomer(f"P{n} Person") for n in range(askers + answerers)]
    for n in range(number):
        asked = question(people[n % askers], space or cast.open, f"Q{n}")
        answer = say(people[askers + n % answerers], asked.entry, "So", kind="answer")
        at = timezone.now() - timedelta(days=3)
        Entry.objects.filter(pk=asked.pk).update(published_at=at)
        Entry.objects.filter(pk=answer.pk).update(published_at=at + timedelta(hours=waits))
        keep_true([asked.pk])


def test_the_figures_cost_the_same_for_one_subject_and_for_many(cast: Cast):
    part = actions.add_sub_forum(by=house(cast.anna), forum=forum_in(cast), name="Tools")
    answered_questions(cast, 6)
    client = signed_in(cast.outsider)
    few = statements(client, "/forum/answers/")
    for number in range(3):
        space = spaces.open_space(
            by=house(cast.bo), name=f"Space {number}", purpose="x", audience="x", responsible=cast.bo
        )
        answered_questions(cast, 6, space=space)
    Thread.objects.filter(space=cast.open).update(sub_forum=part)
    page = client.get("/forum/answers/").content.decode()
    assert all(name in page for name in ("Space 0", "Space 2", "Town square", "Tools"))
    assert statements(client, "/forum/answers/") <= few + 1


def test_a_figure_says_how_long_questions_waited(cast: Cast):
    answered_questions(cast, 6, waits=3)
    answered_questions(cast, 3, waits=60)
    question(cast.bo, cast.open, "Still waits")
    line = answers.figures(viewer_of(cast.outsider)).everything
    assert line is not None
    assert (line.questions, line.within_a_day, line.within_a_week) == (10, 60, 90)
    assert line.median == timedelta(hours=3)
    assert answers.figures(viewer_of(cast.guest)).everything is None
    assert "3 hours" in signed_in(cast.outsider).get("/forum/answers/").content.decode()


@pytest.mark.parametrize(
    ("number", "askers", "answerers"), [(4, 4, 4), (9, 1, 6), (9, 6, 1), (9, 2, 6), (9, 6, 2)]
)
def test_no_figure_speaks_of_one_person(cast: Cast, number: int, askers: int, answerers: int):
    answered_questions(cast, number, askers=askers, answerers=answerers)
    found = answers.figures(viewer_of(cast.outsider))
    assert (found.everything, found.spaces) == (None, [])


def test_neither_who_answers_themselves_nor_nobody_makes_a_group(cast: Cast):
    """Three asked and three answered, but of each three one is counted as what they are not."""
    answered_questions(cast, 9, askers=3, answerers=2)
    asked = Thread.objects.select_related("entry__author").latest("pk")
    own = say(asked.entry.author, asked.entry, "I found it", kind="answer")
    assert answers.figures(viewer_of(cast.outsider)).everything is None
    entries.remove_entry(by=house(asked.entry.author), entry=now(own))
    say(newcomer("Third Answers"), asked.entry, "So", kind="answer")
    assert answers.figures(viewer_of(cast.outsider)).everything is not None
    Thread.objects.filter(entry__author=asked.entry.author).update(key_digest="x")
    assert answers.figures(viewer_of(cast.outsider)).everything is None


def test_what_mostly_waits_has_no_median(cast: Cast):
    answered_questions(cast, 5)
    for number in range(6):
        question(cast.people["bo" if number % 2 else "anna"], cast.open, f"Waits {number}")
    line = answers.figures(viewer_of(cast.outsider)).everything
    assert line is not None
    assert line.median is None


# The weekly list


def test_those_who_run_a_forum_are_told_once_a_week_what_waits(cast: Cast, monkeypatch):
    forum_in(cast)
    drain()
    began = discussion(cast.bo, cast.open)
    assert actions.list_unanswered() == 0  # it was written today
    long_ago = timezone.now() - timedelta(days=2)
    Thread.objects.filter(pk=began.pk).update(published_at=long_ago)
    assert actions.list_unanswered() == 1
    assert actions.list_unanswered() == 0
    drain()
    rows = Notification.objects.filter(verb=Told.UNANSWERED)
    assert set(rows.values_list("member_id", flat=True)) == {cast.leader.pk, cast.anna.pk}
    page = signed_in(cast.anna).get("/told/").content.decode()
    assert "what still waits for an answer in" in page
    shown = signed_in(cast.anna).get(f"/told/{rows.get(member=cast.anna).pk}/")
    assert shown["Location"] == f"/spaces/{cast.open.pk}/forum/?list=unanswered"
    Forum.objects.update(listed_at=timezone.now() - timedelta(days=7))
    assert actions.list_unanswered() == 1
    say(cast.leader, began.entry)
    Forum.objects.update(listed_at=None)
    assert actions.list_unanswered() == 0  # nothing waits any more


def test_a_page_of_settings_keeps_what_was_typed(cast: Cast):
    forum_in(cast)
    client = signed_in(cast.anna)
    address = f"/spaces/{cast.open.pk}/forum/"
    answer = client.post(f"{address}parts/", {"name": "", "about": "With a plug"})
    assert answer.status_code == 422
    assert "With a plug" in answer.content.decode()
    assert client.post(f"{address}parts/", {"name": "Tools"}).status_code == 302
    part = SubForum.objects.get()
    answer = client.post(f"{address}new/", {"title": "", "body": "Long words", "sub_forum": part.pk})
    assert answer.status_code == 422
    assert "Long words" in answer.content.decode()
    answer = client.post(f"{address}new/", {"title": "Kept", "body": "Long words", "sub_forum": 987654})
    assert answer.status_code == 422
    assert "Kept" in answer.content.decode()
    assert (
        client.post(f"{address}new/", {"title": "Kept", "body": "x", "sub_forum": part.pk}).status_code == 302
    )
    thread = Thread.objects.get()
    reply = say(cast.bo, thread.entry)
    answer = client.post(f"/threads/{thread.pk}/split/", {"title": "", "replies": reply.pk})
    assert answer.status_code == 422
    assert f'value="{reply.pk}" checked' in answer.content.decode()
    for sent in ({}, {"address": "nonsense"}, {"into": "987654"}, {"into": thread.pk}):
        answer = client.post(f"/threads/{thread.pk}/merge/", sent)
        assert answer.status_code == 422, sent
        assert "data-errors" in answer.content.decode()
