"""Asking, answering, voting, accepting and confirming; what stays true when answers go and come back."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, house, signed_in, viewer_of
from tests.forum.making import answer, ask, reread, seen
from torvet.activity import outbox
from torvet.base.rules import Forbidden, Refused
from torvet.entries import actions as entries
from torvet.entries import similar as likeness
from torvet.entries.models import Entry, Vote
from torvet.forum import actions
from torvet.forum.models import Forum, SubForum, Thread
from torvet.forum.queries import questions
from torvet.notifications.models import Notification, Told


def test_a_question_is_asked_with_its_topics(cast: Cast) -> None:
    found = ask(cast.open, cast.outsider, body="It is #windy", topics="#crane, windy  welding")
    assert found.entry.kind == "question" and found.answered_at is None
    assert sorted(found.entry.entry_topics.values_list("topic__name", flat=True)) == [
        "crane",
        "welding",
        "windy",
    ]


@pytest.mark.parametrize("format", ["markdown", "html"])
def test_topics_do_not_swallow_the_text(cast: Cast, format: str) -> None:
    body = "It <b>sways</b>" if format == "html" else "It **sways**"
    found = ask(cast.open, cast.outsider, body=body, format=format, topics="a<b")
    assert found.entry.text.split() == ["It", "sways", "#a", "#b"]


def test_an_empty_question_and_a_part_of_another_forum_are_refused(cast: Cast) -> None:
    part = SubForum.objects.create(forum=Forum.objects.create(space=cast.closed), name="Elsewhere")
    for said in ({"title": "  \n "}, {"title": "Where?", "sub_forum": part}):
        with pytest.raises(Refused) as refused:
            actions.ask_question(by=house(cast.anna), space=cast.open, **said)
        assert not isinstance(refused.value, Forbidden)
    assert not Thread.objects.exists()


def test_nobody_asks_where_they_may_not_write(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.ask_question(by=house(cast.outsider), space=cast.closed, title="May I?")


def test_what_is_sent_twice_is_asked_and_answered_once(cast: Cast) -> None:
    first = ask(cast.open, cast.outsider, body="Windy.")
    assert ask(cast.open, cast.outsider, body="Windy.").pk == first.pk
    assert ask(cast.open, cast.outsider, body="Calm.").pk != first.pk
    assert answer(first, cast.bo).pk == answer(first, cast.bo).pk
    assert answer(first, cast.bo, "Or three.").pk != answer(first, cast.bo).pk


def test_only_an_answer_by_somebody_else_answers(cast: Cast) -> None:
    found = ask(cast.open, cast.outsider)
    answer(found, cast.outsider, "I found it myself.")
    entries.add_comment(by=house(cast.bo), on=found.entry, body="Which crane?")
    assert seen(found.pk, house(cast.bo)).answered_at is None
    made = answer(found, cast.bo)
    assert seen(found.pk, house(cast.bo)).answered_at == made.published_at
    entries.remove_entry(by=house(cast.bo), entry=made)
    assert seen(found.pk, house(cast.bo)).answered_at is None
    entries.restore_entry(by=house(cast.bo), entry=made)
    assert seen(found.pk, house(cast.bo)).answered_at == made.published_at


def test_the_asker_accepts_changes_and_takes_back(cast: Cast) -> None:
    found = ask(cast.open, cast.outsider)
    one, two = answer(found, cast.bo), answer(found, cast.anna, "One hour.")
    by = house(cast.outsider)
    assert actions.accept_answer(by=by, question=found, answer=one).accepted_id == one.pk
    row = actions.accept_answer(by=by, question=found, answer=two)
    assert (row.accepted_id, row.solved_at is not None) == (two.pk, True)
    row = actions.take_back_acceptance(by=by, question=found)
    assert (row.accepted_id, row.solved_at) == (None, None)
    for other in (cast.anna, cast.administrator):
        with pytest.raises(Forbidden):
            actions.accept_answer(by=house(other), question=found, answer=one)


def test_an_answer_that_is_removed_at_that_moment_is_not_accepted(cast: Cast) -> None:
    """The form was opened while it stood: both rows are locked and looked at again."""
    found = ask(cast.open, cast.outsider)
    made = answer(found, cast.bo)
    entries.remove_entry(by=house(cast.bo), entry=reread(made, cast.bo))
    with pytest.raises(Refused, match="removed just now"):
        actions.accept_answer(by=house(cast.outsider), question=found, answer=made)
    with pytest.raises(Refused, match="removed just now"):
        actions.confirm_answer(by=house(cast.anna), question=found, answer=made)
    assert seen(found.pk, house(cast.bo)).accepted_id is None


def test_an_answer_to_another_question_is_not_accepted(cast: Cast) -> None:
    found, other = ask(cast.open, cast.outsider), ask(cast.open, cast.outsider, "And the other one?")
    made = answer(other, cast.bo)
    with pytest.raises(Refused):
        actions.accept_answer(by=house(cast.outsider), question=found, answer=made)


def test_a_solved_question_whose_answer_goes_is_open_until_it_is_back(cast: Cast) -> None:
    found = ask(cast.open, cast.outsider)
    made = answer(found, cast.bo)
    actions.accept_answer(by=house(cast.outsider), question=found, answer=made)
    made = reread(made, cast.bo)
    entries.remove_entry(by=house(cast.bo), entry=made)
    gone = seen(found.pk, viewer_of(cast.anna))
    assert gone.solved_at is None and questions.solved_by(viewer_of(cast.anna), gone) is None
    assert "Solved" not in signed_in(cast.anna).get(f"/questions/{found.pk}/").content.decode()
    entries.restore_entry(by=house(cast.bo), entry=made)
    assert seen(found.pk, viewer_of(cast.anna)).solved_at is not None


def test_one_confirms_by_name_and_not_ones_own(cast: Cast) -> None:
    found = ask(cast.open, cast.outsider)
    by_anna, by_bo = answer(found, cast.anna, "One hour."), answer(found, cast.bo)
    with pytest.raises(Refused, match="your own answer"):
        actions.confirm_answer(by=house(cast.anna), question=found, answer=by_anna)
    with pytest.raises(Forbidden):
        actions.confirm_answer(by=house(cast.bo), question=found, answer=by_anna)
    actions.confirm_answer(by=house(cast.anna), question=found, answer=by_bo)
    page = signed_in(cast.outsider).get(f"/questions/{found.pk}/").content.decode()
    assert f'Confirmed by <a href="/people/{cast.anna.pk}/">Anna Åberg</a>' in page
    assert actions.take_back_confirmation(by=house(cast.leader), question=found).confirmed_id is None


def test_one_vote_each_not_for_ones_own_and_not_where_it_is_locked(cast: Cast) -> None:
    found = ask(cast.open, cast.outsider)
    made = answer(found, cast.bo)
    for _twice in range(2):
        assert actions.vote_for_answer(by=house(cast.anna), answer=made).votes == 1
    with pytest.raises(Refused, match="your own answer"):
        actions.vote_for_answer(by=house(cast.bo), answer=made)
    assert actions.take_back_vote(by=house(cast.anna), answer=made).votes == 0
    entries.close_comments(by=house(cast.leader), entry=found.entry, why="All is said")
    made = reread(made, cast.anna)
    for refused in (actions.vote_for_answer, actions.take_back_vote):
        with pytest.raises(Refused, match="All is said"):
            refused(by=house(cast.anna), answer=made)
    with pytest.raises(Refused, match="All is said"):
        actions.give_answer(by=house(cast.bo), question=seen(found.pk, house(cast.bo)), body="Still")
    assert not Vote.objects.exists()


def test_accepted_then_confirmed_then_votes_then_the_oldest(cast: Cast) -> None:
    found = ask(cast.open, cast.outsider)
    said = [answer(found, cast.bo, f"Number {number}") for number in range(5)]
    actions.accept_answer(by=house(cast.outsider), question=found, answer=said[4])
    actions.confirm_answer(by=house(cast.anna), question=found, answer=said[3])
    actions.vote_for_answer(by=house(cast.anna), answer=said[2])
    shown = questions.answers(viewer_of(cast.bo), seen(found.pk, viewer_of(cast.bo)))
    assert [row.id for row in shown.things] == [said[at].pk for at in (4, 3, 2, 0, 1)]


def test_the_address_of_a_reply_leads_to_its_page(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "ANSWERS_PAGE", 2)
    found = ask(cast.open, cast.outsider)
    said = [answer(found, cast.bo, f"Number {number}") for number in range(5)]
    below = entries.add_comment(by=house(cast.anna), on=said[3], body="Really?")
    deeper = entries.add_comment(by=house(cast.bo), on=below, body="Yes.")
    client = signed_in(cast.outsider)
    for entry in (said[0], said[3], said[4], below, deeper):
        way = client.get(f"/e/{entry.pk}/")
        assert way.url == f"/questions/{found.pk}/?at={entry.pk}#c{entry.pk}"
        assert f'id="c{entry.pk}"' in client.get(way.url).content.decode(), entry.text
    assert f'id="c{said[3].pk}"' not in client.get(f"/questions/{found.pk}/").content.decode()


def test_all_pages_together_hold_every_answer_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "ANSWERS_PAGE", 2)
    found = ask(cast.open, cast.outsider)
    said = {answer(found, cast.bo, f"Number {number}").pk for number in range(7)}
    met: list[int] = []
    after = None
    while True:
        part = questions.answers(viewer_of(cast.bo), found, after=after)
        met += [row.id for row in part.things]
        after = part.next
        if after is None:
            break
    assert sorted(met) == sorted(said)


def test_comments_stand_under_what_they_are_about(cast: Cast) -> None:
    found = ask(cast.open, cast.outsider)
    made = answer(found, cast.bo)
    client = signed_in(cast.anna)
    assert client.post(f"/e/{made.pk}/comments/", {"body": "Which one?"}).status_code == 302
    assert client.post(f"/e/{found.pk}/comments/", {"body": "Where?"}).status_code == 302
    page = client.get(f"/questions/{found.pk}/").content.decode()
    assert page.index("Where?") < page.index("Two hours") < page.index("Which one?")
    part = client.post(f"/e/{made.pk}/comments/", {"body": "And then?"}, headers={"HX-Request": "true"})
    assert b"And then?" in part.content and b'class="answers"' in part.content
    again = client.get(f"/e/{found.pk}/comments/", headers={"HX-Request": "true"})
    assert again.content.decode().startswith('<div class="answers"')


def test_the_votes_that_a_question_brought_along_are_shown(cast: Cast) -> None:
    asked = ask(cast.open, cast.outsider)
    page = f"/questions/{asked.pk}/"
    assert "came here with" not in signed_in(cast.bo).get(page).content.decode()
    Entry.objects.filter(pk=asked.pk).update(votes=12, votes_before=12)
    assert "The question came here with 12 votes." in signed_in(cast.bo).get(page).content.decode()


def test_a_question_is_hidden_as_if_it_were_not_there(cast: Cast) -> None:
    found = ask(cast.closed, cast.anna)
    made = answer(found, cast.bo)
    client = signed_in(cast.outsider)
    for address in (f"/questions/{found.pk}/", f"/questions/{found.pk}/same/", f"/questions/{made.pk}/"):
        assert client.get(address).status_code == 404
    for address in (
        f"/questions/{found.pk}/answers/", f"/questions/{found.pk}/acceptance/", f"/answers/{made.pk}/vote/",
        f"/questions/{found.pk}/confirmation/", f"/questions/{found.pk}/with-key/", "/answers/999999/vote/",
    ):  # fmt: skip
        assert client.post(address, {"answer": made.pk, "body": "x"}).status_code == 404, address


def test_the_buttons_work_without_javascript_and_say_why_not(cast: Cast) -> None:
    found = ask(cast.open, cast.outsider)
    made = answer(found, cast.bo)
    anna, asker, bo = signed_in(cast.anna), signed_in(cast.outsider), signed_in(cast.bo)
    assert anna.post(f"/answers/{made.pk}/vote/").status_code == 302
    part = anna.post(f"/answers/{made.pk}/vote/delete/", headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<form class="vote"') and 'aria-pressed="false"' in part
    own = bo.post(
        f"/answers/{made.pk}/vote/", headers={"Referer": f"http://testserver/questions/{found.pk}/"}
    )
    assert own.url == f"/questions/{found.pk}/"
    assert "your own answer" in bo.get(own.url).content.decode()
    assert anna.post(f"/questions/{found.pk}/acceptance/", {"answer": made.pk}).status_code == 403
    assert asker.post(f"/questions/{found.pk}/acceptance/", {"answer": made.pk}).status_code == 302
    assert asker.post(f"/questions/{found.pk}/acceptance/", {"answer": "x"}).status_code == 302
    assert seen(found.pk, viewer_of(cast.bo)).accepted_id == made.pk
    assert asker.post(f"/questions/{found.pk}/acceptance/delete/").status_code == 302
    assert seen(found.pk, viewer_of(cast.bo)).accepted_id is None


def test_a_failed_answer_keeps_what_was_typed(cast: Cast) -> None:
    found = ask(cast.open, cast.outsider)
    client = signed_in(cast.bo)
    sent = client.post(f"/questions/{found.pk}/answers/", {"body": "   "})
    assert sent.status_code == 422 and b"Write something first." in sent.content
    entries.close_comments(by=house(cast.leader), entry=found.entry, why="All is said")
    sent = client.post(
        f"/questions/{found.pk}/answers/", {"body": "My long text"}, headers={"HX-Request": "true"}
    )
    assert sent.status_code == 422 and b"My long text" in sent.content and b"All is said" in sent.content


def test_the_asker_is_told_of_answers_and_the_author_of_acceptance(cast: Cast) -> None:
    found = ask(cast.open, cast.outsider)
    made = answer(found, cast.bo)
    actions.accept_answer(by=house(cast.outsider), question=found, answer=made)
    actions.confirm_answer(by=house(cast.anna), question=found, answer=made)
    outbox.drain()
    told = list(Notification.objects.filter(entry=made).values_list("member_id", "verb").order_by("id"))
    assert told == [
        (cast.outsider.pk, Told.ANSWERED),
        (cast.bo.pk, Told.ANSWER_ACCEPTED),
        (cast.bo.pk, Told.ANSWER_CONFIRMED),
    ]
    page = signed_in(cast.outsider).get("/told/").content.decode()
    assert "</b> answered your question in <b>" in page
    page = signed_in(cast.bo).get("/told/").content.decode()
    assert "says that your answer in" in page and "confirmed that your answer in" in page
    actions.take_back_acceptance(by=house(cast.outsider), question=found)
    outbox.drain()
    assert Notification.objects.get(verb=Told.ANSWER_ACCEPTED).read_at is not None


def test_a_page_of_answers_costs_the_same_however_many(cast: Cast) -> None:
    found = ask(cast.open, cast.outsider)
    client = signed_in(cast.anna)

    def cost() -> int:
        client.get(f"/questions/{found.pk}/")  # cards are drawn once
        with CaptureQueriesContext(
            connection,
        ) as counted:
            client.get(f"/questions/{found.pk}/")
        return len(counted)

    entries.add_comment(by=house(cast.anna), on=answer(found, cast.bo), body="One")
    few = cost()
    for number in range(8):
        made = answer(found, cast.bo, f"Number {number}")
        entries.add_comment(by=house(cast.anna), on=made, body=f"About {number}")
        actions.vote_for_answer(by=house(cast.anna), answer=made)
    assert cost() == few <= 21


def test_what_is_like_it_appears_and_one_that_repeats_gives_way(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = ask(cast.open, cast.outsider), ask(cast.open, cast.anna, "How long can a crane stand?")
    made = answer(first, cast.bo)
    actions.accept_answer(by=house(cast.outsider), question=first, answer=made)
    actions.mark_same(by=house(cast.anna), question=second, other=first)

    def finder(
        viewer: object, title: str, body: str, *, kinds: object, without: int, limit: int
    ) -> list[Entry]:
        return [row.entry for row in (second, first) if row.pk != without]

    monkeypatch.setattr(likeness, "_finder", finder)
    found = questions.alike(viewer_of(cast.bo), "Crane")
    assert [(one.entry.pk, one.answer and one.answer.pk) for one in found] == [(first.pk, made.pk)]
    client = signed_in(cast.bo)
    part = client.post("/questions/ask/similar/", {"title": "Crane"}).content.decode()
    assert "How long may the crane stand?" in part and "Two hours" in part
    page = client.post(
        "/questions/ask/", {"title": "Crane <x>", "body": "kept", "space": cast.open.pk, "look": "1"}
    )
    assert page.status_code == 200 and b"Two hours" in page.content and b"kept" in page.content
    assert b'value="Crane &lt;x&gt;"' in page.content
    ended = client.post("/questions/ask/", {"title": "Crane", "found": str(first.pk)})
    assert b"Glad you found it" in ended.content and Thread.objects.count() == 2


def test_asking_in_a_browser(cast: Cast) -> None:
    client = signed_in(cast.bo)
    assert client.get(f"/questions/ask/?space={cast.secret.pk}").content.decode().count("selected") == 1
    sent = client.post("/questions/ask/", {"title": "", "body": "kept", "space": cast.open.pk})
    assert sent.status_code == 422 and b"Write your question in one line first." in sent.content
    assert b"kept" in sent.content
    sent = client.post("/questions/ask/", {"title": "Now?", "space": "9999999999999999999999"})
    assert sent.status_code == 422 and b"Choose who may see it." in sent.content
    sent = client.post("/questions/ask/", {"title": "Now?", "space": cast.open.pk, "topics": "crane"})
    assert sent.status_code == 302 and client.get(sent.url).status_code == 200
    # Everybody in the company comes first.
    page = client.get("/questions/ask/").content.decode()
    assert page.index("Town square") < page.index("Board room")


@pytest.mark.parametrize("sub_forum", ["99999999999999999999999", "-3", "x"])
def test_a_part_that_is_none_loses_nothing(cast: Cast, sub_forum: str) -> None:
    sent = signed_in(cast.bo).post(
        "/questions/ask/", {"title": "Now?", "body": "kept", "space": cast.open.pk, "sub_forum": sub_forum}
    )
    assert sent.status_code == 422 and b"kept" in sent.content and not Thread.objects.exists()
