"""The list and the badge: what is said, for whom, and what vanishes with the right to read it."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests.cast import Cast, house, newcomer, signed_in, viewer_of
from tests.notifications.telling import comment, post, tell_all
from torvet.entries import actions as entries
from torvet.entries.models import Entry
from torvet.forum import actions as forum
from torvet.notifications.facts import Facts
from torvet.notifications.models import Notification, Told
from torvet.notifications.queries import COUNTED_TO, counted, counted_by, in_badge, told, told_count
from torvet.notifications.sentences import sentence, sentence_html
from torvet.people import actions as people
from torvet.people.models import Member
from torvet.people.viewer import NOBODY, Viewer
from torvet.spaces import actions as spaces
from torvet.spaces.models import Membership

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]
CANARY = "cnry7f3a9c21"


def sentences(member: Member) -> list[str]:
    return [line.sentence for line in told(viewer_of(member)).things]


def test_a_bundle_names_two_and_counts_the_others(cast: Cast) -> None:
    thread = post(cast.anna, cast.open)
    comment(cast.bo, thread)
    tell_all()
    assert sentences(cast.anna) == ["Bo Dijkstra answered your post in Town square"]
    comment(cast.leader, thread)
    tell_all()
    assert sentences(cast.anna) == ["Leif Strand and Bo Dijkstra answered your post in Town square"]
    comment(cast.outsider, thread)
    tell_all()
    assert sentences(cast.anna) == ["Ulla Udenfor and 2 others answered your post in Town square"]
    assert told_count(viewer_of(cast.anna)) == 1


def test_each_verb_has_its_sentence(cast: Cast) -> None:
    thread = post(cast.anna, cast.open, f"Look, @{cast.leader.handle}")
    first = comment(cast.bo, thread)
    comment(cast.leader, first)
    entries.react(by=house(cast.leader), entry=first, emoji="💡")
    people.follow(by=house(cast.leader), member=cast.bo)
    spaces.invite_member(by=house(cast.bo), space=cast.secret, member=cast.leader)
    asked = spaces.ask_to_join(by=house(cast.outsider), space=cast.closed, answer="Please")
    tell_all()
    assert sentences(cast.anna) == [
        "Ulla Udenfor asks to join Board room",
        "Leif Strand commented on your post in Town square",
        "Bo Dijkstra answered your post in Town square",
    ]
    assert sentences(cast.bo) == [
        "Leif Strand now follows you",
        "Leif Strand reacted to your comment in Town square",
        "Leif Strand answered your comment in Town square",
    ]
    assert sentences(cast.leader) == [
        "Bo Dijkstra invites you to Project Heron",
        "Anna Åberg mentioned you in Town square",
    ]
    spaces.answer_request(by=house(cast.anna), asked=asked, is_let_in=False)
    tell_all()
    assert sentences(cast.outsider) == [
        "You cannot join Board room right now. You are welcome to ask those who run it."
    ]
    assert told(viewer_of(cast.outsider)).things[0].face is None  # it is the space's answer, not a person's
    assert told(viewer_of(cast.bo)).things[1].emoji == "💡"


@pytest.mark.parametrize("verb", list(Told))
@pytest.mark.parametrize("language", ["en", "da", "nb", "sv", "nl"])
def test_a_sentence_can_be_said_in_every_language_and_escapes_what_people_wrote(
    verb: str, language: str
) -> None:
    with translation.override(language):
        for number in (1, 2, 3, 40):
            facts = Facts(verb=verb, names=("<b>Eve</b>", "Bo {space}"), number=number, space="R&D <i>")
            assert "{who}" not in sentence(facts)
            html = sentence_html(facts)
            assert "<b>Eve" not in html
            assert "<i>" not in html
            assert re.sub(r"</?b>", "", html).count("<") == 0


@pytest.mark.parametrize(
    ("verb", "about", "thread", "said", "own", "expected"),
    [
        (Told.ANSWERED, "question", "question", "answer", True, "B answered your question in S"),
        (Told.ANSWERED, "question", "question", "comment", True, "B wrote something to your question in S"),
        (Told.ANSWERED, "discussion", "discussion", "comment", True, "B wrote something in your discussion in S"),
        (Told.ANSWERED, "idea", "idea", "support", True, "B wrote something to your idea in S"),
        (Told.ANSWERED, "answer", "question", "comment", False, "B commented on your answer in S"),
        (Told.ANSWERED, "support", "idea", "comment", False, "B answered what you wrote to an idea in S"),
        (Told.ANSWERED, "comment", "idea", "comment", True, "B answered your comment in S"),
        (Told.ANSWERED, "post", "post", "comment", True, "B answered your post in S"),
        (Told.COMMENTED, "comment", "discussion", "comment", True, "B wrote something in your discussion in S"),
        (Told.COMMENTED, "idea", "idea", "input", False, "B wrote something to an idea you follow in S"),
        (Told.COMMENTED, "page", "page", "comment", False, "B commented on a page you follow in S"),
        (Told.COMMENTED, "post", "post", "comment", True, "B commented on your post in S"),
        (Told.REACTED, "discussion", "discussion", "discussion", True, "B reacted to your discussion in S"),
        (Told.REACTED, "answer", "question", "answer", False, "B reacted to your answer in S"),
        (Told.REACTED, "input", "idea", "input", False, "B reacted to what you wrote to an idea in S"),
        (Told.REACTED, "outcome", "outcome", "outcome", True, "B reacted to your post in S"),
    ],
)  # fmt: skip
def test_a_sentence_names_what_it_is_about(
    verb: str, about: str, thread: str, said: str, own: bool, expected: str
) -> None:
    facts = Facts(verb, ("B",), 1, "S", about=about, thread=thread, said=said, is_own_thread=own)
    assert sentence(facts) == expected


def test_what_was_answered_and_reacted_to_is_looked_up(cast: Cast) -> None:
    thread = forum.start_discussion(by=house(cast.anna), space=cast.open, title="Gloves", body="Which?").entry
    said = comment(cast.bo, thread)
    comment(cast.outsider, said)
    entries.react(by=house(cast.bo), entry=thread, emoji="👍")
    tell_all()
    assert sentences(cast.anna)[0] == "Bo Dijkstra reacted to your discussion in Town square"
    assert "Bo Dijkstra wrote something in your discussion in Town square" in sentences(cast.anna)
    assert sentences(cast.bo) == ["Ulla Udenfor answered your comment in Town square"]


def test_nobody_is_named_who_may_not_be_seen(cast: Cast) -> None:
    thread = post(cast.guest, cast.guests)
    comment(cast.bo, thread)
    tell_all()
    assert sentences(cast.guest) == ["Bo Dijkstra answered your post in Customers of the crane"]
    spaces.leave(by=house(cast.bo), space=cast.guests)
    assert sentences(cast.guest) == ["Somebody answered your post in Customers of the crane"]


def test_what_one_may_no_longer_read_vanishes_from_list_and_count(cast: Cast) -> None:
    thread = post(cast.bo, cast.closed, f"About {CANARY}")
    comment(cast.anna, thread, CANARY)
    tell_all()
    assert told_count(viewer_of(cast.bo)) == len(sentences(cast.bo)) == 1
    row = Notification.objects.get(member=cast.bo)
    spaces.remove_member(
        by=house(cast.anna),
        membership=Membership.objects.select_related("space", "member").get(
            space=cast.closed, member=cast.bo
        ),
    )
    assert told_count(viewer_of(cast.bo)) == len(sentences(cast.bo)) == 0
    browser = signed_in(cast.bo)
    page = browser.get("/told/").content.decode()
    assert CANARY not in page
    assert "Board room" not in page
    assert browser.get(f"/told/{row.pk}/").status_code == 404
    assert browser.post("/told/read/", {"id": row.pk}).status_code == 404
    assert browser.get("/told/badge/").content == b""


def test_a_bundle_survives_its_newest_comment(cast: Cast) -> None:
    thread = post(cast.anna, cast.open)
    kept = comment(cast.bo, thread)
    comment(cast.leader, thread)
    gone = comment(cast.outsider, thread)
    tell_all()
    entries.remove_entry(by=house(cast.outsider), entry=gone)
    tell_all()
    [line] = told(viewer_of(cast.anna)).things
    assert line.sentence == "Leif Strand and Bo Dijkstra answered your post in Town square"
    assert told_count(viewer_of(cast.anna)) == 1
    for entry in Entry.objects.filter(root=thread.pk, removed_at=None).exclude(pk=kept.pk):
        entries.remove_entry(by=house(cast.leader), entry=entry)
    tell_all()
    [line] = told(viewer_of(cast.anna)).things
    assert (line.sentence, line.entry) == ("Bo Dijkstra answered your post in Town square", kept)


def test_somebody_who_said_more_stays_in_the_bundle(cast: Cast) -> None:
    thread = post(cast.anna, cast.open)
    comment(cast.bo, thread)
    said = comment(cast.leader, thread)
    gone = comment(cast.leader, thread)
    tell_all()
    entries.remove_entry(by=house(cast.leader), entry=gone)
    tell_all()
    [line] = told(viewer_of(cast.anna)).things
    assert (line.sentence, line.entry) == (
        "Leif Strand and Bo Dijkstra answered your post in Town square",
        said,
    )


def test_a_removed_entry_vanishes_and_comes_back_when_that_is_undone(cast: Cast) -> None:
    thread = post(cast.anna, cast.open)
    answer = comment(cast.bo, thread, CANARY)
    tell_all()
    assert told(viewer_of(cast.anna)).things[0].excerpt == CANARY
    answer = entries.remove_entry(by=house(cast.bo), entry=answer)
    assert (told_count(viewer_of(cast.anna)), sentences(cast.anna)) == (0, [])
    entries.restore_entry(by=house(cast.bo), entry=answer)
    assert told_count(viewer_of(cast.anna)) == len(sentences(cast.anna)) == 1
    entries.remove_entry(by=house(cast.anna), entry=Entry.objects.get(pk=thread.pk))
    assert (told_count(viewer_of(cast.anna)), sentences(cast.anna)) == (0, [])


def test_nobody_sees_what_another_was_told(cast: Cast) -> None:
    post(cast.anna, cast.open, f"@{cast.bo.handle} {CANARY}")
    tell_all()
    row = Notification.objects.get(member=cast.bo)
    for member in (cast.leader, cast.administrator):
        assert sentences(member) == []
        assert signed_in(member).get(f"/told/{row.pk}/").status_code == 404
    assert (told(NOBODY).things, told_count(NOBODY)) == ([], 0)
    writes_only = Viewer(member=cast.bo, scopes=frozenset({"write"}))
    assert (told(writes_only).things, told_count(writes_only)) == ([], 0)


def test_following_a_row_leads_to_the_entry_and_marks_it_read(cast: Cast) -> None:
    entry = post(cast.anna, cast.open, f"@{cast.bo.handle}")
    tell_all()
    browser = signed_in(cast.bo)
    page = browser.get("/told/").content.decode()
    row = Notification.objects.get(member=cast.bo)
    assert f'href="/told/{row.pk}/"' in page
    assert "told fresh" in page
    answer = browser.get(f"/told/{row.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/e/{entry.pk}/")
    assert browser.get("/told/badge/").content == b""
    assert "told fresh" not in browser.get("/told/").content.decode()


def test_all_is_marked_read_with_one_button_and_a_thread_by_its_number(cast: Cast) -> None:
    first, second = (post(cast.anna, cast.open, f"@{cast.bo.handle} {n}") for n in "ab")
    tell_all()
    browser = signed_in(cast.bo)
    assert browser.get("/told/badge/").content == b"2"
    assert browser.post("/told/read/", {"thread": first.pk}, headers={"HX-Request": "true"}).content == b"1"
    assert Notification.objects.get(thread=second).read_at is None
    answer = browser.post("/told/read/", {"next": "//elsewhere.example/"})
    assert (answer.status_code, answer["Location"]) == (302, "/told/")
    assert browser.get("/told/badge/").content == b""
    assert browser.get("/told/read/").status_code == 405


def test_an_open_thread_offers_to_mark_what_was_told_of_it(cast: Cast) -> None:
    """Also for somebody who was only named there and does not watch it; the page's script sends the form."""
    entry = post(cast.anna, cast.open, f"@{cast.bo.handle}")
    tell_all()
    browser = signed_in(cast.bo)
    offered = 'action="/told/read/" data-seen hidden'
    assert offered in browser.get(f"/e/{entry.pk}/").content.decode()
    browser.post("/told/read/", {"thread": entry.pk})
    assert told_count(viewer_of(cast.bo)) == 0
    assert offered not in browser.get(f"/e/{entry.pk}/").content.decode()


@pytest.mark.parametrize("number", ["x", "-1", "1.5", "9" * 30, "٣"])
def test_a_number_that_is_none_is_not_found(cast: Cast, number: str) -> None:
    assert signed_in(cast.bo).post("/told/read/", {"id": number}).status_code == 404


def test_the_list_costs_the_same_however_long_and_the_count_one_statement(cast: Cast) -> None:
    viewer = viewer_of(cast.bo)

    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as listed:
            lines = told(viewer).things
        with CaptureQueriesContext(connection) as counted:
            told_count(viewer)
        assert lines
        return len(listed), len(counted)

    def live(name: str) -> None:
        somebody = newcomer(name)
        thread = post(cast.bo, cast.open)
        comment(somebody, thread, f"@{cast.bo.handle}")
        comment(somebody, thread)
        entries.react(by=house(somebody), entry=thread, emoji="👍")
        people.follow(by=house(somebody), member=cast.bo)

    live("Nina Ny")
    tell_all()
    few = cost()
    for n in range(8):
        live(f"Nina{n} Ny")
    tell_all()
    assert cost() == few == (3, 1)


def test_the_list_is_paged_without_losing_or_repeating_a_row(cast: Cast) -> None:
    for n in range(7):
        post(cast.anna, cast.open, f"@{cast.bo.handle} {n}")
    tell_all()
    viewer = viewer_of(cast.bo)
    seen, after = [], None
    while True:
        page = told(viewer, after, size=3)
        seen += [line.id for line in page.things]
        after = page.next
        if after is None:
            break
    assert seen == list(
        Notification.objects.filter(member=cast.bo)
        .order_by("-updated_at", "-id")
        .values_list("pk", flat=True)
    )
    assert signed_in(cast.bo).get("/told/?after=nonsense").status_code == 404


def test_an_empty_list_says_what_will_stand_there(cast: Cast) -> None:
    page = signed_in(cast.bo).get("/told/").content.decode()
    assert "Nothing here yet" in page
    assert "Mark all as read" not in page


def test_the_compiled_count_is_the_count_of_this_very_viewer(cast: Cast) -> None:
    """It was compiled for a stand-in; all that differs is who looks, and when."""
    for member in cast.people.values():
        viewer = viewer_of(member)
        if viewer.can_read:
            sql, values = counted(viewer).query.sql_with_params()
            compiled = counted_by(viewer)
            assert compiled.sql == sql
            assert [_without_time(value) for value in compiled.values(viewer.id)] == [
                _without_time(value) for value in values
            ]
            assert viewer.id in values


def _without_time(value: object) -> object:
    is_time = isinstance(value, datetime) or (isinstance(value, str) and value[:2] == "20")
    return "now" if is_time else value


def test_the_badge_is_short() -> None:
    assert [in_badge(number) for number in (0, 1, 99, COUNTED_TO)] == ["", "1", "99", "99+"]
