"""Making a space a forum, its parts, discussions, and what a thread copies from its entry."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cast import Cast, house
from tests.forum.fora import discussion, forum_in, now, question, say
from torvet.base.rules import Forbidden, Refused
from torvet.entries import actions as entries
from torvet.entries.models import Entry
from torvet.forum import actions
from torvet.forum.models import Forum, Sort, SubForum, Thread
from torvet.spaces import actions as spaces
from torvet.spaces.models import Space

pytestmark = pytest.mark.django_db


def thread(of: Thread) -> Thread:
    return Thread.objects.select_related("entry__space", "sub_forum").get(pk=of.pk)


def names(forum: Forum) -> list[str]:
    return list(SubForum.objects.filter(forum=forum).values_list("name", flat=True))


def test_a_space_that_becomes_a_forum_keeps_everything_else(cast: Cast):
    post = entries.publish_post(by=house(cast.bo), space=cast.open, body="Hello")
    forum = forum_in(cast)
    assert forum.sort == Sort.PROFESSIONAL
    actions.open_forum(by=house(cast.leader), space=cast.open, sort="social", allows_anonymous=True)
    forum.refresh_from_db()
    assert (forum.sort, forum.allows_anonymous) == (Sort.SOCIAL, True)
    assert now(post).kind == "post"
    actions.close_forum(by=house(cast.anna), forum=forum)
    assert not Forum.objects.exists()


def test_a_forum_is_opened_in_one_step(cast: Cast):
    forum = actions.open_space_with_forum(
        by=house(cast.outsider), name="Runners", purpose="Running together", audience="Who runs",
        responsible=cast.outsider, sort="social",
    )  # fmt: skip
    assert (forum.space.name, forum.sort) == ("Runners", Sort.SOCIAL)
    with pytest.raises(Refused):  # as opening a space refuses it; and then there is no space either
        actions.open_space_with_forum(
            by=house(cast.outsider), name="Nothing", purpose=" ", audience=" ", responsible=cast.outsider
        )
    assert not Space.objects.filter(name="Nothing").exists()


def test_the_parts_of_a_forum_are_named_ordered_and_removed(cast: Cast):
    forum, anna = forum_in(cast), house(cast.anna)
    tools, safety = (
        actions.add_sub_forum(by=anna, forum=forum, name=name) for name in ("Tools", "  Safety  ")
    )
    assert names(forum) == ["Tools", "Safety"]
    actions.move_sub_forum(by=anna, sub_forum=safety, up=True)
    assert names(forum) == ["Safety", "Tools"]
    actions.move_sub_forum(by=anna, sub_forum=safety, up=True)  # it is the first already
    assert names(forum) == ["Safety", "Tools"]
    actions.change_sub_forum(by=anna, sub_forum=tools, name="Machines", about="With a plug")
    began = discussion(cast.bo, cast.open, part=tools)
    actions.remove_sub_forum(by=anna, sub_forum=tools)
    assert names(forum) == ["Safety"]
    assert thread(began).sub_forum is None


@pytest.mark.parametrize("name", ["", "   ", "tools", "Tools "])
def test_a_part_needs_a_name_of_its_own(cast: Cast, name: str):
    forum = forum_in(cast)
    actions.add_sub_forum(by=house(cast.anna), forum=forum, name="Tools")
    with pytest.raises(Refused):
        actions.add_sub_forum(by=house(cast.anna), forum=forum, name=name)
    assert names(forum) == ["Tools"]


def test_a_forum_has_forty_parts_at_most(cast: Cast):
    forum = forum_in(cast)
    SubForum.objects.bulk_create(SubForum(forum=forum, name=f"Part {n}", place=n) for n in range(40))
    with pytest.raises(Refused):
        actions.add_sub_forum(by=house(cast.anna), forum=forum, name="One more")


def test_whoever_does_not_run_the_space_sets_nothing_up(cast: Cast):
    forum = forum_in(cast)
    part = actions.add_sub_forum(by=house(cast.anna), forum=forum, name="Tools")
    bo = house(cast.bo)
    for act in (
        lambda: actions.open_forum(by=bo, space=cast.open),
        lambda: actions.close_forum(by=bo, forum=forum),
        lambda: actions.add_sub_forum(by=bo, forum=forum, name="Mine"),
        lambda: actions.change_sub_forum(by=bo, sub_forum=part, name="Mine"),
        lambda: actions.order_sub_fora(by=bo, forum=forum, order=[part.pk]),
        lambda: actions.remove_sub_forum(by=bo, sub_forum=part),
    ):
        with pytest.raises(Forbidden):
            act()
    assert names(forum) == ["Tools"]


@pytest.mark.parametrize("title", ["", "  ", "\x00"])
def test_a_discussion_has_a_title(cast: Cast, title: str):
    with pytest.raises(Refused):
        discussion(cast.bo, cast.open, title=title)
    assert not Thread.objects.exists()


def test_a_discussion_does_not_stand_in_a_part_of_another_forum(cast: Cast):
    part = actions.add_sub_forum(by=house(cast.anna), forum=forum_in(cast, cast.closed), name="Minutes")
    with pytest.raises(Refused):
        discussion(cast.bo, cast.open, part=part)
    began = discussion(cast.bo, cast.open)
    with pytest.raises(Refused):
        actions.put_into_sub_forum(by=house(cast.anna), thread=thread(began), sub_forum=part)


def test_solved_is_marked_and_taken_back_and_shown_on_the_card(cast: Cast):
    began = discussion(cast.bo, cast.open)
    revision = now(began).revision
    actions.mark_solved(by=house(cast.bo), thread=thread(began))
    actions.mark_solved(by=house(cast.anna), thread=thread(began))  # twice changes nothing
    assert thread(began).is_solved
    assert now(began).revision == revision + 1
    actions.take_back_solved(by=house(cast.anna), thread=thread(began))
    assert not thread(began).is_solved
    with pytest.raises(Forbidden):
        actions.mark_solved(by=house(cast.outsider), thread=thread(began))


def test_a_thread_is_put_into_another_part(cast: Cast):
    part = actions.add_sub_forum(by=house(cast.anna), forum=forum_in(cast), name="Tools")
    began = discussion(cast.bo, cast.open)
    actions.put_into_sub_forum(by=house(cast.bo), thread=thread(began), sub_forum=part)
    assert thread(began).sub_forum == part
    actions.put_into_sub_forum(by=house(cast.anna), thread=thread(began), sub_forum=None)
    assert thread(began).sub_forum is None


def test_what_a_thread_copies_from_its_entry_stays_true(cast: Cast):
    began = discussion(cast.bo, cast.open)
    own = say(cast.bo, began.entry, "And I forgot to say")
    assert thread(began).answered_at is None  # by oneself is no answer
    reply = say(cast.leader, began.entry)
    assert thread(began).answered_at == reply.published_at
    assert thread(began).active_at == now(began).active_at > own.published_at
    entries.remove_entry(by=house(cast.leader), entry=now(reply))
    assert thread(began).answered_at is None
    entries.restore_entry(by=house(cast.leader), entry=now(reply))
    assert thread(began).answered_at == reply.published_at
    entries.remove_entry(by=house(cast.bo), entry=now(began))
    assert thread(began).removed_at
    entries.restore_entry(by=house(cast.bo), entry=now(began))
    assert thread(began).removed_at is None


def test_only_an_answer_answers_a_question(cast: Cast):
    asked = question(cast.bo, cast.open)
    say(cast.leader, asked.entry, "How thin is it?")
    assert thread(asked).answered_at is None
    answer = say(cast.leader, asked.entry, "With care", kind="answer")
    assert thread(asked).answered_at == answer.published_at


def test_an_import_brings_threads_with_their_copies_and_is_asked_what_it_brings(cast: Cast):
    by = house(cast.administrator)
    at = timezone.now() - timedelta(days=400)
    entry = Entry.objects.create(
        kind="question", space=cast.closed, author=cast.bo, title="Old", body="<p>x</p>", text="x",
        published_at=at, active_at=at,
    )  # fmt: skip
    answer = Entry.objects.create(
        kind="answer", space=cast.closed, author=cast.bo, root=entry, reply_to=entry, published_at=at
    )
    part = actions.add_sub_forum(by=house(cast.anna), forum=forum_in(cast, cast.closed), name="Old ones")
    elsewhere = actions.add_sub_forum(by=house(cast.anna), forum=forum_in(cast), name="Others")
    actions.keep_threads(by=by, threads=[Thread(entry=entry, sub_forum=part, accepted=answer)])
    row = Thread.objects.get(pk=entry.pk)
    assert (row.space_id, row.published_at, row.active_at) == (cast.closed.pk, at, at)
    row.sub_forum = elsewhere
    with pytest.raises(Refused):
        actions.change_threads(by=by, threads=[row], columns=["sub_forum"])
    row.sub_forum = part
    row.accepted = now(discussion(cast.bo, cast.open))
    with pytest.raises(Refused):
        actions.change_threads(by=by, threads=[row], columns=["accepted"])
    with pytest.raises(Refused):
        actions.keep_threads(by=by, threads=[Thread(entry=answer)])
    with pytest.raises(Forbidden):
        actions.keep_threads(by=house(cast.bo), threads=[])
    with pytest.raises(Forbidden):
        actions.change_threads(by=by, threads=[], columns=["key_digest"])


def test_an_archived_space_keeps_its_forum_as_it_is(cast: Cast):
    forum = forum_in(cast)
    spaces.archive_space(by=house(cast.leader), space=cast.open)
    forum = Forum.objects.select_related("space").get(pk=forum.pk)
    with pytest.raises(Forbidden):
        actions.add_sub_forum(by=house(cast.anna), forum=forum, name="Late")
