"""Splitting and merging: what moves, what stays true, what is refused, and two at once."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.cast import Cast, house, let_in, newcomer, viewer_of
from tests.forum.fora import discussion, drain, forum_in, now, question, say
from torvet.base.rules import Forbidden, Refused
from torvet.entries import actions as entries
from torvet.entries.models import Bookmark, Entry, EntryTopic, Mention, Revision, Topic, Vote, Watch
from torvet.entries.queries import get_visible
from torvet.forum import actions
from torvet.forum.models import Arrangement, Thread
from torvet.forum.queries import threads
from torvet.notifications.models import Notification
from torvet.search.models import Document
from torvet.spaces import actions as spaces
from torvet.spaces.models import Space

pytestmark = pytest.mark.django_db


def merge(by, source: Thread, into: Thread) -> Entry:
    return actions.merge_into(by=house(by), source=now(source), into=now(into))


def split(by, thread: Thread, *replies: Entry, title: str = "On its own") -> Thread:
    return actions.split_off(
        by=house(by), thread=now(thread), replies=[reply.pk for reply in replies], title=title
    )


def watchers(thread: Thread | Entry, *, muted: bool = False) -> set[int]:
    return set(Watch.objects.filter(thread=thread.pk, is_muted=muted).values_list("member_id", flat=True))


def test_a_merged_thread_becomes_a_comment_and_its_replies_follow(cast: Cast):
    stays = discussion(cast.leader, cast.open, "Gloves", "Which #ppe lasts?")
    goes = discussion(cast.bo, cast.open, "Which <gloves>?", f"Mine do not, @{cast.anna.handle} #gloves")
    reply = say(cast.anna, goes.entry)
    below = say(cast.outsider, reply, "Where from?")
    gone = say(cast.outsider, goes.entry, "Never mind")
    entries.remove_entry(by=house(cast.outsider), entry=now(gone))
    entries.react(by=house(cast.anna), entry=now(goes), emoji="👍")
    entries.bookmark(by=house(cast.anna), entry=now(goes))
    entries.mute(by=house(cast.anna), entry=now(stays))
    merge(cast.anna, goes, stays)
    opener = now(goes)
    assert (opener.kind, opener.title, opener.root_id, opener.reply_to_id) == (
        "comment", "", stays.pk, stays.pk,
    )  # fmt: skip
    assert opener.body.startswith("<p><strong>Which &lt;gloves&gt;?</strong></p>")
    assert opener.text.startswith("Which <gloves>?\nMine do not")
    assert Revision.objects.get(entry=opener).title == "Which <gloves>?"
    assert {now(one).root_id for one in (reply, below, gone)} == {stays.pk}
    assert now(reply).reply_to_id == goes.pk
    assert now(below).reply_to_id == reply.pk
    assert now(stays).reply_count == 3  # the opener and what stands; not what was removed
    assert now(stays).active_at == now(below).published_at
    assert opener.reactions == {"👍": 1}
    assert Bookmark.objects.get().entry_id == goes.pk
    assert Mention.objects.get(member=cast.anna).entry_id == goes.pk
    assert watchers(stays) == {cast.leader.pk, cast.bo.pk, cast.outsider.pk}
    assert watchers(stays, muted=True) == {cast.anna.pk}  # chosen for the thread that stays
    assert not Watch.objects.filter(thread=goes.pk).exists()
    assert set(EntryTopic.objects.filter(entry=stays.pk).values_list("topic__name", flat=True)) == {
        "ppe", "gloves",
    }  # fmt: skip
    assert not EntryTopic.objects.filter(entry=goes.pk).exists()
    assert not Thread.objects.filter(pk=goes.pk).exists()
    [note] = threads.notes_on(viewer_of(cast.bo), now(stays))
    assert (note.arrangement.title, note.arrangement.moved) == ("Which <gloves>?", 2)


def test_topics_that_came_with_a_merged_thread_outlast_a_new_text(cast: Cast):
    stays = discussion(cast.bo, cast.open, "Gloves", "Which #ppe lasts? #leather #winter")
    goes = discussion(cast.bo, cast.open, "Which gloves?", "Mine do not #gloves #leather")
    merge(cast.anna, goes, stays)
    say(cast.leader, stays.entry, "And #socks?")
    entries.edit_entry(
        by=house(cast.bo), entry=now(stays), body="Which last? #ppe", title="Gloves", version=1
    )

    def topics() -> set[str]:
        return set(EntryTopic.objects.filter(entry=stays.pk).values_list("topic__name", flat=True))

    assert topics() == {"ppe", "gloves", "leather"}
    entries.remove_entry(by=house(cast.bo), entry=now(goes))
    entries.edit_entry(by=house(cast.bo), entry=now(stays), body="Which #ppe?", title="Gloves", version=2)
    assert topics() == {"ppe"}


def test_the_old_address_leads_on_and_search_and_notifications_follow(cast: Cast, client):
    stays, goes = discussion(cast.leader, cast.open, "Gloves"), discussion(cast.bo, cast.open)
    say(cast.outsider, goes.entry)
    drain()
    told = Notification.objects.get(member=cast.bo, thread=goes.pk)
    merge(cast.anna, goes, stays)
    drain()
    told.refresh_from_db()
    assert told.thread_id == stays.pk
    kept = Document.objects.filter(thing_id=goes.pk, kind__in=["post", "comment"])
    assert [(row.kind, row.thread_id) for row in kept] == [("comment", stays.pk)]
    client.force_login(cast.bo)
    answer = client.get(f"/e/{goes.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/e/{stays.pk}/#c{goes.pk}")
    page = client.get(f"/e/{stays.pk}/").content.decode()
    assert "was merged into this thread" in page


def test_merging_into_itself_in_a_circle_into_what_is_gone_and_across_readers_is_refused(cast: Cast):
    one, other = discussion(cast.bo, cast.open, "One"), discussion(cast.bo, cast.open, "Other")
    third = discussion(cast.bo, cast.open, "Third")
    removed = discussion(cast.bo, cast.open, "Removed")
    entries.remove_entry(by=house(cast.bo), entry=now(removed))
    inside = discussion(cast.anna, cast.closed, "Inside")
    stale_one, stale_other = now(one), now(other)
    anna = house(cast.anna)
    refusals = []
    for source, into in ((one, one), (one, removed), (removed, one), (one, inside), (inside, one)):
        with pytest.raises(Refused) as refused:
            merge(cast.anna, source, into)
        refusals.append(refused.value.reason)
    merge(cast.anna, one, other)
    # As two people do who look at what stood before.
    for source, into in ((stale_other, stale_one), (stale_one, stale_other), (now(third), stale_one)):
        with pytest.raises(Refused) as refused:
            actions.merge_into(by=anna, source=source, into=into)
        refusals.append(refused.value.reason)
    assert all(type(reason) is str and reason.endswith(".") for reason in refusals)
    assert len(set(refusals)) == 6
    assert now(third).root_id is None
    assert now(other).reply_count == 1


def test_only_who_runs_both_places_merges(cast: Cast):
    one, other = discussion(cast.bo, cast.open, "One"), discussion(cast.bo, cast.open, "Other")
    with pytest.raises(Forbidden):
        merge(cast.bo, one, other)
    with pytest.raises(Forbidden):
        split(cast.bo, one, say(cast.bo, one.entry))


def test_across_spaces_it_moves_only_where_the_same_people_read(cast: Cast):
    def opened(name: str, access: str) -> Space:
        return spaces.open_space(
            by=house(cast.anna), name=name, purpose="x", audience="x", responsible=cast.anna, access=access
        )

    other_open, other_closed = opened("Workshop", "open"), opened("Board II", "closed")
    goes, stays = discussion(cast.anna, cast.open, "Goes #gloves"), discussion(cast.anna, other_open)
    reply = say(cast.bo, goes.entry)
    topic = discussion(cast.anna, cast.open, "Topic", "#gloves")
    merge(cast.anna, goes, stays)
    merge(cast.anna, topic, stays)
    assert {now(one).space_id for one in (goes, reply, topic)} == {other_open.pk}
    assert EntryTopic.objects.get(entry=stays.pk).space_id == other_open.pk
    cast.open.refresh_from_db()
    assert cast.open.last_published_at is None  # nothing stands there any more
    inside, there = discussion(cast.anna, cast.closed), discussion(cast.anna, other_closed)
    with pytest.raises(Refused):
        merge(cast.anna, inside, there)
    let_in(other_closed, cast.bo, by=cast.anna)  # now both are read by Anna and Bo
    merge(cast.anna, inside, there)
    assert now(inside).space_id == other_closed.pk
    with_guest = discussion(cast.anna, cast.guests)
    with pytest.raises(Refused):
        merge(cast.anna, with_guest, there)


def test_answers_stay_answers_between_questions_and_become_comments_elsewhere(cast: Cast):
    one, other = question(cast.bo, cast.open, "One"), question(cast.leader, cast.open, "Other")
    talk = discussion(cast.leader, cast.open)
    answer = say(cast.anna, one.entry, "So", kind="answer")
    aside = say(cast.anna, one.entry, "Why?")
    Vote.objects.create(entry=answer, member=cast.outsider)
    entries.count_votes(Entry.objects.get(pk=answer.pk))
    merge(cast.anna, one, other)
    assert (now(answer).kind, now(answer).reply_to_id, now(answer).votes) == ("answer", other.pk, 1)
    assert (now(aside).kind, now(aside).reply_to_id) == ("comment", one.pk)
    assert Thread.objects.get(pk=other.pk).answered_at == answer.published_at
    merge(cast.anna, other, talk)
    assert (now(answer).kind, now(answer).root_id) == ("comment", talk.pk)
    assert Vote.objects.get().entry_id == answer.pk


@pytest.mark.parametrize("same_asker", [True, False])
def test_what_was_accepted_and_confirmed_stays_where_it_is_still_true(cast: Cast, same_asker: bool):
    one = question(cast.bo, cast.open, "One")
    other = question(cast.bo if same_asker else cast.leader, cast.open, "Other")
    third = question(cast.leader, cast.open, "Third")
    answer = say(cast.anna, one.entry, "So", kind="answer")
    at = answer.published_at
    Thread.objects.filter(pk=one.pk).update(
        accepted=answer,
        accepted_at=at,
        solved_at=at,
        confirmed=answer,
        confirmed_by=cast.leader,
        confirmed_at=at,
    )
    Thread.objects.filter(pk=third.pk).update(same_as=one.pk)
    Thread.objects.filter(pk=other.pk).update(same_as=one.pk)
    merge(cast.anna, one, other)
    row = Thread.objects.get(pk=other.pk)
    assert (row.accepted_id == answer.pk) is same_asker  # nobody accepts for somebody else
    assert row.confirmed_id == answer.pk
    assert row.same_as_id is None
    assert Thread.objects.get(pk=third.pk).same_as_id == other.pk


def test_replies_become_a_discussion_with_what_was_said_to_them(cast: Cast):
    part = actions.add_sub_forum(by=house(cast.anna), forum=forum_in(cast), name="Tools")
    thread = discussion(cast.leader, cast.open, part=part)
    stays = say(cast.bo, thread.entry, "About gloves")
    first = say(cast.outsider, stays, "And #boots?")
    below = say(cast.bo, first, "Those too")
    gone = say(cast.bo, first, "Oops")
    entries.remove_entry(by=house(cast.bo), entry=now(gone))
    second = say(cast.leader, thread.entry, "Boots are dear")
    last = say(cast.bo, thread.entry, "Gloves again")
    entries.mute(by=house(cast.bo), entry=now(thread))
    made = split(cast.anna, thread, second, first, title="  Boots  ")
    opener = now(made)
    assert (opener.pk, opener.kind, opener.title, opener.root_id, opener.reply_to_id) == (
        first.pk, "discussion", "Boots", None, None,
    )  # fmt: skip
    assert opener.author == cast.outsider
    assert {now(one).root_id for one in (below, gone, second)} == {first.pk}
    assert now(below).reply_to_id == first.pk
    assert now(second).reply_to_id == first.pk
    assert (opener.reply_count, now(thread).reply_count) == (2, 2)
    assert now(thread).active_at == last.published_at
    assert opener.active_at == second.published_at
    assert made.sub_forum_id == part.pk
    assert Thread.objects.get(pk=first.pk).answered_at == below.published_at
    assert EntryTopic.objects.get(entry=first.pk).topic == Topic.objects.get(name="boots")
    assert watchers(made) == {cast.leader.pk, cast.outsider.pk, cast.anna.pk}
    assert watchers(made, muted=True) == {cast.bo.pk}
    viewer = viewer_of(cast.bo)
    [there], [here] = threads.notes_on(viewer, now(thread)), threads.notes_on(viewer, opener)
    assert (there.other.pk, there.is_here_from, there.arrangement.moved) == (first.pk, False, 3)
    assert (here.other.pk, here.is_here_from) == (thread.pk, True)


def test_splitting_needs_a_title_and_replies_that_stand(cast: Cast):
    thread, other = discussion(cast.bo, cast.open), discussion(cast.bo, cast.open)
    reply, elsewhere = say(cast.bo, thread.entry), say(cast.bo, other.entry)
    gone = say(cast.bo, thread.entry)
    entries.remove_entry(by=house(cast.bo), entry=now(gone))
    for chosen, title in (
        ([reply], " "), ([], "Title"), ([elsewhere], "Title"), ([gone], "Title"), ([thread.entry], "Title"),
    ):  # fmt: skip
        with pytest.raises(Refused):
            split(cast.anna, thread, *chosen, title=title)
    stale = now(thread)
    merge(cast.anna, thread, other)
    with pytest.raises(Refused):
        actions.split_off(by=house(cast.anna), thread=stale, replies=[reply.pk], title="Title")
    assert not Arrangement.objects.filter(how="split").exists()


def test_an_answer_that_moves_is_no_answer_any_more(cast: Cast):
    asked = question(cast.bo, cast.open)
    answer = say(cast.anna, asked.entry, "So", kind="answer")
    at = answer.published_at
    Thread.objects.filter(pk=asked.pk).update(accepted=answer, accepted_at=at, solved_at=at, confirmed=answer)
    split(cast.anna, asked, answer)
    row = Thread.objects.get(pk=asked.pk)
    assert (row.accepted, row.accepted_at, row.solved_at, row.confirmed, row.answered_at) == (None,) * 5


def test_answers_in_a_circle_from_an_import_are_no_endless_walk(cast: Cast):
    thread = discussion(cast.bo, cast.open)
    one, other = say(cast.bo, thread.entry), say(cast.bo, thread.entry)
    Entry.objects.filter(pk=one.pk).update(reply_to=other)
    Entry.objects.filter(pk=other.pk).update(reply_to=one)
    alone = say(cast.bo, thread.entry)
    split(cast.anna, thread, alone)
    assert now(one).root_id == thread.pk
    split(cast.anna, thread, one)
    assert (now(one).root_id, now(other).root_id) == (None, one.pk)


def test_who_writes_to_a_thread_that_moved_meanwhile_is_told_and_nothing_is_lost(cast: Cast):
    one, other = discussion(cast.bo, cast.open, "One"), discussion(cast.bo, cast.open, "Other")
    reply = say(cast.bo, one.entry)
    stale_opener, stale_reply = now(one), now(reply)
    merge(cast.anna, one, other)
    for on in (stale_opener, stale_reply):
        with pytest.raises(Refused) as refused:
            entries.add_comment(by=house(cast.leader), on=on, body="Late")
        assert "another thread" in refused.value.reason
    assert not Entry.objects.filter(text="Late").exists()
    say(cast.leader, now(one), "In time")  # to the opener as the comment that it is now
    assert now(other).reply_count == 3


def test_what_is_removed_and_restored_by_two_at_once_counts_once_where_it_stands(cast: Cast):
    """As two do who look at what stood before; and of what was merged meanwhile."""
    one, other = discussion(cast.bo, cast.open, "One"), discussion(cast.bo, cast.open, "Other")
    reply, by = say(cast.bo, one.entry), house(cast.anna)
    for act, left in ((entries.remove_entry, 0), (entries.restore_entry, 1)):
        for row in [now(reply), now(reply)]:  # both are read before the first acts
            act(by=by, entry=row)
        assert now(one).reply_count == left
    stale = now(reply)
    merge(cast.anna, one, other)
    entries.remove_entry(by=by, entry=stale)
    assert now(other).reply_count == 1 and now(one).reply_count == 0


def test_a_note_names_the_other_place_only_to_who_may_see_it(cast: Cast):
    thread = discussion(cast.bo, cast.open)
    made = split(cast.anna, thread, say(cast.bo, thread.entry))
    entries.remove_entry(by=house(cast.anna), entry=now(made))
    [note] = threads.notes_on(viewer_of(cast.bo), now(thread))
    assert note.other is None
    assert get_visible(viewer_of(newcomer("Nils Ny")), thread.pk) is not None


def test_a_note_says_no_title_of_what_was_removed(cast: Cast, client):
    thread, goes = discussion(cast.bo, cast.open), discussion(cast.bo, cast.open, "What I regret")
    merge(cast.anna, goes, thread)
    client.force_login(cast.leader)
    assert "What I regret" in client.get(f"/e/{thread.pk}/").content.decode()
    entries.remove_entry(by=house(cast.bo), entry=now(goes))
    page = client.get(f"/e/{thread.pk}/").content.decode()
    assert "What I regret" not in page and "Another thread was merged into this one." in page


def test_what_comes_back_is_no_more_said_to_have_left(cast: Cast):
    thread = discussion(cast.bo, cast.open)
    first, second = say(cast.bo, thread.entry), say(cast.bo, thread.entry)
    back, away = split(cast.anna, thread, first), split(cast.anna, thread, second)
    merge(cast.anna, back, thread)
    notes = threads.notes_on(viewer_of(cast.bo), now(thread))
    assert [(note.arrangement.how, note.other.pk) for note in notes] == [
        ("split", away.pk),
        ("merged", back.pk),
    ]


def test_a_merged_thread_hands_its_notes_on(cast: Cast):
    one, other, third = (discussion(cast.bo, cast.open, title) for title in ("One", "Other", "Third"))
    merge(cast.anna, one, other)
    merge(cast.anna, other, third)
    titles = [note.arrangement.title for note in threads.notes_on(viewer_of(cast.bo), now(third))]
    assert titles == ["One", "Other"]
    assert {now(pk).root_id for pk in (one, other)} == {third.pk}


def test_of_what_was_split_and_merged_again_only_the_merging_is_said_where_it_stands(cast: Cast):
    thread, stays = discussion(cast.bo, cast.open, "Began"), discussion(cast.bo, cast.open, "Stays")
    made = split(cast.anna, thread, say(cast.bo, thread.entry))
    merge(cast.anna, made, stays)
    viewer = viewer_of(cast.bo)
    assert [note.arrangement.how for note in threads.notes_on(viewer, now(stays))] == ["merged"]
    [note] = threads.notes_on(viewer, now(thread))
    assert note.other.pk == made.pk  # its address leads on


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_the_same_two_at_once_leave_one_thread(cast: Cast):
    from concurrent.futures import ThreadPoolExecutor

    one, other = discussion(cast.bo, cast.open, "One"), discussion(cast.bo, cast.open, "Other")
    pair = (now(one), now(other))

    def act(turned: bool) -> str:
        source, into = pair[::-1] if turned else pair
        try:
            actions.merge_into(by=house(cast.anna), source=source, into=into)
        except Refused as refused:
            return refused.reason
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(act, [False, True]))
    assert sorted(map(bool, said)) == [False, True]
    roots = [now(pk).root_id for pk in (one, other)]
    assert sorted(root is None for root in roots) == [False, True]
    assert Thread.objects.count() == 1
